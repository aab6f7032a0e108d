"""Match waiting callers with ready agents. Works in the unit of work that is bound to every shop.

One transaction: read the floor, decide by :mod:`desks.matching`, lock what was chosen, write the offers.
Any number of processes may do so at once. They decide one after the other (an advisory lock, for some
milliseconds), so that each sees the offers of the one before. Rows that somebody else holds at the moment are
skipped, never waited for; the partial unique indexes on live offers make a second offer to the same agent or
about the same caller impossible.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, bindparam, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import snapshot
from desks.matching import match
from desks.models import Engagement, Seat, Waiting
from desks.presence import begin_ringing
from desks.snapshot import Line
from desks.values import Channel, OfferState, Presence, WaitingKind, WaitingState
from nanori import live
from nanori.db import among

AT_ONCE = 250
"""Offers of one transaction: its locks are short."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('nanori.routing'))")
NOBODY_ELSE_DECIDES = text("SELECT pg_try_advisory_xact_lock(hashtext('nanori.routing'))")

OFFER = text(
    """
    INSERT INTO offer (tenant_id, id, waiting_id, agent_id, state, offered_at, expires_at)
    SELECT tenant_id, id, waiting_id, agent_id, :state, :now, expires_at
    FROM unnest(:tenants, :ids, :waiting, :agents, :ends)
        AS asked (tenant_id, id, waiting_id, agent_id, expires_at)
    ON CONFLICT DO NOTHING RETURNING waiting_id
    """
).bindparams(
    *(bindparam(name, type_=ARRAY(Uuid)) for name in ("tenants", "ids", "waiting", "agents")),
    bindparam("ends", type_=ARRAY(DateTime(timezone=True))),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom to ask about whom; nothing is locked or written yet."""

    line: Line
    agent_id: UUID


@dataclass(frozen=True, slots=True)
class Made:
    """One offer that was made."""

    tenant_id: UUID
    offer_id: UUID
    interaction_id: UUID
    agent_id: UUID
    expires_at: datetime
    kind: WaitingKind


async def enqueue(  # noqa: PLR0913 - what a row of the queue says
    session: AsyncSession,
    tenant_id: UUID,
    *,
    desk_id: UUID,
    interaction_id: UUID,
    turn: int,
    enqueued_at: datetime,
    priority: int = 0,
    kind: WaitingKind = WaitingKind.CALL,
    for_agent_id: UUID | None = None,
    now: datetime,
) -> Waiting:
    """Let a caller wait for an agent of the desk, from ``enqueued_at`` on: who comes back keeps the place.

    ``turn`` counts how often this interaction has waited. ``for_agent_id``: nobody else is asked.
    """
    waiting = Waiting(
        tenant_id=tenant_id,
        id=uuid7(),
        desk_id=desk_id,
        interaction_id=interaction_id,
        kind=kind,
        turn=turn,
        for_agent_id=for_agent_id,
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


async def choose(
    session: AsyncSession, *, now: datetime, only: Collection[UUID] | None = None
) -> list[Chosen]:
    """Decide whom to ask about whom, at most ``AT_ONCE`` pairs; the best first.

    Until the transaction ends no other process decides. ``only``: callers of these interactions alone.
    """
    if not await snapshot.somebody_is_free(session, now=now):
        return []
    if not await session.scalar(NOBODY_ELSE_DECIDES):
        await session.execute(ONE_AT_A_TIME)
        if not await snapshot.somebody_is_free(session, now=now):  # the one before has asked them all
            return []
    floor = await snapshot.take(session, now=now, only=only)
    pairs = match(floor.callers, floor.agents, floor.desks, now=now)
    return [Chosen(floor.lines[pair.caller.waiting_id], pair.agent.agent_id) for pair in pairs[:AT_ONCE]]


async def offer(session: AsyncSession, chosen: Sequence[Chosen], *, now: datetime) -> list[Made]:
    """Make these offers, whose calls are locked already. Whoever is not free any more is left out."""
    callers = await _locked_callers(session, [one.line.waiting_id for one in chosen])
    waiting = [one for one in chosen if one.line.waiting_id in callers]
    seats = await _locked_seats(session, [one.agent_id for one in waiting])
    asked = {one.line.waiting_id: _made(one, now) for one in waiting if one.agent_id in seats}
    if not asked:
        return []
    added = set(await session.scalars(OFFER, _columns(asked, now)))
    await session.execute(
        update(Waiting)
        .where(among(Waiting.id, added))
        .values(state=WaitingState.OFFERED)
        .execution_options(synchronize_session="fetch")
    )
    made = [one for waiting_id, one in asked.items() if waiting_id in added]
    await begin_ringing(session, [one.agent_id for one in made], now=now)
    return made


async def route(session: AsyncSession, interaction_ids: Collection[UUID], *, now: datetime) -> list[Made]:
    """Decide about these callers and make the offers; their calls are locked already."""
    chosen = await choose(session, now=now, only=interaction_ids)
    return await offer(session, chosen, now=now) if chosen else []


async def _locked_callers(session: AsyncSession, waiting_ids: Sequence[UUID]) -> set[UUID]:
    found = await session.scalars(
        select(Waiting.id)
        .where(among(Waiting.id, waiting_ids), Waiting.state == WaitingState.WAITING)
        .with_for_update(skip_locked=True)
    )
    return set(found)


async def _locked_seats(session: AsyncSession, agent_ids: Sequence[UUID]) -> set[UUID]:
    on_the_phone = exists().where(
        Engagement.agent_id == Seat.agent_id,
        Engagement.channel == Channel.PHONE,
        Engagement.ended_at.is_(None),
    )
    found = await session.scalars(
        select(Seat.agent_id)
        .where(among(Seat.agent_id, agent_ids), Seat.state == Presence.READY, ~on_the_phone)
        .with_for_update(of=Seat, skip_locked=True)
    )
    return set(found)


def _made(one: Chosen, now: datetime) -> Made:
    ends = now + timedelta(seconds=one.line.ring_seconds)
    return Made(one.line.tenant_id, uuid7(), one.line.interaction_id, one.agent_id, ends, one.line.kind)


def _columns(asked: Mapping[UUID, Made], now: datetime) -> dict[str, object]:
    made = list(asked.values())
    return {
        "tenants": [one.tenant_id for one in made],
        "ids": [one.offer_id for one in made],
        "waiting": list(asked),
        "agents": [one.agent_id for one in made],
        "ends": [one.expires_at for one in made],
        "state": OfferState.OFFERED.value,
        "now": now,
    }
