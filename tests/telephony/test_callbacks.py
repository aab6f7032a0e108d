"""Promises to call back: kept in the old place, tried again in opening hours, ended in a case."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Offer, Waiting
from desks.values import OfferState, WaitingKind
from interactions import commands as log
from interactions.models import Case, Interaction
from interactions.values import Channel, Direction, HandleKind, Outcome
from nanori.db import across_shops
from nanori_app.rehearse.stage import Browser
from telephony.adapters.simulator.endpoints import Endpoint
from telephony.models import Call, Callback
from telephony.values import CallbackState, CallState
from tests.support.clock import START
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import every, one, ready, take

KEPT_SINCE = START - timedelta(minutes=12)


async def promised(theatre: Theatre, *, due_at: datetime = START) -> Callback:
    """A shopper has pressed 1 while waiting."""
    async with across_shops(theatre.stage.house.staff) as session:
        promise = await _promise(session, theatre, due_at)
    theatre.stage.wake()
    theatre.stage.look_again(1)
    return promise


async def _promise(session: AsyncSession, theatre: Theatre, due_at: datetime) -> Callback:
    tenant_id = theatre.shop.tenant_id
    shopper_id = await log.recognise_shopper(session, tenant_id, HandleKind.PHONE, SHOPPER, now=START)
    asked = await log.open_interaction(
        session, tenant_id, log.Opening(channel=Channel.PHONE, shopper_id=shopper_id), now=KEPT_SINCE
    )
    asked.outcome, asked.ended_at = Outcome.CALLBACK, START
    await session.flush()
    promise = Callback(
        tenant_id=tenant_id, id=uuid7(), asked_in=asked.id, desk_id=theatre.desk.id, phone=SHOPPER,
        kept_since=KEPT_SINCE, state=CallbackState.WAITING, attempts=0, due_at=due_at, created_at=START,
    )  # fmt: skip
    session.add(promise)
    await session.flush()
    return promise


def at_home(theatre: Theatre, behaviour: Any = "human") -> None:
    endpoints = theatre.stage.simulator.settings.endpoints
    endpoints[SHOPPER] = Endpoint(behaviour=behaviour, answer_after=4)


async def promise_now(theatre: Theatre) -> Callback:
    found: Callback = await one(theatre, Callback)
    return found


async def outgoing(theatre: Theatre) -> list[Interaction]:
    rows = await every(theatre, Interaction)
    return sorted((r for r in rows if r.direction is Direction.OUTBOUND), key=lambda r: r.number)


async def offered(theatre: Theatre) -> None:
    """Until an agent is asked; at most three quarters of an hour."""
    for _ in range(240):
        if any(offer.state is OfferState.OFFERED for offer in await every(theatre, Offer)):
            return
        await theatre.stage.simulator.advance(10)


async def wrap_up(theatre: Theatre, agent: Browser) -> None:
    """After-call work of whatever call is the newest."""
    calls = sorted(await every(theatre, Call), key=lambda call: call.started_at)
    await agent.do(f"/calls/{calls[-1].id}/wrap-up", next="ready")


async def test_a_promise_is_kept_by_the_first_free_agent_in_its_old_place(theatre: Theatre) -> None:
    at_home(theatre)
    agent = await ready(theatre, 0)
    await promised(theatre)
    simulator = theatre.stage.simulator
    await simulator.advance(5)

    waiting = await one(theatre, Waiting)
    assert (waiting.kind, waiting.enqueued_at) == (WaitingKind.CALLBACK, KEPT_SINCE)
    assert not any(leg.to == SHOPPER for leg in simulator.live_legs)
    await take(theatre, agent)
    await simulator.advance(20)

    (kept,) = await outgoing(theatre)
    assert (await one(theatre, Call)).state is CallState.TALKING
    assert next(leg for leg in simulator.live_legs if leg.to == SHOPPER).from_ == NUMBER
    simulator.hang_up(next(leg.sid for leg in simulator.live_legs if leg.to == SHOPPER))
    await simulator.advance(5)
    promise = await promise_now(theatre)
    assert (promise.state, promise.attempts) == (CallbackState.REACHED, 1)
    (kept,) = await outgoing(theatre)
    assert (kept.outcome, kept.queued_at) == (Outcome.ANSWERED, None)
    assert simulator.problems == []


async def test_who_is_not_reached_is_tried_again_and_in_the_end_becomes_a_case(theatre: Theatre) -> None:
    at_home(theatre, "no_answer")
    agent = await ready(theatre, 0)
    await promised(theatre)
    simulator = theatre.stage.simulator
    began = []
    for _ in range(4):
        await simulator.advance(5)
        await offered(theatre)
        began.append(theatre.stage.house.clock.now())
        await take(theatre, agent)
        await simulator.advance(60)
        await wrap_up(theatre, agent)

    pauses = [round((after - before).total_seconds() / 60) for before, after in pairwise(began)]
    assert pauses == [6, 16, 31]  # five, fifteen and thirty minutes, and the ringing before
    promise = await promise_now(theatre)
    assert (promise.state, promise.attempts) == (CallbackState.GIVEN_UP, 4)
    case = await one(theatre, Case)
    assert {one.case_id for one in await every(theatre, Interaction)} >= {case.id}
    assert [one.outcome for one in await outgoing(theatre)] == [Outcome.NOT_REACHED] * 4
    await simulator.advance(7200)
    assert len(await outgoing(theatre)) == 4


async def test_nobody_is_called_back_outside_the_opening_hours(theatre: Theatre) -> None:
    """The shop closes at 18:00 and opens at 9:00, both by its own clock."""
    at_home(theatre)
    evening = START.replace(hour=8, minute=58)  # 17:58 in Tokyo
    await promised(theatre, due_at=evening)
    simulator = theatre.stage.simulator
    await simulator.advance((evening - START).total_seconds() + 60)
    (late,) = await outgoing(theatre)
    assert late.outcome is None

    await simulator.advance(600)
    (late,) = await outgoing(theatre)
    assert late.outcome is Outcome.NOT_REACHED
    promise = await promise_now(theatre)
    assert (promise.state, promise.attempts) == (CallbackState.WAITING, 0)
    assert (promise.due_at.hour, promise.due_at.minute) == (0, 0)
    agent = await theatre.stage.browser(theatre.agents[0].id)
    await agent.do("/desk/presence", state="ready")
    await simulator.advance(20)
    assert await every(theatre, Offer) == []

    await simulator.advance((promise.due_at - theatre.stage.house.clock.now()).total_seconds() - 2)
    agent = await theatre.stage.browser(theatre.agents[0].id)  # the night's session has expired
    await agent.do("/desk/presence", state="ready")
    await simulator.advance(8)
    await take(theatre, agent)
    await simulator.advance(10)
    assert (await promise_now(theatre)).attempts == 1


async def test_an_agent_who_does_not_take_it_costs_the_shopper_no_attempt(theatre: Theatre) -> None:
    at_home(theatre)
    first, second = await ready(theatre, 0), await ready(theatre, 1)
    await promised(theatre)
    await theatre.stage.simulator.advance(5)
    (offer,) = await every(theatre, Offer)
    asked, other = (first, second) if offer.agent_id == first.account_id else (second, first)
    await asked.do(f"/offers/{offer.id}/refusal")
    await theatre.stage.simulator.advance(5)
    await take(theatre, other)
    await theatre.stage.simulator.advance(20)

    assert (await promise_now(theatre)).attempts == 1
    assert (await one(theatre, Call)).state is CallState.TALKING


async def test_a_shopper_who_gets_through_meanwhile_is_not_called_any_more(theatre: Theatre) -> None:
    agent = await ready(theatre, 0)
    await promised(theatre, due_at=START + timedelta(minutes=30))
    simulator = theatre.stage.simulator
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    await take(theatre, agent)
    await simulator.advance(10)
    simulator.hang_up(sid)
    await simulator.advance(3600)

    assert (await promise_now(theatre)).state is CallbackState.CANCELLED
    assert await outgoing(theatre) == []


async def test_a_promise_can_be_called_off_while_it_waits_for_an_agent(theatre: Theatre) -> None:
    promise = await promised(theatre)
    await theatre.stage.simulator.advance(5)
    agent = await theatre.stage.browser(theatre.agents[0].id)
    path = f"/callbacks/{theatre.shop.tenant_id}/{promise.id}/cancellation"
    assert (await agent.do(path)).status_code == 303
    assert (await agent.do(path)).status_code == 303
    await agent.do("/desk/presence", state="ready")
    await theatre.stage.simulator.advance(60)

    assert (await promise_now(theatre)).state is CallbackState.CANCELLED
    (ended,) = await outgoing(theatre)
    assert ended.outcome is Outcome.NOT_REACHED
    assert await every(theatre, Offer) == []
