"""The way of a call through the house, played by the simulated carrier."""

from typing import Any
from uuid import UUID

from httpx import Response
from sqlalchemy import select

from desks.models import Engagement, Offer, Seat, Waiting
from desks.values import OfferState, Presence
from interactions.models import Interaction, InteractionEvent
from interactions.values import Outcome
from nanori.db import across_shops
from nanori_app.rehearse.stage import Browser
from telephony.models import Call
from tests.support.calls import words_of
from tests.telephony.conftest import NUMBER, SECOND_CONTACT, SHOPPER, Theatre


async def test_a_call_is_answered_under_the_shops_name(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)

    offer = await one(theatre, Offer)
    assert offer.state is OfferState.OFFERED
    call_id = await take(theatre, agent)
    await simulator.advance(10)

    agents_leg = next(leg for leg in simulator.live_legs if leg.identity)
    assert [(thing.kind, thing.sid) for thing in simulator.hears(sid)] == [("leg", agents_leg.sid)]
    assert await kinds(theatre) == ["arrived", "guidance_ended", "queued", "offered", "answered"]
    await simulator.advance(60)
    simulator.hang_up(sid)
    await simulator.advance(5)
    assert (await one(theatre, Interaction)).outcome is Outcome.ANSWERED
    assert (await one(theatre, Seat)).state is Presence.WRAPUP
    saved = await agent.do(f"/calls/{call_id}/wrap-up", notes="在庫の確認", next="ready")
    assert saved.status_code == 204, saved.text

    interaction = await one(theatre, Interaction)
    assert interaction.notes == "在庫の確認"
    assert 60_000 <= interaction.talk_ms <= 75_000
    assert interaction.wrapped_up_at is not None
    assert (await one(theatre, Seat)).state is Presence.READY
    assert simulator.problems == []
    assert simulator.contract_violations == []


async def test_a_refused_call_goes_on_to_the_next_agent_and_keeps_its_place(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    first, second = await ready(theatre, 0), await ready(theatre, 1)
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    offer = await one(theatre, Offer)
    asked, other = (first, second) if offer.agent_id == first.account_id else (second, first)
    refused = await asked.do(f"/offers/{offer.id}/refusal")
    await simulator.advance(2)

    offers = await every(theatre, Offer)
    assert refused.status_code == 204
    assert [o.agent_id for o in sorted(offers, key=lambda o: o.offered_at)] == [
        asked.account_id,
        other.account_id,
    ]


async def test_an_agent_who_misses_a_call_is_taken_out_and_the_caller_goes_on(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    await ready(theatre, 0)
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(40)

    assert (await one(theatre, Offer)).state is OfferState.EXPIRED
    assert (await one(theatre, Seat)).state is Presence.NOT_READY
    assert (await one(theatre, Interaction)).offers_missed == 1


async def test_a_caller_who_gives_up_is_abandoned_once(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(30)
    simulator.hang_up(sid)
    await simulator.advance(5)

    interaction = await one(theatre, Interaction)
    assert (interaction.outcome, interaction.abandoned_at is not None) == (Outcome.ABANDONED, True)
    assert (await kinds(theatre)).count("ended") == 1


async def test_escalation_reaches_the_second_contact_who_keeps_the_caller(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    call_id = await take(theatre, agent)
    await simulator.advance(10)

    assert (await agent.do(f"/calls/{call_id}/escalation")).status_code == 204
    await simulator.advance(60)
    assert "connected_contact" in await kinds(theatre)
    done = await agent.do(f"/calls/{call_id}/handover")
    await simulator.advance(30)
    assert done.status_code == 204, done.text
    assert (await one(theatre, Interaction)).transferred
    assert not simulator.leg(sid).is_over
    simulator.hang_up(sid)
    await simulator.advance(5)
    assert (await one(theatre, Interaction)).outcome is Outcome.ANSWERED


async def test_a_caller_whose_agent_is_lost_comes_back_first(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    await take(theatre, agent)
    await simulator.advance(8)
    await agent.do("/softphone/disconnection")
    await simulator.advance(8)

    assert (await kinds(theatre)).count("queued") == 2
    assert not simulator.leg(sid).is_over
    assert (await one(theatre, Seat)).state is Presence.NOT_READY
    assert [e.ended_at is None for e in await every(theatre, Engagement)] == [False]


async def ready(theatre: Theatre, number: int) -> Browser:
    browser = await theatre.stage.browser(theatre.agents[number].id)
    answer = await browser.do("/desk/presence", state="ready")
    assert answer.status_code == 204, answer.text

    async def beat() -> None:
        await browser.do("/desk/beat")
        theatre.stage.simulator.after(10, beat)

    theatre.stage.simulator.after(10, beat)
    return browser


async def take(theatre: Theatre, agent: Browser) -> UUID:
    """Accept the one open offer and dial in."""
    offer = next(o for o in await every(theatre, Offer) if o.state is OfferState.OFFERED)
    answer = await accept(theatre, agent, offer)
    assert answer.status_code == 200, answer.text
    connected = await agent.do("/softphone/connection", leg=answer.json()["leg"])
    assert connected.status_code == 204, connected.text
    return UUID(answer.json()["call"])


async def accept(theatre: Theatre, agent: Browser, offer: Offer) -> Response:
    """Press "answer" on a screen that shows what is offered."""
    waiting = next(one for one in await every(theatre, Waiting) if one.id == offer.waiting_id)
    calls: list[Call] = await every(theatre, Call)
    call = next(one for one in calls if one.interaction_id == waiting.interaction_id)
    shop_id = theatre.shop.tenant_id
    async with across_shops(theatre.stage.house.staff) as session:
        words = await words_of(session, shop_id)
    return await agent.do(
        f"/offers/{offer.id}/acceptance", shop=str(shop_id), call=str(call.id), phrase=str(words)
    )


async def every(theatre: Theatre, table: Any) -> list[Any]:
    async with across_shops(theatre.stage.house.staff) as session:
        return list(await session.scalars(select(table)))


async def one(theatre: Theatre, table: Any) -> Any:
    rows = await every(theatre, table)
    assert len(rows) == 1, rows
    return rows[0]


async def kinds(theatre: Theatre) -> list[str]:
    events = await every(theatre, InteractionEvent)
    return [event.kind.value for event in sorted(events, key=lambda event: event.seq)]


async def test_a_contact_keeps_the_caller_when_the_agent_is_lost(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    call_id = await take(theatre, agent)
    await simulator.advance(10)
    await agent.do(f"/calls/{call_id}/escalation")
    await simulator.advance(60)
    await agent.do("/softphone/disconnection")
    await simulator.advance(5)

    contact = next(leg for leg in simulator.live_legs if leg.to == SECOND_CONTACT)
    assert [(thing.kind, thing.sid) for thing in simulator.hears(sid)] == [("leg", contact.sid)]
    assert (await one(theatre, Interaction)).transferred


async def test_an_agent_whose_caller_hung_up_just_before_is_ready_again(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    await take(theatre, agent)
    simulator.hang_up(sid)
    await simulator.advance(15)

    assert (await one(theatre, Interaction)).outcome is Outcome.ABANDONED
    assert (await one(theatre, Seat)).state is Presence.READY
