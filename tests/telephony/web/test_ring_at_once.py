"""The ring webhook under real transactions: what it costs, and what happens when it comes twice at once."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from litestar.testing import AsyncTestClient
from sqlalchemy import event, select, update

from interactions.models import Interaction, Shopper, ShopperHandle
from nanori.db import across_shops
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from telephony.models import Call
from tenants.models import Tenant
from tests.support.carrier import CarrierClient, a_call_sid
from tests.telephony.conftest import NUMBER, a_desk, a_ready_shop

AT_ONCE = 8


@pytest.fixture
async def carrier(clone: Installation) -> AsyncGenerator[CarrierClient]:
    async with across_shops(clone.staff) as session:
        await a_desk(session, await a_ready_shop(session, NUMBER))
    with borrowed_app(clone) as app:
        async with AsyncTestClient(app, base_url=clone.settings.public_url) as client:
            yield CarrierClient(client, clone.settings)


async def test_one_ring_delivered_many_times_at_once_is_one_call_with_one_answer(
    carrier: CarrierClient, clone: Installation
) -> None:
    answers = await asyncio.gather(*(carrier.ring(a_call_sid(1), NUMBER) for _ in range(AT_ONCE)))

    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    async with across_shops(clone.staff) as session:
        assert len((await session.scalars(select(Call))).all()) == 1
        assert len((await session.scalars(select(Interaction))).all()) == 1


async def test_rings_of_one_shop_at_once_have_numbers_without_gaps(
    carrier: CarrierClient, clone: Installation
) -> None:
    await asyncio.gather(*(carrier.ring(a_call_sid(number), NUMBER) for number in range(AT_ONCE)))

    async with across_shops(clone.staff) as session:
        numbers = (await session.scalars(select(Interaction.number).order_by(Interaction.number))).all()
    assert list(numbers) == list(range(1, AT_ONCE + 1))


async def test_a_stranger_who_rings_many_times_at_once_is_one_shopper(
    carrier: CarrierClient, clone: Installation
) -> None:
    await asyncio.gather(*(carrier.ring(a_call_sid(number), NUMBER) for number in range(AT_ONCE)))

    async with across_shops(clone.staff) as session:
        shopper = (await session.scalars(select(Shopper))).one()
        handle = (await session.scalars(select(ShopperHandle))).one()
        of_calls = (await session.scalars(select(Interaction.shopper_id))).all()
    assert handle.shopper_id == shopper.id
    assert set(of_calls) == {shopper.id}


@pytest.mark.parametrize("caller", ["+819011112222", "+819033334444"], ids=["known", "stranger"])
async def test_a_ring_takes_two_statements_when_the_front_door_is_as_it_was(
    carrier: CarrierClient, clone: Installation, caller: str
) -> None:
    await carrier.ring(a_call_sid(1), NUMBER)
    said: list[str] = []
    for engine in clone.engines:
        event.listen(engine.sync_engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    await carrier.ring(a_call_sid(2), NUMBER, caller)

    assert len(said) == 2, said


async def test_a_change_is_heard_by_the_very_next_caller(carrier: CarrierClient, clone: Installation) -> None:
    before = (await carrier.ring(a_call_sid(1), NUMBER)).text
    async with across_shops(clone.staff) as session:
        await session.execute(update(Tenant).values(recording_notice="通話を録音しています。"))
    after = (await carrier.ring(a_call_sid(2), NUMBER)).text

    assert ("録音" in before, "録音" in after) == (False, True)
