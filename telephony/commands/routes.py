"""Asking agents about waiting callers, across shops: what is due now, and what is overdue."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import routing
from desks.models import Waiting
from desks.routing import Chosen, Made
from desks.values import WaitingKind
from interactions import offers as log
from interactions.offers import Offered
from nanori.db import among
from telephony.commands.endings import asked_for
from telephony.models import Call
from telephony.values import WITH_CALLER, CallState


async def route_calls(session: AsyncSession, *, now: datetime) -> list[Made]:
    """Offer waiting callers to ready agents and note it in the log.

    Calls that another transaction has in hand are left for the next time. Locked are calls, interactions,
    waiting rows, then seats.
    """
    chosen = await routing.choose(session, now=now)
    if not chosen:
        return []
    calls = await _locked_calls(session, chosen)
    free = await log.lock_free(session, calls)
    made = await routing.offer(session, [one for one in chosen if one.line.interaction_id in free], now=now)
    if made:
        offered = [
            Offered(one.interaction_id, one.agent_id, one.offer_id, asked_for(one.kind)) for one in made
        ]
        await log.note_offered(session, offered, at=now)
    return made


async def _locked_calls(session: AsyncSession, chosen: Sequence[Chosen]) -> set[UUID]:
    """Interactions of these calls that still wait: callers in the queue, and whatever else is asked for."""
    found = await session.scalars(
        select(Call.interaction_id)
        .join(
            Waiting,
            (Waiting.tenant_id == Call.tenant_id) & (Waiting.interaction_id == Call.interaction_id),
        )
        .where(
            among(Waiting.id, [one.line.waiting_id for one in chosen]),
            or_(
                and_(Waiting.kind == WaitingKind.CALL, Call.state == CallState.QUEUED),
                and_(Waiting.kind == WaitingKind.CONSULT, Call.state.in_(WITH_CALLER)),
                and_(Waiting.kind == WaitingKind.CALLBACK, Call.state != CallState.CLOSED),
            ),
        )
        .with_for_update(of=Call, skip_locked=True)
    )
    return set(found)
