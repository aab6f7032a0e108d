"""A desk and somebody who sets it up."""

from collections.abc import AsyncGenerator

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession

from desks import roster
from desks.models import Desk
from nanori.actors import Role
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in


@pytest.fixture
async def desk(session: AsyncSession) -> Desk:
    shop = await a_shop(session)
    desk = await roster.open_standing_desk(session, shop.tenant_id, name="お客様窓口", now=START)
    await session.commit()
    return desk


@pytest.fixture
async def supervisor(app: Litestar, session: AsyncSession) -> AsyncGenerator[Client]:
    account = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, account) as client:
        yield client
