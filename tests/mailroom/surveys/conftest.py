"""A shop whose shoppers are asked, and a mail that was answered with the question."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Case
from mailroom.commands.answering import Answer, answer_case
from mailroom.surveys.commands import set_rule
from mailroom.surveys.links import Links
from mailroom.surveys.values import SurveyKind
from mailroom.values import AfterAnswer
from nanori.actors import Actor, ActorKind
from nanori.db import bind_all_shops
from nanori.installation import Installation
from nanori.words import register_catalogues
from tests.mailroom.conftest import MailShop, Receives, house, postman, receives, shop
from tests.support.clock import TestClock

__all__ = ["house", "postman", "receives", "shop"]
register_catalogues(["mailroom"])
Answers = Callable[..., Awaitable[Case]]


@pytest.fixture
def links(house: Installation) -> Links:
    return Links(house.settings.secret_key, house.settings.public_url)


@pytest.fixture
async def asking(session: AsyncSession, shop: MailShop) -> MailShop:
    """Everybody whose matter is settled is asked for a CSAT score."""
    await set_rule(session, shop.id, SurveyKind.CSAT, {})
    await session.commit()
    await bind_all_shops(session)
    return shop


@pytest.fixture
def answers(session: AsyncSession, receives: Receives, clock: TestClock, links: Links) -> Answers:
    """Let a mail come in and answer it."""

    async def settle(
        shop: MailShop, raw: bytes, *, after: AfterAnswer = AfterAnswer.DONE, asks: bool = True
    ) -> Case:
        await receives(raw)
        await bind_all_shops(session)
        case = (await session.scalars(select(Case).order_by(Case.number.desc()).limit(1))).one()
        await session.refresh(case)
        agent = Actor(kind=ActorKind.AGENT, account_id=shop.agent.id)
        answer = Answer(
            text="発送しました。", version=case.version, after=after, links=links if asks else None
        )
        await answer_case(session, shop.id, case.id, answer, actor=agent, now=clock.now())
        await session.commit()
        await bind_all_shops(session)
        return case

    return settle
