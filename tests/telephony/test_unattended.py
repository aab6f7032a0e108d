"""Nobody is there: the shop's own people are called while the caller waits with music."""

import pytest
from sqlalchemy import update

from desks.models import Desk, Offer
from desks.values import OfferState, Unattended
from interactions.models import EscalationRun, Interaction
from interactions.values import Outcome, RunState
from nanori.db import across_shops
from telephony.adapters.simulator.endpoints import Endpoint
from telephony.models import Call
from telephony.values import CallState
from tests.telephony.conftest import FIRST_CONTACT, NUMBER, SECOND_CONTACT, SHOPPER, Theatre
from tests.telephony.test_flow import every, kinds, one, ready, take
from tests.telephony.test_menu import healthy, heard
from tests.telephony.test_waiting import whys


@pytest.fixture
async def duty(theatre: Theatre) -> Theatre:
    """A desk whose callers go to the shop's people when nobody is there."""
    async with across_shops(theatre.stage.house.staff) as session:
        await session.execute(update(Desk).values(unattended=Unattended.CONTACTS))
    return theatre


async def test_the_caller_is_connected_to_the_contact_who_presses_1(duty: Theatre) -> None:
    simulator = duty.stage.simulator
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(75)

    contact = next(leg for leg in simulator.live_legs if leg.to == SECOND_CONTACT)
    assert [(thing.kind, thing.sid) for thing in simulator.hears(sid)] == [("leg", contact.sid)]
    assert (await one(duty, Call)).state is CallState.TALKING
    assert simulator.longest_silence(sid) <= 2
    simulator.hang_up(sid)
    await simulator.advance(5)

    interaction = await one(duty, Interaction)
    assert (interaction.outcome, interaction.escalated) == (Outcome.OVERFLOW, True)
    assert "abandoned" not in await kinds(duty)
    assert "connected_contact" in await kinds(duty)
    assert contact.is_over
    healthy(duty)


async def test_the_call_ends_when_the_contact_hangs_up(duty: Theatre) -> None:
    simulator = duty.stage.simulator
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(75)
    contact = next(leg for leg in simulator.live_legs if leg.to == SECOND_CONTACT)
    simulator.hang_up(contact.sid)
    await simulator.advance(10)

    assert simulator.leg(sid).is_over
    assert (await one(duty, Interaction)).outcome is Outcome.OVERFLOW
    assert (await one(duty, EscalationRun)).state is RunState.CLOSED


async def test_when_nobody_is_reached_the_caller_leaves_a_message(duty: Theatre) -> None:
    simulator = duty.stage.simulator
    simulator.settings.endpoints[SECOND_CONTACT] = Endpoint(behaviour="busy")
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(150)

    interaction = await one(duty, Interaction)
    assert interaction.outcome is Outcome.OVERFLOW
    assert interaction.case_id is not None
    assert "nobody_there" in await whys(duty)
    assert (await one(duty, EscalationRun)).state is RunState.EXHAUSTED
    assert simulator.longest_silence(sid) <= 2
    healthy(duty)


async def test_an_agent_who_comes_in_meanwhile_is_quicker(duty: Theatre) -> None:
    simulator = duty.stage.simulator
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(15)
    agent = await ready(duty, 0)
    await simulator.advance(2)
    await take(duty, agent)
    await simulator.advance(60)

    assert (await one(duty, Interaction)).answered_at is not None
    assert (await one(duty, EscalationRun)).state is RunState.CLOSED
    assert not [leg for leg in simulator.live_legs if leg.to in {FIRST_CONTACT, SECOND_CONTACT}]
    assert not simulator.leg(sid).is_over
    healthy(duty)


async def test_a_contact_who_was_quicker_frees_the_agent_who_is_being_rung(duty: Theatre) -> None:
    simulator = duty.stage.simulator
    simulator.settings.endpoints[FIRST_CONTACT] = Endpoint("human", answer_after=3, digits="1", press_after=8)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(15)
    await ready(duty, 0)
    await simulator.advance(12)

    contact = next(leg for leg in simulator.live_legs if leg.to == FIRST_CONTACT)
    assert [thing.sid for thing in simulator.hears(sid)] == [contact.sid]
    assert [offer.state for offer in await every(duty, Offer)] == [OfferState.WITHDRAWN]


def hangs_up_too_early() -> Endpoint:
    """Presses 1, and is gone before the conference."""
    return Endpoint("human", answer_after=3, digits="1", press_after=4, hang_up_after=4.5)


async def test_after_a_contact_who_presses_1_and_hangs_up_the_next_is_called(duty: Theatre) -> None:
    duty.stage.simulator.settings.endpoints[FIRST_CONTACT] = hangs_up_too_early()
    sid = duty.stage.simulator.place_call(SHOPPER, NUMBER)
    await duty.stage.simulator.advance(60)
    await meets_the_second(duty, sid)
    assert (await one(duty, Call)).turn == 1


async def test_after_a_contact_who_hangs_up_while_the_caller_comes_the_next_is_called(duty: Theatre) -> None:
    simulator = duty.stage.simulator
    simulator.settings.endpoints[FIRST_CONTACT] = Endpoint("human", answer_after=3, digits="1", press_after=4)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(3)
    while (await one(duty, Call)).state is not CallState.CONNECTING:
        await simulator.advance(0.05)
    simulator.hang_up(next(leg.sid for leg in simulator.live_legs if leg.to == FIRST_CONTACT))
    await simulator.advance(60)
    await meets_the_second(duty, sid)
    assert (await one(duty, Call)).turn == 2


async def meets_the_second(duty: Theatre, sid: str) -> None:
    simulator = duty.stage.simulator
    contact = next(leg for leg in simulator.live_legs if leg.to == SECOND_CONTACT)
    assert [(thing.kind, thing.sid) for thing in simulator.hears(sid)] == [("leg", contact.sid)]
    assert simulator.longest_silence(sid) <= 5
    assert [run.state for run in await every(duty, EscalationRun)] == [RunState.ACKNOWLEDGED]
    healthy(duty)


async def test_when_the_last_contact_presses_1_and_hangs_up_the_caller_leaves_a_message(
    duty: Theatre,
) -> None:
    simulator = duty.stage.simulator
    simulator.settings.endpoints[SECOND_CONTACT] = hangs_up_too_early()
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(150)

    assert simulator.longest_silence(sid) <= 5
    assert (await one(duty, Interaction)).case_id is not None
    assert (await one(duty, EscalationRun)).state is RunState.EXHAUSTED


async def test_a_caller_who_gives_up_ends_the_calling_of_the_shop(duty: Theatre) -> None:
    simulator = duty.stage.simulator
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(15)
    assert "say: ただいま店の担当者にお電話でつないでおります。そのまま少々お待ちください。" in heard(
        duty, sid
    )
    simulator.hang_up(sid)
    await simulator.advance(10)

    assert (await one(duty, Interaction)).outcome is Outcome.ABANDONED
    assert (await one(duty, EscalationRun)).state is RunState.CLOSED
    assert simulator.live_legs == []
