"""Supervisors in a call: listening, whispering to the agent, barging in; and agents who ask for one.

A supervisor always dials in unheard, coaching the agent, and only a joined one becomes audible: no mistake of
ours lets a caller hear what was not meant for them (telephony.md 1.11). What is wanted stands in the leg; at
most one order for it is on its way, and its answer brings the next when the supervisor changed their mind.
"""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Engagement
from desks.values import Channel, EngagementRole
from interactions import commands as log
from interactions.values import EventKind
from nanori import audit, live
from nanori.actors import Actor
from nanori.context import Context
from telephony.commands.agents import TOKEN_LIVES, Acceptance, my_call, token_hash
from telephony.commands.endings import LIVE_LEGS
from telephony.commands.orders import order, remove_leg
from telephony.errors import CallNotFound, NothingToSupervise, NotTalking, YouAreOnThePhone
from telephony.labels import leg_label
from telephony.models import Call, CarrierOrder, Leg
from telephony.values import (
    WITH_CALLER,
    CallState,
    LegRole,
    LegState,
    OrderKind,
    OrderState,
    Supervision,
)

ON_ITS_WAY = (OrderState.TODO, OrderState.SENDING)


async def supervise(
    session: AsyncSession, call_id: UUID, *, mode: Supervision, context: Context
) -> Acceptance | None:
    """Take part in a call in this way. A token to dial in with, or None for one who is in it already.

    Leaves whatever other call the supervisor was in. The event and the audit row come with it.

    Raises:
        CallNotFound: no such call among the shops bound.
        NothingToSupervise: no agent of ours is talking.
        YouAreOnThePhone: the supervisor has a call in hand.
    """
    now = context.now
    call = await _locked(session, call_id)
    agent = await agents_leg(session, call)
    if call.state not in WITH_CALLER or agent is None:
        raise NothingToSupervise
    await _must_be_free(session, context.account_id)
    leg = await _leg_of(session, call, context.account_id)
    changed = leg is None or leg.supervision is not mode
    acceptance = None
    if leg is None or leg.state is LegState.EXPECTED:
        await _leave_others(session, call, context.account_id, now=now)
        leg, acceptance = await _expect(session, call, leg, context.account_id, now=now)
    leg.supervision = mode
    await session.flush()
    if changed:
        await _note(session, call, mode, context)
    if leg.state is LegState.JOINED:
        await _bring_about(session, call, leg, now=now)
    await tell(session, call)
    return acceptance


async def stop(session: AsyncSession, call_id: UUID, *, supervisor: Actor, now: datetime) -> None:
    """The supervisor leaves the call. One who is not in it changes nothing.

    Raises:
        CallNotFound: no such call among the shops bound.
    """
    call = await _locked(session, call_id)
    leg = await _leg_of(session, call, supervisor.account_id)
    if leg is not None:
        await _leave(session, call, leg, now=now)


async def ask_for_help(session: AsyncSession, call_id: UUID, *, agent: Actor, now: datetime) -> None:
    """The agent wants a supervisor. Asking again changes nothing.

    Raises:
        CallNotFound: not this agent's call.
        NotTalking: there is no caller on the line.
    """
    call = await my_call(session, call_id, agent)
    if call.state not in WITH_CALLER:
        raise NotTalking
    if call.help_asked_at is not None:
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.HELP_ASKED, actor=agent, at=now, agent_id=agent.account_id
    )
    call.help_asked_at = now
    await session.flush()
    await tell(session, call)


async def cancel_help(session: AsyncSession, call_id: UUID, *, agent: Actor) -> None:
    """The agent manages alone after all. Nothing to cancel changes nothing.

    Raises:
        CallNotFound: not this agent's call.
    """
    call = await my_call(session, call_id, agent)
    call.help_asked_at = None
    await session.flush()
    await tell(session, call)


async def joined(session: AsyncSession, call: Call, leg: Leg, *, now: datetime) -> None:
    """The supervisor is in the conference, unheard: help is there, and audible if that is wanted."""
    call.help_asked_at = None
    if call.state not in WITH_CALLER:
        await _leave(session, call, leg, now=now)
    elif leg.supervision is not Supervision.LISTEN:
        await _bring_about(session, call, leg, now=now)
    await session.flush()
    await tell(session, call)


async def settled(session: AsyncSession, call: Call, leg: Leg, one: CarrierOrder, *, now: datetime) -> None:
    """An order about a supervisor was answered: give the next if something else is wanted by now."""
    if leg.state is LegState.JOINED and await _wanted(session, call, leg) != one.arguments:
        await _bring_about(session, call, leg, now=now)


async def follow_agent(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The call is in other hands: supervisors coach the agent who has it now, or leave with the last one.

    What the shop's own people speak with their customers is not ours to hear.
    """
    for leg in await _monitors(session, call):
        if leg.state is LegState.JOINED:
            await _bring_about(session, call, leg, now=now)


async def agents_leg(session: AsyncSession, call: Call) -> Leg | None:
    """The leg of the agent whose call it is, when it has joined."""
    found: Leg | None = await session.scalar(
        select(Leg)
        .join(Engagement, (Engagement.tenant_id == Leg.tenant_id) & (Engagement.agent_id == Leg.agent_id))
        .where(
            Leg.tenant_id == call.tenant_id,
            Leg.call_id == call.id,
            Leg.role.in_([LegRole.AGENT, LegRole.CONSULT]),
            Leg.state == LegState.JOINED,
            Engagement.interaction_id == call.interaction_id,
            Engagement.role == EngagementRole.MAIN,
            Engagement.wrapup_since.is_(None),
            Engagement.ended_at.is_(None),
        )
        .order_by(Leg.joined_at.desc())
        .limit(1)
    )
    return found


async def tell(session: AsyncSession, call: Call) -> None:
    """Tell the agent's browser and the floor."""
    agents = await session.scalars(
        select(Engagement.agent_id).where(
            Engagement.tenant_id == call.tenant_id,
            Engagement.interaction_id == call.interaction_id,
            Engagement.ended_at.is_(None),
        )
    )
    for agent_id in agents.all():
        await live.announce(session, live.agent(agent_id), "desk")
    await live.announce(session, "floor", "call", shop=call.tenant_id, call=call.id)


async def _locked(session: AsyncSession, call_id: UUID) -> Call:
    call: Call | None = await session.scalar(
        select(Call).where(Call.id == call_id).with_for_update().execution_options(populate_existing=True)
    )
    if call is None:
        raise CallNotFound
    return call


async def _must_be_free(session: AsyncSession, account_id: UUID) -> None:
    """One who has a call in hand cannot be in a second one, nor supervise their own."""
    busy = await session.scalar(
        select(Engagement.id).where(
            Engagement.agent_id == account_id,
            Engagement.channel == Channel.PHONE,
            Engagement.wrapup_since.is_(None),
            Engagement.ended_at.is_(None),
        )
    )
    if busy is not None:
        raise YouAreOnThePhone


async def _leg_of(session: AsyncSession, call: Call, account_id: UUID | None) -> Leg | None:
    return next((leg for leg in await _monitors(session, call) if leg.agent_id == account_id), None)


async def _monitors(session: AsyncSession, call: Call) -> list[Leg]:
    found = await session.scalars(
        select(Leg)
        .where(
            Leg.tenant_id == call.tenant_id,
            Leg.call_id == call.id,
            Leg.role == LegRole.MONITOR,
            Leg.state.in_(LIVE_LEGS),
        )
        .order_by(Leg.created_at, Leg.id)
        .with_for_update()
    )
    return list(found)


async def _expect(
    session: AsyncSession, call: Call, leg: Leg | None, account_id: UUID, *, now: datetime
) -> tuple[Leg, Acceptance]:
    """A new token; one that was never used is replaced, so that a reloaded page can dial in."""
    token = f"{call.id.hex}.{secrets.token_urlsafe(24)}"
    if leg is None:
        leg = Leg(
            tenant_id=call.tenant_id, id=uuid7(), call_id=call.id, role=LegRole.MONITOR,
            state=LegState.EXPECTED, agent_id=account_id, status_rank=0, created_at=now,
        )  # fmt: skip
        session.add(leg)
    leg.token_hash, leg.token_expires_at = token_hash(token), now + TOKEN_LIVES
    return leg, Acceptance(token=token, call_id=call.id, leg_id=leg.id)


async def _leave_others(session: AsyncSession, call: Call, account_id: UUID, *, now: datetime) -> None:
    """A browser has one softphone: whoever joins another call has left the one before."""
    found = await session.execute(
        select(Leg, Call)
        .join(Call, (Call.tenant_id == Leg.tenant_id) & (Call.id == Leg.call_id))
        .where(
            Leg.agent_id == account_id,
            Leg.role == LegRole.MONITOR,
            Leg.state.in_(LIVE_LEGS),
            Leg.call_id != call.id,
            Call.state != CallState.CLOSED,
        )
    )
    for leg, other in found.all():
        await _leave(session, other, leg, now=now)


async def _leave(session: AsyncSession, call: Call, leg: Leg, *, now: datetime) -> None:
    await remove_leg(session, call, leg, now=now)
    leg.state, leg.left_at = LegState.LEFT, now
    await session.flush()
    await tell(session, call)


async def _note(session: AsyncSession, call: Call, mode: Supervision, context: Context) -> None:
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.SUPERVISED, actor=context.actor, at=context.now,
        agent_id=context.account_id, mode=mode.value,
    )  # fmt: skip
    await audit.record(
        session, context, "call.supervised", shop_id=call.tenant_id, subject_id=call.interaction_id,
        detail={"mode": mode.value},
    )  # fmt: skip


async def _bring_about(session: AsyncSession, call: Call, leg: Leg, *, now: datetime) -> None:
    """Ask the carrier for what is wanted of a joined supervisor; without an agent they leave."""
    wanted = await _wanted(session, call, leg)
    if wanted is None:
        await _leave(session, call, leg, now=now)
        return
    pending = await session.scalar(
        select(CarrierOrder)
        .where(
            CarrierOrder.tenant_id == call.tenant_id,
            CarrierOrder.leg_id == leg.id,
            CarrierOrder.kind == OrderKind.SUPERVISE,
            CarrierOrder.state.in_(ON_ITS_WAY),
        )
        .with_for_update()
    )
    if pending is None:
        await order(session, call, OrderKind.SUPERVISE, now=now, leg=leg, **wanted)
    elif pending.state is OrderState.TODO:
        pending.arguments = wanted


async def _wanted(session: AsyncSession, call: Call, leg: Leg) -> dict[str, Any] | None:
    """The order that makes a supervisor heard as they wish; None when there is no agent to coach."""
    agent = await agents_leg(session, call)
    if agent is None or agent.call_sid is None:
        return None
    return {
        "conference_sid": call.conference_sid,
        "label": leg_label(LegRole.MONITOR, leg.id),
        "muted": leg.supervision is Supervision.LISTEN,
        "coach": None if leg.supervision is Supervision.BARGE else agent.call_sid,
    }
