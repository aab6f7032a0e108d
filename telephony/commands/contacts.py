"""Escalation by phone: the shop's contacts, one after the other, and only a pressed 1 connects."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import consults, engagements
from interactions import commands as log
from interactions import escalation
from interactions.escalation import ToCall
from interactions.models import EscalationAttempt, EscalationRun, Interaction
from interactions.values import AttemptState, EventKind, RunState
from nanori import live
from nanori.actors import SYSTEM, Actor, ActorKind
from telephony import twiml
from telephony.commands import supervision
from telephony.commands.agents import my_call, put_on_hold, take_off_hold
from telephony.commands.callers import Line, back_to_queue
from telephony.commands.endings import is_in, leave_queue, live_legs
from telephony.commands.orders import connect_caller, order, remove_leg
from telephony.errors import AskingSomebody, ContactNotFound, NobodyOnTheLine, NotTalking
from telephony.models import Call, Leg
from telephony.urls import Urls
from telephony.values import AGENTS, WITH_CALLER, CallState, LegRole, LegState, OrderKind
from tenants import queries as shops
from tenants.escalation import queries as policies

LONGEST_SECONDS = 3600
CONTACT = Actor(kind=ActorKind.CONTACT)
WANTED = frozenset({CallState.QUEUED, CallState.TALKING, CallState.HELD})
"""States of a call in which a contact is still asked for; queued: nobody here could take the caller."""


async def escalate(
    session: AsyncSession,
    call_id: UUID,
    urls: Urls,
    *,
    contact_id: UUID | None = None,
    agent: Actor,
    now: datetime,
) -> None:
    """Put the caller on hold and call the shop: by its policy, or the one contact that was chosen.

    Raises:
        CallNotFound: not this agent's call.
        NotTalking: there is no caller to speak for.
        AskingSomebody: a colleague is being asked.
        ContactNotFound: none of this shop.
        NobodyToCall, EscalationRunning: see :func:`interactions.escalation.start_run`.
    """
    call = await my_call(session, call_id, agent)
    if call.state not in WITH_CALLER:
        raise NotTalking
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    if await colleague_is_asked(session, call):
        raise AskingSomebody
    people = await to_call(session, call, contact_id, now=now)
    run = await escalation.start_run(session, interaction, people, actor=agent, now=now)
    await put_on_hold(session, call, interaction, urls, actor=agent, now=now)
    await call_next(session, call, run, urls, now=now)


async def colleague_is_asked(session: AsyncSession, call: Call) -> bool:
    """Is another agent being looked for, or in the call to help?"""
    key = (call.tenant_id, call.interaction_id)
    helpers = await engagements.consulted_agents(session, *key)
    return bool(helpers) or await consults.asked(session, *key) is not None


async def call_off(session: AsyncSession, call_id: UUID, *, agent: Actor, now: datetime) -> None:
    """Stop calling the shop and go back to the caller. Nothing to stop changes nothing."""
    call = await my_call(session, call_id, agent)
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    run = await escalation.running(session, call.tenant_id, call.interaction_id)
    if run is not None:
        await _stop(session, run, now=now)
    for leg in await live_legs(session, call):
        if leg.role is LegRole.CONTACT:
            await remove_leg(session, call, leg, now=now)
            leg.state, leg.left_at = LegState.LEFT, now
    await take_off_hold(session, call, actor=agent, now=now)
    await _tell_agent(session, call, interaction)


async def hand_over(session: AsyncSession, call_id: UUID, *, agent: Actor, now: datetime) -> None:
    """The contact keeps the caller; the agent leaves and wraps up.

    Raises:
        CallNotFound: not this agent's call.
        NobodyOnTheLine: no contact has joined.
    """
    call = await my_call(session, call_id, agent)
    legs = await live_legs(session, call)
    contact = next((leg for leg in legs if is_in(leg, {LegRole.CONTACT})), None)
    mine = next((leg for leg in legs if is_in(leg, AGENTS) and leg.agent_id == agent.account_id), None)
    if contact is None or mine is None or call.state not in WITH_CALLER:
        raise NobodyOnTheLine
    await take_off_hold(session, call, actor=agent, now=now)
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, EventKind.TRANSFERRED, actor=agent, at=now, to="contact")
    run = await escalation.running(session, call.tenant_id, call.interaction_id)
    if run is not None:
        await escalation.close_run(session, run, now=now)
    await remove_leg(session, call, mine, now=now)
    mine.state, mine.left_at = LegState.LEFT, now
    await engagements.begin_wrapup(session, call.tenant_id, call.interaction_id, now=now)
    await supervision.follow_agent(session, call, now=now)
    await session.flush()


async def keep_without_agent(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The agent's leg died while a contact was in the call: the contact keeps the caller."""
    await take_off_hold(session, call, actor=SYSTEM, now=now)
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.TRANSFERRED, actor=SYSTEM, at=now, to="contact", why="agent_lost"
    )
    run = await escalation.running(session, call.tenant_id, call.interaction_id)
    if run is not None:
        await escalation.close_run(session, run, now=now)
    await engagements.begin_wrapup(session, call.tenant_id, call.interaction_id, now=now)
    await supervision.follow_agent(session, call, now=now)


async def screen(session: AsyncSession, line: Line, attempt_id: UUID) -> str:
    """The contact's phone was answered, by somebody or something."""
    attempt = await _attempt(session, line.call, attempt_id)
    if attempt is None:
        return twiml.say_and_hang_up(line.speaker, line.speaker.handled())
    return twiml.contact_screen(line.speaker, line.urls, line.call.id, attempt.id)


async def decide(session: AsyncSession, line: Line, attempt_id: UUID, *, digits: str, now: datetime) -> str:
    """The contact pressed a key: 1 joins the conference, all else ends here."""
    call = line.call
    attempt = await _attempt(session, call, attempt_id)
    leg = await _leg_of(session, call, attempt_id)
    if attempt is None or leg is None or digits != "1":
        if attempt is not None:
            await _not_reached(session, line, attempt, why="declined", now=now)
        return twiml.hang_up()
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    if call.state not in WANTED or not await escalation.accept_attempt(
        session, attempt, interaction, now=now
    ):
        return twiml.say_and_hang_up(line.speaker, line.speaker.handled())
    alone = call.state is CallState.QUEUED
    said = line.speaker.shopper_comes() if alone else line.speaker.contact_summary()
    return twiml.contact_joins(line.speaker, line.urls, call.id, leg.id, said=said)


async def joined(session: AsyncSession, line: Line, leg: Leg, *, conference_sid: str, now: datetime) -> None:
    """The contact is in the conference; the caller is still on hold, so that agent and contact can speak.

    A contact who comes for a caller in the queue gets the caller; one who comes too late leaves again.
    """
    call = line.call
    run = await escalation.running(session, call.tenant_id, call.interaction_id)
    if run is None or run.state is not RunState.ACKNOWLEDGED:
        leg.state, leg.left_at = LegState.LEFT, now
        await order(session, call, OrderKind.HANG_UP, now=now, leg=leg, call_sid=leg.call_sid)
        return
    if call.state is CallState.QUEUED:
        await _take_caller(session, line, leg, conference_sid=conference_sid, now=now)
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, EventKind.CONNECTED_CONTACT, actor=CONTACT, at=now, leg=leg.id)
    await _tell_agent(session, call, interaction)


async def _take_caller(
    session: AsyncSession, line: Line, leg: Leg, *, conference_sid: str, now: datetime
) -> None:
    """Out of the queue, to the contact; agents are asked no more."""
    call = line.call
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await leave_queue(session, call, interaction, now=now)
    call.state, call.conference_sid = CallState.CONNECTING, conference_sid
    await connect_caller(session, call, leg, line.urls, now=now)


async def met(session: AsyncSession, call: Call, leg: Leg, *, now: datetime) -> None:
    """The caller has come out of the queue to the contact."""
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, EventKind.CONNECTED_CONTACT, actor=CONTACT, at=now, leg=leg.id)
    call.state, call.caller_joined_at = CallState.TALKING, now
    await session.flush()
    await _tell_agent(session, call, interaction)


async def agent_took(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """An agent was quicker than the shop's people: they are called no more."""
    run = await escalation.running(session, call.tenant_id, call.interaction_id)
    if run is None:
        return
    await _stop(session, run, now=now)
    for leg in await live_legs(session, call):
        if leg.role is LegRole.CONTACT and leg.state is not LegState.JOINED:
            await remove_leg(session, call, leg, now=now)
            leg.state, leg.left_at = LegState.FAILED, now


async def left(session: AsyncSession, line: Line, leg: Leg, *, now: datetime) -> None:
    """The contact hung up: the caller goes back to the agent, or the call is over when no agent is left."""
    call = line.call
    if call.state in {CallState.QUEUED, CallState.CONNECTING}:
        await _lost_before_meeting(session, line, leg, now=now)
        return
    if call.state not in WITH_CALLER:
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    if leg.attempt_id is not None:
        attempt = await _attempt(session, call, leg.attempt_id)
        if attempt is not None:
            await escalation.fail_attempt(session, attempt, why="left", now=now)
    run = await escalation.running(session, call.tenant_id, call.interaction_id)
    if run is not None and run.state is RunState.ACKNOWLEDGED:
        await escalation.close_run(session, run, now=now)
    if await _agent_is_there(session, call):
        await take_off_hold(session, call, actor=SYSTEM, now=now)
        await _tell_agent(session, call, interaction)
    else:
        await order(session, call, OrderKind.HANG_UP, now=now, call_sid=call.call_sid)


async def _lost_before_meeting(session: AsyncSession, line: Line, leg: Leg, *, now: datetime) -> None:
    """The contact pressed 1 and hung up before the caller came: the caller waits on, the next is called."""
    call = line.call
    attempt = None if leg.attempt_id is None else await _attempt(session, call, leg.attempt_id)
    if attempt is None or await _agent_is_there(session, call):
        return  # an agent was quicker, and has ended the run
    run = await escalation.go_on(session, attempt, why="left", now=now)
    if call.state is CallState.CONNECTING:
        await back_to_queue(session, call)
        url = line.urls.rescue(call.id, call.turn)
        await order(session, call, OrderKind.REDIRECT, now=now, call_sid=call.call_sid, url=url)
    if run is not None:
        await call_next(session, call, run, line.urls, now=now)


async def _agent_is_there(session: AsyncSession, call: Call) -> bool:
    return any(is_in(leg, AGENTS) for leg in await live_legs(session, call))


async def leg_ended(session: AsyncSession, line: Line, leg: Leg, *, status: str, now: datetime) -> None:
    """The carrier reports that a contact's phone was busy, not answered, or hung up."""
    if leg.state in {LegState.EXPECTED, LegState.DIALLED}:
        leg.state, leg.left_at = LegState.FAILED, now
        await session.flush()
    if leg.attempt_id is None:
        return
    attempt = await _attempt(session, line.call, leg.attempt_id)
    if attempt is not None and attempt.state is AttemptState.ACCEPTED:
        await left(session, line, leg, now=now)  # pressed 1 and hung up before joining
    elif attempt is not None:
        await _not_reached(session, line, attempt, why=status, now=now)


async def attempt_overdue(session: AsyncSession, line: Line, attempt_id: UUID, *, now: datetime) -> None:
    """Nobody pressed a key in time: hang up and call the next."""
    attempt = await _attempt(session, line.call, attempt_id)
    leg = await _leg_of(session, line.call, attempt_id)
    if attempt is None or attempt.due_at > now:
        return
    if leg is not None and leg.call_sid is not None:
        await order(session, line.call, OrderKind.HANG_UP, now=now, leg=leg, call_sid=leg.call_sid)
    await _not_reached(session, line, attempt, why="timeout", now=now)


async def to_call(
    session: AsyncSession, call: Call, contact_id: UUID | None = None, *, now: datetime
) -> list[ToCall]:
    """Whom the shop's policy for the call's desk says to call now, or the contact that was chosen.

    Raises:
        ContactNotFound: that one is none of this shop.
    """
    if contact_id is None:
        chosen = await policies.people_to_call(session, call.tenant_id, call.desk_id, now=now)
        return [ToCall(one.name, one.phone, one.ring_seconds) for one in chosen]
    people = await shops.contacts_to_call(session, call.tenant_id)
    wanted = [ToCall(one.name, one.phone, one.ring_seconds) for one in people if one.id == contact_id]
    if not wanted:
        raise ContactNotFound
    return wanted


async def _not_reached(
    session: AsyncSession, line: Line, attempt: EscalationAttempt, *, why: str, now: datetime
) -> None:
    run = await escalation.fail_attempt(session, attempt, why=why, now=now)
    if run is not None:
        await call_next(session, line.call, run, line.urls, now=now)


async def call_next(
    session: AsyncSession, call: Call, run: EscalationRun, urls: Urls, *, now: datetime
) -> None:
    """Dial the next contact; when there is none left, back to the caller."""
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    following = await escalation.next_attempt(session, run, now=now)
    if following is None:
        await take_off_hold(session, call, actor=SYSTEM, now=now)
        await _tell_agent(session, call, interaction)
        return
    attempt, contact = following
    leg = Leg(
        tenant_id=call.tenant_id, id=uuid7(), call_id=call.id, role=LegRole.CONTACT, state=LegState.EXPECTED,
        attempt_id=attempt.id, status_rank=0, created_at=now,
    )  # fmt: skip
    session.add(leg)
    await session.flush()
    await log.record(session, interaction, EventKind.CONSULTED, actor=SYSTEM, at=now, step=attempt.step)
    await order(
        session, call, OrderKind.DIAL, now=now, leg=leg,
        to=contact.phone, caller_id=call.to_number, url=urls.screen(call.id, attempt.id),
        status_url=urls.leg_status(call.id, leg.id), ring_seconds=contact.ring_seconds,
        limit_seconds=LONGEST_SECONDS,
    )  # fmt: skip
    await _tell_agent(session, call, interaction)


async def _stop(session: AsyncSession, run: EscalationRun, *, now: datetime) -> None:
    for attempt in await escalation.calling_attempts(session, run):
        await escalation.fail_attempt(session, attempt, why="called_off", now=now)
    await escalation.close_run(session, run, now=now)


async def _attempt(session: AsyncSession, call: Call, attempt_id: UUID) -> EscalationAttempt | None:
    """An attempt of this very call, locked."""
    found: EscalationAttempt | None = await session.scalar(
        select(EscalationAttempt)
        .join(
            EscalationRun,
            (EscalationRun.tenant_id == EscalationAttempt.tenant_id)
            & (EscalationRun.id == EscalationAttempt.run_id),
        )
        .where(
            EscalationAttempt.tenant_id == call.tenant_id,
            EscalationAttempt.id == attempt_id,
            EscalationRun.interaction_id == call.interaction_id,
        )
        .with_for_update(of=EscalationAttempt)
    )
    return found


async def _leg_of(session: AsyncSession, call: Call, attempt_id: UUID) -> Leg | None:
    found: Leg | None = await session.scalar(
        select(Leg).where(
            Leg.tenant_id == call.tenant_id, Leg.call_id == call.id, Leg.attempt_id == attempt_id
        )
    )
    return found


async def _tell_agent(session: AsyncSession, call: Call, interaction: Interaction) -> None:
    if interaction.agent_id is not None:
        await live.announce(session, live.agent(interaction.agent_id), "desk")
    await live.announce(session, "floor", "call", shop=call.tenant_id, call=call.id)
