"""Whatever changes the board is announced to it: a change that nobody tells is seen a minute later."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from desks import offers, presence, roster
from desks.values import BreakReason, Presence
from nanori import live
from nanori.db import across_shops
from nanori.installation import Installation
from telephony.models import Call
from tests.nanori_app.pages.test_desk_view import COFFEE
from tests.support import desk_stage as scene
from tests.support.clock import START
from tests.support.desk_stage import TAB, Stage

FOLLOWED = {"call", "callback", "presence", "waiting", "refresh"}
"""What the page listens to (``static/floor/follow.js``)."""
SOON = 30.0


@pytest.fixture
async def house(clone: Installation) -> Installation:
    await clone.hub.start()
    return clone


@asynccontextmanager
async def is_told(house: Installation) -> AsyncGenerator[AsyncSession]:
    """One transaction, of whose commit the floor must hear."""
    async with house.hub.subscription(live.FLOOR) as heard:
        async with across_shops(house.staff) as session:
            yield session
        news = await asyncio.wait_for(heard.get(), SOON)
    assert news.event in FOLLOWED


async def test_a_call_that_waits_rings_and_is_given_up(house: Installation) -> None:
    async with house.staff.begin() as session:
        stage = await scene.set_stage(session, [COFFEE], now=START)
    async with is_told(house) as session:
        await scene.be_ready(session, stage, now=START)
    async with is_told(house) as session:
        call = await scene.caller_waits(session, stage, stage.shops[0], now=START)
    async with is_told(house) as session:
        await scene.call_rings(session, stage, call, now=START)
    async with is_told(house) as session:
        await offers.withdraw_waiting(session, call.tenant_id, call.interaction_id, now=START)


async def test_a_caller_who_hangs_up_before_anybody_was_asked(house: Installation) -> None:
    async with house.staff.begin() as session:
        stage = await scene.set_stage(session, [COFFEE], now=START)
    async with is_told(house) as session:
        call = await scene.caller_waits(session, stage, stage.shops[0], now=START)
    async with is_told(house) as session:
        await scene.caller_gives_up(
            session, await session.get_one(Call, (call.tenant_id, call.id)), now=START
        )


async def test_a_call_that_is_taken_and_ended(house: Installation) -> None:
    async with house.staff.begin() as session:
        stage = await scene.set_stage(session, [COFFEE], now=START)
        await scene.be_ready(session, stage, now=START)
        call = await scene.caller_waits(session, stage, stage.shops[0], now=START)
        offer = await scene.call_rings(session, stage, call, now=START)
    async with is_told(house) as session:
        await offers.accept(
            session, offer.id, agent_id=stage.agent.id, tab=TAB, shop_id=call.tenant_id, now=START
        )
    async with across_shops(house.staff) as session:
        await offers.joined(session, offer.id, agent_id=stage.agent.id, now=START)
        await scene.caller_joins(
            session, stage, await session.get_one(Call, (call.tenant_id, call.id)), now=START
        )
    async with is_told(house) as session:
        await scene.call_ends(session, await session.get_one(Call, (call.tenant_id, call.id)), now=START)


Deed = Callable[[AsyncSession, Stage], Awaitable[None]]


async def goes_on_a_break(session: AsyncSession, stage: Stage) -> None:
    await presence.choose_presence(
        session, stage.agent.id, Presence.BREAK, reason=BreakReason.LUNCH, now=START
    )


async def opens_the_overflow(session: AsyncSession, stage: Stage) -> None:
    shop = stage.shops[0].tenant_id
    until = START + timedelta(minutes=15)
    await roster.open_overflow(session, shop, desk_id=stage.desks[shop].id, until=until)


@pytest.mark.parametrize("deed", [goes_on_a_break, opens_the_overflow])
async def test_what_people_decide(house: Installation, deed: Deed) -> None:
    async with house.staff.begin() as session:
        stage = await scene.set_stage(session, [COFFEE], now=START)
    async with is_told(house) as session:
        await deed(session, stage)
