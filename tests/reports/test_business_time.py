from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reports.business_time import OpenSpans, opening_spans, reach_back
from tenants.hours import Calendar, Span
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


def test_a_day_ends_with_its_last_span_and_that_of_a_shop_that_never_closes_at_midnight() -> None:
    spans = {FRIDAY.weekday(): (Span(540, 720), Span(780, 1020)), MONDAY.weekday(): (Span(0, 1440),)}
    calendar = Calendar(zone=ZoneInfo("Asia/Tokyo"), week=spans)
    hours = opening_spans(calendar, at(FRIDAY, 0), at(MONDAY, 24))
    moments = (at(FRIDAY, 12, 30), at(FRIDAY, 17), at(MONDAY, 24))
    tick = timedelta(microseconds=1)
    assert [hours.end_of_day(one) for one in moments] == [at(FRIDAY, 17) - tick, at(MONDAY, 24) - tick, None]


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


@given(
    hours=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 22), st.integers(1, 24)), max_size=8),
    minutes=st.integers(0, 2000),
    back=st.integers(0, 60 * 24 * 60),
)
def test_what_came_before_the_reach_was_due_before_the_moment(
    hours: list[tuple[int, int, int]], minutes: int, back: int
) -> None:
    week: dict[int, tuple[Span, ...]] = {}
    for day, opens, closes in hours:
        if opens < closes:
            week[day] = (Span(opens * 60, closes * 60),)
    calendar = Calendar(zone=ZoneInfo("Asia/Tokyo"), week=week)
    moment = datetime(2026, 10, 1, tzinfo=UTC)
    reach = reach_back(calendar, moment, minutes)
    received = reach - timedelta(minutes=back, milliseconds=1)
    due = opening_spans(calendar, received, moment).due(received, minutes * 60_000)

    assert week == {} or (due is not None and due < moment)
