"""Weeks of shifts in the database: nobody is planned twice at once."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desks import roster
from desks.shifts.entry import read, written
from desks.shifts.models import Shift
from desks.shifts.week import CLOCK_CHANGES, OVERLAPS, Cell, Scope, copy_last_week, plan_shifts, times_of
from nanori.actors import Role
from tests.support.clock import START
from tests.support.people import a_shop, an_account

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 9)
POOL = Scope()


@pytest.fixture
async def agent(session: AsyncSession) -> UUID:
    return (await an_account(session, Role.AGENT, shops=[(await a_shop(session)).tenant_id])).id


async def planned(session: AsyncSession, zone: ZoneInfo = TOKYO) -> list[tuple[date, str]]:
    session.expire_all()
    found = (await session.scalars(select(Shift).order_by(Shift.starts_at))).all()
    return [(one.starts_at.astimezone(zone).date(), written([times_of(one, zone)])) for one in found]


def day(agent: UUID, number: int) -> Cell:
    return Cell(agent, MONDAY + timedelta(days=number))


async def test_a_week_is_planned_changed_and_emptied(session: AsyncSession, agent: UUID) -> None:
    plan = {day(agent, 0): read("9-18/12-13,15-15:15"), day(agent, 1): read("22-7/2-3")}
    assert await plan_shifts(session, POOL, plan, zone=TOKYO) == {}
    tuesday = MONDAY + timedelta(days=1)
    assert await planned(session) == [(MONDAY, "9-18/12-13,15-15:15"), (tuesday, "22-7/2-3")]

    plan = {day(agent, 0): read("10-18"), day(agent, 1): ()}
    assert await plan_shifts(session, POOL, plan, zone=TOKYO) == {}
    assert await planned(session) == [(MONDAY, "10-18")]


async def test_an_overlap_is_refused_at_its_day_and_nothing_is_changed(
    session: AsyncSession, agent: UUID
) -> None:
    """The night before counts, and so does a shift for one desk only."""
    shop = await a_shop(session)
    desk = await roster.open_standing_desk(session, shop.tenant_id, name="窓口", now=START)
    mine = Scope(desk.tenant_id, desk.id)
    plan = {day(agent, 1): read("22-7"), day(agent, 4): read("9-12")}
    assert await plan_shifts(session, mine, plan, zone=TOKYO) == {}

    clash = {day(agent, 0): read("9-18"), day(agent, 2): read("6-12"), day(agent, 4): read("11-15")}
    refused = await plan_shifts(session, POOL, clash, zone=TOKYO)
    assert {cell: one.said for cell, one in refused.items()} == {
        day(agent, 2): OVERLAPS, day(agent, 4): OVERLAPS
    }  # fmt: skip
    assert refused[day(agent, 2)].ends == datetime(2026, 11, 10, 22, tzinfo=UTC)
    assert len(await planned(session)) == 2


async def test_the_database_itself_refuses_overlaps_and_breaks_outside(
    session: AsyncSession, agent: UUID
) -> None:
    def shift(begins: int, ends: int, rest: int) -> Shift:
        at = [datetime(2026, 11, 9, hour, tzinfo=UTC) for hour in (begins, ends, rest, rest + 1)]
        return Shift(agent_id=agent, starts_at=at[0], ends_at=at[1], breaks=MultiRange([Range(at[2], at[3])]))

    session.add(shift(1, 10, 4))
    await session.flush()
    for wrong in (shift(9, 12, 10), shift(12, 14, 15), shift(14, 12, 12)):
        with pytest.raises((IntegrityError, DataError)):
            async with session.begin_nested():
                session.add(wrong)


async def test_last_week_is_copied_by_the_clock_where_the_day_is_free(
    session: AsyncSession, agent: UUID
) -> None:
    """New York puts its clock back on the 1st of November 2026: nine stays nine."""
    monday = date(2026, 11, 2)
    before = {Cell(agent, monday + timedelta(days=number)): read("9-17") for number in (-7, -6, -2)}
    there = {Cell(agent, monday): read("12-15")}
    await plan_shifts(session, POOL, before | there, zone=NEW_YORK)

    assert await copy_last_week(session, POOL, [agent], monday, zone=NEW_YORK) == (2, 0)
    assert await copy_last_week(session, POOL, [agent], monday, zone=NEW_YORK) == (0, 0)
    assert (await planned(session, NEW_YORK))[3:] == [
        (monday, "12-15"), (monday + timedelta(days=1), "9-17"), (monday + timedelta(days=5), "9-17"),
    ]  # fmt: skip


async def test_what_would_overlap_is_not_copied(session: AsyncSession, agent: UUID) -> None:
    plan = {day(agent, -7): read("9-17"), day(agent, -1): read("22-10")}
    await plan_shifts(session, POOL, plan, zone=TOKYO)
    assert await copy_last_week(session, POOL, [agent], MONDAY, zone=TOKYO) == (1, 1)


async def test_an_hour_that_the_clock_leaves_out_is_no_shift(session: AsyncSession, agent: UUID) -> None:
    spring = Cell(agent, date(2027, 3, 14))
    refused = await plan_shifts(session, POOL, {spring: read("2:30-3")}, zone=NEW_YORK)
    assert refused[spring].said == CLOCK_CHANGES
