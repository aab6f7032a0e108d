"""The calendar of seasons against a slow and obvious one, and every move of a desk."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desks.errors import MoveNotAllowed
from desks.seasons import Dates, During, Phase, calls_on, check_move, due_move, first_moment, phase
from desks.values import DESK_MOVES, DeskState

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
ZONES = (TOKYO, NEW_YORK, ZoneInfo("Europe/Lisbon"), ZoneInfo("Africa/Cairo"), ZoneInfo("Asia/Kathmandu"))
"""Cairo's clocks skip midnight itself."""
DURING = During(datetime(2027, 4, 20, tzinfo=UTC), datetime(2027, 5, 10, tzinfo=UTC))

days = st.dates(date(2023, 1, 1), date(2033, 12, 31))
seasons = st.builds(
    lambda opens, length, zone: Dates(opens_on=opens, closes_on=opens + timedelta(days=length), zone=zone),
    days, st.integers(0, 120), st.sampled_from(ZONES),
)  # fmt: skip


def shows(dates: Dates, at: datetime) -> bool:
    """Slow and obvious: what does a calendar on the shop's wall say at this moment?"""
    return dates.opens_on <= at.astimezone(dates.zone).date() <= dates.closes_on


@given(seasons, st.integers(-3000, 3000))
@example(Dates(opens_on=date(2028, 2, 29), closes_on=date(2028, 2, 29), zone=TOKYO), 0)
@example(Dates(opens_on=date(2026, 12, 31), closes_on=date(2027, 1, 31), zone=NEW_YORK), 0)
@example(Dates(opens_on=date(2027, 3, 14), closes_on=date(2027, 11, 7), zone=NEW_YORK), 0)
@example(Dates(opens_on=date(2027, 4, 30), closes_on=date(2027, 4, 30), zone=ZoneInfo("Africa/Cairo")), 0)
def test_a_season_is_what_the_calendar_on_the_wall_shows(dates: Dates, minutes: int) -> None:
    during = dates.during
    for edge in (during.starts, during.ends):
        for at in (edge - timedelta(microseconds=1), edge, edge + timedelta(minutes=minutes)):
            assert (at in during) == shows(dates, at)


@given(seasons)
def test_the_day_after_a_season_begins_when_it_ends(dates: Dates) -> None:
    after = dates.closes_on + timedelta(days=1)
    assert Dates(opens_on=after, closes_on=after, zone=dates.zone).during.starts == dates.during.ends


def test_a_leap_day_and_a_day_of_twenty_three_hours_have_their_length() -> None:
    leap = Dates(opens_on=date(2028, 2, 28), closes_on=date(2028, 3, 1), zone=TOKYO)
    spring = Dates(opens_on=date(2027, 3, 14), closes_on=date(2027, 3, 14), zone=NEW_YORK)

    assert leap.days == 3
    assert leap.during.ends - leap.during.starts == timedelta(days=3)
    assert spring.during.ends - spring.during.starts == timedelta(hours=23)
    assert list(leap) == [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]


def test_where_the_clocks_skip_midnight_the_day_begins_when_they_do() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    assert first_moment(date(2027, 4, 30), cairo) == datetime(2027, 4, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize(("state", "to"), list(product(DeskState, DeskState)))
def test_every_move_that_is_not_named_raises(state: DeskState, to: DeskState) -> None:
    if to in DESK_MOVES[state]:
        check_move(state, to)
        return
    with pytest.raises(MoveNotAllowed):
        check_move(state, to)


def test_a_desk_goes_the_whole_way_and_never_comes_back_from_its_end() -> None:
    way = ("draft", "checking", "scheduled", "open", "paused", "open", "closing", "closed")
    for state, to in pairwise(way):
        check_move(DeskState(state), DeskState(to))
    assert not DESK_MOVES[DeskState.CLOSED]


@given(st.sampled_from(DeskState), st.integers(-60, 60 * 24 * 30))
def test_what_is_due_is_a_move_that_is_allowed_and_comes_to_rest(state: DeskState, minutes: int) -> None:
    now, gone = DURING.starts + timedelta(minutes=minutes), []
    while (to := due_move(state, DURING, now)) is not None:
        check_move(state, to)
        gone.append(to)
        state = to
    assert len(gone) <= 2
    assert due_move(state, DURING, now) is None


def test_a_desk_opens_and_closes_on_the_moment() -> None:
    moment = timedelta(microseconds=1)
    assert due_move(DeskState.SCHEDULED, DURING, DURING.starts - moment) is None
    assert due_move(DeskState.SCHEDULED, DURING, DURING.starts) is DeskState.OPEN
    assert due_move(DeskState.OPEN, DURING, DURING.ends - moment) is None
    assert due_move(DeskState.OPEN, DURING, DURING.ends) is DeskState.CLOSING
    assert due_move(DeskState.PAUSED, DURING, DURING.ends) is DeskState.CLOSING


def test_a_desk_that_has_not_passed_its_gate_never_opens_by_itself() -> None:
    for state in (DeskState.DRAFT, DeskState.CHECKING, DeskState.CLOSING, DeskState.CLOSED):
        assert due_move(state, DURING, DURING.starts) is None
        assert due_move(state, DURING, DURING.ends) is None


@given(st.sampled_from((DeskState.SCHEDULED, DeskState.OPEN)), st.integers(-60, 60 * 24 * 21))
def test_callers_meet_the_dates_to_the_moment_although_the_timers_come_later(
    state: DeskState, minutes: int
) -> None:
    now = DURING.starts + timedelta(minutes=minutes)
    met = phase(state, DURING, now)
    if now >= DURING.ends:
        assert met is Phase.AFTER
    elif now >= DURING.starts or state is DeskState.OPEN:
        assert met is Phase.OPEN
    else:
        assert met is Phase.BEFORE


def test_what_callers_meet_of_each_state_in_the_middle_of_the_season() -> None:
    middle = datetime(2027, 5, 1, tzinfo=UTC)
    met = {state.value: phase(state, DURING, middle).value for state in DeskState}
    assert met == {
        "draft": "before", "checking": "before", "scheduled": "open", "open": "open", "paused": "paused",
        "closing": "after", "closed": "after",
    }  # fmt: skip
    assert phase(DeskState.OPEN, None, middle) is Phase.OPEN
    assert phase(DeskState.CLOSED, None, middle) is Phase.AFTER


def test_calls_grow_evenly_and_are_none_outside_the_season() -> None:
    dates = Dates(opens_on=date(2027, 5, 1), closes_on=date(2027, 5, 9), zone=TOKYO)
    assert [calls_on(day, dates, at_full=10, ramp_days=3) for day in dates] == [
        3,
        5,
        8,
        10,
        10,
        10,
        10,
        10,
        10,
    ]
    assert {calls_on(day, dates, at_full=7, ramp_days=0) for day in dates} == {7}
    assert calls_on(date(2027, 4, 30), dates, at_full=10, ramp_days=3) == 0
    assert calls_on(date(2027, 5, 10), dates, at_full=10, ramp_days=3) == 0
