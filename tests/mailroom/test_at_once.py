"""Several at once, on a database of its own, each process under its own login role."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, select

from interactions.models import Case, Interaction
from interactions.values import CaseState, Outcome
from mailroom.adapters.sink import Sink
from mailroom.commands.answering import Answer, answer_case
from mailroom.commands.joining import Wanted, join_case
from mailroom.errors import CaseMovedOn
from mailroom.models import MailMessage, RawMessage
from mailroom.ports import POSTMAN
from mailroom.receiving import receive
from mailroom.values import Direction, RawState
from mailroom.worker import send_due_mail
from nanori.actors import Actor, ActorKind
from nanori.db import unit_of_work
from nanori.errors import Rejected
from nanori.installation import Installation
from tests.mailroom.conftest import MailShop, a_mail_shop


@pytest.fixture
async def own(clone: Installation) -> tuple[Installation, MailShop, Sink]:
    postman = Sink()
    async with clone.staff() as session:
        shop = await a_mail_shop(session)
    return replace(clone, plugged={POSTMAN: postman}), shop, postman


async def test_one_mail_delivered_ten_times_at_once_is_one(own: tuple[Installation, MailShop, Sink]) -> None:
    house, shop, _ = own
    receipts = await asyncio.gather(*(receive(house, shop.letter()) for _ in range(10)))
    assert sum(receipt.is_new for receipt in receipts) == 1
    async with unit_of_work(house.worker, [shop.id]) as session:
        assert (await session.scalars(select(RawMessage.state))).all() == [RawState.FILED]
        assert await session.scalar(select(func.count()).select_from(Interaction)) == 1


async def test_ten_mails_at_once_get_ten_numbers_without_a_gap(
    own: tuple[Installation, MailShop, Sink],
) -> None:
    house, shop, _ = own
    await asyncio.gather(*(receive(house, shop.letter(number=number)) for number in range(10)))
    async with unit_of_work(house.worker, [shop.id]) as session:
        assert sorted(await session.scalars(select(Case.number))) == list(range(1, 11))
        assert len(set(await session.scalars(select(Case.shopper_id)))) == 1


async def test_one_of_five_answers_at_once_goes_out_once(own: tuple[Installation, MailShop, Sink]) -> None:
    house, shop, postman = own
    await receive(house, shop.letter())
    actor = Actor(kind=ActorKind.AGENT, account_id=shop.agent.id)

    async def answer(number: int) -> bool:
        try:
            async with unit_of_work(house.staff, [shop.id]) as session:
                case_id = (await session.scalars(select(Case.id))).one()
                wanted = Answer(text=f"answer {number}", version=1)
                await answer_case(session, shop.id, case_id, wanted, actor=actor, now=house.clock.now())
        except CaseMovedOn:
            return False
        return True

    assert sum(await asyncio.gather(*(answer(number) for number in range(5)))) == 1
    await asyncio.gather(*(send_due_mail(house, house.clock.now()) for _ in range(4)))
    assert len(postman.taken) == 1
    async with unit_of_work(house.staff, [shop.id]) as session:
        ours = select(func.count()).where(MailMessage.direction == Direction.OUTBOUND)
        assert await session.scalar(ours) == 1
        assert (await session.scalars(select(Interaction.outcome))).all() == [Outcome.REPLIED]


async def test_two_cases_joined_both_ways_at_once_become_one(
    own: tuple[Installation, MailShop, Sink],
) -> None:
    house, shop, _ = own
    await receive(house, shop.letter(number=1))
    await receive(house, shop.letter(number=2))
    actor = Actor(kind=ActorKind.AGENT, account_id=shop.agent.id)
    async with unit_of_work(house.staff, [shop.id]) as session:
        one, other = (await session.scalars(select(Case.id).order_by(Case.number))).all()

    async def join(case_id: UUID, into_id: UUID) -> bool:
        wanted = Wanted(into_id=into_id, version=1, reason="")
        try:
            async with unit_of_work(house.staff, [shop.id]) as session:
                await join_case(session, shop.id, case_id, wanted, actor=actor, now=house.clock.now())
        except Rejected:
            return False
        return True

    done = await asyncio.gather(*(join(*pair) for pair in [(one, other), (other, one)] * 3))
    assert sum(done) == 1
    async with unit_of_work(house.staff, [shop.id]) as session:
        assert sorted(await session.scalars(select(Case.state))) == [CaseState.JOINED, CaseState.OPEN]
