"""Match waiting callers with ready agents. Works in the unit of work that is bound to every shop.

The rule: callers by priority, then by how long they have waited; for each caller the ready agents of the
desk who were not asked about this caller in the last half minute, first level first, within a level the one
who has been idle longest. ``SKIP LOCKED`` lets any number of processes match at once; the partial unique
indexes on live offers make a second offer to the same agent or about the same caller impossible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Desk, Engagement, Offer, RosterEntry, Seat, Waiting
from desks.presence import enter
from desks.values import Channel, DeskState, OfferState, Presence, WaitingState
from nanori import live

ASKED_AGAIN_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Made:
    """One offer that was made."""

    tenant_id: UUID
    offer_id: UUID
    interaction_id: UUID
    agent_id: UUID
    expires_at: datetime


async def enqueue(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    desk_id: UUID,
    interaction_id: UUID,
    turn: int,
    enqueued_at: datetime,
    priority: int = 0,
    now: datetime,
) -> Waiting:
    """Let a caller wait for an agent of the desk, from ``enqueued_at`` on: who comes back keeps the place."""
    waiting = Waiting(
        tenant_id=tenant_id,
        id=uuid7(),
        desk_id=desk_id,
        interaction_id=interaction_id,
        turn=turn,
        state=WaitingState.WAITING,
        priority=priority,
        enqueued_at=enqueued_at,
        connectable_at=now,
    )
    session.add(waiting)
    await session.flush()
    await live.announce(session, live.WORK, "route")
    await live.announce(session, "floor", "waiting", shop=tenant_id)
    return waiting


async def route(session: AsyncSession, interaction_ids: Sequence[UUID], *, now: datetime) -> list[Made]:
    """Make as many offers as there are agents for these callers, whose calls are locked already."""
    callers = await session.execute(
        select(Waiting, Desk)
        .join(Desk, (Desk.tenant_id == Waiting.tenant_id) & (Desk.id == Waiting.desk_id))
        .where(
            Waiting.interaction_id.in_(interaction_ids),
            Waiting.state == WaitingState.WAITING,
            Desk.state == DeskState.OPEN,
        )
        .order_by(Waiting.priority.desc(), Waiting.enqueued_at, Waiting.id)
        .with_for_update(of=Waiting, skip_locked=True)
    )
    made = []
    for waiting, desk in callers.all():
        seat = await _best_agent(session, waiting, now=now)
        if seat is not None:
            offer = await _offer(session, waiting, desk, seat, now=now)
            made += [offer] if offer else []
    return made


async def _best_agent(session: AsyncSession, waiting: Waiting, *, now: datetime) -> Seat | None:
    asked_lately = exists().where(
        Offer.tenant_id == waiting.tenant_id,
        Offer.waiting_id == waiting.id,
        Offer.agent_id == Seat.agent_id,
        Offer.offered_at > now - ASKED_AGAIN_AFTER,
    )
    on_the_phone = exists().where(
        Engagement.agent_id == Seat.agent_id,
        Engagement.channel == Channel.PHONE,
        Engagement.ended_at.is_(None),
    )
    seat: Seat | None = await session.scalar(
        select(Seat)
        .join(RosterEntry, RosterEntry.agent_id == Seat.agent_id)
        .where(
            RosterEntry.tenant_id == waiting.tenant_id,
            RosterEntry.desk_id == waiting.desk_id,
            Seat.state == Presence.READY,
            ~asked_lately,
            ~on_the_phone,
        )
        .order_by(RosterEntry.level, Seat.idle_since, Seat.agent_id)
        .limit(1)
        .with_for_update(of=Seat, skip_locked=True)
    )
    return seat


async def _offer(
    session: AsyncSession, waiting: Waiting, desk: Desk, seat: Seat, *, now: datetime
) -> Made | None:
    expires_at = now + timedelta(seconds=desk.ring_seconds)
    offer_id = await session.scalar(
        insert(Offer)
        .values(
            tenant_id=waiting.tenant_id,
            id=uuid7(),
            waiting_id=waiting.id,
            agent_id=seat.agent_id,
            state=OfferState.OFFERED,
            offered_at=now,
            expires_at=expires_at,
        )
        .on_conflict_do_nothing()
        .returning(Offer.id)
    )
    if offer_id is None:
        return None
    waiting.state = WaitingState.OFFERED
    await enter(session, seat, Presence.RINGING, now=now)
    return Made(waiting.tenant_id, offer_id, waiting.interaction_id, seat.agent_id, expires_at)
