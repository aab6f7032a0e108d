"""Passing a caller on: a colleague is asked first and then has the caller, or another desk's queue has."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desks import consults, engagements, offers
from desks.errors import DeskNotFound
from desks.models import Desk
from desks.queries import desk_by_id
from desks.values import (
    DeskState,
    EngagementRole,
    Presence,
    WaitingState,
)
from interactions import commands as log
from interactions import escalation
from interactions.models import Interaction
from interactions.values import EventKind
from nanori import live
from nanori.actors import SYSTEM, Actor, ActorKind
from telephony import twiml
from telephony.commands import contacts, supervision
from telephony.commands.agents import engaged, my_call, put_on_hold, take_off_hold
from telephony.commands.callers import Line, back_to_queue
from telephony.commands.endings import is_in, leave_queue, leg_in, live_legs, trouble_of
from telephony.commands.orders import order, remove_leg
from telephony.errors import AskingSomebody, NobodyOnTheLine, NotTalking
from telephony.models import Call, Leg
from telephony.urls import Urls
from telephony.values import WITH_CALLER, CallState, LegRole, LegState, OrderKind


async def consult(
    session: AsyncSession, call_id: UUID, desk_id: UUID, urls: Urls, *, agent: Actor, now: datetime
) -> None:
    """Put the caller on hold and ask for a colleague of a desk of the same shop.

    Raises:
        CallNotFound: not this agent's call.
        NotTalking: there is no caller to speak for.
        AskingSomebody: a colleague or a contact of the shop is being asked.
        DeskNotFound: no open desk of this shop.
    """
    call, interaction, desk = await _may_pass(session, call_id, desk_id, agent=agent)
    await put_on_hold(session, call, interaction, urls, actor=agent, now=now)
    await log.record(
        session, interaction, EventKind.CONSULTED, actor=agent, at=now,
        to="desk", desk_id=desk.id, desk=desk.name,
    )  # fmt: skip
    await consults.ask(session, call.tenant_id, desk_id=desk.id, interaction_id=call.interaction_id, now=now)
    await supervision.tell(session, call)


async def end_consultation(session: AsyncSession, call_id: UUID, *, agent: Actor, now: datetime) -> None:
    """Back to the caller without the colleague: by the agent, or by the colleague who leaves.

    Nothing to end changes nothing.

    Raises:
        CallNotFound: this agent has no part in the call.
    """
    call, engagement = await engaged(session, call_id, agent)
    if engagement.role is EngagementRole.MAIN and engagement.wrapup_since is not None:
        return
    await stop_asking(session, call, now=now)
    await take_off_hold(session, call, actor=agent, now=now)
    await supervision.tell(session, call)


async def hand_over(session: AsyncSession, call_id: UUID, *, agent: Actor, now: datetime) -> None:
    """Whoever has joined keeps the caller, colleague or contact; the agent leaves and wraps up.

    Raises:
        CallNotFound: not this agent's call.
        NobodyOnTheLine: nobody has joined.
    """
    call = await my_call(session, call_id, agent)
    helper = await _helper(session, call)
    if helper is None:
        await contacts.hand_over(session, call_id, agent=agent, now=now)
        return
    if call.state not in WITH_CALLER or agent.account_id is None:
        raise NobodyOnTheLine
    mine = await leg_in(session, call, agent.account_id)
    await take_off_hold(session, call, actor=agent, now=now)
    await _pass_to(session, call, helper, actor=agent, now=now)
    if mine is not None:
        await remove_leg(session, call, mine, now=now)
        mine.state, mine.left_at = LegState.LEFT, now
    await session.flush()


async def pass_on(
    session: AsyncSession, call_id: UUID, desk_id: UUID, urls: Urls, *, agent: Actor, now: datetime
) -> None:
    """The caller goes to the front of another desk's queue; the agent wraps up.

    Raises:
        CallNotFound, NotTalking, AskingSomebody, DeskNotFound: as for :func:`consult`.
    """
    call, interaction, desk = await _may_pass(session, call_id, desk_id, agent=agent)
    mine = None if agent.account_id is None else await leg_in(session, call, agent.account_id)
    await log.record(
        session, interaction, EventKind.TRANSFERRED, actor=agent, at=now,
        to="desk", desk_id=desk.id, desk=desk.name,
    )  # fmt: skip
    await engagements.begin_wrapup(session, call.tenant_id, call.interaction_id, now=now)
    if mine is not None:  # the conference ends when the caller is taken out of it
        mine.state, mine.left_at = LegState.LEFT, now
    await back_to_queue(session, call)
    call.desk_id = desk.id
    url = urls.requeue(call.id, call.turn)
    await order(session, call, OrderKind.REDIRECT, now=now, call_sid=call.call_sid, url=url)
    await live.announce(session, "floor", "call", shop=call.tenant_id, call=call.id)


async def requeue(line: Line) -> str:
    """The caller has been taken out of the conference: on to the queue of the other desk."""
    call, speaker = line.call, line.speaker
    if call.state is CallState.CLOSED or call.desk_id is None:
        return twiml.say_and_hang_up(speaker, speaker.goodbye())
    return twiml.into_queue(
        speaker, line.urls, call.id, desk_id=call.desk_id, turn=call.turn, said=[speaker.passed_on()]
    )


async def joined(session: AsyncSession, call: Call, leg: Leg, *, now: datetime) -> bool:
    """The colleague's leg is in the conference. False when nobody asks for it any more."""
    if call.state not in WITH_CALLER or leg.offer_id is None or leg.agent_id is None:
        return False
    if not await offers.joined(session, leg.offer_id, agent_id=leg.agent_id, now=now):
        return False
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.CONSULT_JOINED, actor=_colleague(leg), at=now,
        agent_id=leg.agent_id, phrase_id=leg.phrase_id, confirmed_at=leg.confirmed_at,
    )  # fmt: skip
    await supervision.tell(session, call)
    return True


async def only_helps(session: AsyncSession, call: Call, leg: Leg) -> bool:
    """Has this leg's agent been consulted without having taken the call over?"""
    if leg.agent_id is None:
        return False
    engagement = await engagements.engagement_of(session, call.tenant_id, call.interaction_id, leg.agent_id)
    return engagement is not None and engagement.role is EngagementRole.CONSULT


async def left(session: AsyncSession, call: Call, leg: Leg, *, reason: str, now: datetime) -> None:
    """The colleague's phone has gone: back to the caller. The conference's own end is told elsewhere."""
    if call.state not in WITH_CALLER or reason == "moderator_ended_conference":
        return
    await _let_helper_go(session, call, leg, lost=True, now=now)
    await take_off_hold(session, call, actor=SYSTEM, now=now)
    await supervision.tell(session, call)


async def keep_without_agent(session: AsyncSession, call: Call, helper: Leg, *, now: datetime) -> None:
    """The agent's leg died while a colleague was in the call: the colleague has the caller."""
    await take_off_hold(session, call, actor=SYSTEM, now=now)
    await _pass_to(session, call, helper, actor=SYSTEM, now=now, why="agent_lost")


async def stop_asking(session: AsyncSession, call: Call, *, now: datetime, why: str = "called_off") -> None:
    """Whoever is asked or has joined is let go. Nobody asked changes nothing."""
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    in_vain = await consults.asked(session, call.tenant_id, call.interaction_id) is not None
    await leave_queue(session, call, interaction, now=now)
    if in_vain:
        await log.record(session, interaction, EventKind.CONSULT_LEFT, actor=SYSTEM, at=now, why=why)
    holder = await engagements.in_hand_of(session, call.tenant_id, call.interaction_id)
    for leg in await live_legs(session, call):
        if leg.role is LegRole.CONSULT and (holder is None or leg.agent_id != holder.agent_id):
            await remove_leg(session, call, leg, now=now)
            leg.state, leg.left_at = LegState.LEFT, now
            await _let_helper_go(session, call, leg, lost=False, now=now)
    await session.flush()


async def give_up(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """Nobody of the other desk came: the agent is told and is back with the caller."""
    asked = await consults.asked(session, call.tenant_id, call.interaction_id)
    if asked is None or asked.state is not WaitingState.WAITING:
        return  # somebody is just deciding
    await stop_asking(session, call, now=now, why="nobody_free")
    await take_off_hold(session, call, actor=SYSTEM, now=now)
    await supervision.tell(session, call)


async def _may_pass(
    session: AsyncSession, call_id: UUID, desk_id: UUID, *, agent: Actor
) -> tuple[Call, Interaction, Desk]:
    call = await my_call(session, call_id, agent)
    if call.state not in WITH_CALLER:
        raise NotTalking
    desk = await desk_by_id(session, call.tenant_id, desk_id)
    if desk.state is not DeskState.OPEN:
        raise DeskNotFound
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    if await escalation.running(session, call.tenant_id, call.interaction_id) is not None:
        raise AskingSomebody
    if await contacts.colleague_is_asked(session, call):
        raise AskingSomebody
    return call, interaction, desk


async def _pass_to(
    session: AsyncSession, call: Call, helper: Leg, *, actor: Actor, now: datetime, why: str | None = None
) -> None:
    """The colleague has the call in hand from now on; the agent before wraps up."""
    if helper.agent_id is None:
        raise NobodyOnTheLine
    key = (call.tenant_id, call.interaction_id)
    interaction = await log.locked(session, *key)
    await log.record(
        session, interaction, EventKind.TRANSFERRED, actor=actor, at=now, to="agent",
        agent_id=helper.agent_id, phrase_id=helper.phrase_id, confirmed_at=helper.confirmed_at, why=why,
    )  # fmt: skip
    await engagements.begin_wrapup(session, *key, now=now)
    await engagements.take_over(session, *key, agent_id=helper.agent_id)
    await supervision.follow_agent(session, call, now=now)
    await supervision.tell(session, call)


async def _let_helper_go(session: AsyncSession, call: Call, leg: Leg, *, lost: bool, now: datetime) -> None:
    """No after-call work: the notes are those of the agent who has the call."""
    if leg.agent_id is None:
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    if leg.joined_at is not None:
        await log.record(
            session, interaction, EventKind.CONSULT_LEFT, actor=_colleague(leg), at=now,
            agent_id=leg.agent_id, why="connection_lost" if lost else None,
        )  # fmt: skip
    await engagements.finish_engagement(
        session, call.tenant_id, call.interaction_id, agent_id=leg.agent_id,
        then=Presence.NOT_READY if lost else Presence.READY,
        reason=trouble_of(leg).value if lost else None, now=now,
    )  # fmt: skip


async def _helper(session: AsyncSession, call: Call) -> Leg | None:
    """The leg of a colleague who has been asked and has joined."""
    for leg in await live_legs(session, call):
        if is_in(leg, {LegRole.CONSULT}) and await only_helps(session, call, leg):
            return leg
    return None


def _colleague(leg: Leg) -> Actor:
    return Actor(kind=ActorKind.AGENT, account_id=leg.agent_id)
