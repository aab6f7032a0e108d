"""A year of seasonal desks in two zones: no gap, no overlap, no number with another shop too early."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from desks import life
from desks.planning import Plan
from desks.seasons import Dates, Phase, due_move, first_moment, phase
from desks.values import DeskState
from nanori.actors import SYSTEM
from nanori.db import bind_all_shops
from nanori.errors import InvalidInput
from nanori.installation import Installation
from tenants import promises
from tenants.models import Tenant
from tenants.promises import Term, are_in_the_way
from tests.support.people import a_shop
from tests.support.seasons import MOTHERS_DAY, POOL, a_pool, a_season

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
SHOPS = {uuid4(): TOKYO, uuid4(): NEW_YORK, uuid4(): TOKYO}
LINES = ("+815031960101", "+815031960102", "+815031960103")
REST = timedelta(days=30)
YEAR = 2028
AN_HOUR = timedelta(hours=1)
EDGES = (
    (date(2027, 12, 31), date(2028, 1, 1)), (date(2028, 1, 31), date(2028, 1, 31)),
    (date(2028, 2, 29), date(2028, 2, 29)), (date(2028, 2, 28), date(2028, 3, 1)),
    (date(2028, 3, 12), date(2028, 3, 12)), (date(2028, 11, 5), date(2028, 11, 5)),
    (date(2028, 4, 30), date(2028, 5, 1)), (date(2028, 12, 31), date(2029, 1, 1)),
)  # fmt: skip
"""Ends of months and of the year, the leap day, and the days on which New York's clocks change."""


@dataclass(slots=True)
class Played:
    """One desk of the year."""

    shop: UUID
    dates: Dates
    line: str
    state: DeskState = DeskState.SCHEDULED

    @property
    def term(self) -> Term:
        during = self.dates.during
        return Term(
            shop_id=self.shop, line=self.line, starts_at=during.starts, ends_at=during.ends,
            free_at=during.ends + REST,
        )  # fmt: skip


def booked(seed: int) -> list[Played]:
    """The edges and as many dates by chance, each with the first number that is in nobody's way."""
    dice, found = Random(seed), list[Played]()
    wanted = [(shop, *edge) for edge in EDGES for shop in SHOPS]
    for _ in range(30):
        opens = date(YEAR, 1, 1) + timedelta(days=dice.randrange(366))
        wanted.append((dice.choice([*SHOPS]), opens, opens + timedelta(days=dice.randrange(20))))
    dice.shuffle(wanted)
    for shop, opens, closes in wanted:
        dates = Dates(opens_on=opens, closes_on=closes, zone=SHOPS[shop])
        tries = (Played(shop, dates, line) for line in LINES)
        free = (one for one in tries if not any(are_in_the_way(one.term, known.term) for known in found))
        found += [one for one in [next(free, None)] if one]
    return found


def moments() -> Iterator[datetime]:
    """Each hour of the year and a little around it."""
    at = datetime(YEAR - 1, 12, 28, tzinfo=UTC)
    while at < datetime(YEAR + 1, 1, 25, tzinfo=UTC):
        yield at
        at += AN_HOUR


@pytest.mark.parametrize("seed", [1, 2])
def test_a_year_of_desks_leaves_no_gap_no_overlap_and_no_number_to_another_shop_too_early(seed: int) -> None:
    desks = booked(seed)
    last: dict[str, tuple[UUID, datetime]] = {}  # who had a line open, and when last
    for now in moments():
        today = {zone: now.astimezone(zone).date() for zone in (TOKYO, NEW_YORK)}
        opened: set[str] = set()
        for desk in desks:
            while (to := due_move(desk.state, desk.dates.during, now)) is not None:
                desk.state = to
            should = desk.dates.opens_on <= today[desk.dates.zone] <= desk.dates.closes_on
            assert (desk.state is DeskState.OPEN) == should, (desk, now)
            assert (phase(desk.state, desk.dates.during, now) is Phase.OPEN) == should
            if not should:
                continue
            assert desk.line not in opened, "two desks on one number"
            opened.add(desk.line)
            shop, seen = last.get(desk.line, (desk.shop, now))
            assert shop == desk.shop or now - seen > REST, "the callers of one shop reach another"
            last[desk.line] = (desk.shop, now)
    assert {desk.state for desk in desks} == {DeskState.CLOSING}
    assert len({desk.shop for desk in desks}) == len(SHOPS)
    assert len(desks) > len(LINES) * 3


async def test_a_number_goes_from_tokyos_leap_day_to_new_york_after_its_rest(
    session: AsyncSession, installation: Installation
) -> None:
    """The same in the database: dates to the moment, and the pool empty until the quarantine is over."""
    shop, other = await a_shop(session), await a_shop(session, brand="Northwind Tea")
    other.zone = "America/New_York"
    await a_pool(session, POOL[0])
    leap_day = replace(MOTHERS_DAY, opens_on=date(2028, 2, 29), closes_on=date(2028, 2, 29))
    autumn = replace(MOTHERS_DAY, opens_on=date(2028, 11, 5), closes_on=date(2028, 11, 30))
    desk, season = await a_season(session, shop, leap_day)
    opens, closes = first_moment(date(2028, 2, 29), TOKYO), first_moment(date(2028, 3, 1), TOKYO)
    assert (season.opens_at, season.closes_at) == (opens, closes)
    await session.commit()
    for now, state in ((opens - AN_HOUR, "scheduled"), (opens, "open"), (closes, "closing")):
        await life.tick(installation, now)
        await bind_all_shops(session)
        await session.refresh(desk)
        assert desk.state.value == state
    await life.finish(session, desk, season, [], actor=SYSTEM, now=closes)
    await session.commit()

    rested = closes + timedelta(days=90)
    await life.tick(installation, rested - AN_HOUR)
    await bind_all_shops(session)
    await _is_refused(session, other, autumn, now=rested - AN_HOUR)
    await life.tick(installation, rested)
    await bind_all_shops(session)
    there, _ = await a_season(session, other, autumn, now=rested)
    (promise,) = await promises.promises_to(session, other.tenant_id, there.id)
    assert promise.line == POOL[0]
    assert promise.starts_at == datetime(2028, 11, 5, 4, tzinfo=UTC)  # before the clocks go back
    assert promise.ends_at == datetime(2028, 12, 1, 5, tzinfo=UTC)


async def _is_refused(session: AsyncSession, shop: Tenant, plan: Plan, *, now: datetime) -> None:
    with pytest.raises(InvalidInput):
        async with session.begin_nested():
            await a_season(session, shop, plan, now=now)
    await session.refresh(shop)
