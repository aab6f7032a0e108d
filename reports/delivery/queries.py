"""What was sent to whom, and what is due by plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mailroom.models import Outgoing
from mailroom.values import SendState
from nanori.db import among
from reports.delivery.models import ReportApproval, ReportLetter, ReportPlan
from reports.delivery.planning import AT_HOUR
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter and what became of its mail."""

    letter: ReportLetter
    state: SendState
    sent_at: datetime | None


async def letters_of(
    session: AsyncSession, tenant_ids: Sequence[UUID], month: date
) -> Mapping[UUID, Sequence[Sent]]:
    """Of each shop, the newest first."""
    one, mail = ReportLetter, Outgoing
    rows = await session.execute(
        select(one, mail.state, mail.sent_at)
        .join(mail, (mail.tenant_id == one.tenant_id) & (mail.id == one.id))
        .where(among(one.tenant_id, tenant_ids), one.month == month)
        .order_by(one.queued_at.desc(), one.recipient)
    )
    found: dict[UUID, list[Sent]] = {}
    for letter, state, sent_at in rows:
        found.setdefault(letter.tenant_id, []).append(Sent(letter, state, sent_at))
    return found


async def approvals_of(
    session: AsyncSession, tenant_ids: Sequence[UUID], month: date
) -> Mapping[UUID, ReportApproval]:
    """By file."""
    one = ReportApproval
    rows = await session.scalars(select(one).where(among(one.tenant_id, tenant_ids), one.month == month))
    return {row.file_id: row for row in rows}


async def plans_of(session: AsyncSession, tenant_ids: Sequence[UUID]) -> Mapping[UUID, ReportPlan]:
    rows = await session.scalars(select(ReportPlan).where(among(ReportPlan.tenant_id, tenant_ids)))
    return {row.tenant_id: row for row in rows}


def plan_due_at() -> ColumnElement[Any]:
    """When the next month of a plan is to be made: its day, from eight by the shop's clock."""
    months_later = func.make_interval(0, 2, 0, ReportPlan.day - 1, AT_HOUR)
    return func.timezone(Tenant.zone, ReportPlan.made_for + months_later)


async def due_plans(session: AsyncSession, *, now: datetime) -> Sequence[UUID]:
    found = await session.scalars(
        select(ReportPlan.tenant_id)
        .join(Tenant, Tenant.tenant_id == ReportPlan.tenant_id)
        .where(plan_due_at() <= now)
        .order_by(ReportPlan.tenant_id)
    )
    return list(found)
