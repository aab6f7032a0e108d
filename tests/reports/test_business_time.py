from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reports.business_time import OpenSpans
from tests.reports.months import OCTOBER, at, open_hours

HOURS = open_hours(OCTOBER)
FRIDAY, MONDAY = date(2026, 10, 16), date(2026, 10, 19)

moments = st.integers(0, 31 * 86_400_000).map(lambda ms: OCTOBER.starts_at + timedelta(milliseconds=ms))


def test_nights_and_weekends_do_not_count() -> None:
    assert HOURS.elapsed_ms(at(FRIDAY, 17), at(MONDAY, 10)) == 2 * 3_600_000
    assert HOURS.elapsed_ms(at(FRIDAY, 19), at(MONDAY, 8)) == 0


def test_what_is_due_after_closing_is_due_on_the_next_open_day() -> None:
    assert HOURS.due(at(FRIDAY, 17), 2 * 3_600_000) == at(MONDAY, 10)
    assert HOURS.due(at(FRIDAY, 20), 1) == at(MONDAY, 9, 0, 0.001)


def test_beyond_the_known_calendar_nothing_is_due() -> None:
    assert OpenSpans.of([]).due(at(FRIDAY, 12), 1) is None


def test_spans_that_overlap_count_once() -> None:
    double = OpenSpans.of([(at(FRIDAY, 9), at(FRIDAY, 12)), (at(FRIDAY, 11), at(FRIDAY, 13))])
    assert double.elapsed_ms(at(FRIDAY, 0), at(FRIDAY, 24)) == 4 * 3_600_000


@given(moments, st.integers(1, 40 * 3_600_000))
def test_due_is_the_first_moment_at_which_that_much_time_has_passed(start: datetime, ms: int) -> None:
    due = HOURS.due(start, ms)
    assert due is not None
    assert HOURS.elapsed_ms(start, due) == ms
    assert HOURS.elapsed_ms(start, due - timedelta(milliseconds=1)) == ms - 1


@given(moments, moments, moments)
def test_time_adds_up_across_any_moment_between(a: datetime, b: datetime, c: datetime) -> None:
    start, middle, end = sorted((a, b, c))
    assert HOURS.elapsed_ms(start, end) == HOURS.elapsed_ms(start, middle) + HOURS.elapsed_ms(middle, end)
