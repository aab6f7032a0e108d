"""The last report that a seasonal desk's shop gets before the desk is closed for good."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.gates import Asked, Item
from nanori.actors import Role
from nanori.words import N_
from reports.models import MonthReport
from reports.values import ReportState, month_text


async def report_items(session: AsyncSession, asked: Asked) -> Sequence[Item]:
    """The report of its last month, made after its last moment."""
    month = asked.season.closes_on.replace(day=1)
    made = await session.scalar(
        select(MonthReport.ready_at).where(
            MonthReport.tenant_id == asked.desk.tenant_id, MonthReport.month == month,
            MonthReport.state == ReportState.READY,
        )
    )  # fmt: skip
    return [report_item(made, asked.season.closes_at, month=month_text(month))]


def report_item(made_at: datetime | None, closes_at: datetime, *, month: str) -> Item:
    return Item(
        key="report", done=made_at is not None and made_at >= closes_at, mends=Role.OPERATOR, page="/reports",
        params={"month": month},
        there=N_("The report of {month} holds the season's last day"),
        lacking=N_("The report of {month} was not made since the season's last day"),
    )  # fmt: skip
