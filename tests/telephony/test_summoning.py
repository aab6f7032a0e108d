"""A question that waits rings the shop's people one after the other, or texts them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from interactions import commands as log
from interactions.commands import Opening
from interactions.questions import commands as questions
from interactions.questions.commands import Asked
from interactions.questions.jobs import ReachByTelephone
from interactions.questions.models import QuestionReach, ShopQuestion
from interactions.questions.values import QuestionState
from interactions.values import Channel
from nanori.actors import SYSTEM
from nanori.db import across_shops
from telephony.adapters.simulator.endpoints import Endpoint
from telephony.summoning import reach_by_telephone
from telephony.summons_models import Summons
from telephony.values import SummonsState
from tenants.escalation.commands import StepFacts, set_policy
from tenants.escalation.values import Medium
from tenants.queries import contacts_of
from tests.telephony.conftest import FIRST_CONTACT, NUMBER, SECOND_CONTACT, Theatre
from tests.telephony.test_flow import one

REFUND = Asked(subject="返金", text="返金してよいですか。", amount_yen=2800)


async def ask(theatre: Theatre, medium: Medium) -> None:
    """The first try of a policy with this medium alone is due, and its job runs twice."""
    house = theatre.stage.house
    now = house.clock.now()
    async with across_shops(house.staff) as session:
        tenant_id = theatre.shop.tenant_id
        people = tuple(contact.id for contact in await contacts_of(session, tenant_id))
        step = StepFacts(medium=medium, contacts=people, wait_minutes=30)
        await set_policy(session, tenant_id, None, [step], now=now)
        about = await log.open_interaction(session, tenant_id, Opening(channel=Channel.MAIL), now=now)
        question = await questions.ask(session, about, REFUND, actor=SYSTEM, now=now)
        await questions.advance(session, tenant_id, question.id, now=now)
        reach = await session.scalar(select(QuestionReach))
        assert reach is not None
        for _ in range(2):
            job = ReachByTelephone(tenant_id=tenant_id, reach_id=reach.id)
            await reach_by_telephone.handle(session, job)
    theatre.stage.wake()


async def states(theatre: Theatre) -> list[tuple[SummonsState, str]]:
    async with across_shops(theatre.stage.house.staff) as session:
        found = await session.scalars(select(Summons).order_by(Summons.position))
        return [(row.state, row.to) for row in found]


async def reached(theatre: Theatre) -> list[str]:
    return [person["how"] for person in (await one(theatre, QuestionReach)).people]


def called(theatre: Theatre) -> list[str]:
    return [leg.to for leg in theatre.stage.simulator.exchange.legs.values()]


async def test_the_next_is_rung_when_the_first_picks_up_without_the_1(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    simulator.settings.endpoints[FIRST_CONTACT] = Endpoint(behaviour="voicemail")
    simulator.settings.endpoints[SECOND_CONTACT] = Endpoint(digits="1")
    await ask(theatre, Medium.PHONE)
    await simulator.advance(60)

    assert called(theatre) == [FIRST_CONTACT, SECOND_CONTACT]
    assert await reached(theatre) == ["unpressed", "pressed"]
    assert (await one(theatre, ShopQuestion)).state is QuestionState.ACKNOWLEDGED
    assert await states(theatre) == [(SummonsState.FAILED, ""), (SummonsState.REACHED, "")]
    assert not simulator.problems
    assert not simulator.contract_violations


async def test_whoever_presses_1_first_spares_the_others_and_a_seen_question_rings_nobody(
    theatre: Theatre,
) -> None:
    simulator = theatre.stage.simulator
    simulator.settings.endpoints[FIRST_CONTACT] = Endpoint(digits="1")
    await ask(theatre, Medium.PHONE)
    await simulator.advance(60)

    assert called(theatre) == [FIRST_CONTACT]
    assert await states(theatre) == [(SummonsState.REACHED, ""), (SummonsState.GIVEN_UP, "")]


async def test_when_nobody_is_reached_a_person_has_to_call(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    for number in (FIRST_CONTACT, SECOND_CONTACT):
        simulator.settings.endpoints[number] = Endpoint(behaviour="busy")
    await ask(theatre, Medium.PHONE)
    await simulator.advance(60)

    assert await reached(theatre) == ["busy", "busy"]
    assert (await one(theatre, QuestionReach)).failure == "nobody_reached"
    assert (await one(theatre, ShopQuestion)).state is QuestionState.ASKED


async def test_a_text_has_a_link_and_nothing_of_anybody(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    await ask(theatre, Medium.SMS)
    await simulator.advance(30)

    texts, number = list(simulator.exchange.messages.values()), (await one(theatre, ShopQuestion)).number
    assert {text["to"] for text in texts} == {FIRST_CONTACT, SECOND_CONTACT}
    for text in texts:
        assert text["from"] == NUMBER
        assert "/shop-questions" in text["body"]
        assert f"（#{number}）" in text["body"]
        assert not any(word in text["body"] for word in ("返金", "2,800", "2800", "店長"))
    assert await reached(theatre) == ["delivered", "delivered"]
    assert (await one(theatre, ShopQuestion)).state is QuestionState.ASKED
    assert not simulator.contract_violations


@pytest.mark.parametrize(("medium", "seconds"), [(Medium.PHONE, 95), (Medium.SMS, 605)])
async def test_what_the_carrier_tells_nothing_of_has_reached_nobody(
    theatre: Theatre, medium: Medium, seconds: int
) -> None:
    simulator = theatre.stage.simulator
    simulator.exchange.faults.lose_callbacks = 1.0
    for number in (FIRST_CONTACT, SECOND_CONTACT):
        simulator.settings.endpoints[number] = Endpoint(behaviour="busy")
    await ask(theatre, medium)
    await simulator.advance(seconds)
    if medium is Medium.PHONE:
        await simulator.advance(seconds)

    assert await reached(theatre) == ["unknown", "unknown"]
    assert theatre.stage.house.clock.now() > (await one(theatre, QuestionReach)).at + timedelta(seconds=90)
