"""A test call to a seasonal desk's number: what it finds out, and that nothing of it stays."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from desks import life
from desks.models import Desk
from desks.season_queries import season_of
from desks.values import DeskState
from nanori.actors import SYSTEM
from nanori.db import bind_all_shops
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from nanori_app.rehearse.one_call import try_number
from tenants.hours import Span
from tenants.models import Tenant
from tests.support.clock import START
from tests.support.people import count
from tests.support.seasons import MOTHERS_DAY, POOL, a_draft, a_pool
from tests.telephony.conftest import NUMBER, a_desk, a_ready_shop

GREETING = "お電話ありがとうございます。母の日窓口でございます。"


@pytest.fixture
async def checked(session: AsyncSession) -> tuple[Tenant, Desk]:
    shop = await a_ready_shop(session, NUMBER)
    await a_desk(session, shop)
    await a_pool(session)
    desk = await a_draft(session, shop)
    season = await season_of(session, shop.tenant_id, desk.id)
    await life.reserve(session, shop, desk, season, actor=SYSTEM, now=START)
    await session.commit()
    return shop, desk


async def test_a_test_call_hears_all_three_and_leaves_nothing_behind(
    session: AsyncSession, installation: Installation, checked: tuple[Tenant, Desk]
) -> None:
    shop, desk = checked
    heard = await try_number(installation, borrowed_app, shop.tenant_id, desk.id, POOL[0])

    assert heard.good
    assert heard.before == "母の日窓口は、4月20日から承ります。"
    assert heard.during == heard.expected == GREETING
    assert heard.after == "母の日窓口は、終了いたしました。"
    await bind_all_shops(session)
    assert [await count(session, table) for table in ("call", "interaction", "interaction_event")] == [
        0,
        0,
        0,
    ]
    await session.refresh(desk)
    assert desk.state is DeskState.CHECKING


async def test_a_number_that_leads_elsewhere_fails_although_somebody_greets(
    installation: Installation, checked: tuple[Tenant, Desk]
) -> None:
    shop, desk = checked
    heard = await try_number(installation, borrowed_app, shop.tenant_id, desk.id, NUMBER)

    assert not heard.good
    assert heard.during == "お電話ありがとうございます。みなとこーひーでございます。"


async def test_a_desk_that_never_opens_fails(
    session: AsyncSession, installation: Installation, checked: tuple[Tenant, Desk]
) -> None:
    shop, _ = checked
    await bind_all_shops(session)
    sundays = {6: (Span(540, 1080),)}
    a_tuesday = replace(MOTHERS_DAY, closes_on=MOTHERS_DAY.opens_on, own_hours=True, week=sundays)
    desk = await a_draft(session, shop, a_tuesday)
    season = await season_of(session, shop.tenant_id, desk.id)
    await life.reserve(session, shop, desk, season, actor=SYSTEM, now=START)
    await session.commit()

    assert not (await try_number(installation, borrowed_app, shop.tenant_id, desk.id, POOL[1])).good
