"""The caller hangs up at any moment of being connected, and two hands reach for one offer."""

import asyncio

import pytest
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST, HTTP_404_NOT_FOUND

from desks.models import Engagement, Offer, Seat
from desks.values import LIVE_OFFERS, OfferState, Presence
from interactions.models import Interaction
from interactions.values import Outcome
from nanori_app.rehearse.stage import Browser
from telephony.models import Call
from telephony.values import CallState
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import accept, every, one, ready, take

CONNECTED_AFTER = 4.0
"""Seconds from the agent's accepting until the two talk, at most."""
STEPS = 12


@pytest.mark.parametrize("step", range(STEPS))
async def test_a_caller_who_hangs_up_while_being_connected_has_one_end_and_frees_the_agent(
    theatre: Theatre, step: int
) -> None:
    """Ringing, greeting and waiting are in other tests; here each part of the connecting, in turn."""
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    simulator.after(CONNECTED_AFTER * step / STEPS, lambda: simulator.hang_up(sid))
    simulator.after(0.3, lambda: take_if_still_there(theatre, agent))
    await simulator.advance(60)
    interaction, seat = await one(theatre, Interaction), await one(theatre, Seat)
    assert (await one(theatre, Call)).state is CallState.CLOSED
    assert simulator.live_legs == []
    assert not any(offer.state in LIVE_OFFERS for offer in await every(theatre, Offer))
    engaged = [one for one in await every(theatre, Engagement) if one.ended_at is None]
    if interaction.outcome is Outcome.ANSWERED:
        assert (seat.state, len(engaged)) == (Presence.WRAPUP, 1)
    else:
        assert interaction.outcome is Outcome.ABANDONED
        assert (seat.state, engaged) == (Presence.READY, [])


async def take_if_still_there(theatre: Theatre, agent: Browser) -> None:
    if any(offer.state is OfferState.OFFERED for offer in await every(theatre, Offer)):
        await take(theatre, agent)


async def test_of_two_tabs_that_accept_at_once_the_one_with_the_seat_has_the_call(theatre: Theatre) -> None:
    offer, tabs = await two_at_an_offer(theatre, same_agent=True)
    answers = [
        one.status_code for one in await asyncio.gather(*(accept(theatre, tab, offer) for tab in tabs))
    ]
    assert min(answers) == HTTP_200_OK
    assert max(answers) >= HTTP_400_BAD_REQUEST
    assert len([one for one in await every(theatre, Engagement) if one.ended_at is None]) == 1


async def test_of_two_agents_who_accept_one_offer_only_the_one_who_was_asked_has_it(theatre: Theatre) -> None:
    offer, agents = await two_at_an_offer(theatre, same_agent=False)
    told = await asyncio.gather(*(accept(theatre, agent, offer) for agent in agents))
    answers = {agent.account_id: answer.status_code for agent, answer in zip(agents, told, strict=True)}
    other = next(agent.account_id for agent in agents if agent.account_id != offer.agent_id)
    assert answers == {offer.agent_id: HTTP_200_OK, other: HTTP_404_NOT_FOUND}


async def two_at_an_offer(theatre: Theatre, *, same_agent: bool) -> tuple[Offer, list[Browser]]:
    first = await ready(theatre, 0)
    second = await theatre.stage.browser(theatre.agents[0 if same_agent else 1].id)
    if same_agent:
        second.tab = "another tab"
    theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(8)
    offer: Offer = await one(theatre, Offer)
    return offer, [first, second]
