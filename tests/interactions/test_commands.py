"""The log: numbers without gaps, one outcome, shoppers of one shop only."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands
from interactions.commands import Opening
from interactions.errors import InteractionNotFound, ReasonUnknown
from interactions.models import Interaction, InteractionEvent, Shopper
from interactions.values import Channel, EventKind, HandleKind, Outcome
from nanori.actors import SYSTEM
from nanori.db import bind_tenants, unit_of_work
from nanori.installation import Installation
from tests.support.clock import START
from tests.support.people import a_shop

PHONE = Opening(channel=Channel.PHONE)
MANY = 12


async def test_numbers_of_a_shop_have_no_gaps_even_after_a_rollback(session: AsyncSession) -> None:
    shop = await a_shop(session)
    first = await commands.open_interaction(session, shop.tenant_id, PHONE, now=START)
    attempt = await session.begin_nested()
    await commands.open_interaction(session, shop.tenant_id, PHONE, now=START)
    await attempt.rollback()
    second = await commands.open_interaction(session, shop.tenant_id, PHONE, now=START)

    assert (first.number, second.number) == (1, 2)


async def test_events_are_numbered_from_one_without_gaps(session: AsyncSession) -> None:
    shop = await a_shop(session)
    interaction = await commands.open_interaction(session, shop.tenant_id, PHONE, now=START)
    for kind in (EventKind.QUEUED, EventKind.OFFERED):
        await commands.record(session, interaction, kind, actor=SYSTEM, at=START)

    events = await session.scalars(select(InteractionEvent).order_by(InteractionEvent.seq))
    assert [(event.seq, event.kind) for event in events] == [
        (1, EventKind.ARRIVED), (2, EventKind.QUEUED), (3, EventKind.OFFERED),
    ]  # fmt: skip


async def test_an_interaction_gets_one_outcome_and_keeps_it(session: AsyncSession) -> None:
    shop = await a_shop(session)
    one = await commands.open_interaction(session, shop.tenant_id, PHONE, now=START)
    first = await commands.close(session, one, Outcome.ABANDONED, actor=SYSTEM, at=START, by="shopper")
    second = await commands.close(session, one, Outcome.ANSWERED, actor=SYSTEM, at=START, by="agent")

    assert (first, second, one.outcome) == (True, False, Outcome.ABANDONED)


async def test_the_same_number_at_two_shops_is_two_shoppers(session: AsyncSession) -> None:
    ours, theirs = await a_shop(session), await a_shop(session)
    ids = [
        await commands.recognise_shopper(
            session, shop.tenant_id, HandleKind.PHONE, "+819000000001", now=START
        )
        for shop in (ours, theirs, ours)
    ]

    assert ids[0] == ids[2] != ids[1]


async def test_another_shops_interaction_does_not_exist(session: AsyncSession) -> None:
    ours, theirs = await a_shop(session), await a_shop(session)
    foreign = await commands.open_interaction(session, theirs.tenant_id, PHONE, now=START)
    await bind_tenants(session, [ours.tenant_id])
    session.expunge_all()

    with pytest.raises(InteractionNotFound):
        await commands.locked(session, theirs.tenant_id, foreign.id)


async def test_a_foreign_reason_is_refused(session: AsyncSession) -> None:
    shop = await a_shop(session)
    one = await commands.open_interaction(session, shop.tenant_id, PHONE, now=START)
    with pytest.raises(ReasonUnknown):
        await commands.wrap_up(session, one, reason_id=one.id, actor=SYSTEM, at=START)
    await commands.wrap_up(session, one, reason_id=None, actor=SYSTEM, at=START)
    assert one.wrapped_up_at == START


async def test_calls_that_arrive_at_once_share_a_shopper_and_have_numbers_of_their_own(
    clone: Installation,
) -> None:
    async with clone.staff.begin() as session:
        shop = await a_shop(session)

    async def arrive() -> None:
        async with unit_of_work(clone.staff, [shop.tenant_id]) as session:
            shopper = await commands.recognise_shopper(
                session, shop.tenant_id, HandleKind.PHONE, "+819000000001", now=START
            )
            opening = Opening(channel=Channel.PHONE, shopper_id=shopper)
            await commands.open_interaction(session, shop.tenant_id, opening, now=START)

    await asyncio.gather(*(arrive() for _ in range(MANY)))

    async with unit_of_work(clone.staff, [shop.tenant_id]) as session:
        found = (await session.scalars(select(Interaction))).all()
        shoppers = (await session.scalars(select(Shopper))).all()
    assert sorted(one.number for one in found) == list(range(1, MANY + 1))
    assert len({one.shopper_id for one in found}) == 1
    assert len(shoppers) == 1
