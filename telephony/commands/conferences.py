"""What conferences report: who joined, who left. Only a joined agent connects a caller.

Reports come late, twice and out of order. A leg that has left never joins again, leaving implies having
joined, and reports of a conference that the call has left behind are ignored.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import engagements, offers
from desks.values import Presence
from interactions import commands as log
from interactions.values import Direction, EventKind
from nanori import live
from nanori.actors import SYSTEM, Actor, ActorKind
from telephony.commands import callbacks, contacts, outbound, supervision, transfers
from telephony.commands.callers import Line, back_to_queue
from telephony.commands.endings import close_call, is_in, join_failed, live_legs, trouble_of
from telephony.commands.orders import connect_caller, order, remove_leg
from telephony.labels import CALLER, leg_of
from telephony.models import Call, Leg
from telephony.values import CallState, LegRole, LegState, OrderKind

IN_CONFERENCE = frozenset({CallState.CONNECTING, CallState.TALKING, CallState.HELD})
BEFORE_TALK = frozenset({CallState.CONNECTING, CallState.CALLING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One conference event of the carrier."""

    conference_sid: str
    event: str  # participant-join, participant-leave, conference-end, …
    label: str
    reason_left: str  # "" where the carrier gives none


async def report(session: AsyncSession, line: Line, told: Report, *, now: datetime) -> None:
    """Apply one event; the call is locked."""
    leg = await _leg(session, line.call, told.label)
    match told.event:
        case "participant-join" if told.label == CALLER:
            await _caller_joined(session, line, told, now=now)
        case "participant-leave" if told.label == CALLER:
            await _caller_left(session, line, told, now=now)
        case "participant-join" if leg is not None:
            await _leg_joined(session, line, leg, told, now=now)
        case "participant-leave" if leg is not None:
            await leg_left(session, line, leg, reason=told.reason_left, now=now)
        case _:
            return


async def _caller_joined(session: AsyncSession, line: Line, told: Report, *, now: datetime) -> None:
    call = line.call
    if call.state not in BEFORE_TALK or _is_past(call, told):
        return
    leg = await _awaiting(session, call)
    if leg is not None and leg.role is LegRole.CONTACT:
        await contacts.met(session, call, leg, now=now)
    elif leg is not None:
        await _answer(session, call, leg, now=now)


async def _awaiting(session: AsyncSession, call: Call) -> Leg | None:
    """The leg of the agent or contact to whom the caller comes; that it has left may be reported before."""
    holder = await engagements.in_hand_of(session, call.tenant_id, call.interaction_id)
    found: Leg | None = await session.scalar(
        select(Leg)
        .where(
            Leg.tenant_id == call.tenant_id,
            Leg.call_id == call.id,
            Leg.agent_id == holder.agent_id if holder else Leg.role == LegRole.CONTACT,
            Leg.joined_at.is_not(None),
        )
        .order_by(Leg.joined_at.desc())
        .limit(1)
    )
    return found


async def _answer(session: AsyncSession, call: Call, leg: Leg, *, now: datetime) -> None:
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    agent = Actor(kind=ActorKind.AGENT, account_id=leg.agent_id)
    we_called = call.direction is Direction.OUTBOUND and call.caller_joined_at is None
    await log.record(
        session, interaction, EventKind.ANSWERED, actor=agent, at=now,
        agent_id=leg.agent_id, phrase_id=leg.phrase_id, confirmed_at=leg.confirmed_at,
        direction=call.direction.value if we_called else None,
    )  # fmt: skip
    call.state, call.caller_joined_at = CallState.TALKING, now
    if call.direction is Direction.INBOUND:
        await callbacks.no_longer_needed(session, call, now=now)
    await session.flush()
    await _tell(session, call, leg)


async def _caller_left(session: AsyncSession, line: Line, told: Report, *, now: datetime) -> None:
    call = line.call
    never_came = told.reason_left == "participant_add_failed"  # why, the call's own status says
    if call.state not in IN_CONFERENCE | BEFORE_TALK or _is_past(call, told) or never_came:
        return
    if call.state in BEFORE_TALK:  # the report of the joining is late or lost
        await _caller_joined(session, line, told, now=now)
    await close_call(session, call, now=now, by="shopper")


async def _leg_joined(session: AsyncSession, line: Line, leg: Leg, told: Report, *, now: datetime) -> None:
    call = line.call
    if leg.state in {LegState.JOINED, LegState.LEFT, LegState.FAILED}:
        return
    leg.state, leg.joined_at = LegState.JOINED, now
    await session.flush()
    if leg.role is LegRole.CONTACT:
        await contacts.joined(session, line, leg, conference_sid=told.conference_sid, now=now)
    elif leg.role is LegRole.MONITOR:
        await supervision.joined(session, call, leg, now=now)
    elif leg.role is LegRole.CONSULT:
        if _is_past(call, told) or not await transfers.joined(session, call, leg, now=now):
            await _turn_away(session, call, leg, now=now)
    elif call.state is CallState.CALLING and leg.offer_id is None:
        await outbound.agent_joined(session, line, leg, conference_sid=told.conference_sid, now=now)
    elif not await _takes_caller(session, call, leg, now=now):
        await _turn_away(session, call, leg, now=now)
    elif call.call_sid is None:
        await outbound.agent_joined(session, line, leg, conference_sid=told.conference_sid, now=now)
    else:
        call.state, call.conference_sid = CallState.CONNECTING, told.conference_sid
        await contacts.agent_took(session, call, now=now)
        await connect_caller(session, call, leg, line.urls, now=now)
        await _tell(session, call, leg)


async def _takes_caller(session: AsyncSession, call: Call, leg: Leg, *, now: datetime) -> bool:
    if call.state is not CallState.QUEUED or leg.offer_id is None or leg.agent_id is None:
        return False
    return await offers.joined(session, leg.offer_id, agent_id=leg.agent_id, now=now)


async def _turn_away(session: AsyncSession, call: Call, leg: Leg, *, now: datetime) -> None:
    """Came too late: whatever conference it is in, it does not stay."""
    leg.state, leg.left_at = LegState.LEFT, now
    await order(session, call, OrderKind.HANG_UP, now=now, leg=leg, call_sid=leg.call_sid)


async def leg_left(session: AsyncSession, line: Line, leg: Leg, *, reason: str, now: datetime) -> None:
    """An agent or a contact is not there any more."""
    if leg.state is LegState.LEFT:
        return
    leg.state, leg.left_at = LegState.LEFT, now
    await session.flush()
    call = line.call
    if leg.role is LegRole.MONITOR:
        await supervision.tell(session, call)
    elif reason == "moderator_ended_conference":
        return  # the caller was there and has hung up, whatever has been told of it so far
    elif leg.role is LegRole.CONTACT:
        await contacts.left(session, line, leg, now=now)
    elif leg.role is LegRole.CONSULT and await transfers.only_helps(session, call, leg):
        await transfers.left(session, call, leg, reason=reason, now=now)
    elif call.state is CallState.QUEUED and leg.offer_id is not None and leg.agent_id is not None:
        await join_failed(session, call, leg, reason=trouble_of(leg), now=now)
    elif call.state in IN_CONFERENCE:
        await _agent_lost(session, line, leg, now=now)
    elif call.state is CallState.CALLING:
        await outbound.agent_lost(session, call, now=now)


async def _agent_lost(session: AsyncSession, line: Line, leg: Leg, *, now: datetime) -> None:
    """The caller stays with the colleague or contact who is there, else goes to the front of the queue."""
    call = line.call
    holder = await engagements.in_hand_of(session, call.tenant_id, call.interaction_id)
    if holder is None or holder.agent_id != leg.agent_id:
        return
    others = await live_legs(session, call)
    helper = next((one for one in others if is_in(one, {LegRole.CONSULT})), None)
    if helper is not None:
        await transfers.keep_without_agent(session, call, helper, now=now)
        return
    await transfers.stop_asking(session, call, now=now)
    if any(is_in(one, {LegRole.CONTACT}) for one in others):
        await contacts.keep_without_agent(session, call, now=now)
        return
    await engagements.finish_engagement(
        session, call.tenant_id, call.interaction_id, agent_id=holder.agent_id,
        then=Presence.NOT_READY, reason=trouble_of(leg).value, now=now,
    )  # fmt: skip
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session,
        interaction,
        EventKind.LEFT_QUEUE,
        actor=SYSTEM,
        at=now,
        why="agent_lost",
        agent_id=leg.agent_id,
    )
    await back_to_queue(session, call)
    url = line.urls.rescue(call.id, call.turn)
    await order(session, call, OrderKind.REDIRECT, now=now, call_sid=call.call_sid, url=url)


async def caller_gone(session: AsyncSession, line: Line, leg: Leg | None, *, now: datetime) -> None:
    """The carrier says that the caller had left the queue when the agent came: the agent is free again."""
    call = line.call
    if call.state is CallState.CONNECTING:
        await close_call(session, call, now=now, by="shopper")
    if leg is not None and leg.state is LegState.JOINED:
        await remove_leg(session, call, leg, now=now)


async def not_connected(session: AsyncSession, line: Line, leg: Leg | None, *, now: datetime) -> None:
    """The carrier will not take the caller out of the queue: both let go, and a message ends the wait.

    The caller is still there with music. The next waiting document, finding nobody who could come, sends
    them on to leave a message, which becomes a case.
    """
    call = line.call
    if call.state is CallState.CONNECTING:
        await log.locked(session, call.tenant_id, call.interaction_id)
        key = (call.tenant_id, call.interaction_id)
        holder = await engagements.in_hand_of(session, *key)
        if holder is not None:
            await engagements.finish_engagement(
                session, *key, agent_id=holder.agent_id, then=Presence.READY, now=now
            )
        call.state = CallState.QUEUED
        await session.flush()
    if leg is not None and leg.state is LegState.JOINED:
        await remove_leg(session, call, leg, now=now)


async def _leg(session: AsyncSession, call: Call, label: str) -> Leg | None:
    leg_id = leg_of(label)
    if leg_id is None:
        return None
    leg = await session.get(Leg, (call.tenant_id, leg_id), with_for_update=True, populate_existing=True)
    return leg if leg is not None and leg.call_id == call.id else None


def _is_past(call: Call, told: Report) -> bool:
    return call.conference_sid is not None and told.conference_sid != call.conference_sid


async def _tell(session: AsyncSession, call: Call, leg: Leg) -> None:
    if leg.agent_id is not None:
        await live.announce(session, live.agent(leg.agent_id), "desk")
    await live.announce(session, "floor", "call", shop=call.tenant_id, call=call.id)
