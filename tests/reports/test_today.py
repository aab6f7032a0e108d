"""What the database counts for a board is what the report would say of the same calls."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.values import Outcome, PartyKind
from reports.facts import Period, PhoneFact, Terms
from reports.month import MonthFacts
from reports.tally import Tally, tally
from reports.today import KEPT, DayCounts, RecentCounts, ShopDay, counted_today
from tenants.values import ServiceLevelLetter
from tests.reports.in_bulk import write_month
from tests.reports.months import OCTOBER, TOKYO, Month, at
from tests.support.people import a_shop

OUTCOMES = [one for one in Outcome if one not in {Outcome.REPLIED, Outcome.NO_ACTION}]


def odd_calls(seed: int, first: int) -> list[PhoneFact]:
    """Every outcome with and without each time that a call can have, as no day ever has them together."""
    chance = random.Random(seed)
    return [_odd_call(chance, first + n) for n in range(400)]


def _odd_call(chance: random.Random, number: int) -> PhoneFact:
    arrived = at(chance.choice(OCTOBER.days), chance.randrange(24), chance.randrange(60))
    outcome = chance.choice(OUTCOMES)
    queued = arrived + timedelta(seconds=8) if chance.random() < 0.8 else None
    later = (queued or arrived) + timedelta(
        milliseconds=chance.choice([0, 4999, 5000, 5001, 20000, 20001, 90000])
    )
    return PhoneFact(
        number=number,
        arrived_at=arrived,
        outcome=outcome,
        within_hours=outcome is not Outcome.OUT_OF_HOURS and (queued is not None or chance.random() < 0.5),
        queued_at=queued,
        answered_at=later if chance.random() < 0.5 else None,
        abandoned_at=later if outcome is Outcome.ABANDONED else None,
        ended_at=later,
        inbound=chance.random() < 0.9,
        party=chance.choices([PartyKind.HUMAN, PartyKind.BOT, PartyKind.TEST], [9, 1, 1])[0],
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("outside", [False, True])
async def test_a_days_counts_are_the_tally_of_the_same_calls(
    session: AsyncSession, seed: int, outside: bool
) -> None:
    terms = Terms(answer_within_s=20, short_abandon_s=5, out_of_hours_count_as_offered=outside)
    shop = await a_shop(session)
    drawn = Month(seed=seed, calls_a_day=8).facts().calls
    calls = [*drawn, *odd_calls(seed, len(drawn) + 1000)]
    await write(session, shop.tenant_id, calls)

    found = await counted_today(
        session, [ShopDay(tenant_id=shop.tenant_id, since=OCTOBER.starts_at, terms=terms)]
    )

    by_hour = found[shop.tenant_id, None]
    total = sum(by_hour.values(), start=DayCounts())
    expected = tally(calls, terms)
    assert named(total) == wanted(expected, outside=outside)
    assert total.offered == expected.offered
    for letter in ServiceLevelLetter:
        by_letter = replace(terms, service_level=letter)
        assert total.service_level(by_letter) == expected.service_level(by_letter)
    for hour, counts in by_hour.items():
        of_hour = [call for call in calls if hour_of(call.arrived_at) == hour]
        assert named(counts) == wanted(tally(of_hour, terms), outside=outside)


async def write(session: AsyncSession, tenant_id: UUID, calls: Sequence[PhoneFact]) -> None:
    facts = MonthFacts(period=OCTOBER, terms=Terms(), calls=list(calls), mails=[], escalations=[])
    await write_month(session, tenant_id, facts)


def hour_of(moment: datetime) -> int:
    return int((moment - OCTOBER.starts_at) / timedelta(hours=1))


def named(counts: DayCounts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in DayCounts.__slots__}


def wanted(expected: Tally, *, outside: bool) -> dict[str, int]:
    same = {name: getattr(expected, name) for name in DayCounts.__slots__}
    return same if outside else same | {"out_of_hours": 0}


async def test_a_call_counts_as_answered_as_soon_as_an_agent_has_it(session: AsyncSession) -> None:
    shop = await a_shop(session)
    start = at(OCTOBER.first, 10)
    running = PhoneFact(
        number=1, arrived_at=start, outcome=None, within_hours=True, queued_at=start,
        answered_at=start + timedelta(seconds=30),
    )  # fmt: skip
    waiting = replace(running, number=2, answered_at=None)
    await write(session, shop.tenant_id, [running, waiting])

    found = await counted_today(
        session, [ShopDay(tenant_id=shop.tenant_id, since=OCTOBER.starts_at, terms=Terms())]
    )

    assert found[shop.tenant_id, None] == {10: DayCounts(answered=1)}


async def test_yesterdays_calls_and_other_shops_are_not_in_it(session: AsyncSession) -> None:
    mine, other = await a_shop(session), await a_shop(session, brand="花影フラワー")
    day = Period(OCTOBER.days[5], OCTOBER.days[6], TOKYO)
    calls = [call for call in Month(seed=4).facts().calls if call.arrived_at < day.ends_at]
    for shop in (mine, other):
        await write(session, shop.tenant_id, calls)

    found = await counted_today(
        session, [ShopDay(tenant_id=mine.tenant_id, since=day.starts_at, terms=Terms())]
    )

    today = tally([call for call in calls if call.arrived_at >= day.starts_at], Terms())
    assert today.offered > 0
    assert list(found) == [(mine.tenant_id, None)]
    assert sum(found[mine.tenant_id, None].values(), start=DayCounts()).offered == today.offered


async def test_nobody_asked_for_costs_nothing(session: AsyncSession) -> None:
    assert await counted_today(session, []) == {}


async def test_whoever_looks_again_at_once_gets_what_was_counted(session: AsyncSession) -> None:
    shop, recent = await a_shop(session), RecentCounts()
    days = [ShopDay(tenant_id=shop.tenant_id, since=OCTOBER.starts_at, terms=Terms())]
    start = at(OCTOBER.first, 10)
    assert await recent.today(session, days, now=start) == {}
    call = PhoneFact(
        number=1, arrived_at=start, outcome=None, within_hours=True, queued_at=start, answered_at=start
    )
    await write(session, shop.tenant_id, [call])

    assert await recent.today(session, days, now=start + KEPT - timedelta(milliseconds=1)) == {}
    assert (shop.tenant_id, None) in await recent.today(session, days, now=start + KEPT)


async def test_another_day_is_counted_anew(session: AsyncSession) -> None:
    shop, recent = await a_shop(session), RecentCounts()
    first = ShopDay(tenant_id=shop.tenant_id, since=OCTOBER.starts_at, terms=Terms())
    await write(session, shop.tenant_id, Month(seed=3, calls_a_day=5).facts().calls)
    assert await recent.today(session, [first], now=OCTOBER.starts_at) != {}
    assert await recent.today(session, [replace(first, since=OCTOBER.ends_at)], now=OCTOBER.starts_at) == {}
