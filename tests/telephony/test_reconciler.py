"""What the carrier's reports did not tell, the reconciler finds out by asking."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from desks.models import Engagement, Offer, Seat
from desks.values import LIVE_OFFERS, OfferState, Presence
from interactions.models import Interaction
from interactions.values import Outcome
from nanori.db import across_shops
from nanori_app.rehearse.stage import Browser
from telephony.commands import reconciling
from telephony.models import Call, CarrierOrder, Leg
from telephony.values import CallState, LegState, OrderKind, OrderState
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import every, kinds, one, ready, take

WITHIN = 17.0
"""Seconds: a check each 15, and a little for the answer."""


async def talking(theatre: Theatre) -> tuple[str, Browser, UUID]:
    """A caller and an agent in conversation, and from now on no callback arrives."""
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    call_id = await take(theatre, agent)
    await simulator.advance(10)
    assert (await one(theatre, Call)).state is CallState.TALKING
    simulator.faults.lose_callbacks = 1.0
    return sid, agent, call_id


async def until_connecting(theatre: Theatre) -> None:
    """Until the agent's leg is known to be there, and not a moment longer."""
    while (await one(theatre, Call)).state is CallState.QUEUED:
        await theatre.stage.simulator.advance(0.02)
    assert (await one(theatre, Call)).state is CallState.CONNECTING


async def test_a_caller_whose_hanging_up_nobody_told_is_closed_at_the_true_time(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    sid, _, _ = await talking(theatre)
    await simulator.advance(40)
    simulator.hang_up(sid)
    hung_up_at = simulator.now
    await simulator.advance(WITHIN)
    interaction, call = await one(theatre, Interaction), await one(theatre, Call)
    assert (interaction.outcome, call.state) == (Outcome.ANSWERED, CallState.CLOSED)
    assert abs(interaction.ended_at - hung_up_at) < timedelta(seconds=1)
    assert (await one(theatre, Seat)).state is Presence.WRAPUP


async def test_a_caller_whose_agent_died_unheard_is_not_left_in_silence(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    sid, agent, _ = await talking(theatre)
    await agent.do("/softphone/disconnection")
    await simulator.advance(WITHIN + 8)
    assert (await kinds(theatre)).count("queued") == 2
    assert simulator.longest_silence(sid) <= WITHIN
    assert (await one(theatre, Seat)).state is Presence.NOT_READY


async def test_a_conversation_whose_beginning_nobody_told_counts_as_answered(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    await take(theatre, agent)
    await until_connecting(theatre)
    simulator.faults.lose_callbacks = 1.0
    await simulator.advance(3)
    assert simulator.leg(sid).conference is not None
    met_at = simulator.now
    assert (await one(theatre, Call)).state is CallState.CONNECTING
    await simulator.advance(WITHIN)
    assert (await one(theatre, Call)).state is CallState.TALKING
    assert (await one(theatre, Interaction)).answered_at <= met_at


async def test_a_whole_conversation_that_nobody_told_of_counts_as_answered(theatre: Theatre) -> None:
    """Joining, leaving and hanging up are lost; who ended the conference says that they had met."""
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    await take(theatre, agent)
    await until_connecting(theatre)
    simulator.faults.lose_callbacks = 1.0
    await simulator.advance(3)
    simulator.hang_up(sid)
    await simulator.advance(WITHIN)
    assert (await one(theatre, Interaction)).outcome is Outcome.ANSWERED
    assert (await one(theatre, Seat)).state is Presence.WRAPUP


async def test_an_agent_whose_joining_nobody_told_is_hung_up_on_and_the_caller_goes_on(
    theatre: Theatre,
) -> None:
    simulator = theatre.stage.simulator
    first = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    simulator.faults.lose_callbacks = 1.0
    await take(theatre, first)
    await simulator.advance(12)
    assert (await one(theatre, Leg)).state is LegState.FAILED
    assert [leg.sid for leg in simulator.live_legs] == [sid]
    simulator.faults.lose_callbacks = 0.0
    second = await ready(theatre, 1)
    await simulator.advance(2)
    await take(theatre, second)
    await simulator.advance(8)
    assert (await one(theatre, Call)).state is CallState.TALKING


async def test_a_contact_whose_leaving_nobody_told_gives_the_caller_back(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    sid, agent, call_id = await talking(theatre)
    simulator.faults.lose_callbacks = 0.0
    await agent.do(f"/calls/{call_id}/escalation")
    await simulator.advance(60)
    contact = next(leg for leg in simulator.live_legs if leg.direction == "outbound-api")
    simulator.faults.lose_callbacks = 1.0
    simulator.hang_up(contact.sid)
    await simulator.advance(WITHIN)
    assert (await one(theatre, Call)).state is CallState.TALKING
    assert [thing.kind for thing in simulator.hears(sid)] == ["leg"]


async def test_a_hold_that_the_carrier_never_carried_out_is_ordered_again(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    sid, agent, call_id = await talking(theatre)
    await agent.do(f"/calls/{call_id}/hold")
    await simulator.advance(2)
    conference = simulator.leg(sid).conference
    participant = simulator.leg(sid).participant
    assert conference is not None
    assert participant is not None
    simulator.exchange.hall.resume(conference, participant)
    await simulator.advance(WITHIN + 12)
    assert participant.held


async def test_a_closed_call_that_the_carrier_still_carries_is_hung_up(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    await talking(theatre)
    async with across_shops(theatre.stage.house.staff) as session:
        await session.execute(
            update(Call).values(state=CallState.CLOSED, ended_at=simulator.now, status_rank=9)
        )
    theatre.stage.wake()
    await simulator.advance(60)
    call = await one(theatre, Call)
    assert simulator.live_legs == []
    assert call.settled_at is not None
    assert (await one(theatre, Leg)).state is LegState.LEFT
    kinds_ordered = {order.kind for order in await every(theatre, CarrierOrder)}
    assert OrderKind.REMOVE in kinds_ordered


async def test_a_caller_who_left_the_queue_by_an_order_without_an_answer_is_not_taken_for_gone(
    theatre: Theatre,
) -> None:
    """The first order took effect, its answer was lost, and so was the report of the caller's joining."""
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    await take(theatre, agent)
    await until_connecting(theatre)
    simulator.faults.lose_callbacks, simulator.faults.rest_timeout = 1.0, 1.0
    await simulator.advance(2)
    simulator.faults.rest_timeout = 0.0
    [connect] = [one for one in await every(theatre, CarrierOrder) if one.kind is OrderKind.CONNECT]
    assert connect.state is OrderState.UNKNOWN
    await simulator.advance(WITHIN)
    assert (await one(theatre, Call)).state is CallState.TALKING
    assert not simulator.leg(sid).is_over


async def test_each_call_is_taken_by_one_process_only(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(3)
    later = simulator.now + reconciling.WHILE_WAITING
    house = theatre.stage.house
    async with across_shops(house.worker) as first, across_shops(house.worker) as second:
        assert len(await reconciling.claim_due(first, now=later)) == 1
        assert await reconciling.claim_due(second, now=later) == []


async def test_a_carrier_that_does_not_answer_changes_nothing(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    await talking(theatre)
    simulator.faults.rest_busy = 1.0
    await simulator.advance(60)
    assert (await one(theatre, Call)).state is CallState.TALKING


@pytest.mark.parametrize(
    ("lost", "hangs_up_after", "seed"),
    [(1.0, 4.0, 1), (1.0, 9.0, 2), (1.0, 30.0, 3), (0.5, 9.5, 4), (0.5, 14.0, 5), (0.5, 45.0, 6)],
)
async def test_whatever_is_lost_and_whenever_the_caller_hangs_up_there_is_one_end(
    theatre: Theatre, lost: float, hangs_up_after: float, seed: int
) -> None:
    simulator = theatre.stage.simulator
    simulator.exchange.chance.seed(seed)
    simulator.faults.lose_callbacks = lost
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    simulator.after(hangs_up_after, lambda: simulator.hang_up(sid))
    await simulator.advance(8)
    if any(offer.state is OfferState.OFFERED for offer in await every(theatre, Offer)):
        await take(theatre, agent)
    await simulator.advance(200)
    call = await one(theatre, Call)
    assert (call.state, call.settled_at is not None) == (CallState.CLOSED, True)
    assert (await kinds(theatre)).count("ended") == 1
    assert simulator.live_legs == []
    assert not any(offer.state in LIVE_OFFERS for offer in await every(theatre, Offer))
    assert not any(
        one.ended_at is None and one.wrapup_since is None for one in await every(theatre, Engagement)
    )
