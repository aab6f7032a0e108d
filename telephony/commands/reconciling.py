"""Brings a call in line with what the carrier says of it when a report was lost.

What was seen is handed to the same functions as a report would have been, so that it makes no difference
which of the two comes first. Beliefs are corrected only by facts that cannot be taken back: a leg that has
ended, a participant who is there. What happened in the last seconds may not show yet and is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import InteractionEvent
from nanori.alerts import raise_alert
from telephony.alarms import CALL_NOT_RELEASED
from telephony.commands import found_recordings
from telephony.commands.callers import Line
from telephony.commands.conferences import IN_CONFERENCE, Report, report
from telephony.commands.endings import LIVE_LEGS, close_call
from telephony.commands.orders import connect_caller, hold_caller, order, resume_caller
from telephony.commands.statuses import caller_status, leg_status
from telephony.labels import CALLER, leg_label, leg_of
from telephony.models import Call, CarrierOrder, Leg
from telephony.ports import ConferenceSeen, LegSeen, ParticipantSeen, RecordingSeen
from telephony.values import (
    STATUS_RANK,
    TERMINAL,
    CallState,
    LegRole,
    LegState,
    OrderKind,
    OrderState,
)

WHILE_TALKING = timedelta(seconds=15)
WHILE_WAITING = timedelta(seconds=60)
LETS_GO_WITHIN = timedelta(seconds=20)
JUST_NOW = timedelta(seconds=10)
GIVES_UP_AFTER = timedelta(hours=1)
AT_ONCE = 50

_IN_HAND = (*sorted(IN_CONFERENCE), CallState.CALLING)
_SINCE = func.coalesce(Call.checked_at, Call.started_at)
DUE_AT: ColumnElement[datetime] = case(
    (
        or_(Call.state.in_(_IN_HAND), and_(Call.state == CallState.GREETING, Call.turn > 1)),
        _SINCE + WHILE_TALKING,
    ),
    (
        Call.state == CallState.CLOSED,
        func.greatest(Call.ended_at + LETS_GO_WITHIN, _SINCE + WHILE_TALKING),
    ),
    else_=_SINCE + WHILE_WAITING,
)
"""When a call that is not settled is to be compared with the carrier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A call as we believed it to be when we asked."""

    tenant_id: UUID
    call_id: UUID
    interaction_id: UUID
    call_sid: str | None
    belief: tuple[CallState, int, str | None]
    legs: tuple[tuple[UUID, str, str], ...]  # id, CallSid and label of legs that may still be up
    lacks_recording: bool = False  # something may be recorded that nobody told us of

    @property
    def is_closed(self) -> bool:
        return self.belief[0] is CallState.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the carrier says. Whoever is in the conference is not looked at one by one."""

    caller: LegSeen | None
    conference: ConferenceSeen | None
    legs: dict[UUID, LegSeen] = field(default_factory=dict)
    recordings: Sequence[RecordingSeen] = ()

    @property
    def people(self) -> dict[str, ParticipantSeen]:
        return self.conference.participants if self.conference else {}

    @property
    def caller_is_over(self) -> bool:
        return self.caller is not None and is_over(self.caller)


def is_over(leg: LegSeen) -> bool:
    return STATUS_RANK.get(leg.status, 0) >= TERMINAL


async def claim_due(session: AsyncSession, *, now: datetime) -> list[Suspect]:
    """Calls to compare now, each taken by one process only; the session is bound to all shops."""
    found = await session.scalars(
        select(Call)
        .where(Call.settled_at.is_(None), now >= DUE_AT)
        .order_by(Call.checked_at.nulls_first(), Call.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    calls = {(call.tenant_id, call.id): call for call in found}
    if not calls:
        return []
    legs: dict[tuple[UUID, UUID], list[tuple[UUID, str, str]]] = {}
    for leg in await session.scalars(_legs_that_may_be_up(calls)):
        known = (leg.id, leg.call_sid or "", leg_label(leg.role, leg.id))
        legs.setdefault((leg.tenant_id, leg.call_id), []).append(known)
    for call in calls.values():
        call.checked_at = now
    closed = [call.id for call in calls.values() if call.state is CallState.CLOSED]
    lacking = await found_recordings.calls_without(session, closed)
    return [
        _suspect(call, tuple(legs.get(key, ())), lacks_recording=call.id in lacking)
        for key, call in calls.items()
    ]


def _legs_that_may_be_up(calls: dict[tuple[UUID, UUID], Call]) -> Select[Leg]:
    return (
        select(Leg)
        .where(
            Leg.call_id.in_([call_id for _, call_id in calls]),
            Leg.call_sid.is_not(None),
            Leg.status_rank < TERMINAL,
            or_(Leg.state.in_(LIVE_LEGS), Leg.joined_at.is_(None)),
        )
        .order_by(Leg.created_at, Leg.id)
    )


def _suspect(call: Call, legs: tuple[tuple[UUID, str, str], ...], *, lacks_recording: bool) -> Suspect:
    return Suspect(
        tenant_id=call.tenant_id,
        call_id=call.id,
        interaction_id=call.interaction_id,
        call_sid=call.call_sid,
        belief=_belief(call),
        legs=legs,
        lacks_recording=lacks_recording,
    )


def _belief(call: Call) -> tuple[CallState, int, str | None]:
    return call.state, call.turn, call.conference_sid


def ask_soon(call: Call, *, now: datetime) -> None:
    """Something is doubtful: compare this call at the next opportunity."""
    call.checked_at = now - WHILE_TALKING


async def reconcile(
    session: AsyncSession, line: Line, suspect: Suspect, seen: Seen, *, now: datetime
) -> None:
    """Apply what was seen to a locked call, unless it has moved on since we asked."""
    call = line.call
    if _belief(call) != suspect.belief:
        return
    if suspect.is_closed:
        has_all = await found_recordings.take_in(session, line, seen.recordings, now=now)
        await _let_go(session, call, suspect, seen, has_all=has_all, now=now)
    elif seen.caller_is_over:
        await _end(session, line, seen, now=now)
    else:
        await _take_in(session, line, seen, now=now)
        await _miss(session, line, seen, now=now)
        await _set_right(session, line, seen, now=now)
    await session.flush()


async def _end(session: AsyncSession, line: Line, seen: Seen, *, now: datetime) -> None:
    """The caller's leg is over: the way the report would have been, at the time that it would have told."""
    call, caller = line.call, seen.caller
    if caller is None:
        return
    at = await _moment(session, call, caller.ended_at, now=now)
    was_in_conference = seen.conference is not None and seen.conference.ended_by == call.call_sid
    if call.state is CallState.CONNECTING and was_in_conference and seen.conference is not None:
        left = Report(
            conference_sid=seen.conference.conference_sid,
            event="participant-leave",
            label=CALLER,
            reason_left="participant_hung_up",
        )
        await report(session, line, left, now=at)
    await caller_status(session, line, caller.status, now=at)
    await close_call(session, call, now=at, by="shopper")


async def _take_in(session: AsyncSession, line: Line, seen: Seen, *, now: datetime) -> None:
    """Whoever is in the conference has joined; whoever should not be there is put out."""
    call = line.call
    if seen.conference is None:
        return
    for label, person in sorted(seen.people.items(), key=lambda one: one[0] == CALLER):
        at = await _moment(session, call, person.joined_at, now=now)
        joined = Report(
            conference_sid=seen.conference.conference_sid,
            event="participant-join",
            label=label,
            reason_left="",
        )
        leg = await _leg(session, call, label)
        if label == CALLER:
            call.call_sid = call.call_sid or person.call_sid
            await report(session, line, joined, now=at)
        elif leg is not None and leg.state in {LegState.EXPECTED, LegState.DIALLED}:
            leg.call_sid = leg.call_sid or person.call_sid
            await report(session, line, joined, now=at)
        elif leg is not None and (leg.left_at or leg.created_at) <= now - JUST_NOW and not _is_in(leg):
            await _remove(session, call, seen.conference, label, now=now)


async def _miss(session: AsyncSession, line: Line, seen: Seen, *, now: datetime) -> None:
    """Legs that are over have left."""
    call = line.call
    for leg_id, leg_seen in seen.legs.items():
        leg = await session.get(Leg, (call.tenant_id, leg_id), with_for_update=True, populate_existing=True)
        if leg is None or leg.state not in LIVE_LEGS or not is_over(leg_seen):
            continue
        at = await _moment(session, call, leg_seen.ended_at, now=now)
        if (leg.role is LegRole.CONTACT or leg.by_phone) and not _is_in(leg):
            await leg_status(session, line, leg, leg_seen.status, now=at)
            continue
        left = Report(
            conference_sid=call.conference_sid or "",
            event="participant-leave",
            label=leg_label(leg.role, leg.id),
            reason_left="participant_hung_up",
        )
        await report(session, line, left, now=at)


async def _set_right(session: AsyncSession, line: Line, seen: Seen, *, now: datetime) -> None:
    """Give an order once more that has not had its effect."""
    call, caller = line.call, seen.people.get(CALLER)
    if call.state is CallState.CONNECTING and caller is None:
        await _connect_again(session, line, now=now)
    elif call.state is CallState.GREETING and call.turn > 1:
        if await _newest(session, call, OrderKind.REDIRECT, now=now) is not None:
            url = line.urls.rescue(call.id, call.turn)
            await order(session, call, OrderKind.REDIRECT, now=now, call_sid=call.call_sid, url=url)
    elif caller is not None and call.state in {CallState.TALKING, CallState.HELD}:
        if caller.held is (call.state is CallState.HELD):
            return
        if await _newest(session, call, OrderKind.HOLD, OrderKind.RESUME, now=now) is None:
            return
        if call.state is CallState.HELD:
            await hold_caller(session, call, line.urls, now=now)
        else:
            await resume_caller(session, call, now=now)


async def _connect_again(session: AsyncSession, line: Line, *, now: datetime) -> None:
    """The caller is on the line, but in no conference: to the agent, from the queue or elsewhere."""
    call = line.call
    newest = await _newest(session, call, OrderKind.CONNECT, OrderKind.REDIRECT, now=now)
    leg = await session.scalar(
        select(Leg).where(
            Leg.tenant_id == call.tenant_id,
            Leg.call_id == call.id,
            Leg.role.in_([LegRole.AGENT, LegRole.CONTACT]),
            Leg.state == LegState.JOINED,
        )
    )
    if newest is None or leg is None:
        return
    if newest.state is OrderState.GONE:  # no longer in the queue
        url = line.urls.connect(call.id, leg.id)
        await order(session, call, OrderKind.REDIRECT, now=now, leg=leg, call_sid=call.call_sid, url=url)
    else:
        await connect_caller(session, call, leg, line.urls, now=now)


async def _let_go(
    session: AsyncSession, call: Call, suspect: Suspect, seen: Seen, *, has_all: bool, now: datetime
) -> None:
    """A closed call holds no line: put out whoever is still there, and look again.

    ``has_all``: what was recorded is known; otherwise it is asked for once more.
    """
    up = [sid for leg_id, sid, _ in suspect.legs if leg_id in seen.legs and not is_over(seen.legs[leg_id])]
    if seen.caller is not None and not is_over(seen.caller) and call.call_sid is not None:
        up.append(call.call_sid)
    for sid in up:
        await order(session, call, OrderKind.HANG_UP, now=now, call_sid=sid)
    for label in seen.people:
        if seen.conference is not None:
            await _remove(session, call, seen.conference, label, now=now)
    ended_at = call.ended_at or now
    if not up and not seen.people and has_all:
        await _all_have_left(session, call, now=now)
        call.settled_at = now
    elif ended_at <= now - GIVES_UP_AFTER:
        call.settled_at = now
        await raise_alert(session, CALL_NOT_RELEASED, call.call_sid or "", shop_id=call.tenant_id, now=now)


async def _all_have_left(session: AsyncSession, call: Call, *, now: datetime) -> None:
    legs = await session.scalars(
        select(Leg).where(Leg.tenant_id == call.tenant_id, Leg.call_id == call.id, Leg.state.in_(LIVE_LEGS))
    )
    for leg in legs:
        leg.state, leg.left_at = LegState.LEFT, leg.left_at or now


async def _remove(
    session: AsyncSession, call: Call, conference: ConferenceSeen, label: str, *, now: datetime
) -> None:
    await order(
        session, call, OrderKind.REMOVE, now=now, conference_sid=conference.conference_sid, label=label
    )  # fmt: skip


async def _newest(session: AsyncSession, call: Call, *kinds: OrderKind, now: datetime) -> CarrierOrder | None:
    """The last order of these kinds; None while it may still have its effect, or when there was none."""
    newest: CarrierOrder | None = await session.scalar(
        select(CarrierOrder)
        .where(
            CarrierOrder.tenant_id == call.tenant_id,
            CarrierOrder.call_id == call.id,
            CarrierOrder.kind.in_(kinds),
        )
        .order_by(CarrierOrder.created_at.desc(), CarrierOrder.id.desc())
        .limit(1)
    )
    if newest is None or newest.state in {OrderState.TODO, OrderState.SENDING}:
        return None
    is_fresh = newest.state is not OrderState.GONE and newest.created_at > now - JUST_NOW
    return None if is_fresh else newest


async def _moment(session: AsyncSession, call: Call, told: datetime | None, *, now: datetime) -> datetime:
    """When it happened by the carrier, but never before what is already written down, nor in the future."""
    if told is None:
        return now
    last: datetime | None = await session.scalar(
        select(func.max(InteractionEvent.at)).where(
            InteractionEvent.tenant_id == call.tenant_id,
            InteractionEvent.interaction_id == call.interaction_id,
        )
    )
    return min(now, max(told, last or told))


def _is_in(leg: Leg) -> bool:
    return leg.state is LegState.JOINED


async def _leg(session: AsyncSession, call: Call, label: str) -> Leg | None:
    leg_id = leg_of(label)
    leg = None if leg_id is None else await session.get(Leg, (call.tenant_id, leg_id))
    return leg if leg is not None and leg.call_id == call.id else None
