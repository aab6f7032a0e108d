"""A new shop can say why shoppers call, from its first call on."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Reason
from interactions.worker import FIRST_REASONS, give_reasons
from tenants.events import ShopAdded
from tests.support.clock import START
from tests.support.people import a_shop


async def test_a_new_shop_gets_the_usual_reasons_once(session: AsyncSession) -> None:
    shop = await a_shop(session)
    news = ShopAdded(tenant_id=shop.tenant_id, at=START)

    await give_reasons.handle(session, news)
    await give_reasons.handle(session, news)

    codes = await session.scalars(select(Reason.code).order_by(Reason.position))
    assert list(codes) == [code for code, _, _ in FIRST_REASONS]
