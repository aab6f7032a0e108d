"""A merchant's shelf: the last month in five figures, and the reports as covers. Read from what was made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from nanori.files import FileStore
from nanori.words import Words
from reports.figures import Comparison, Figure, Unit
from reports.models import MonthReport
from reports.paper.definitions import DEFINITIONS
from reports.paper.tables import HEADLINE_KEYS
from reports.paper.wording import Wording
from reports.web.view import ReportView, report_view
from tenants.models import Tenant

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """One figure, what it counts, and the same figure of the month before."""

    name: str
    says: str
    value: str
    origin: str
    before: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfView:
    """One shop's shelf. Without a report that is ready there are no figures."""

    shop: Tenant
    logo_url: str
    covers: list[ReportView]
    pending: list[ReportView]
    month_said: str = ""
    made_said: str = ""
    is_so_far: bool = False
    figures: list[FigureView]


def shelf_of(
    shop: Tenant, reports: Sequence[MonthReport], *, words: Words, files: FileStore, now: datetime
) -> ShelfView:
    """Covers of all reports that are there; figures of the newest whose file can be read."""
    own = [report for report in reports if report.tenant_id == shop.tenant_id]
    views = [report_view(shop, report.month, report, words=words, now=now) for report in own]
    latest = next((report for report in own if report.figures_file_id is not None), None)
    document = _document(files, latest)
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    return ShelfView(
        shop=shop,
        logo_url=f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else "",
        covers=[view for view in views if view.pdf],
        pending=[view for view in views if not view.pdf],
        month_said=words.month(latest.month) if latest else "",
        made_said=words.date(date.fromisoformat(document["made_on"])) if document else "",
        is_so_far=bool(document) and date.fromisoformat(document["period"]["end"]) > today,
        figures=_figures(document, Wording(words)) if document else [],
    )


def _document(files: FileStore, report: MonthReport | None) -> Document:
    """The figures as they were made; empty when the file is gone."""
    if report is None or report.figures_file_id is None:
        return {}
    try:
        found: Document = json.loads(files.read(report.tenant_id, report.figures_file_id))
    except FileNotFoundError:
        return {}
    return found


def _figures(document: Document, wording: Wording) -> list[FigureView]:
    now = {one["key"]: _figure(one) for one in document["figures"]}
    before = {one["key"]: _figure(one) for one in document["previous_figures"]}
    same_terms = document["terms"] == document["previous_terms"]
    return [
        _figure_view(
            Comparison(now[key], before.get(key) if same_terms or not now[key].formula else None),
            wording,
            seconds=document["terms"]["answer_within_s"],
        )
        for key in HEADLINE_KEYS
    ]


def _figure(one: Document) -> Figure:
    return Figure(
        key=one["key"],
        unit=Unit(one["unit"]),
        numerator=one["numerator"],
        denominator=one["denominator"],
        formula=one["formula"],
    )


def _figure_view(compared: Comparison, wording: Wording, *, seconds: int) -> FigureView:
    words, figure = wording.words, compared.now
    name = words.gettext(DEFINITIONS[figure.key].name)
    if figure.formula:
        name = words.gettext("{name} within {seconds} s", name=name, seconds=seconds)
    return FigureView(
        name=name,
        says=words.gettext(DEFINITIONS[figure.key].says),
        value=wording.figure(figure),
        origin=wording.origin(figure),
        before=wording.before(compared) if compared.before else "",
        change=wording.change(compared),
    )
