"""What telephony does by itself: offer callers to agents, send orders to the carrier, fire timers.

Each step is its own transaction and may be run by any number of processes at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from desks import consults, engagements, offers, presence, routing
from desks.models import Engagement
from desks.values import Presence
from interactions import commands as log
from interactions import escalation
from interactions.models import EscalationAttempt, EscalationRun
from nanori.actors import SYSTEM
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation
from telephony.carrier_errors import CarrierBusy, CarrierError, CarrierGone, CarrierRefused
from telephony.commands import calling_back, contacts, orders, outbound, statuses, transfers
from telephony.commands.agents import locked_call
from telephony.commands.availability import end_offer, is_silent
from telephony.commands.callers import Line
from telephony.commands.routes import route_calls
from telephony.lines import line_of
from telephony.models import CarrierOrder
from telephony.ports import CARRIER
from telephony.settling import Answer, settle_order
from telephony.values import OrderKind
from tenants.errors import ShopNotFound

Key = tuple[UUID, UUID]
"""A tenant, and one of its rows."""

log_to = structlog.get_logger()


async def dispatch(house: Installation, now: datetime) -> None:
    """Run as soon as work is announced: first tell the carrier, then ask agents (which orders nothing)."""
    await send_orders(house, now)
    while True:
        async with across_shops(house.worker) as session:
            made = await route_calls(session, now=now)
        if len(made) < routing.AT_ONCE:
            break


async def send_orders(house: Installation, now: datetime) -> None:
    """Send what is due, many at once, and settle each by its answer."""
    async with across_shops(house.worker) as session:
        claimed = await orders.claim_due(session, now=now)
    await asyncio.gather(*(_send(house, one, now) for one in claimed))


async def _send(house: Installation, one: CarrierOrder, now: datetime) -> None:
    answer = await _ask(house, one)
    async with unit_of_work(house.worker, [one.tenant_id]) as session:
        await settle_order(session, house, one, answer, now=max(now, house.clock.now()))


async def _ask(house: Installation, one: CarrierOrder) -> Answer:
    """One request outside of any transaction; its failure is an answer too."""
    carrier = house.port(CARRIER)
    try:
        if one.kind is OrderKind.DIAL:
            return Answer(call_sid=await carrier.dial(**one.arguments))
        if one.kind is OrderKind.DIAL_INTO:
            return Answer(call_sid=await carrier.dial_into(**one.arguments))
        if one.kind is OrderKind.FETCH_RECORDING:
            content = await carrier.fetch_recording(**one.arguments)
            return Answer(content=content)
        ask: dict[OrderKind, Callable[..., Awaitable[None]]] = {
            OrderKind.CONNECT: carrier.connect_waiting,
            OrderKind.HOLD: carrier.hold,
            OrderKind.RESUME: carrier.resume,
            OrderKind.REMOVE: carrier.remove_participant,
            OrderKind.SUPERVISE: carrier.supervise,
            OrderKind.REDIRECT: carrier.redirect,
            OrderKind.HANG_UP: carrier.hang_up,
            OrderKind.PAUSE_RECORDING: carrier.pause_recording,
            OrderKind.RESUME_RECORDING: carrier.resume_recording,
            OrderKind.DELETE_RECORDING: carrier.delete_recording,
        }
        await ask[one.kind](**one.arguments)
    except CarrierError as error:
        _note(one, error)
        return Answer(error=error)
    return Answer()


def _note(one: CarrierOrder, error: CarrierError) -> None:
    if isinstance(error, CarrierGone):
        return  # the usual end of a race with a caller who hangs up
    quiet = isinstance(error, CarrierBusy)
    tell = log_to.info if quiet else log_to.warning
    code = error.code if isinstance(error, CarrierRefused) else 0
    tell("carrier.order_failed", kind=one.kind.value, call_id=str(one.call_id), code=code)


async def _expire_offer(house: Installation, one: offers.Live, now: datetime) -> None:
    async with unit_of_work(house.worker, [one.tenant_id]) as session:
        await end_offer(session, one, now=now, expired=True)


async def _leave_silent_agent(house: Installation, agent_id: UUID, now: datetime) -> None:
    async with across_shops(house.worker) as session:
        await is_silent(session, agent_id, now=now)


async def _end_wrapup(house: Installation, one: Engagement, now: datetime) -> None:
    """The time for after-call work is over: what was typed is kept, the agent is ready again."""
    key = (one.tenant_id, one.interaction_id)
    async with unit_of_work(house.worker, [one.tenant_id]) as session:
        interaction = await log.locked(session, *key)
        still = await engagements.engagement_of(session, *key, one.agent_id)
        if still is None or still.wrapup_since is None:
            return  # the agent was quicker
        await log.wrap_up(
            session, interaction, reason_id=None, actor=SYSTEM, at=now,
            agent_id=still.agent_id, since=still.wrapup_since,
        )  # fmt: skip
        await engagements.finish_engagement(
            session, *key, agent_id=still.agent_id, then=Presence.READY, now=now
        )


async def _give_up_attempt(house: Installation, one: EscalationAttempt, now: datetime) -> None:
    async with unit_of_work(house.worker, [one.tenant_id]) as session:
        run = await session.get_one(EscalationRun, (one.tenant_id, one.run_id))
        line = await _line(house, session, one.tenant_id, run.interaction_id)
        await contacts.attempt_overdue(session, line, one.id, now=now)


async def _give_up_consult(house: Installation, key: Key, now: datetime) -> None:
    async with unit_of_work(house.worker, key[:1]) as session:
        await transfers.give_up(session, await locked_call(session, *key), now=now)


async def _close_over_call(house: Installation, key: Key, now: datetime) -> None:
    async with unit_of_work(house.worker, key[:1]) as session:
        line = await _line(house, session, *key)
        await statuses.settle_ended(session, line.call, now=now)


async def _give_up_calling(house: Installation, key: Key, now: datetime) -> None:
    async with unit_of_work(house.worker, key[:1]) as session:
        await outbound.give_up(session, await locked_call(session, *key), now=now)


async def _put_off_promise(house: Installation, key: Key, now: datetime) -> None:
    async with unit_of_work(house.worker, key[:1]) as session:
        await calling_back.put_off(session, await locked_call(session, *key), now=now)


async def _begin_promised_call(house: Installation, key: Key, now: datetime) -> None:
    async with unit_of_work(house.worker, key[:1]) as session:
        await calling_back.begin_attempt(
            session, *key, account_sid=house.settings.twilio_account_sid, now=now
        )


async def _line(house: Installation, session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> Line:
    call = await locked_call(session, tenant_id, interaction_id)
    line = await line_of(session, call, house.settings.public_url)
    if line is None:
        raise ShopNotFound
    return line


TIMERS: Sequence[tuple[Callable[..., Awaitable[Sequence[Any]]], Callable[..., Awaitable[None]]]] = (
    (offers.due_offers, _expire_offer),
    (presence.silent_agents, _leave_silent_agent),
    (engagements.overdue_wrapups, _end_wrapup),
    (escalation.overdue_attempts, _give_up_attempt),
    (consults.overdue, _give_up_consult),
    (statuses.over_calls, _close_over_call),
    (outbound.overdue, _give_up_calling),
    (calling_back.waiting_too_late, _put_off_promise),
    (calling_back.due_callbacks, _begin_promised_call),
)
"""What is due, and what happens to each: in a transaction of its own, which looks again under its lock."""


async def tick(house: Installation, now: datetime) -> None:
    """Fire every timer of telephony that is due. One look finds them all: mostly there is nothing."""
    async with across_shops(house.worker) as session:
        due = [(fire, one) for find, fire in TIMERS for one in await find(session, now=now)]
    for fire, one in due:
        await fire(house, one, now)
