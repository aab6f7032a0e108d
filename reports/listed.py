"""A month's figures and a shop's reports for programs."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from nanori.sheets import Cell, Listed
from reports.figures import Figure
from reports.models import MonthReport
from reports.paper.codes import CODES
from reports.values import month_text

FIGURE_HEADS = ("code", "key", "unit", "value", "numerator", "denominator", "formula", "is_small")
REPORT_HEADS = ("month", "made_at", "has_pdf", "has_figures")


def figures_listed(figures: Iterable[Figure], *, keys: Iterable[str]) -> Listed:
    """A row for each figure of these keys; values in the unit named beside them."""
    wanted = set(keys)
    return Listed("figures", FIGURE_HEADS, [_figure(one) for one in figures if one.key in wanted])


def reports_listed(reports: Iterable[MonthReport], zone: str) -> Listed:
    """A row for each month, the newest first."""
    clock = ZoneInfo(zone)
    rows = [
        (
            month_text(one.month), one.ready_at.astimezone(clock).isoformat() if one.ready_at else None,
            one.pdf_file_id is not None, one.figures_file_id is not None,
        )
        for one in reports
    ]  # fmt: skip
    return Listed("reports", REPORT_HEADS, rows)


def _figure(one: Figure) -> Sequence[Cell]:
    return (
        CODES.get(one.key, ""), one.key, one.unit.value, one.value, one.numerator, one.denominator,
        one.formula, one.is_small,
    )  # fmt: skip
