"""Reports as the pages show them: plain words and addresses."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from nanori.errors import UNEXPECTED
from nanori.words import N_, Words
from reports.commands import is_under_way
from reports.models import MonthReport
from reports.values import Failure, ReportState, month_text
from tenants.models import Tenant

_FAILURES = {
    Failure.TOOK_TOO_LONG: N_("Drawing it took too long and was stopped."),
    Failure.ENGINE_MISSING: N_(
        "What draws the PDF is not installed on the worker's machine. Please tell whoever looks after it."
    ),
    Failure.UNEXPECTED: UNEXPECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One shop's report of one month, whether it is there or not. ``state`` chooses badge and words."""

    tenant_id: UUID
    brand: str
    reading: str
    logo_url: str
    month: str  # 2026-10
    month_said: str
    state: str  # none, queued, rendering, late, ready, failed
    made_said: str = ""  # when the files were made
    failure: str = ""
    pdf: str = ""  # addresses; empty without files
    figures: str = ""

    @property
    def is_under_way(self) -> bool:
        return self.state in {"queued", "rendering"}


def report_view(
    shop: Tenant, month: date, report: MonthReport | None, *, words: Words, now: datetime
) -> ReportView:
    written = month_text(month)
    place = f"/reports/{shop.tenant_id}/{written}"
    has_files = report is not None and report.pdf_file_id is not None
    return ReportView(
        tenant_id=shop.tenant_id,
        brand=shop.brand_name,
        reading=shop.brand_reading,
        logo_url=f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else "",
        month=written,
        month_said=words.month(month),
        state=_state(report, now),
        made_said=words.moment(report.ready_at, shop.zone) if report and report.ready_at else "",
        failure=words.gettext(_FAILURES[Failure(report.failure)]) if report and report.failure else "",
        pdf=f"{place}/report.pdf" if has_files else "",
        figures=f"{place}/figures.json" if has_files else "",
    )


def _state(report: MonthReport | None, now: datetime) -> str:
    if report is None:
        return "none"
    if report.state in {ReportState.READY, ReportState.FAILED} or is_under_way(report, now):
        return report.state.value
    return "late"
