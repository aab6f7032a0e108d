"""What callers of a seasonal desk's number hear before, during and after, played by the simulated carrier."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk, Waiting
from desks.planning import Plan
from desks.values import DeskState, Outside
from interactions.models import Interaction
from interactions.values import Outcome
from nanori.db import across_shops
from nanori.installation import Installation
from nanori_app.rehearse.carrier import SimulatorClock
from nanori_app.rehearse.stage import stage
from tenants.hours import Span
from tenants.models import Tenant
from tests.support.seasons import MOTHERS_DAY, POOL, a_pool, a_season
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre, a_desk, a_ready_shop
from tests.telephony.test_flow import every, one
from tests.telephony.test_menu import healthy, heard

TOKYO = ZoneInfo("Asia/Tokyo")
SHOPS_GREETING = "say: お電話ありがとうございます。みなとこーひーでございます。"


def day(month: int, number: int, hour: int = 12) -> datetime:
    return datetime(2027, month, number, hour, tzinfo=TOKYO)


@pytest.fixture
async def theatre(clone: Installation, request: pytest.FixtureRequest) -> AsyncGenerator[Theatre]:
    """The season's desk beside the standing one; the play begins at the time of the test's mark."""
    start, plan = request.param
    house = replace(clone, clock=SimulatorClock(start))
    async with across_shops(house.staff) as session:
        shop = await a_ready_shop(session, NUMBER)
        desk = await a_desk(session, shop)
        await _the_season(session, shop, plan)
    async with stage(house, seed=7, start=start, numbers=[NUMBER, POOL[0]]) as set_stage:
        set_stage.look_again(1)
        yield Theatre(set_stage, shop, desk, [])


async def _the_season(session: AsyncSession, shop: Tenant, plan: Plan) -> Desk:
    await a_pool(session)
    desk, _ = await a_season(session, shop, plan)
    return desk


async def call(theatre: Theatre, number: str = POOL[0], seconds: float = 30) -> list[str]:
    await theatre.stage.simulator.advance(3)
    sid = theatre.stage.simulator.place_call(SHOPPER, number)
    await theatre.stage.simulator.advance(seconds)
    healthy(theatre)
    return heard(theatre, sid)


FORWARDED = replace(MOTHERS_DAY, outside=Outside.FORWARD)
OWN = replace(MOTHERS_DAY, wanted_numbers=0, wanted_lines=(NUMBER,))
ALL_DAY = replace(MOTHERS_DAY, own_hours=True, week={each: (Span(0, 1440),) for each in range(8)})
LATE = replace(MOTHERS_DAY, own_hours=True, week={each: (Span(1200, 1440),) for each in range(8)})


@pytest.mark.parametrize("theatre", [(day(4, 19), MOTHERS_DAY)], indirect=True)
async def test_before_the_season_callers_hear_when_it_begins(theatre: Theatre) -> None:
    said = await call(theatre)

    assert said[0] == "say: 母の日窓口は、4月20日から承ります。"
    found = await one(theatre, Interaction)
    assert found.outcome is Outcome.OUT_OF_HOURS
    assert found.desk_id != theatre.desk.id
    assert await every(theatre, Waiting) == []


@pytest.mark.parametrize("theatre", [(day(4, 20), MOTHERS_DAY)], indirect=True)
async def test_in_the_season_callers_wait_at_its_desk_and_hear_its_greeting(theatre: Theatre) -> None:
    said = await call(theatre)

    assert said[0] == "say: お電話ありがとうございます。母の日窓口でございます。"
    waiting = await one(theatre, Waiting)
    desk = next(each for each in await every(theatre, Desk) if each.id == waiting.desk_id)
    assert (desk.name, desk.state) == ("母の日窓口", DeskState.OPEN)


@pytest.mark.parametrize("theatre", [(day(5, 11), MOTHERS_DAY)], indirect=True)
async def test_after_the_season_callers_hear_that_it_is_over(theatre: Theatre) -> None:
    assert (await call(theatre))[0] == "say: 母の日窓口は、終了いたしました。"
    assert {each.state for each in await every(theatre, Desk)} == {DeskState.OPEN, DeskState.CLOSING}


@pytest.mark.parametrize("theatre", [(day(5, 11), FORWARDED)], indirect=True)
async def test_after_the_season_callers_can_be_put_through_to_the_standing_desk(theatre: Theatre) -> None:
    said = await call(theatre)

    assert said[:2] == ["say: 母の日窓口は、終了いたしました。", SHOPS_GREETING]
    assert (await one(theatre, Waiting)).desk_id == theatre.desk.id


@pytest.mark.parametrize("theatre", [(day(4, 19), OWN)], indirect=True)
async def test_the_shops_own_number_leads_to_its_standing_desk_until_the_season(theatre: Theatre) -> None:
    assert (await call(theatre, NUMBER))[0] == SHOPS_GREETING
    assert (await one(theatre, Waiting)).desk_id == theatre.desk.id


@pytest.mark.parametrize("theatre", [(day(5, 1), OWN)], indirect=True)
async def test_the_shops_own_number_leads_to_the_season_while_it_lasts(theatre: Theatre) -> None:
    assert (await call(theatre, NUMBER))[0] == "say: お電話ありがとうございます。母の日窓口でございます。"


@pytest.mark.parametrize("theatre", [(day(5, 1), MOTHERS_DAY)], indirect=True)
async def test_the_standing_desk_keeps_its_number_beside_the_season(theatre: Theatre) -> None:
    assert (await call(theatre, NUMBER))[0] == SHOPS_GREETING


@pytest.mark.parametrize("theatre", [(day(5, 2, 22), LATE)], indirect=True)
async def test_a_season_has_its_own_hours(theatre: Theatre) -> None:
    """Ten at night on a Sunday: the shop is closed, its season's desk is not."""
    assert (await call(theatre))[0] == "say: お電話ありがとうございます。母の日窓口でございます。"


@pytest.mark.parametrize("theatre", [(day(5, 11, 0) - timedelta(seconds=20), ALL_DAY)], indirect=True)
async def test_who_waits_when_the_season_ends_is_still_in_line(theatre: Theatre) -> None:
    """The desk closes while a caller waits: the place is kept, and the next caller hears that it is over."""
    await call(theatre, seconds=40)

    (first,) = await every(theatre, Waiting)
    assert first.state == "waiting"
    assert (await call(theatre))[0] == "say: 母の日窓口は、終了いたしました。"
