"""What agents do with a call: take it, hold it, end it, wrap it up."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import engagements, offers, presence
from desks.errors import WrongShopShown
from desks.models import Engagement
from desks.values import BreakReason, Channel, EngagementRole, Presence, WaitingKind
from interactions import commands as log
from interactions.models import Interaction
from interactions.values import EventKind
from nanori.actors import Actor
from telephony.commands import own_phone
from telephony.commands.endings import close_call, note_missed
from telephony.commands.orders import hold_caller, order, resume_caller
from telephony.errors import CallNotFound, CallStillRunning, NotTalking
from telephony.models import Call, Leg
from telephony.queries import is_valid_phrase
from telephony.urls import Urls
from telephony.values import CallState, LegRole, LegState, OrderKind
from tenants.values import Situation

TOKEN_LIVES = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What the browser needs to dial in: a token for one use, good for half a minute.

    ``token`` is empty when the agent's own telephone rings instead.
    """

    token: str
    call_id: UUID
    leg_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the screen shows on which an agent accepts: the confirmation that the right name will be said."""

    tab: str  # of the browser that has the agent's seat
    call_id: UUID
    shop_id: UUID
    phrase_id: UUID | None  # None for a shop that has none to show


async def accept_offer(
    session: AsyncSession, offer_id: UUID, urls: Urls, *, agent: Actor, shown: Shown, now: datetime
) -> Acceptance:
    """The agent takes the call whose shop, phrase and offer the screen shows; see :mod:`desks.offers`.

    Raises:
        WrongShopShown: the screen is out of date; besides what :func:`desks.offers.accept` raises.
        NoPhoneEntered: see :func:`expect`.
    """
    agent_id = _account(agent)
    found = await offers.offer_of(session, offer_id, agent_id=agent_id)
    call = await locked_call(session, found.tenant_id, found.interaction_id)
    offer, waiting = await offers.accept(
        session, offer_id, agent_id=agent_id, tab=shown.tab, shop_id=shown.shop_id, now=now
    )
    ours = waiting.kind is WaitingKind.CALLBACK
    situation = Situation.CALLING if ours else Situation.NORMAL
    is_said = await is_valid_phrase(session, call, shown.phrase_id, situation, now=now)
    if call.id != shown.call_id or not is_said:
        raise WrongShopShown
    leg = Leg(
        tenant_id=call.tenant_id, id=uuid7(), call_id=call.id, role=_ROLES[waiting.kind],
        state=LegState.EXPECTED, agent_id=agent_id, offer_id=offer.id, status_rank=0,
        phrase_id=shown.phrase_id, confirmed_at=now, created_at=now,
    )  # fmt: skip
    return await expect(session, call, leg, urls, now=now)


async def expect(session: AsyncSession, call: Call, leg: Leg, urls: Urls, *, now: datetime) -> Acceptance:
    """The agent's way into a call that the screen has confirmed: by browser, or their own telephone rings.

    Raises:
        NoPhoneEntered: the agent's own telephone has no number.
    """
    token = ""
    leg.by_phone = leg.agent_id is not None and await presence.is_by_phone(session, leg.agent_id)
    if not leg.by_phone:
        token = f"{call.id.hex}.{secrets.token_urlsafe(24)}"
        leg.token_hash, leg.token_expires_at = token_hash(token), now + TOKEN_LIVES
    session.add(leg)
    await session.flush()
    if leg.by_phone:
        await own_phone.ring(session, call, leg, urls, now=now)
    return Acceptance(token=token, call_id=call.id, leg_id=leg.id)


_ROLES = {
    WaitingKind.CALL: LegRole.AGENT,
    WaitingKind.CALLBACK: LegRole.AGENT,
    WaitingKind.CONSULT: LegRole.CONSULT,
}


async def refuse_offer(session: AsyncSession, offer_id: UUID, *, agent: Actor, now: datetime) -> None:
    """The next agent is asked; the caller keeps the place."""
    agent_id = _account(agent)
    found = await offers.offer_of(session, offer_id, agent_id=agent_id)
    await locked_call(session, found.tenant_id, found.interaction_id)
    interaction = await log.locked(session, found.tenant_id, found.interaction_id)
    ended = await offers.refuse(session, offer_id, agent_id=agent_id, now=now)
    await note_missed(session, interaction, ended, now=now)


async def hold(session: AsyncSession, call_id: UUID, urls: Urls, *, agent: Actor, now: datetime) -> None:
    """The caller hears music. Holding again changes nothing.

    Raises:
        CallNotFound: not this agent's call.
        NotTalking: the caller is not connected.
    """
    call = await my_call(session, call_id, agent)
    if call.state is CallState.HELD:
        return
    if call.state is not CallState.TALKING:
        raise NotTalking
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await put_on_hold(session, call, interaction, urls, actor=agent, now=now)


async def put_on_hold(
    session: AsyncSession, call: Call, interaction: Interaction, urls: Urls, *, actor: Actor, now: datetime
) -> None:
    """Music for a caller who is being talked to; who hears it already goes on hearing it."""
    if call.state is not CallState.TALKING:
        return
    await log.record(session, interaction, EventKind.HELD, actor=actor, at=now)
    call.state, call.held_since = CallState.HELD, now
    await hold_caller(session, call, urls, now=now)


async def resume(session: AsyncSession, call_id: UUID, *, agent: Actor, now: datetime) -> None:
    """Back to the caller. Resuming a call that is not held changes nothing."""
    call = await my_call(session, call_id, agent)
    await take_off_hold(session, call, actor=agent, now=now)


async def take_off_hold(session: AsyncSession, call: Call, *, actor: Actor, now: datetime) -> None:
    if call.state is not CallState.HELD:
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, EventKind.RESUMED, actor=actor, at=now)
    call.state, call.held_since = CallState.TALKING, None
    await resume_caller(session, call, now=now)


async def end(session: AsyncSession, call_id: UUID, *, agent: Actor, now: datetime) -> None:
    """The agent hangs up, on the caller too. An agent whose part is over changes nothing."""
    call, engagement = await engaged(session, call_id, agent)
    if engagement.role is not EngagementRole.MAIN:
        raise NotTalking
    if engagement.wrapup_since is not None or call.state is CallState.CLOSED:
        return
    if call.call_sid is not None:
        await order(session, call, OrderKind.HANG_UP, now=now, call_sid=call.call_sid)
    await close_call(session, call, now=now, by="agent", why="called_off")


async def wrap_up(
    session: AsyncSession,
    call_id: UUID,
    *,
    agent: Actor,
    reason_id: UUID | None,
    then: Presence,
    now: datetime,
) -> None:
    """Finish the after-call work and be ready again, or go on a break.

    Raises:
        CallNotFound: not this agent's call.
        CallStillRunning: the agent is still in it.
    """
    call, engagement = await engaged(session, call_id, agent)
    if engagement.wrapup_since is None:
        raise CallStillRunning
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.wrap_up(
        session, interaction, reason_id=reason_id, actor=agent, at=now,
        agent_id=engagement.agent_id, since=engagement.wrapup_since,
    )  # fmt: skip
    reason = BreakReason.PAUSE.value if then is Presence.BREAK else None
    await engagements.finish_engagement(
        session, call.tenant_id, call.interaction_id, agent_id=engagement.agent_id,
        then=then, reason=reason, now=now,
    )  # fmt: skip


async def my_call(session: AsyncSession, call_id: UUID, agent: Actor) -> Call:
    """The call, locked, if this agent has it in hand.

    Raises:
        CallNotFound: this agent has no part in it.
        NotTalking: this agent only helps, or has let go of it and wraps up.
    """
    call, engagement = await engaged(session, call_id, agent)
    if engagement.role is not EngagementRole.MAIN or engagement.wrapup_since is not None:
        raise NotTalking
    return call


async def engaged(session: AsyncSession, call_id: UUID, agent: Actor) -> tuple[Call, Engagement]:
    """The call, locked, and this agent's part in it: in hand, as a helper, or only the after-call work.

    Raises:
        CallNotFound: none of these.
    """
    row = (
        await session.execute(
            select(Call, Engagement)
            .join(
                Engagement,
                (Engagement.tenant_id == Call.tenant_id) & (Engagement.interaction_id == Call.interaction_id),
            )
            .where(
                Call.id == call_id,
                Engagement.agent_id == _account(agent),
                Engagement.channel == Channel.PHONE,
                Engagement.ended_at.is_(None),
            )
            .with_for_update(of=Call)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        raise CallNotFound
    return row.Call, row.Engagement


async def locked_call(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> Call:
    """The call of an interaction, nobody else changing it until the transaction ends.

    Raises:
        CallNotFound: the interaction is no call among the shops bound.
    """
    call: Call | None = await session.scalar(
        select(Call)
        .where(Call.tenant_id == tenant_id, Call.interaction_id == interaction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if call is None:
        raise CallNotFound
    return call


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def call_of_token(token: str) -> UUID | None:
    """The call that a leg token names; None when it is not one of ours."""
    head = token.partition(".")[0]
    try:
        return UUID(hex=head)
    except ValueError:
        return None


def _account(agent: Actor) -> UUID:
    if agent.account_id is None:
        raise CallNotFound
    return agent.account_id
