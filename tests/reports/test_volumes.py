"""What the database counts for forecasts is what the report's definitions count one by one."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from desks.staffing.history import count, dates
from nanori.actors import Role
from nanori.db import bind_all_shops
from reports.log import calls_between
from reports.volumes import counted_calls, of_shop
from tests.reports.logged import MONDAY, ShopLog, an_open_shop, every_kind
from tests.reports.months import at
from tests.support.people import an_account

TOKYO = ZoneInfo("Asia/Tokyo")


async def test_the_database_counts_as_the_report_does(session: AsyncSession) -> None:
    shop = await an_open_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    book = ShopLog(session, shop, agent.id)
    await every_kind(book)
    await book.answered(at(MONDAY + timedelta(days=2), 9, 29), talks=60)
    await book.answered(at(MONDAY + timedelta(days=2), 9, 30), talks=60)
    await bind_all_shops(session)
    since, until = at(MONDAY, 0), at(MONDAY + timedelta(days=4), 0)

    found = of_shop(await counted_calls(session, [shop.tenant_id], since, until), shop.tenant_id)
    calls = [one for one in await calls_between(session, shop, since, until) if one.is_offered]
    days = dates(MONDAY, MONDAY + timedelta(days=3))
    answered = [one for one in calls if one.is_answered]
    worked = sum(one.talk_ms + one.hold_ms + one.acw_ms for one in answered)

    expected = count([one.arrived_at for one in calls], TOKYO, days)
    assert found.history(TOKYO, MONDAY + timedelta(days=4)) == expected
    assert sum(map(sum, expected.calls.values())) > 5
    assert found.handling == pytest.approx(worked / len(answered) / 1000)
    gone = [one for one in calls if one.abandoned_at is not None]
    left = [one.answered_at or one.abandoned_at or one.ended_at for one in calls]
    pairs = [(one.queued_at, when) for one, when in zip(calls, left, strict=True)]
    waits = [(when - since).total_seconds() for since, when in pairs if since and when]
    assert found.gave_up == len(gone) > 0
    assert found.waited_seconds == pytest.approx(sum(waits))
    assert found.patience is None, "so few say nothing"
