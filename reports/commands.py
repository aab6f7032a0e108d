"""Writes of the reports room: ask for a month's report, take it in hand, put it on the shelf."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import files, live
from nanori.files import FileStore
from nanori.messages import send
from reports.jobs import RenderMonthReport
from reports.models import MonthReport
from reports.queries import report_of
from reports.values import Failure, ReportState, check_begun, month_text
from tenants import queries as shops

ROOM = "reports"
PDF, JSON = "application/pdf", "application/json"
OVERDUE = timedelta(minutes=5)
"""A report under way for longer has lost its worker: asking again starts anew."""

_UNDER_WAY = (ReportState.QUEUED, ReportState.RENDERING)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished report: the paper and the figures on it, as a program reads them."""

    pdf: bytes
    figures: bytes


async def request_report(
    session: AsyncSession, tenant_id: UUID, month: date, *, now: datetime
) -> MonthReport:
    """Have the worker make a month's report; what was made before stays to be had until then.

    Asking twice while it is under way makes it once.

    Raises:
        ShopNotFound: not among the tenants bound.
        MonthAhead: the month has not begun by the shop's clock.
    """
    shop = await shops.shop(session, tenant_id)
    check_begun(month, ZoneInfo(shop.zone), now)
    if await _add(session, tenant_id, month, now=now):
        report = await _locked(session, tenant_id, month)
    else:
        report = await _locked(session, tenant_id, month)
        if is_under_way(report, now):
            return report
    report.state, report.requested_at, report.failure = ReportState.QUEUED, now, None
    await session.flush()
    await send(session, RenderMonthReport(tenant_id=tenant_id, month=month, requested_at=now))
    await _tell(session, report)
    return report


async def begin_report(
    session: AsyncSession, tenant_id: UUID, month: date, *, requested_at: datetime
) -> bool:
    """Take a report in hand. False when it is made already, or a later request will make it."""
    report = await report_of(session, tenant_id, month, locked=True)
    if report is None or report.requested_at != requested_at or report.state is ReportState.READY:
        return False
    report.state = ReportState.RENDERING
    await session.flush()
    await _tell(session, report)
    return True


async def store_report(
    session: AsyncSession,
    tenant_id: UUID,
    month: date,
    made: Made,
    *,
    store: FileStore,
    requested_at: datetime,
    now: datetime,
) -> None:
    """Put a report on the shelf, unless it was asked for anew meanwhile. Earlier files are kept."""
    report = await report_of(session, tenant_id, month, locked=True)
    if report is None or report.requested_at != requested_at or report.state is ReportState.READY:
        return
    name = f"report-{month_text(month)}"
    pdf = await files.keep(
        session, tenant_id, store=store, room=ROOM, name=f"{name}.pdf", media_type=PDF,
        content=made.pdf, now=now,
    )  # fmt: skip
    figures = await files.keep(
        session, tenant_id, store=store, room=ROOM, name=f"{name}.json", media_type=JSON,
        content=made.figures, now=now,
    )  # fmt: skip
    report.pdf_file_id, report.figures_file_id = pdf.id, figures.id
    report.state, report.ready_at, report.failure = ReportState.READY, now, None
    await session.flush()
    await _tell(session, report)


async def fail_report(
    session: AsyncSession, tenant_id: UUID, month: date, why: Failure, *, requested_at: datetime
) -> None:
    """Say why there is no new report; one made before can still be had."""
    report = await report_of(session, tenant_id, month, locked=True)
    if report is None or report.requested_at != requested_at or report.state is ReportState.READY:
        return
    report.state, report.failure = ReportState.FAILED, why.value
    await session.flush()
    await _tell(session, report)


def is_under_way(report: MonthReport, now: datetime) -> bool:
    """Whether a worker has it or will soon; no longer when that has lasted too long."""
    return report.state in _UNDER_WAY and now - report.requested_at < OVERDUE


async def _add(session: AsyncSession, tenant_id: UUID, month: date, *, now: datetime) -> bool:
    """The row of a month, once, also when two ask at the same moment. False when it was there."""
    added = await session.scalar(
        insert(MonthReport)
        .values(tenant_id=tenant_id, id=uuid7(), month=month, state=ReportState.QUEUED, requested_at=now)
        .on_conflict_do_nothing(index_elements=[MonthReport.tenant_id, MonthReport.month])
        .returning(MonthReport.id)
    )
    return added is not None


async def _locked(session: AsyncSession, tenant_id: UUID, month: date) -> MonthReport:
    report = await report_of(session, tenant_id, month, locked=True)
    if report is None:
        raise LookupError("the row was added before")
    return report


async def _tell(session: AsyncSession, report: MonthReport) -> None:
    for audience in (f"shop:{report.tenant_id}", "floor"):
        await live.announce(
            session, audience, "report", shop=report.tenant_id, month=month_text(report.month),
            state=report.state.value,
        )  # fmt: skip
