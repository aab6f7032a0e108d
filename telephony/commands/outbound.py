"""Calls that we make, always under a number of the shop's own (telephony.md 1.12).

The agent's browser dials in first, so that no shopper ever hears a silent line; then the shopper's telephone
rings. A shop that records says so before its agent is heard, exactly as with calls that come in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import outgoing
from desks.offers import JOIN_BY_PHONE_WITHIN
from interactions import commands as log
from interactions.models import Interaction
from interactions.values import Channel, Direction, EventKind, HandleKind
from nanori import directory
from nanori.actors import Actor, ActorKind
from nanori.context import Context
from telephony import twiml
from telephony.commands import callbacks
from telephony.commands.agents import Acceptance, expect
from telephony.commands.callers import Line
from telephony.commands.endings import close_call, live_legs
from telephony.commands.orders import order
from telephony.commands.supervision import tell
from telephony.dialling import number_to_dial
from telephony.errors import NoNumberOfOurs, OwnNumber
from telephony.labels import CALLER, conference_name
from telephony.models import Call, Leg
from telephony.queries import phrase_for_calling
from telephony.urls import Urls
from telephony.values import CallState, LegRole, LegState, OrderKind
from tenants import queries as shops
from tenants.models import Tenant

RING_SECONDS = 30
LONGEST_SECONDS = 7200
JOINS_WITHIN = JOIN_BY_PHONE_WITHIN
"""From the beginning until the agent is in the conference; a browser's token has long expired by then."""
SETTLES_WITHIN = timedelta(seconds=RING_SECONDS + 45)
"""Ringing, the notice, and the carrier's own delay in telling; then the call counts as lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom an agent wants to call, for which shop, and about what."""

    shop_id: UUID
    to: str  # as typed
    tab: str
    about: UUID | None = None  # an earlier interaction with the shopper


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a call to a shopper is made of before anybody is in it."""

    shop: Tenant
    number: str
    caller_id: str
    desk_id: UUID | None
    case_id: UUID | None
    actor: Actor
    state: CallState


async def call_shopper(
    session: AsyncSession, wanted: Wanted, urls: Urls, *, account_sid: str, context: Context
) -> Acceptance:
    """The agent takes a new call in hand and joins it first, by browser or by their own telephone.

    Raises:
        ShopNotFound: not among the shops bound.
        NumberRefused: we do not call this number.
        NoNumberOfOurs: the shop has no number to call from.
        AnotherTab, StillBusy: see :func:`desks.outgoing.take_in_hand`.
        NoPhoneEntered: see :func:`telephony.commands.agents.expect`.
    """
    shop = await shops.shop(session, wanted.shop_id)
    number = number_to_dial(wanted.to, countries=shop.outbound_countries)
    if await directory.look_up(session, directory.Kind.NUMBER, number) is not None:
        raise OwnNumber
    earlier = await _earlier(session, shop, wanted.about)
    desk = await outgoing.desk_of_agent(session, shop.tenant_id, context.account_id)
    begun = Begun(
        shop=shop, number=number, caller_id=await caller_id_for(session, shop, earlier),
        desk_id=desk.id if desk else None, actor=context.actor, state=CallState.CALLING,
        case_id=earlier.case_id if earlier else None,
    )  # fmt: skip
    call = await begin(session, begun, account_sid=account_sid, now=context.now)
    await outgoing.take_in_hand(
        session, call.tenant_id, call.interaction_id,
        agent_id=context.account_id, tab=wanted.tab, now=context.now,
    )  # fmt: skip
    return await _expect(session, call, urls, context)


async def begin(session: AsyncSession, begun: Begun, *, account_sid: str, now: datetime) -> Call:
    """Log a call to a shopper. Nobody is rung yet."""
    tenant_id = begun.shop.tenant_id
    opening = log.Opening(
        channel=Channel.PHONE, direction=Direction.OUTBOUND, desk_id=begun.desk_id,
        handle=(HandleKind.PHONE, begun.number), case_id=begun.case_id, actor=begun.actor,
    )  # fmt: skip
    interaction = await log.open_interaction(session, tenant_id, opening, now=now)
    call = Call(
        tenant_id=tenant_id, id=uuid7(), interaction_id=interaction.id, account_sid=account_sid,
        direction=Direction.OUTBOUND, call_sid=None, state=begun.state, from_number=begun.number,
        to_number=begun.caller_id, desk_id=begun.desk_id, turn=1, started_at=now, status_rank=0,
    )  # fmt: skip
    session.add(call)
    await session.flush()
    await directory.note_call(session, (str(call.id),), shop_id=tenant_id, call_id=call.id)
    return call


async def agent_joined(
    session: AsyncSession, line: Line, leg: Leg, *, conference_sid: str, now: datetime
) -> None:
    """The agent is in the conference: now the shopper's telephone may ring."""
    call = line.call
    call.state, call.conference_sid = CallState.CALLING, conference_sid
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    agent = Actor(kind=ActorKind.AGENT, account_id=leg.agent_id)
    await log.record(session, interaction, EventKind.DIALLED, actor=agent, at=now, agent_id=leg.agent_id)
    await callbacks.note_dialled(session, call)
    await _ring(session, line, now=now)
    await tell(session, call)


async def picked_up(session: AsyncSession, line: Line, *, call_sid: str) -> str:
    """The shopper's telephone was answered at a shop that records: the notice, then the agent."""
    call = line.call
    bind(call, call_sid)
    agent_is_in = any(one.state is LegState.JOINED for one in await live_legs(session, call))
    meets = call.state in {CallState.CALLING, CallState.TALKING, CallState.HELD} and agent_is_in
    if call.call_sid != call_sid or not meets:
        return twiml.say_and_hang_up(line.speaker, line.speaker.sorry_for_calling())
    await session.flush()
    said = [line.speaker.calling(), line.shop.recording_notice]
    return twiml.meet_shopper(line.speaker, line.urls, call.id, turn=call.turn, said=said)


def bind(call: Call, call_sid: str) -> None:
    """The carrier's name of the shopper's leg, from whichever message brings it first."""
    call.call_sid = call.call_sid or call_sid


async def dialled(session: AsyncSession, call: Call, *, call_sid: str, now: datetime) -> None:
    """The carrier has taken the order. A call that was given up meanwhile must not ring on."""
    bind(call, call_sid)
    if call.state is CallState.CLOSED:
        await order(session, call, OrderKind.HANG_UP, now=now, call_sid=call_sid)


async def not_reached(session: AsyncSession, call: Call, *, why: str, now: datetime) -> None:
    """Busy, nobody there, or the carrier cannot: the agent is told and wraps up."""
    if call.state is CallState.CALLING:
        await close_call(session, call, now=now, by="carrier", why=why)


async def agent_lost(session: AsyncSession, call: Call, *, now: datetime, why: str = "agent_lost") -> None:
    """The agent went away, or never came, before the shopper answered: stop the ringing."""
    if call.call_sid is not None:
        await order(session, call, OrderKind.HANG_UP, now=now, call_sid=call.call_sid)
    await close_call(session, call, now=now, by="system", why=why)


async def overdue(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """(tenant, interaction) of calls where nobody told how it went on. Nothing is locked."""
    waits = or_(
        and_(Leg.state == LegState.JOINED, Leg.joined_at <= now - SETTLES_WITHIN),
        and_(
            Leg.state.in_([LegState.EXPECTED, LegState.DIALLED]),
            Leg.created_at <= now - JOINS_WITHIN,
        ),
    )
    rows = await session.execute(
        select(Call.tenant_id, Call.interaction_id)
        .join(Leg, and_(Leg.tenant_id == Call.tenant_id, Leg.call_id == Call.id))
        .where(Call.state == CallState.CALLING, Leg.role == LegRole.AGENT, waits)
        .distinct()
    )
    return [(row.tenant_id, row.interaction_id) for row in rows.all()]


async def give_up(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """Close what is overdue, and make sure that nothing rings on."""
    if call.state is not CallState.CALLING:
        return
    joined = any(one.state is LegState.JOINED for one in await live_legs(session, call))
    if call.call_sid is not None:
        await order(session, call, OrderKind.HANG_UP, now=now, call_sid=call.call_sid)
    await close_call(session, call, now=now, by="system", why="no-answer" if joined else "connect_failed")


async def _ring(session: AsyncSession, line: Line, *, now: datetime) -> None:
    """A shop that records is dialled with a document that says so; others right into the conference."""
    call, urls = line.call, line.urls
    common: dict[str, Any] = {
        "to": call.from_number, "caller_id": call.to_number, "status_url": urls.shopper_status(call.id),
        "ring_seconds": RING_SECONDS, "limit_seconds": LONGEST_SECONDS,
    }  # fmt: skip
    if line.shop.records_calls:
        await order(session, call, OrderKind.DIAL, now=now, url=urls.picked_up(call.id), **common)
    else:
        await order(
            session, call, OrderKind.DIAL_INTO, now=now,
            conference=conference_name(call.id), label=CALLER, **common,
        )  # fmt: skip


async def _expect(session: AsyncSession, call: Call, urls: Urls, context: Context) -> Acceptance:
    """The agent's own leg, whose screen shows the shop's name already."""
    now = context.now
    phrase = await phrase_for_calling(session, call, now=now)
    leg = Leg(
        tenant_id=call.tenant_id, id=uuid7(), call_id=call.id, role=LegRole.AGENT, state=LegState.EXPECTED,
        agent_id=context.account_id, status_rank=0, phrase_id=phrase.id if phrase else None,
        confirmed_at=now, created_at=now,
    )  # fmt: skip
    return await expect(session, call, leg, urls, now=now)


async def _earlier(session: AsyncSession, shop: Tenant, about: UUID | None) -> Interaction | None:
    """An interaction of this very shop; ids that do not belong together find nothing."""
    return None if about is None else await session.get(Interaction, (shop.tenant_id, about))


async def caller_id_for(session: AsyncSession, shop: Tenant, earlier: Interaction | None) -> str:
    """The number that the shopper has called before where it still is the shop's, else its first."""
    ours = [one.number for one in await shops.numbers_of(session, shop.tenant_id)]
    dialled = None
    if earlier is not None:
        dialled = await session.scalar(
            select(Call.to_number).where(
                Call.tenant_id == shop.tenant_id, Call.interaction_id == earlier.id, Call.to_number.in_(ours)
            )
        )
    if dialled is None and not ours:
        raise NoNumberOfOurs
    return dialled or ours[0]
