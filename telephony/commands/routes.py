"""Asking agents about waiting callers, across shops: what is due now, and what is overdue."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import routing
from desks.models import Waiting
from desks.routing import Made
from desks.values import WaitingState
from interactions import commands as log
from interactions.values import EventKind
from nanori.actors import SYSTEM
from telephony.models import Call
from telephony.values import CallState

AT_ONCE = 50


async def route_calls(session: AsyncSession, *, now: datetime) -> list[Made]:
    """Offer waiting callers to ready agents and note it in the log; other processes take other callers."""
    waiting = await session.scalars(
        select(Call.interaction_id)
        .join(
            Waiting,
            (Waiting.tenant_id == Call.tenant_id) & (Waiting.interaction_id == Call.interaction_id),
        )
        .where(Call.state == CallState.QUEUED, Waiting.state == WaitingState.WAITING)
        .order_by(Waiting.priority.desc(), Waiting.enqueued_at, Waiting.id)
        .limit(AT_ONCE)
        .with_for_update(of=Call, skip_locked=True)
    )
    interaction_ids: list[UUID] = list(waiting)
    if not interaction_ids:
        return []
    made = await routing.route(session, interaction_ids, now=now)
    for offer in made:
        interaction = await log.locked(session, offer.tenant_id, offer.interaction_id)
        await log.record(
            session, interaction, EventKind.OFFERED, actor=SYSTEM, at=now,
            agent_id=offer.agent_id, offer=offer.offer_id,
        )  # fmt: skip
    return made
