"""A report of any days, one desk or one reason: the month's figures over another period, and its tables."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from nanori.sheets import csv_of
from nanori.words import N_, Words
from reports.business_time import OpenSpans
from reports.errors import PeriodWrong
from reports.facts import Period
from reports.month import MonthFacts, MonthFigures
from reports.paper.definitions import APART_NAMES, DEFINITIONS
from reports.paper.wording import Wording
from reports.queries import facts_of
from reports.tally import Tally
from tenants.models import Tenant

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = timedelta(days=366)
Cell = str | int
FIGURES = (N_("Figure"), N_("Value"), N_("Above the line"), N_("Below the line"), N_("Formula"), N_("Counts"))
DAYS = (N_("On the day"), N_("Calls offered"), N_("Answered"), N_("Abandoned"), N_("Mails"))
REASONS = (N_("Reason"), N_("Calls"), N_("Mails"), N_("Passed on"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Days from ``first`` to ``last``, both inside; of one desk or reason, or of all."""

    first: date
    last: date
    desk_id: UUID | None = None
    reason_id: UUID | None = None

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first < LONGEST:
            raise PeriodWrong


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, its headings and its rows."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


async def facts_asked(session: AsyncSession, shop: Tenant, asked: Asked) -> tuple[MonthFacts, OpenSpans]:
    """What the report is counted from.

    Escalations, calls and mails are those of the desk and the reason; opening hours are the shop's.
    """
    period = Period(asked.first, asked.last + timedelta(days=1), ZoneInfo(shop.zone))
    one = Interaction
    only = [] if asked.desk_id is None else [one.desk_id == asked.desk_id]
    only += [] if asked.reason_id is None else [one.reason_id == asked.reason_id]
    return await facts_of(session, shop, period, *only)


def sheets(month: MonthFigures, words: Words) -> list[Sheet]:
    """Figures, days and reasons, as both files have them."""
    wording = Wording(words)
    figures = [
        (
            _name(figure.key, words), wording.figure(figure), figure.numerator,
            "" if figure.denominator is None else figure.denominator, figure.formula,
            _says(figure.key, words),
        )
        for figure in month.figures
    ]  # fmt: skip
    days = [
        (day.isoformat(), *_counts(month.days[day]), month.mails_by_day[day]) for day in month.period.days
    ]
    reasons = [
        (row.reason or words.gettext("No reason noted"), row.calls, row.mails, row.escalated)
        for row in month.reasons
    ]
    tables = ((N_("Figures"), FIGURES, figures), (N_("Days"), DAYS, days), (N_("Reasons"), REASONS, reasons))
    return [
        Sheet(words.gettext(name), [words.gettext(head) for head in heads], rows)
        for name, heads, rows in tables
    ]


def as_csv(tables: Sequence[Sheet]) -> bytes:
    """The tables one below the other, in UTF-8 with the mark that spreadsheets know; no cell is a formula."""
    rows: list[Sequence[Cell]] = []
    for table in tables:
        rows += [*([[]] if rows else []), [table.name], table.heads, *table.rows]
    return csv_of(rows)


def as_xlsx(tables: Sequence[Sheet]) -> bytes:
    """A workbook with one sheet for each table; whatever a cell says, it is text or a number."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": tables[0].name})
        bold = book.add_format({"bold": True})
        for table in tables:
            page = book.add_worksheet(table.name)
            page.freeze_panes(1, 1)
            for column, head in enumerate(table.heads):
                page.write_string(0, column, head, bold)
            for line, row in enumerate(table.rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int):
                        page.write_number(line, column, cell)
                    else:
                        page.write_string(line, column, cell)
            page.autofit()
    return out.getvalue()


def _counts(calls: Tally) -> tuple[int, int, int]:
    return calls.offered, calls.answered, calls.abandoned


def _name(key: str, words: Words) -> str:
    return words.gettext(DEFINITIONS[key].name if key in DEFINITIONS else APART_NAMES[key])


def _says(key: str, words: Words) -> str:
    return words.gettext(DEFINITIONS[key].says) if key in DEFINITIONS else ""
