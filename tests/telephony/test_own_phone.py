"""Agents who answer by their own telephone: the screen confirms, it rings, and a pressed 1 connects."""

from typing import Any
from uuid import UUID

import pytest

from desks.models import Engagement, Offer, Seat
from desks.values import NotReadyReason, OfferState, Presence
from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind, Outcome
from nanori.db import across_shops
from nanori_app.leaving import shut_account
from nanori_app.rehearse.stage import Browser
from telephony.adapters.simulator.endpoints import Endpoint
from telephony.adapters.simulator.legs import Leg as Line
from telephony.commands import own_phone
from telephony.models import Call, CarrierOrder, Leg, OwnPhone
from telephony.values import CallState, LegState, OrderKind, OrderState
from tests.support.calls import words_of
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import accept, every, kinds, one, ready
from tests.telephony.test_menu import healthy, heard

MINE = "+819055550001"
PRESSES_1 = Endpoint(behaviour="human", answer_after=4, digits="1", press_after=5)
WHISPER = "say: みなとこーひーです。"
ASKED = "say: みなとこーひーです。お受けになる場合は、1を押してください。"


async def by_phone(theatre: Theatre, behaves: Endpoint = PRESSES_1, number: int = 0) -> Browser:
    """An agent who is ready and has chosen their own telephone."""
    agent = await ready(theatre, number)
    async with across_shops(theatre.stage.house.staff) as session:
        now = theatre.stage.house.clock.now()
        await own_phone.save_number(session, agent.account_id, MINE, countries=["JP"], now=now)
    chosen = await agent.do("/desk/answering", by="phone")
    assert chosen.status_code == 204, chosen.text
    theatre.stage.simulator.settings.endpoints[MINE] = behaves
    return agent


async def rings(theatre: Theatre, agent: Browser) -> tuple[str, UUID]:
    """A shopper calls and the agent answers on the screen; the caller's leg, and the call."""
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(8)
    offer = next(o for o in await every(theatre, Offer) if o.state is OfferState.OFFERED)
    answer = await accept(theatre, agent, offer)
    assert answer.status_code == 200, answer.text
    assert answer.json()["leg"] == ""
    return sid, UUID(answer.json()["call"])


def telephones(theatre: Theatre) -> list[Line]:
    return [leg for leg in theatre.stage.simulator.exchange.legs.values() if leg.to == MINE]


def telephone(theatre: Theatre) -> Line:
    (found,) = telephones(theatre)
    return found


async def missed(theatre: Theatre) -> list[tuple[Any, Any]]:
    events = await every(theatre, InteractionEvent)
    return [(e.data["why"], e.data.get("phone")) for e in events if e.kind is EventKind.OFFER_MISSED]


async def test_a_pressed_1_connects_the_caller_under_the_shops_name(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await by_phone(theatre)
    sid, call_id = await rings(theatre, agent)
    await simulator.advance(6)
    assert (await one(theatre, Call)).state is CallState.QUEUED
    await simulator.advance(14)

    mine = telephone(theatre)
    assert mine.from_ == NUMBER
    assert [sound for sound in heard(theatre, mine.sid) if sound.startswith("say")] == [ASKED, WHISPER]
    assert [(thing.kind, thing.sid) for thing in simulator.hears(sid)] == [("leg", mine.sid)]
    assert await kinds(theatre) == ["arrived", "guidance_ended", "queued", "offered", "answered"]
    leg = await one(theatre, Leg)
    assert (leg.agent_id, leg.by_phone, leg.confirmed_at is not None) == (agent.account_id, True, True)

    assert (await agent.do(f"/calls/{call_id}/hold")).status_code == 204
    await simulator.advance(3)
    assert not any(thing.kind == "leg" for thing in simulator.hears(sid))
    assert (await agent.do(f"/calls/{call_id}/resumption")).status_code == 204
    await simulator.advance(3)
    assert (await agent.do(f"/calls/{call_id}/ending")).status_code == 204
    await simulator.advance(5)
    assert simulator.live_legs == []
    assert ((await one(theatre, Seat)).state, (await one(theatre, Interaction)).outcome) == (
        Presence.WRAPUP, Outcome.ANSWERED,
    )  # fmt: skip
    healthy(theatre)


@pytest.mark.parametrize(
    ("behaves", "reason", "told"),
    [
        (Endpoint(behaviour="busy"), NotReadyReason.OWN_PHONE, "busy"),
        (Endpoint(behaviour="no_answer"), NotReadyReason.OWN_PHONE, "no-answer"),
        (Endpoint(behaviour="voicemail", answer_after=6), NotReadyReason.NO_KEY, "no_key"),
        (Endpoint(behaviour="human", answer_after=3), NotReadyReason.NO_KEY, "no_key"),
        (Endpoint(behaviour="human", answer_after=3, digits="5"), NotReadyReason.NO_KEY, "wrong_key"),
    ],
    ids=["busy", "nobody", "voicemail", "no key", "wrong key"],
)
async def test_without_a_pressed_1_the_caller_goes_on_and_the_agent_is_taken_out(
    theatre: Theatre, behaves: Endpoint, reason: NotReadyReason, told: str
) -> None:
    simulator = theatre.stage.simulator
    agent = await by_phone(theatre, behaves)
    sid, _ = await rings(theatre, agent)
    await simulator.advance(35)

    seat = await one(theatre, Seat)
    assert (seat.state, seat.reason) == (Presence.NOT_READY, reason.value)
    assert (await one(theatre, Offer)).state is OfferState.CONNECT_FAILED
    assert await missed(theatre) == [("connect_failed", told)]
    assert telephone(theatre).is_over
    assert (await one(theatre, Call)).state is CallState.QUEUED
    assert simulator.longest_silence(sid) <= 2

    other = await ready(theatre, 1)
    await simulator.advance(2)
    offers = await every(theatre, Offer)
    assert [o.agent_id for o in offers if o.state is OfferState.OFFERED] == [other.account_id]
    healthy(theatre)


async def test_under_another_shops_screen_no_telephone_rings(theatre: Theatre) -> None:
    agent = await by_phone(theatre)
    theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(8)
    offer, call = await one(theatre, Offer), await one(theatre, Call)
    async with across_shops(theatre.stage.house.staff) as session:
        words = await words_of(session, theatre.shop.tenant_id)
    shown = {"call": str(call.id), "shop": str(theatre.shop.tenant_id), "phrase": str(words)}
    for wrong in (
        {"shop": str(agent.account_id)},
        {"call": str(offer.id)},
        {"tab": "an older tab"},
        {"phrase": ""},
    ):
        refused = await agent.do(f"/offers/{offer.id}/acceptance", **(shown | wrong))
        assert refused.status_code == 409, refused.text
    await theatre.stage.simulator.advance(5)

    assert telephones(theatre) == []
    assert await every(theatre, Leg) == []


async def test_a_screen_that_is_gone_when_the_key_is_pressed_connects_nobody(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await by_phone(theatre, Endpoint(behaviour="human", answer_after=14, digits="1", press_after=9))
    sid, _ = await rings(theatre, agent)
    agent.tab = "closed"  # its beats are refused from now on
    await simulator.advance(35)

    seat = await one(theatre, Seat)
    assert (seat.state, seat.reason) == (Presence.NOT_READY, NotReadyReason.SILENT.value)
    assert "answered" not in await kinds(theatre)
    assert not simulator.leg(sid).is_over


async def test_a_telephone_that_hangs_up_brings_the_caller_back_first(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await by_phone(theatre)
    sid, _ = await rings(theatre, agent)
    await simulator.advance(20)
    simulator.hang_up(telephone(theatre).sid)
    await simulator.advance(8)

    assert (await kinds(theatre)).count("queued") == 2
    assert not simulator.leg(sid).is_over
    seat = await one(theatre, Seat)
    assert (seat.state, seat.reason) == (Presence.NOT_READY, NotReadyReason.OWN_PHONE.value)
    assert [e.ended_at is None for e in await every(theatre, Engagement)] == [False]
    healthy(theatre)


@pytest.mark.parametrize("after", [0.0, 2.0, 9.5, 20.0])
async def test_a_caller_who_hangs_up_ends_the_ringing_and_the_talk(theatre: Theatre, after: float) -> None:
    simulator = theatre.stage.simulator
    agent = await by_phone(theatre)
    sid, _ = await rings(theatre, agent)
    await simulator.advance(after)
    was_answered = "answered" in await kinds(theatre)
    simulator.hang_up(sid)
    await simulator.advance(30)

    assert simulator.live_legs == []
    outcome = Outcome.ANSWERED if was_answered else Outcome.ABANDONED
    assert (await one(theatre, Interaction)).outcome is outcome
    assert (await one(theatre, Seat)).state is (Presence.WRAPUP if was_answered else Presence.READY)
    assert "left_queue" not in await kinds(theatre)
    healthy(theatre)


async def test_a_call_of_the_agents_own_begins_at_their_telephone(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await by_phone(theatre)
    answer = await agent.do(f"/shops/{theatre.shop.tenant_id}/calls", to=SHOPPER)
    assert (answer.status_code, answer.json()["leg"]) == (200, "")
    await simulator.advance(6)
    assert not [leg for leg in simulator.live_legs if leg.to == SHOPPER]
    await simulator.advance(24)

    shopper = next(leg for leg in simulator.live_legs if leg.to == SHOPPER)
    assert telephone(theatre).sid in [thing.sid for thing in simulator.hears(shopper.sid)]
    assert (await one(theatre, Call)).state is CallState.TALKING
    healthy(theatre)


async def test_a_call_of_the_agents_own_ends_when_nobody_takes_their_telephone(theatre: Theatre) -> None:
    agent = await by_phone(theatre, Endpoint(behaviour="no_answer"))
    await agent.do(f"/shops/{theatre.shop.tenant_id}/calls", to=SHOPPER)
    await theatre.stage.simulator.advance(40)

    assert (await one(theatre, Interaction)).outcome is Outcome.NOT_REACHED
    assert (await one(theatre, Seat)).state is Presence.WRAPUP
    assert theatre.stage.simulator.live_legs == []


@pytest.mark.parametrize(
    "faults",
    [
        {"duplicate_documents": 1, "duplicate_callbacks": 1, "early_callbacks": 1},
        {"rest_timeout": 1, "lose_callbacks": 1},
    ],
    ids=["everything twice and early", "nothing is told"],
)
async def test_whatever_the_carrier_tells_one_telephone_rings_and_connects_once(
    theatre: Theatre, faults: dict[str, float]
) -> None:
    simulator = theatre.stage.simulator
    agent = await by_phone(theatre)
    simulator.after(8.1, lambda: simulator.faults.set(faults))  # the order to dial, and all about it
    sid, _ = await rings(theatre, agent)
    await simulator.advance(5)
    simulator.faults.set({"rest_timeout": 0, "lose_callbacks": 0})
    await simulator.advance(15)

    assert [(thing.kind, thing.sid) for thing in simulator.hears(sid)] == [("leg", telephone(theatre).sid)]
    assert (await kinds(theatre)).count("answered") == 1
    simulator.hang_up(sid)
    await simulator.advance(30)
    assert simulator.live_legs == []
    assert (await one(theatre, Leg)).state in {LegState.JOINED, LegState.LEFT}


async def test_whoever_leaves_for_good_is_rung_no_more_and_the_number_is_gone(theatre: Theatre) -> None:
    agent = await by_phone(theatre)
    theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(8)
    async with across_shops(theatre.stage.house.staff) as session:
        await shut_account(session, theatre.agents[0].login, now=theatre.stage.house.clock.now())
    other = await ready(theatre, 1)
    await theatre.stage.simulator.advance(3)

    assert await every(theatre, OwnPhone) == []
    seat = next(s for s in await every(theatre, Seat) if s.agent_id == agent.account_id)
    assert (seat.state, seat.by_phone, seat.tab) == (Presence.OFFLINE, False, None)
    assert (await agent.do("/desk/presence", state="ready")).status_code == 401
    offers = {offer.state: offer.agent_id for offer in await every(theatre, Offer)}
    assert offers == {OfferState.WITHDRAWN: agent.account_id, OfferState.OFFERED: other.account_id}


async def test_the_number_is_forgotten_once_it_has_been_dialled(theatre: Theatre) -> None:
    agent = await by_phone(theatre)
    await rings(theatre, agent)
    (order,) = [o for o in await every(theatre, CarrierOrder) if o.kind is OrderKind.DIAL]
    assert order.arguments["to"] == MINE
    await theatre.stage.simulator.advance(2)

    (order,) = [o for o in await every(theatre, CarrierOrder) if o.kind is OrderKind.DIAL]
    assert (order.state, order.arguments["to"]) == (OrderState.DONE, "")
