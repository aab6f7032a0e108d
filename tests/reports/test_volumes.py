"""What the database counts for forecasts is what the report's definitions count one by one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from desks.staffing.history import count, dates
from nanori.actors import Role
from nanori.db import bind_all_shops
from reports.log import calls_between
from reports.volumes import Weekdays, counted_calls, of_shop, weekday_calls
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


async def test_weekdays_are_those_of_each_shops_own_month(session: AsyncSession) -> None:
    """Tokyo's October begins while New York's September has half a day to go."""
    tokyo = await an_open_shop(session)
    new_york = await an_open_shop(session, slug="hudson")
    new_york.zone = "America/New_York"
    silent = await an_open_shop(session, slug="silent")
    agent = await an_account(session, Role.AGENT, shops=[tokyo.tenant_id, new_york.tenant_id])
    thursday, saturday = datetime(2026, 9, 30, 15, 5, tzinfo=UTC), datetime(2026, 10, 3, 1, 0, tzinfo=UTC)
    friday, last = thursday + timedelta(days=1), datetime(2026, 11, 1, 3, 55, tzinfo=UTC)
    for shop in (tokyo, new_york):
        book = ShopLog(session, shop, agent.id)
        for begins in (thursday - timedelta(minutes=10), thursday, friday, saturday, last):
            await book.answered(begins, talks=60)
    await bind_all_shops(session)

    found = await weekday_calls(session, date(2026, 10, 1), date(2026, 11, 1))

    handling = found[tokyo.tenant_id].handling
    assert handling
    assert found == {
        tokyo.tenant_id: _weekdays({0: 2}, answered=3, handling=handling),
        # yesterday's calls in Tokyo: Wednesday is September's, and the last call on Saturday the 31st
        new_york.tenant_id: _weekdays({11: 1, 21: 1}, answered=3, handling=handling),
    }
    assert silent.tenant_id not in found


def _weekdays(hours: dict[int, int], *, answered: int, handling: float) -> Weekdays:
    return Weekdays(
        hours=[hours.get(hour, 0) for hour in range(24)],
        answered=answered,
        worked_ms=round(handling * answered * 1000),
    )
