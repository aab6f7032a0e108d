"""Writes about presence: what an agent is doing, one open interval at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.errors import AnotherTab, OnTheCall, StillBusy
from desks.models import PresenceInterval, Seat
from desks.values import BreakReason, NotReadyReason, Presence
from nanori import live
from nanori.db import among

CHOSEN_FROM = frozenset({Presence.OFFLINE, Presence.READY, Presence.BREAK, Presence.NOT_READY})
"""States in which an agent may choose the next one; the others belong to a call."""
SILENT_AFTER = timedelta(seconds=20)
MAY_RING = (Presence.READY, Presence.RINGING)
"""The page tells every eight seconds that it is alive: two beats missed, and a little."""
WRITES_FOR = timedelta(minutes=10)
"""A mail that nobody types at keeps calls away for so long and no longer."""
HEARD = text("UPDATE seat SET beat_at = :now WHERE agent_id = :agent AND tab = :tab RETURNING agent_id")
BEGIN_INTERVALS = text(
    """
    INSERT INTO presence_interval (id, agent_id, state, started_at)
    SELECT id, agent_id, :state, :now FROM unnest(:ids, :agents) AS begun (id, agent_id)
    """
).bindparams(*(bindparam(name, type_=ARRAY(Uuid)) for name in ("ids", "agents")))


def is_heard(seat: Seat, *, now: datetime) -> bool:
    """Whether a page has the seat and is alive: calls may ring there, and no other page takes it unasked."""
    return seat.tab is not None and seat.beat_at is not None and now - seat.beat_at <= SILENT_AFTER


async def locked_seat(session: AsyncSession, agent_id: UUID, *, now: datetime) -> Seat:
    """An agent's seat, made on the first use, nobody else writing to it until the transaction ends."""
    known = await _known_seat(session, agent_id)
    if known is not None:
        return known
    await session.execute(
        insert(Seat)
        .values(agent_id=agent_id, state=Presence.OFFLINE, since=now, misses=0)
        .on_conflict_do_nothing()
    )
    return await session.get_one(Seat, agent_id, with_for_update=True, populate_existing=True)


async def take_seat(session: AsyncSession, agent_id: UUID, *, tab: str, now: datetime) -> Seat:
    """The newest tab wins: from now on only this one may accept calls."""
    seat = await locked_seat(session, agent_id, now=now)
    seat.tab, seat.beat_at = tab, now
    await session.flush()
    await live.announce(session, live.agent(agent_id), "desk")
    return seat


async def beat(session: AsyncSession, agent_id: UUID, *, tab: str, now: datetime) -> None:
    """The tab is alive.

    Raises:
        AnotherTab: a newer tab has the seat.
    """
    held = await session.execute(HEARD, {"agent": agent_id, "tab": tab, "now": now})
    if held.first() is None:
        raise AnotherTab


async def choose_presence(
    session: AsyncSession, agent_id: UUID, state: Presence, *, reason: BreakReason | None, now: datetime
) -> None:
    """What the agent chooses: ready, a break with its reason, or home.

    Raises:
        StillBusy: a call rings, runs or is being wrapped up.
    """
    seat = await locked_seat(session, agent_id, now=now)
    if seat.state not in CHOSEN_FROM:
        raise StillBusy
    seat.misses = 0
    await enter(session, seat, state, reason=reason.value if reason else None, now=now)


async def answer_by(session: AsyncSession, agent_id: UUID, *, by_phone: bool, now: datetime) -> None:
    """From the next call on the agent's own telephone rings, or the browser is dialled in again.

    Raises:
        StillBusy: a call rings, runs or is being wrapped up.
    """
    seat = await locked_seat(session, agent_id, now=now)
    if seat.by_phone is by_phone:
        return
    if seat.state not in CHOSEN_FROM:
        raise StillBusy
    seat.by_phone = by_phone
    await session.flush()
    await live.announce(session, live.agent(agent_id), "desk")


async def is_by_phone(session: AsyncSession, agent_id: UUID) -> bool:
    """Does the agent answer by their own telephone? Nothing is locked."""
    seat = await session.get(Seat, agent_id)
    return seat is not None and seat.by_phone


async def enter(
    session: AsyncSession, seat: Seat, state: Presence, *, reason: str | None = None, now: datetime
) -> None:
    """Close the open interval, begin the next, and tell the agent's browser and the floor."""
    if (seat.state, seat.reason) == (state, reason):
        return
    await session.execute(
        update(PresenceInterval)
        .where(PresenceInterval.agent_id == seat.agent_id, PresenceInterval.ended_at.is_(None))
        .values(ended_at=now)
    )
    if state is not Presence.OFFLINE:
        session.add(
            PresenceInterval(
                id=uuid7(), agent_id=seat.agent_id, state=state, reason=reason, started_at=now
            )
        )  # fmt: skip
    seat.state, seat.reason, seat.since = state, reason, now
    seat.idle_since = now if state is Presence.READY else None
    if state is Presence.OFFLINE:
        seat.last_shop_id = None
    await session.flush()
    await live.announce(session, live.agent(seat.agent_id), "desk")
    await live.announce(session, "floor", "presence", agent=seat.agent_id)
    if state is Presence.READY:
        await live.announce(session, live.WORK, "route")


async def begin_ringing(session: AsyncSession, agent_ids: Sequence[UUID], *, now: datetime) -> None:
    """Ready agents, their seats locked, are asked about a call: :func:`enter` for many at once."""
    await session.execute(
        update(PresenceInterval)
        .where(among(PresenceInterval.agent_id, agent_ids), PresenceInterval.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session="fetch")
    )
    ids = [uuid7() for _ in agent_ids]
    ringing = {"ids": ids, "agents": list(agent_ids), "state": Presence.RINGING.value, "now": now}
    await session.execute(BEGIN_INTERVALS, ringing)
    await session.execute(
        update(Seat)
        .where(among(Seat.agent_id, agent_ids))
        .values(state=Presence.RINGING, reason=None, since=now, idle_since=None)
        .execution_options(synchronize_session="fetch")
    )
    news = [live.payload(live.agent(agent_id), "desk") for agent_id in agent_ids]
    await live.announce_all(session, [*news, live.payload(live.FLOOR, "presence")])


async def silent_agents(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Agents who could be asked but whose page is not heard any more. Nothing is locked."""
    may_ring = Seat.state.in_(MAY_RING)
    found = await session.scalars(select(Seat.agent_id).where(may_ring, Seat.beat_at < now - SILENT_AFTER))
    return list(found)


async def refuse_other_tabs(session: AsyncSession, agent_id: UUID, *, tab: str) -> None:
    """Nothing is locked.

    Raises:
        AnotherTab: another tab has the seat.
    """
    if await session.scalar(select(Seat.tab).where(Seat.agent_id == agent_id)) != tab:
        raise AnotherTab


async def take_out(session: AsyncSession, agent_id: UUID, reason: NotReadyReason, *, now: datetime) -> None:
    """No more calls until the agent takes them again. Whoever is not in routing, or at a call, stays as is.

    For silence, only when the page has not been heard again meanwhile.
    """
    seat = await locked_seat(session, agent_id, now=now)
    if reason is NotReadyReason.SILENT and is_heard(seat, now=now):
        return
    if seat.state in {Presence.READY, Presence.RINGING}:
        await enter(session, seat, Presence.NOT_READY, reason=reason.value, now=now)


async def leave(session: AsyncSession, agent_id: UUID, *, now: datetime) -> None:
    """The agent does not come back: no tab has the seat, no telephone rings. A call in hand stays in hand."""
    seat = await _known_seat(session, agent_id)
    if seat is None:
        return
    seat.tab, seat.by_phone = None, False
    await session.flush()
    if seat.state in CHOSEN_FROM | {Presence.RINGING}:
        await enter(session, seat, Presence.OFFLINE, now=now)


async def begin_writing(session: AsyncSession, agent_id: UUID, *, now: datetime) -> None:
    """The agent answers a mail: until it is done only desks that interrupt mails ring.

    Who types nothing for ``WRITES_FOR`` is rung again. Whoever has no seat gets no calls anyway.

    Raises:
        OnTheCall: a mail waits until the call is over.
    """
    seat = await _known_seat(session, agent_id)
    if seat is None:
        return
    if seat.state in {Presence.RINGING, Presence.BUSY}:
        raise OnTheCall
    seat.writes_until = now + WRITES_FOR
    await session.flush()


async def keep_writing(session: AsyncSession, agent_id: UUID, *, now: datetime) -> None:
    """Something has been typed."""
    seat = await _known_seat(session, agent_id)
    if seat is not None and seat.writes_until is not None:
        seat.writes_until = now + WRITES_FOR
        await session.flush()


async def end_writing(session: AsyncSession, agent_id: UUID) -> None:
    """The mail is done or given back."""
    seat = await _known_seat(session, agent_id)
    if seat is not None and seat.writes_until is not None:
        seat.writes_until = None
        await session.flush()
        await live.announce(session, live.WORK, "route")


async def _known_seat(session: AsyncSession, agent_id: UUID) -> Seat | None:
    return await session.get(Seat, agent_id, with_for_update=True, populate_existing=True)
