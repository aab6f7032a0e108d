"""Presence that tells the truth: whoever cannot be reached or cannot speak is not asked."""

from desks.models import Offer, Seat
from desks.presence import SILENT_AFTER
from desks.values import OfferState, Presence
from nanori.db import across_shops
from nanori_app.rehearse.stage import Browser
from telephony.commands.availability import is_silent
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import every, ready


async def seat_of(theatre: Theatre, agent: Browser) -> Seat:
    async with across_shops(theatre.stage.house.staff) as session:
        return await session.get_one(Seat, agent.account_id)


async def offers_in_order(theatre: Theatre) -> list[tuple[object, OfferState]]:
    offers = sorted(await every(theatre, Offer), key=lambda one: one.offered_at)
    return [(one.agent_id, one.state) for one in offers]


async def test_a_phone_that_fails_gives_its_ringing_call_away_at_once(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    first, second = await ready(theatre, 0), await ready(theatre, 1)
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(9)
    said = await first.do("/desk/phone-problem", kind="microphone")
    await simulator.advance(1)

    assert said.status_code == 204
    assert await offers_in_order(theatre) == [
        (first.account_id, OfferState.WITHDRAWN), (second.account_id, OfferState.OFFERED),
    ]  # fmt: skip
    seat = await seat_of(theatre, first)
    assert (seat.state, seat.reason) == (Presence.NOT_READY, "microphone")
    assert (await first.do("/desk/presence", state="ready")).status_code == 204
    assert (await seat_of(theatre, first)).state is Presence.READY


async def test_what_another_tab_says_of_its_phone_changes_nothing(theatre: Theatre) -> None:
    agent = await ready(theatre, 0)
    refused = await agent.client.post("/desk/phone-problem", data={"tab": "old", "kind": "network"})
    wrong = await agent.do("/desk/phone-problem", kind="weather")

    assert (refused.status_code, wrong.status_code) == (409, 422)
    assert (await seat_of(theatre, agent)).state is Presence.READY


async def test_two_missed_beats_take_a_ringing_call_to_the_next_agent(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    silent = await theatre.stage.browser(theatre.agents[0].id)
    await silent.do("/desk/presence", state="ready")
    heard = await ready(theatre, 1)
    await simulator.advance(8)
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(SILENT_AFTER.total_seconds() - 9)
    before = await offers_in_order(theatre)
    theatre.stage.look_again(1.5)
    await simulator.advance(3)

    assert before == [(silent.account_id, OfferState.OFFERED)]
    assert await offers_in_order(theatre) == [
        (silent.account_id, OfferState.WITHDRAWN), (heard.account_id, OfferState.OFFERED),
    ]  # fmt: skip
    seat = await seat_of(theatre, silent)
    assert (seat.state, seat.reason) == (Presence.NOT_READY, "silent")


async def test_an_agent_who_is_heard_again_just_in_time_stays(theatre: Theatre) -> None:
    silent = await theatre.stage.browser(theatre.agents[0].id)
    await silent.do("/desk/presence", state="ready")
    await theatre.stage.simulator.advance(SILENT_AFTER.total_seconds() + 1)
    await silent.do("/desk/beat")
    async with across_shops(theatre.stage.house.staff) as session:
        await is_silent(session, silent.account_id, now=theatre.stage.house.clock.now())

    assert (await seat_of(theatre, silent)).state is Presence.READY
