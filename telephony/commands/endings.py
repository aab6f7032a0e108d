"""How calls end. Whichever report comes first closes a call; each later one changes nothing."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import engagements, offers
from desks.offers import Ended
from desks.values import NotReadyReason, OfferState, Presence, WaitingKind
from interactions import commands as log
from interactions import escalation
from interactions.models import Interaction, InteractionEvent
from interactions.values import Direction, EventKind, Outcome
from nanori import live
from nanori.actors import CARRIER, SHOPPER, SYSTEM, Actor, ActorKind
from telephony.commands import callbacks
from telephony.commands.orders import drop_dialling, remove_leg
from telephony.models import Call, Leg
from telephony.values import AGENTS, CallState, LegRole, LegState

LIVE_LEGS = (LegState.EXPECTED, LegState.DIALLED, LegState.JOINED)


async def close_call(
    session: AsyncSession,
    call: Call,
    *,
    now: datetime,
    by: str,
    outcome: Outcome | None = None,
    why: str | None = None,
) -> None:
    """The caller is gone: give the interaction its outcome and let everybody else go.

    Args:
        outcome: of a caller who was not answered and has not given up either.
        why: how it came that a call of ours reached nobody.
    """
    if call.state is CallState.CLOSED:
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    in_queue = interaction.queued_at is not None and interaction.answered_at is None
    was_heard = call.caller_joined_at is not None
    elsewhere = _is_elsewhere(call, interaction)
    await leave_queue(session, call, interaction, now=now)
    outgoing, was_answered = call.direction is Direction.OUTBOUND, interaction.answered_at is not None
    if outgoing and not was_answered:
        await log.record(session, interaction, EventKind.NOT_REACHED, actor=CARRIER, at=now, why=why)
    elif in_queue and not elsewhere and outcome is None:
        await log.record(session, interaction, EventKind.ABANDONED, actor=SHOPPER, at=now)
    outcome = (in_queue and outcome) or await _outcome(session, interaction, overflowed=elsewhere)
    await log.close(session, interaction, outcome, actor=_by(by), at=now, by=by)
    call.state, call.ended_at, call.held_since = CallState.CLOSED, call.ended_at or now, None
    call.help_asked_at = call.recording = None
    await _let_agents_go(session, call, worked=was_heard or outgoing, now=now)
    if outgoing:
        await drop_dialling(session, call, now=now)
        await callbacks.attempt_ended(session, call, interaction, reached=was_answered, now=now)
    await _end_escalation(session, interaction, now=now)
    for leg in await live_legs(session, call):
        await remove_leg(session, call, leg, now=now)
    await session.flush()
    await live.announce(session, "floor", "call", shop=call.tenant_id, call=call.id)


async def _let_agents_go(session: AsyncSession, call: Call, *, worked: bool, now: datetime) -> None:
    """After-call work follows a talk and a call of ours; who heard nobody, or only helped, is ready."""
    key = (call.tenant_id, call.interaction_id)
    free = await engagements.consulted_agents(session, *key)
    holder = await engagements.in_hand_of(session, *key)
    if holder is not None and worked:
        await engagements.begin_wrapup(session, *key, now=now)
    elif holder is not None:
        free.append(holder.agent_id)
    for agent_id in free:
        await engagements.finish_engagement(session, *key, agent_id=agent_id, then=Presence.READY, now=now)


async def leave_queue(session: AsyncSession, call: Call, interaction: Interaction, *, now: datetime) -> None:
    """Stop looking for an agent; what was offered is withdrawn and noted."""
    for ended in await offers.withdraw_waiting(session, call.tenant_id, call.interaction_id, now=now):
        await note_missed(session, interaction, ended, now=now)


async def join_failed(
    session: AsyncSession,
    call: Call,
    leg: Leg,
    *,
    reason: NotReadyReason,
    phone: str | None = None,
    now: datetime,
) -> None:
    """The agent accepted and did not come: out of routing, and the caller goes on to the next agent.

    ``phone``: what became of ringing the agent's own telephone.
    """
    if leg.offer_id is None or leg.agent_id is None:
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    ended = await offers.fail(session, leg.offer_id, agent_id=leg.agent_id, reason=reason, now=now)
    if ended is not None:
        await note_missed(session, interaction, ended, phone=phone, now=now)


def trouble_of(leg: Leg) -> NotReadyReason:
    """What an agent is told whose leg has died."""
    return NotReadyReason.OWN_PHONE if leg.by_phone else NotReadyReason.PHONE_PROBLEM


async def note_missed(
    session: AsyncSession,
    interaction: Interaction,
    ended: Ended,
    *,
    phone: str | None = None,
    now: datetime,
) -> None:
    """An offer that came to nothing is an event of the call, with its reason."""
    if ended.state is OfferState.CALLER_GONE:
        return  # the agent did accept: the caller was quicker
    agent = Actor(kind=ActorKind.AGENT, account_id=ended.agent_id)
    await log.record(
        session, interaction, EventKind.OFFER_MISSED, actor=agent, at=now,
        agent_id=ended.agent_id, why=ended.state.value, asked=asked_for(ended.kind), phone=phone,
    )  # fmt: skip


def asked_for(kind: WaitingKind) -> str | None:
    """What an offer's events note about it: nothing for the usual, a caller in the queue."""
    return None if kind is WaitingKind.CALL else kind.value


async def live_legs(session: AsyncSession, call: Call) -> list[Leg]:
    """Agents and contacts of a call who have not left."""
    found = await session.scalars(
        select(Leg)
        .where(Leg.tenant_id == call.tenant_id, Leg.call_id == call.id, Leg.state.in_(LIVE_LEGS))
        .order_by(Leg.created_at, Leg.id)
        .with_for_update()
    )
    return list(found)


async def drop_leg(session: AsyncSession, call: Call, offer_id: UUID, *, now: datetime) -> None:
    """The offer behind a leg has ended before anybody heard of its joining: hang up on it."""
    for leg in await live_legs(session, call):
        if leg.offer_id == offer_id and leg.state is not LegState.JOINED:
            leg.state, leg.left_at = LegState.FAILED, now
            await remove_leg(session, call, leg, now=now)
    await session.flush()


async def joined_leg(session: AsyncSession, call: Call, leg_id: UUID | None) -> Leg | None:
    """The leg, when it is this call's and has joined the conference."""
    if leg_id is None:
        return None
    leg = await session.get(Leg, (call.tenant_id, leg_id))
    return leg if leg and leg.call_id == call.id and leg.state is LegState.JOINED else None


async def leg_in(session: AsyncSession, call: Call, agent_id: UUID) -> Leg | None:
    """The leg with which an agent is in the conference."""
    return next(
        (leg for leg in await live_legs(session, call) if is_in(leg, AGENTS) and leg.agent_id == agent_id),
        None,
    )


def is_in(leg: Leg, roles: Collection[LegRole]) -> bool:
    """In the conference, in one of these roles?"""
    return leg.role in roles and leg.state is LegState.JOINED


def _is_elsewhere(call: Call, interaction: Interaction) -> bool:
    """Whether a caller has left our queue to leave a message, or to a contact of the shop."""
    if interaction.queued_at is None:
        return False
    return call.state is CallState.VOICEMAIL or call.caller_joined_at is not None


async def _outcome(session: AsyncSession, interaction: Interaction, *, overflowed: bool) -> Outcome:
    if interaction.answered_at is not None:
        return Outcome.ANSWERED
    if interaction.direction is Direction.OUTBOUND:
        return Outcome.NOT_REACHED
    if interaction.queued_at is None:
        return await _outcome_of_guidance(session, interaction)
    return Outcome.OVERFLOW if overflowed else Outcome.ABANDONED


async def _outcome_of_guidance(session: AsyncSession, interaction: Interaction) -> Outcome:
    """Of a call that never came to a queue: what greeting and menu led to."""
    events = await session.execute(
        select(InteractionEvent.kind, InteractionEvent.data["why"].as_string().label("why")).where(
            InteractionEvent.tenant_id == interaction.tenant_id,
            InteractionEvent.interaction_id == interaction.id,
            InteractionEvent.kind.in_([EventKind.SELF_SERVED, EventKind.GUIDANCE_ENDED]),
        )
    )
    told = {event.kind: event.why for event in events}
    if EventKind.SELF_SERVED in told:
        return Outcome.IVR_SELF_SERVED
    ways = {
        "out_of_hours": Outcome.OUT_OF_HOURS,
        "menu_voicemail": Outcome.VOICEMAIL,
        "system_fault": Outcome.SYSTEM_FAULT,
    }
    return ways.get(told.get(EventKind.GUIDANCE_ENDED) or "", Outcome.ABANDONED)


def _by(by: str) -> Actor:
    return SHOPPER if by == "shopper" else SYSTEM


async def _end_escalation(session: AsyncSession, interaction: Interaction, *, now: datetime) -> None:
    run = await escalation.running(session, interaction.tenant_id, interaction.id)
    if run is None:
        return
    for attempt in await escalation.calling_attempts(session, run):
        await escalation.fail_attempt(session, attempt, why="caller_gone", now=now)
    await escalation.close_run(session, run, now=now)
