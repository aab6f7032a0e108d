from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.hours import (
    Calendar,
    Span,
    after_business_time,
    business_time,
    closes_next,
    is_open,
    opens_next,
    overlaps,
    spans_on,
)
from tenants.values import HOLIDAY

TOKYO = ZoneInfo("Asia/Tokyo")
OFFICE = (Span(540, 720), Span(780, 1080))  # 9:00 to 12:00 and 13:00 to 18:00
CALENDAR = Calendar(zone=TOKYO, week=dict.fromkeys(range(5), OFFICE))


def tokyo(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of November 2026, whose 2nd is a Monday and whose 3rd is a holiday."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=TOKYO).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (tokyo(2, 8, 59, 59), False),
        (tokyo(2, 9), True),
        (tokyo(2, 11, 59, 59), True),
        (tokyo(2, 12), False),
        (tokyo(2, 13), True),
        (tokyo(2, 18), False),
        (tokyo(7, 10), False),
    ],
)
def test_a_span_includes_its_first_instant_and_not_its_last(at: datetime, expected: bool) -> None:
    assert is_open(CALENDAR, at) is expected


def test_a_holiday_without_times_is_closed_although_its_weekday_is_open() -> None:
    assert not is_open(CALENDAR, tokyo(3, 10))
    assert is_open(Calendar(TOKYO, {1: OFFICE, HOLIDAY: (Span(600, 660),)}), tokyo(3, 10))


def test_a_single_date_beats_the_holiday_and_the_week() -> None:
    special = {date(2026, 11, 3): (Span(0, 1440),), date(2026, 11, 4): ()}
    calendar = Calendar(TOKYO, CALENDAR.week, special)

    assert is_open(calendar, tokyo(3, 23, 59, 59))
    assert not is_open(calendar, tokyo(4, 10))


def test_the_next_opening_skips_nights_weekends_and_holidays() -> None:
    assert opens_next(CALENDAR, tokyo(2, 10)) == tokyo(2, 10)
    assert opens_next(CALENDAR, tokyo(2, 12)) == tokyo(2, 13)
    assert opens_next(CALENDAR, tokyo(2, 18)) == tokyo(4, 9)
    assert opens_next(CALENDAR, tokyo(6, 18)) == tokyo(9, 9)


def test_a_shop_without_hours_never_opens() -> None:
    assert opens_next(Calendar(TOKYO), tokyo(2, 10)) is None
    assert after_business_time(Calendar(TOKYO), tokyo(2, 10), timedelta(hours=1)) is None


def test_a_shop_that_goes_through_midnight_closes_in_the_morning() -> None:
    bar = Calendar(TOKYO, {0: (Span(1080, 1440),), 1: (Span(0, 120),)}, {date(2026, 11, 3): (Span(0, 120),)})

    assert closes_next(bar, tokyo(2, 20)) == tokyo(3, 2)
    assert closes_next(bar, tokyo(3, 3)) is None


def test_business_time_leaves_out_lunch_and_night() -> None:
    assert business_time(CALENDAR, tokyo(2, 11), tokyo(2, 14)) == timedelta(hours=2)
    assert business_time(CALENDAR, tokyo(2, 17), tokyo(4, 10)) == timedelta(hours=2)
    assert business_time(CALENDAR, tokyo(2, 14), tokyo(2, 11)) == timedelta()


def test_a_promise_of_business_hours_falls_due_on_the_next_open_day() -> None:
    assert after_business_time(CALENDAR, tokyo(2, 17), timedelta(hours=2)) == tokyo(4, 10)
    assert after_business_time(CALENDAR, tokyo(2, 9), timedelta(hours=3)) == tokyo(2, 12)


def test_spans_that_share_a_minute_overlap_and_those_that_touch_do_not() -> None:
    assert overlaps((Span(540, 721), Span(720, 1080)))
    assert not overlaps((Span(720, 1080), Span(540, 720)))


def test_a_day_of_summer_time_has_the_hours_that_the_clock_shows() -> None:
    berlin = Calendar(ZoneInfo("Europe/Berlin"), {6: (Span(0, 1440),)})
    spring = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 30, 0, tzinfo=UTC)

    assert business_time(berlin, *spring) == timedelta(hours=23)


MINUTES = st.integers(min_value=0, max_value=1440)
SPANS = st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Span(*pair))
WEEKS = st.dictionaries(st.integers(min_value=0, max_value=7), SPANS.map(lambda span: (span,)))
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- Hypothesis adds the zone


@given(WEEKS, INSTANTS)
def test_the_next_opening_is_an_open_instant_with_nothing_open_before_it(
    week: dict[int, tuple[Span, ...]], at: datetime
) -> None:
    calendar = Calendar(TOKYO, week)
    opens = opens_next(calendar, at)

    if opens is not None:
        assert opens >= at
        assert is_open(calendar, opens)
        assert business_time(calendar, at, opens) == timedelta()


@given(WEEKS, INSTANTS, st.integers(0, 10_000), st.integers(0, 10_000))
def test_business_time_adds_up_over_any_cut(
    week: dict[int, tuple[Span, ...]], start: datetime, first: int, second: int
) -> None:
    calendar = Calendar(TOKYO, week)
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    whole = business_time(calendar, start, end)

    assert whole == business_time(calendar, start, middle) + business_time(calendar, middle, end)
    assert timedelta() <= whole <= end - start


@given(WEEKS, INSTANTS, st.integers(min_value=1, max_value=3_000))
def test_waiting_for_business_time_takes_exactly_that_much_of_it(
    week: dict[int, tuple[Span, ...]], start: datetime, minutes: int
) -> None:
    calendar = Calendar(TOKYO, week)
    due = after_business_time(calendar, start, timedelta(minutes=minutes))

    if due is not None:
        assert business_time(calendar, start, due) == timedelta(minutes=minutes)


def test_the_spans_of_a_date_come_in_order() -> None:
    assert spans_on(Calendar(TOKYO, {0: tuple(reversed(OFFICE))}), date(2026, 11, 2)) == OFFICE
