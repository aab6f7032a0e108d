"""The gate of a season that opens in these days: its shifts have to cover the calls planned."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from desks import roster
from desks.gates import Asked, Item
from desks.planning import Place
from desks.season_queries import season_of
from desks.shifts.entry import read
from desks.shifts.week import Cell, Scope, plan_shifts
from nanori.actors import Role
from reports.start_gate import near_days, shift_items
from tests.reports.logged import an_open_shop
from tests.support.clock import START
from tests.support.people import an_account
from tests.support.seasons import MOTHERS_DAY, a_draft

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = date(2026, 11, 2)
WEEK = timedelta(days=7)


async def test_the_shifts_alone_keep_a_season_from_opening(session: AsyncSession) -> None:
    """Two calls of five minutes in half an hour need two agents, from nine to six, lunch included."""
    shop = await an_open_shop(session)
    agents = [await an_account(session, Role.AGENT, shops=[shop.tenant_id]) for _ in range(2)]
    plan = replace(
        MOTHERS_DAY, opens_on=MONDAY, closes_on=MONDAY, busy_calls=2,
        people={one.id: Place(level=1, certified=True) for one in agents},
    )  # fmt: skip
    desk = await a_draft(session, shop, plan)
    season = await season_of(session, shop.tenant_id, desk.id)

    async def item(now: datetime = START) -> Item:
        (found,) = await shift_items(session, Asked(shop=shop, desk=desk, season=season, now=now))
        return found

    missing = await item()
    typed = zip(agents, ("9-18/12-13", "9-18"), strict=True)
    plans = {Cell(one.id, MONDAY): read(times) for one, times in typed}
    await plan_shifts(session, Scope(), plans, zone=TOKYO)
    at_lunch = await item()
    await plan_shifts(session, Scope(), {Cell(agents[0].id, MONDAY): read("9-18")}, zone=TOKYO)
    covered = await item()
    await roster.set_away(session, shop.tenant_id, desk_id=desk.id, percent=20)
    with_some_away = await item()
    in_the_evening = await item(datetime(2026, 11, 2, 18, 12, tzinfo=TOKYO))

    ten, noon = (datetime(2026, 11, 2, hour, tzinfo=TOKYO) for hour in (10, 12))
    assert (missing.done, missing.params) == (False, {"at": ten, "needed": "2", "there": "0"})
    assert (at_lunch.done, at_lunch.params["at"], at_lunch.params["there"]) == (False, noon, "1")
    assert covered.done
    assert (with_some_away.done, with_some_away.params["needed"]) == (False, "3")
    assert in_the_evening.done, "nobody can be put on shift in the morning any more"


def test_only_days_close_by_are_asked_for() -> None:
    assert near_days(MONDAY + WEEK, MONDAY + WEEK, MONDAY) == []
    assert near_days(MONDAY - WEEK, MONDAY + timedelta(days=1), MONDAY) == [
        MONDAY, MONDAY + timedelta(days=1)
    ]  # fmt: skip
