"""Colleagues who are asked for while an agent holds the caller: a queue of their own beside the callers'."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import routing
from desks.models import Waiting
from desks.values import WaitingKind, WaitingState

CONSULT_WITHIN = timedelta(seconds=60)
"""So long a colleague is looked for; then the agent goes back to the caller, who waits on hold meanwhile."""
PRIORITY = 50
"""Before those who wait for the first time: a caller is on hold. After those whose agent was lost."""


async def ask(
    session: AsyncSession, tenant_id: UUID, *, desk_id: UUID, interaction_id: UUID, now: datetime
) -> Waiting:
    """Look for an agent of the desk to help with the interaction."""
    before = await session.scalar(
        select(func.count()).where(
            Waiting.tenant_id == tenant_id,
            Waiting.interaction_id == interaction_id,
            Waiting.kind == WaitingKind.CONSULT,
        )
    )
    return await routing.enqueue(
        session, tenant_id, desk_id=desk_id, interaction_id=interaction_id, kind=WaitingKind.CONSULT,
        turn=(before or 0) + 1, enqueued_at=now, priority=PRIORITY, now=now,
    )  # fmt: skip


async def asked(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> Waiting | None:
    """The search that is on, whether somebody is being offered it or not; not locked."""
    found: Waiting | None = await session.scalar(
        select(Waiting).where(
            Waiting.tenant_id == tenant_id,
            Waiting.interaction_id == interaction_id,
            Waiting.kind == WaitingKind.CONSULT,
            Waiting.state.in_([WaitingState.WAITING, WaitingState.OFFERED]),
        )
    )
    return found


async def overdue(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """(tenant, interaction) where a colleague has been looked for in vain. Nothing is locked."""
    rows = await session.execute(
        select(Waiting.tenant_id, Waiting.interaction_id).where(
            Waiting.kind == WaitingKind.CONSULT,
            Waiting.state == WaitingState.WAITING,
            Waiting.enqueued_at <= now - CONSULT_WITHIN,
        )
    )
    return [(row.tenant_id, row.interaction_id) for row in rows.all()]
