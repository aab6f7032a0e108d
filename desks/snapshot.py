"""What routing decides from: callers, agents on duty and desks as they are now, read in a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, Select, Text, and_, cast, exists, false, func, literal, select, true, union
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from desks.certified import may_answer
from desks.matching import Agent, Caller, DeskRule, Place, standings_of
from desks.models import Desk, Engagement, Offer, RosterEntry, Seat, Waiting
from desks.people_models import AgentProfile
from desks.sharing import Standing
from desks.values import AT_WORK, Channel, EngagementRole, OfferState, Presence, WaitingKind, WaitingState

ASKED_AGAIN_AFTER = timedelta(seconds=30)
ON_DUTY = (Presence.READY, Presence.RINGING, Presence.BUSY, Presence.WRAPUP)
MORE_THAN_READY = 100
"""Of each desk so many more callers are looked at than agents are ready: some were asked just now."""


@dataclass(frozen=True, slots=True)
class Line:
    """A waiting caller as the database knows them."""

    tenant_id: UUID
    waiting_id: UUID
    interaction_id: UUID
    ring_seconds: int
    kind: WaitingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The input of one decision, and what it takes to act on it."""

    callers: Sequence[Caller]
    agents: Sequence[Agent]
    desks: Sequence[DeskRule]
    lines: dict[UUID, Line]  # by waiting row


async def somebody_is_free(session: AsyncSession, *, now: datetime) -> bool:
    """Whether a decision could come to anything: a caller waits, and an agent of that desk is ready."""
    found = await session.scalar(
        select(
            exists().where(
                Waiting.state == WaitingState.WAITING,
                RosterEntry.tenant_id == Waiting.tenant_id,
                RosterEntry.desk_id == Waiting.desk_id,
                may_answer(now),
                Seat.agent_id == RosterEntry.agent_id,
                Seat.state == Presence.READY,
            )
        )
    )
    return bool(found)


async def standing_now(session: AsyncSession, *, now: datetime) -> dict[UUID, tuple[DeskRule, Standing]]:
    """Every open desk of the shops bound: what it has and asks for, and where it stands.

    Fair shares count all shops: bind them all.
    """
    desks = await _desks(session, now=now)
    standings = standings_of(desks, await agents_on_duty(session, now=now))
    return {one.desk: (one, standings[one.desk]) for one in desks}


async def take(session: AsyncSession, *, now: datetime, only: Iterable[UUID] | None = None) -> Snapshot:
    """Read the floor. ``only`` looks at the callers of these interactions alone."""
    agents = await agents_on_duty(session, now=now)
    desks = await _desks(session, now=now)
    ready = sum(agent.is_ready for agent in agents)
    rows = (await session.execute(_first_in_line(ready + MORE_THAN_READY, only))).all()
    asked = await _just_asked(session, now=now)
    return Snapshot(
        callers=[_caller(row, asked) for row in rows],
        agents=agents,
        desks=desks,
        lines={row.id: _line(row) for row in rows},
    )


def _first_in_line(of_each: int, only: Iterable[UUID] | None) -> Select[tuple[object, ...]]:
    """The first callers of each desk."""
    place = func.row_number().over(
        partition_by=(Waiting.tenant_id, Waiting.desk_id),
        order_by=(Waiting.priority.desc(), Waiting.enqueued_at, Waiting.id),
    )
    waits = [Waiting.state == WaitingState.WAITING, Desk.state.in_(AT_WORK)]
    if only is not None:
        waits.append(Waiting.interaction_id.in_(list(only)))
    ranked = (
        select(
            Waiting.tenant_id, Waiting.id, Waiting.interaction_id, Waiting.desk_id, Waiting.priority,
            Waiting.enqueued_at, Waiting.for_agent_id, Waiting.kind, Desk.ring_seconds, place.label("place"),
        )
        .join(Desk, and_(Desk.tenant_id == Waiting.tenant_id, Desk.id == Waiting.desk_id))
        .where(*waits)
        .subquery()
    )  # fmt: skip
    return select(ranked).where(ranked.c.place <= of_each)


def _line(row: Row[tuple[object, ...]]) -> Line:
    return Line(row.tenant_id, row.id, row.interaction_id, row.ring_seconds, row.kind)


def _caller(row: Row[tuple[object, ...]], asked: dict[UUID, set[UUID]]) -> Caller:
    return Caller(
        waiting_id=row.id,
        desk=row.desk_id,
        enqueued_at=row.enqueued_at,
        priority=row.priority,
        for_agent=row.for_agent_id,
        just_asked=frozenset(asked.get(row.id, ())),
    )


async def _just_asked(session: AsyncSession, *, now: datetime) -> dict[UUID, set[UUID]]:
    rows = await session.execute(
        select(Offer.waiting_id, Offer.agent_id).where(Offer.offered_at > now - ASKED_AGAIN_AFTER)
    )
    asked: dict[UUID, set[UUID]] = defaultdict(set)
    for waiting_id, agent_id in rows:
        asked[waiting_id].add(agent_id)
    return asked


async def agents_on_duty(session: AsyncSession, *, now: datetime) -> list[Agent]:
    """Everybody at work with a call in hand or free for one, and the desks where they may answer."""
    on_phone = exists().where(
        Engagement.agent_id == Seat.agent_id,
        Engagement.ended_at.is_(None),
        Engagement.channel == Channel.PHONE,
    )
    writes = func.coalesce(Seat.writes_until > now, false())
    rows = await session.execute(
        select(
            Seat.agent_id,
            and_(Seat.state == Presence.READY, ~on_phone, ~and_(writes, _IS_LEFT_ALONE)).label("is_ready"),
            func.coalesce(Seat.idle_since, Seat.since).label("since"),
            writes.label("writes"),
            Seat.last_shop_id,
            func.string_agg(_PLACE, aggregate_order_by(literal(" "), RosterEntry.desk_id)).label("places"),
        )
        .join(RosterEntry, RosterEntry.agent_id == Seat.agent_id)
        .where(Seat.state.in_(ON_DUTY), may_answer(now))
        .group_by(Seat.agent_id)
    )
    known: dict[str, Mapping[UUID, Place]] = {}
    return [
        Agent(
            agent_id=row.agent_id,
            is_ready=row.is_ready,
            since=row.since,
            writes_mail=row.writes,
            last_shop=row.last_shop_id,
            places=known.get(row.places) or known.setdefault(row.places, _places(row.places)),
        )
        for row in rows
    ]


_IS_LEFT_ALONE = exists().where(AgentProfile.agent_id == Seat.agent_id, ~AgentProfile.calls_interrupt)
"""No call rings while such an agent writes a mail, whatever the desk says."""
_PLACE = func.concat_ws("/", cast(RosterEntry.desk_id, Text), RosterEntry.level, RosterEntry.preferred)
"""A place on a roster as text: many agents have the same ones, so that each list is read once."""


def _places(listed: str) -> dict[UUID, Place]:
    places = {}
    for one in listed.split():
        desk, level, preferred = one.split("/")
        places[UUID(desk)] = Place(int(level), preferred == "t")
    return places


async def _desks(session: AsyncSession, *, now: datetime) -> list[DeskRule]:
    """Every open desk with what it has in hand and how many wait there."""
    in_hand = await _in_hand(session)
    rows = await session.execute(
        select(Waiting.desk_id, func.count().label("waiters"))
        .where(Waiting.state == WaitingState.WAITING)
        .group_by(Waiting.desk_id)
    )
    waiting = {row.desk_id: row.waiters for row in rows}
    desks = await session.execute(
        select(
            Desk.id, Desk.tenant_id, Desk.weight, Desk.reserved_agents, Desk.overflow_after_seconds,
            Desk.overflow_until, Desk.interrupts_mail,
        ).where(Desk.state.in_(AT_WORK))
    )  # fmt: skip
    return [
        DeskRule(
            desk=row.id,
            in_hand=in_hand.get(row.id, 0),
            waiting=waiting.get(row.id, 0),
            weight=row.weight,
            reserved=row.reserved_agents,
            overflow_after=timedelta(seconds=row.overflow_after_seconds),
            overflow_is_open=row.overflow_until is not None and row.overflow_until > now,
            interrupts_mail=row.interrupts_mail,
            shop=row.tenant_id,
        )
        for row in desks
    ]


async def _in_hand(session: AsyncSession) -> dict[UUID, int]:
    """Agents who have one of a desk's calls in hand: rung, talking, or at the after-call work."""
    ringing = (
        select(Waiting.desk_id.label("desk_id"), Offer.agent_id.label("agent_id"))
        .join(Waiting, and_(Waiting.tenant_id == Offer.tenant_id, Waiting.id == Offer.waiting_id))
        .where(Offer.state.in_([OfferState.OFFERED, OfferState.ACCEPTED]))
    )
    last = (
        select(Waiting.desk_id)
        .where(
            Waiting.tenant_id == Engagement.tenant_id,
            Waiting.interaction_id == Engagement.interaction_id,
            (Waiting.kind == WaitingKind.CONSULT) == (Engagement.role == EngagementRole.CONSULT),
        )
        .order_by(Waiting.turn.desc())
        .limit(1)
        .lateral()
    )
    engaged = (
        select(last.c.desk_id.label("desk_id"), Engagement.agent_id.label("agent_id"))
        .join(last, true())
        .where(Engagement.ended_at.is_(None), Engagement.channel == Channel.PHONE)
    )
    each = union(ringing, engaged).subquery()
    rows = await session.execute(
        select(each.c.desk_id, func.count().label("agents")).group_by(each.c.desk_id)
    )
    return {row.desk_id: row.agents for row in rows}
