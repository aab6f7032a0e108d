"""Calls that we make: under the shop's own number, the agent first, and what becomes of each."""

from typing import Any

import httpx
import pytest
from sqlalchemy import update

from desks.models import Engagement, Seat
from desks.values import Presence
from interactions.models import Interaction, InteractionEvent
from interactions.values import Direction, Outcome
from nanori.db import across_shops
from nanori_app.rehearse.stage import Browser
from telephony.adapters.simulator.endpoints import Endpoint
from telephony.models import Call, CarrierOrder, Leg
from telephony.values import CallState, LegState, OrderKind
from tenants.models import AnswerPhrase, Tenant
from tenants.values import DayPart, Situation
from tests.support.clock import START
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import every, kinds, one, ready

NOTICE = "この通話は録音いたします。"


async def call(theatre: Theatre, agent: Browser, to: str = "090-1111-2222", **fields: str) -> httpx.Response:
    """Press "call": the browser dials in with the token that it is given."""
    answer = await agent.do(f"/shops/{theatre.shop.tenant_id}/calls", to=to, **fields)
    if answer.status_code == 200:
        await agent.do("/softphone/connection", leg=answer.json()["leg"])
    return answer


def at_home(theatre: Theatre, behaviour: Any = "human", **more: Any) -> None:
    """What the shopper's telephone does when it rings."""
    endpoints = theatre.stage.simulator.settings.endpoints
    endpoints[SHOPPER] = Endpoint(behaviour=behaviour, answer_after=4, **more)


async def records(theatre: Theatre) -> None:
    async with across_shops(theatre.stage.house.staff) as session:
        await session.execute(update(Tenant).values(records_calls=True, recording_notice=NOTICE))


@pytest.mark.parametrize("is_recorded", [False, True])
async def test_a_shopper_is_called_under_the_shops_number_and_meets_the_agent(
    theatre: Theatre, *, is_recorded: bool
) -> None:
    if is_recorded:
        await records(theatre)
    at_home(theatre)
    agent = await ready(theatre, 0)
    assert (await call(theatre, agent)).status_code == 200
    simulator = theatre.stage.simulator
    await simulator.advance(20)

    shopper = next(leg for leg in simulator.live_legs if leg.to == SHOPPER)
    agents_leg = next(leg for leg in simulator.live_legs if leg.identity)
    assert shopper.from_ == NUMBER
    assert [thing.sid for thing in simulator.hears(shopper.sid) if thing.kind == "leg"] == [agents_leg.sid]
    recorded = ["recording_started"] if is_recorded else []
    assert await kinds(theatre) == ["arrived", "dialled", "answered", *recorded]
    made = await one(theatre, Call)
    assert (made.direction, made.state) == (Direction.OUTBOUND, CallState.TALKING)
    assert (made.call_sid, made.from_number, made.to_number) == (shopper.sid, SHOPPER, NUMBER)
    assert simulator.problems == []
    assert simulator.contract_violations == []

    simulator.hang_up(shopper.sid)
    await simulator.advance(5)
    logged = await one(theatre, Interaction)
    assert (logged.outcome, logged.direction) == (Outcome.ANSWERED, Direction.OUTBOUND)
    assert (await one(theatre, Seat)).state is Presence.WRAPUP


async def test_the_notice_is_heard_before_the_agent(theatre: Theatre) -> None:
    await records(theatre)
    at_home(theatre)
    agent = await ready(theatre, 0)
    await call(theatre, agent)
    simulator = theatre.stage.simulator
    await simulator.advance(20)

    shopper = next(leg for leg in simulator.live_legs if leg.to == SHOPPER)
    told = [entry.detail["hears"] for entry in simulator.timeline.of(shopper.sid, "hears")]
    flat = [thing for hears in told for thing in hears]
    notice = next(place for place, thing in enumerate(flat) if NOTICE in thing)
    voice = next(place for place, thing in enumerate(flat) if thing.startswith("leg:"))
    assert notice < voice


async def test_nobody_is_rung_before_the_agent_is_there(theatre: Theatre) -> None:
    at_home(theatre)
    agent = await ready(theatre, 0)
    begun = await agent.do(f"/shops/{theatre.shop.tenant_id}/calls", to=SHOPPER)
    simulator = theatre.stage.simulator
    await simulator.advance(20)
    assert not any(leg.to == SHOPPER for leg in simulator.live_legs)
    assert (await one(theatre, Call)).state is CallState.CALLING

    await simulator.advance(40)
    await agent.do("/softphone/connection", leg=begun.json()["leg"])
    await simulator.advance(10)
    assert not any(leg.to == SHOPPER for leg in simulator.live_legs)
    assert (await one(theatre, Interaction)).outcome is Outcome.NOT_REACHED


@pytest.mark.parametrize("is_recorded", [False, True])
@pytest.mark.parametrize(("behaviour", "why"), [("busy", "busy"), ("no_answer", "no-answer")])
async def test_who_is_not_reached_is_told_apart_and_the_agent_wraps_up(
    theatre: Theatre, behaviour: str, why: str, *, is_recorded: bool
) -> None:
    if is_recorded:
        await records(theatre)
    at_home(theatre, behaviour)
    agent = await ready(theatre, 0)
    await call(theatre, agent)
    simulator = theatre.stage.simulator
    await simulator.advance(60)

    events = sorted(await every(theatre, InteractionEvent), key=lambda event: event.seq)
    assert [event.kind.value for event in events] == ["arrived", "dialled", "not_reached", "ended"]
    assert events[2].data["why"] == why
    assert (await one(theatre, Interaction)).outcome is Outcome.NOT_REACHED
    assert (await one(theatre, Seat)).state is Presence.WRAPUP
    assert simulator.live_legs == []
    assert (await one(theatre, Leg)).state is LegState.LEFT


async def test_the_agent_hangs_up_while_it_rings_and_it_rings_no_more(theatre: Theatre) -> None:
    at_home(theatre, "no_answer")
    agent = await ready(theatre, 0)
    call_id = (await call(theatre, agent)).json()["call"]
    simulator = theatre.stage.simulator
    await simulator.advance(6)
    assert any(leg.to == SHOPPER for leg in simulator.live_legs)

    assert (await agent.do(f"/calls/{call_id}/ending")).status_code == 204
    await simulator.advance(5)
    assert simulator.live_legs == []
    assert (await one(theatre, Interaction)).outcome is Outcome.NOT_REACHED


async def test_an_agent_who_is_lost_while_it_rings_leaves_nobody_ringing(theatre: Theatre) -> None:
    at_home(theatre, "no_answer")
    agent = await ready(theatre, 0)
    await call(theatre, agent)
    simulator = theatre.stage.simulator
    await simulator.advance(6)
    await agent.do("/softphone/disconnection")
    await simulator.advance(5)

    assert simulator.live_legs == []
    assert (await one(theatre, Call)).state is CallState.CLOSED


async def test_an_agent_who_is_lost_in_the_talk_leaves_the_shopper_to_a_colleague(theatre: Theatre) -> None:
    at_home(theatre)
    agent = await ready(theatre, 0)
    await call(theatre, agent)
    simulator = theatre.stage.simulator
    await simulator.advance(20)
    await agent.do("/softphone/disconnection")
    await simulator.advance(8)

    assert (await kinds(theatre)).count("queued") == 1
    assert any(leg.to == SHOPPER for leg in simulator.live_legs)
    assert simulator.problems == []


async def test_numbers_that_we_do_not_call_are_refused_and_nothing_is_logged(theatre: Theatre) -> None:
    agent = await ready(theatre, 0)
    for to in ("110", "0570-012345", "+1 212 555 1234", NUMBER, "", "090"):
        refused = await call(theatre, agent, to)
        assert refused.status_code == 422
        assert refused.json()["fields"]["to"]
    assert await every(theatre, Call) == []
    assert (await one(theatre, Seat)).state is Presence.READY


async def test_an_agent_with_a_call_in_hand_or_in_another_tab_cannot_call(theatre: Theatre) -> None:
    at_home(theatre)
    agent = await ready(theatre, 0)
    other_tab = await agent.client.post(
        f"/shops/{theatre.shop.tenant_id}/calls", data={"to": SHOPPER, "tab": "older"}
    )
    assert other_tab.status_code == 409
    assert (await call(theatre, agent)).status_code == 200
    assert (await call(theatre, agent)).status_code == 409
    assert len(await every(theatre, Engagement)) == 1


async def test_the_phrase_on_the_screen_is_the_one_for_calls_that_we_make(theatre: Theatre) -> None:
    async with across_shops(theatre.stage.house.staff) as session:
        phrase = AnswerPhrase(
            tenant_id=theatre.shop.tenant_id, situation=Situation.CALLING, day_part=DayPart.ANY, version=1,
            text="お忙しいところ恐れ入ります。ミナト珈琲でございます。", created_at=START,
        )  # fmt: skip
        session.add(phrase)
    at_home(theatre)
    agent = await ready(theatre, 0)
    await call(theatre, agent)
    await theatre.stage.simulator.advance(20)

    logged = await one(theatre, Interaction)
    assert logged.phrase_id == phrase.id
    assert logged.name_confirmed_at is not None


async def test_a_shop_that_records_is_dialled_with_its_notice_and_others_into_the_conference(
    theatre: Theatre,
) -> None:
    at_home(theatre, "busy")
    agent = await ready(theatre, 0)
    await call(theatre, agent)
    await theatre.stage.simulator.advance(20)
    assert next(order.kind for order in await every(theatre, CarrierOrder)) is OrderKind.DIAL_INTO
