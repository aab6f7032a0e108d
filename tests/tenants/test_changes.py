"""From when a shop's own hours hold, and which of its changes are refused."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.errors import InvalidInput
from nanori.words import words_for
from tenants import commands
from tenants.at_the_door import around, columns, hours_now
from tenants.calendars import calendar_from, calendar_of, open_now
from tenants.changes.commands import change_contacts, change_days, change_week, hold_back, withdraw
from tenants.changes.errors import TooLate
from tenants.changes.models import ChangeKind, ChangeState, ShopChange
from tenants.changes.rules import Today, check_first_day, check_last_day, midnight
from tenants.changes.view import week_lines
from tenants.contacts import ContactPerson
from tenants.hours import Calendar, Span, is_open, opens_next, spans_on, week_on
from tenants.models import Tenant
from tests.support.clock import START
from tests.support.people import a_shop

TOKYO = ZoneInfo("Asia/Tokyo")
OFFICE, EVENING = (Span(540, 1080),), (Span(780, 1260),)
TODAY = Today(on=START.astimezone(TOKYO).date())
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 4)


def wrong_first(day: date | None, closed_before: date | None = None) -> str:
    with pytest.raises(InvalidInput) as refusal:
        check_first_day(day, Today(on=TODAY.on, closed_before=closed_before))
    return refusal.value.fields["holds_from"]


def test_a_change_holds_from_tomorrow_at_the_earliest_and_from_no_closed_month() -> None:
    assert check_first_day(TODAY.on + timedelta(days=1), TODAY) == TODAY.on + timedelta(days=1)
    assert "tomorrow" in wrong_first(TODAY.on)
    assert "tomorrow" in wrong_first(date(2026, 11, 1), date(2026, 11, 1))
    assert "closed" in wrong_first(date(2026, 10, 31), date(2026, 11, 1))
    assert "two years" in wrong_first(date(2126, 11, 1))
    assert "first day" in wrong_first(None)


def test_a_run_of_days_ends_after_it_begins_and_is_no_season() -> None:
    check_last_day(DECEMBER, DECEMBER + timedelta(days=91))
    for last in (DECEMBER - timedelta(days=1), DECEMBER + timedelta(days=92)):
        with pytest.raises(InvalidInput) as refusal:
            check_last_day(DECEMBER, last)
        assert list(refusal.value.fields) == ["holds_until"]


@given(
    starts=st.lists(st.dates(date(2026, 1, 1), date(2028, 1, 1)), unique=True, max_size=5),
    day=st.dates(date(2025, 6, 1), date(2028, 6, 1)),
)
def test_the_week_of_a_day_is_that_of_the_last_change_until_then(starts: list[date], day: date) -> None:
    rows = [(ChangeKind.WEEK, start, None, 0, n, n + 1) for n, start in enumerate(starts, start=1)]
    calendar = calendar_from(TOKYO, [(0, 0, 1)], [], rows)
    held = [(start, n) for n, start in enumerate(starts, start=1) if start <= day]

    assert week_on(calendar, day) == {0: (Span(max(held)[1], max(held)[1] + 1),) if held else (Span(0, 1),)}


def test_a_week_without_any_times_is_closed_from_its_day_on() -> None:
    calendar = calendar_from(
        TOKYO, [(d, 540, 1080) for d in range(8)], [], [("week", "2026-12-01", None, None, None, None)]
    )
    assert spans_on(calendar, date(2026, 11, 30)) == OFFICE
    assert spans_on(calendar, DECEMBER) == ()


def test_new_hours_hold_from_the_shops_midnight_and_are_seen_from_before() -> None:
    calendar = Calendar(TOKYO, {0: OFFICE}, later=((DECEMBER, dict.fromkeys(range(8), (Span(0, 60),))),))
    at = midnight(DECEMBER, TOKYO)

    assert at == datetime(2026, 11, 30, 15, tzinfo=UTC)
    assert is_open(calendar, at)
    assert not is_open(calendar, at - timedelta(seconds=1))
    assert opens_next(calendar, at - timedelta(hours=1)) == at


def test_neighbouring_days_of_the_same_hours_are_said_together() -> None:
    week = dict.fromkeys(range(5), OFFICE) | {5: EVENING}
    assert week_lines(week, words_for("en")) == [
        "Mon–Fri 09:00–18:00", "Sat 13:00–21:00", "Sun closed", "National holidays closed",
    ]  # fmt: skip


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    shop = await a_shop(session)
    await commands.set_hours(session, shop.tenant_id, dict.fromkeys(range(7), OFFICE))
    return shop


async def test_hours_change_by_themselves_at_the_door_on_the_floor_and_in_the_report(
    session: AsyncSession, shop: Tenant
) -> None:
    await change_week(
        session, shop, dict.fromkeys(range(7), EVENING), holds_from=DECEMBER, today=TODAY, now=START
    )
    await change_days(
        session, shop, (), first=date(2026, 12, 30), last=date(2027, 1, 3), label="", today=TODAY, now=START
    )
    calendar = await calendar_of(session, shop)

    for day, hour, expected in ((date(2026, 11, 30), 10, True), (DECEMBER, 10, False), (DECEMBER, 20, True),
                                (date(2026, 12, 31), 20, False), (JANUARY, 20, True)):  # fmt: skip
        at = datetime.combine(day, datetime.min.time(), TOKYO) + timedelta(hours=hour)
        row = (await session.execute(select(Tenant, *columns()), around(at))).one()
        assert is_open(calendar, at) is expected
        assert is_open(hours_now(row, shop.zone), at) is expected
        assert (await open_now(session, [shop], at) == {shop.tenant_id}) is expected


async def test_a_change_held_back_or_withdrawn_never_holds_and_frees_its_day(
    session: AsyncSession, shop: Tenant
) -> None:
    for undo in (withdraw, partial(hold_back, reason="棚卸しのため")):
        change = await change_week(session, shop, {}, holds_from=DECEMBER, today=TODAY, now=START)
        assert spans_on(await calendar_of(session, shop), DECEMBER) == ()
        await undo(session, shop.tenant_id, change.id, now=START)
        assert spans_on(await calendar_of(session, shop), DECEMBER) == OFFICE
        with pytest.raises(TooLate):
            await withdraw(session, shop.tenant_id, change.id, now=START)


async def test_what_is_in_force_can_neither_be_held_back_nor_withdrawn(
    session: AsyncSession, shop: Tenant
) -> None:
    change = await change_week(session, shop, {}, holds_from=DECEMBER, today=TODAY, now=START)
    begins = midnight(DECEMBER, TOKYO)
    with pytest.raises(InvalidInput):
        await hold_back(session, shop.tenant_id, change.id, reason="", now=START)
    for undo in (withdraw, partial(hold_back, reason="棚卸しのため")):
        with pytest.raises(TooLate):
            await undo(session, shop.tenant_id, change.id, now=begins)


async def test_two_changes_never_share_a_day_not_even_behind_the_rules(
    session: AsyncSession, shop: Tenant
) -> None:
    async def run(first: date, last: date) -> ShopChange:
        days = {"first": first, "last": last}
        return await change_days(session, shop, (), **days, label="", today=TODAY, now=START)

    await run(date(2026, 12, 30), date(2027, 1, 3))
    with pytest.raises(InvalidInput):
        await run(date(2027, 1, 3), date(2027, 1, 5))
    other = await run(date(2027, 1, 4), date(2027, 1, 5))
    with pytest.raises(IntegrityError):
        async with session.begin_nested():
            await session.execute(
                update(ShopChange).where(ShopChange.id == other.id).values(holds_from=date(2027, 1, 3))
            )


async def test_the_desk_edits_the_week_that_holds_and_leaves_the_ones_to_come(
    session: AsyncSession, shop: Tenant
) -> None:
    await change_week(session, shop, {0: EVENING}, holds_from=DECEMBER, today=TODAY, now=START)
    await change_week(session, shop, {0: OFFICE}, holds_from=JANUARY, today=TODAY, now=START)
    await commands.set_hours(session, shop.tenant_id, {1: EVENING}, today=date(2026, 12, 15))
    calendar = await calendar_of(session, shop)

    assert week_on(calendar, TODAY.on) == dict.fromkeys(range(7), OFFICE)
    assert week_on(calendar, DECEMBER) == {1: EVENING}
    assert week_on(calendar, JANUARY) == {0: OFFICE}


async def test_nobody_at_all_can_be_reached_is_no_change(session: AsyncSession, shop: Tenant) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await change_contacts(session, shop, [], holds_from=DECEMBER, today=TODAY, now=START)
    assert list(refusal.value.fields) == ["contacts"]
    change = await change_contacts(
        session, shop, [ContactPerson(name="店長", phone="+819012345678")],
        holds_from=DECEMBER, today=TODAY, now=START,
    )  # fmt: skip
    await withdraw(session, shop.tenant_id, change.id, now=START)
    assert (change.state, change.people) == (ChangeState.WITHDRAWN, None), "people are not kept for nothing"
