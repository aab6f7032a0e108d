"""Forecasts: against the naive ones on held-out weeks of invented histories, and at the edges."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import mean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desks.staffing.days import HOLIDAY, Occasion, falls_on, kind_of
from desks.staffing.errors import NoCalls, NothingCounted
from desks.staffing.forecast import Again, Quiet, learn, learn_season, wape
from desks.staffing.heldout import held_out
from desks.staffing.history import HALF_HOURS, History, count, dates, lengths

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
WEEK = timedelta(days=7)
KIND = (1.4, 1.1, 1.0, 1.0, 1.1, 0.6, 0.4, 0.5)
COURSE = [math.exp(-((at - 21) ** 2) / 8) + math.exp(-((at - 30) ** 2) / 18) for at in range(HALF_HOURS)]


def some(random: Random, mean: float) -> int:
    """Poisson."""
    calls, left = -1, mean
    while left >= 0:
        left -= random.expovariate(1)
        calls += 1
    return calls


def invented(seed: int, first: date, last: date, level: Callable[[date], float]) -> History:
    """Calls that come at random around a level, with a week, holidays and two peaks a day."""
    random = Random(seed)
    calls = {}
    for day in dates(first, last):
        busy = level(day) * KIND[kind_of(day)] * random.uniform(0.9, 1.1) / sum(COURSE)
        calls[day] = [some(random, busy * share) for share in COURSE]
    return History(TOKYO, calls)


def errors(history: History, expect: Callable[[date], list[float]], days: list[date]) -> float:
    guesses = [guess for day in days for guess in expect(day)]
    found = wape(guesses, [calls for day in days for calls in history.calls[day]])
    assert found is not None
    return found


def level(calls: float) -> Callable[[date], float]:
    def on(day: date) -> float:
        return calls

    return on


def earlier(history: History, by: timedelta) -> Callable[[date], list[float]]:
    """The naive forecast: what came on the same weekday so long ago."""

    def expect(day: date) -> list[float]:
        return [float(calls) for calls in history.calls[day - by]]

    return expect


def drifting(seed: int, level: int) -> History:
    first, last = date(2026, 1, 12), date(2026, 6, 7)
    drift = Random(seed).uniform(-0.3, 0.5) / 150

    def on(day: date) -> float:
        return level * (1 + drift * (day - first).days)

    return invented(seed, first, last, on)


def gifts(seed: int, occasion: date, growth: float) -> History:
    """A season that peaks two days before its occasion."""

    def on(day: date) -> float:
        return growth * (20 + 250 * math.exp(-abs((occasion - day).days - 2) / 5))

    return invented(seed, occasion - timedelta(days=30), occasion + timedelta(days=9), on)


@pytest.mark.parametrize("level", [400, 60, 15])
def test_a_standing_desk_beats_the_week_before(level: int) -> None:
    ours, naive = [], []
    for seed in range(4):
        history = drifting(seed, level)
        for week in (date(2026, 4, 27), date(2026, 5, 4), date(2026, 5, 18), date(2026, 6, 1)):
            days = list(dates(week, week + WEEK - timedelta(days=1)))
            ours.append(errors(history, learn(history.until(week)).expect, days))
            naive.append(errors(history, earlier(history, WEEK), days))
    mine, theirs = mean(ours), mean(naive)
    print(f"\n{level} calls a day: WAPE {mine:.1%}, same weekday of the week before {theirs:.1%}")  # noqa: T201 - for pytest -s
    assert mine < 0.85 * theirs


@pytest.mark.parametrize("year", [2023, 2026])
def test_a_season_beats_the_same_weekday_last_year(year: int) -> None:
    then, now = (falls_on(Occasion.MOTHERS_DAY, one) for one in (year - 1, year))
    ours, naive = [], []
    for seed in range(4):
        last, this = gifts(seed, then, 1.0), gifts(seed + 100, now, Random(seed).uniform(0.8, 1.6))
        days = list(dates(now - WEEK, now))
        again = Again(last=learn_season(last), then=then, now=now).grown(this.until(now - WEEK))
        ours.append(errors(this, again.expect, days))
        naive.append(errors(this, earlier(last, 52 * WEEK), days))
    mine, theirs = mean(ours), mean(naive)
    print(f"\nMother's Day {year}: WAPE {mine:.1%}, same weekday last year {theirs:.1%}")  # noqa: T201
    assert mine < 0.85 * theirs


def test_holidays_and_occasions() -> None:
    off = [day for day in dates(date(2026, 1, 1), date(2026, 12, 31)) if kind_of(day) == HOLIDAY]
    assert len(off) == 18
    assert date(2026, 5, 6) in off, "in lieu of Constitution Day on a Sunday"
    assert date(2026, 9, 22) in off, "between two holidays"
    assert falls_on(Occasion.MOTHERS_DAY, 2026) == date(2026, 5, 10)
    assert falls_on(Occasion.FATHERS_DAY, 2025) == date(2025, 6, 15)


def test_a_holiday_never_seen_counts_as_a_sunday() -> None:
    history = invented(1, date(2026, 5, 11), date(2026, 7, 5), level(200))
    found = learn(history)
    marine_day, sunday = date(2026, 7, 20), date(2026, 7, 19)
    assert found.expect(marine_day) == pytest.approx(found.expect(sunday))
    assert sum(found.expect(marine_day)) < 0.6 * sum(found.expect(marine_day + timedelta(days=1)))


def test_a_month_without_a_call_is_said() -> None:
    month = list(dates(date(2026, 6, 1), date(2026, 6, 30)))
    with pytest.raises(NoCalls, match="Not one call came from 2026-06-01 to 2026-06-30"):
        learn(count([], TOKYO, month))
    with pytest.raises(NothingCounted):
        learn(count([], TOKYO, []))


def test_a_quiet_month_among_others_is_left_out_and_told() -> None:
    history = invented(3, date(2026, 3, 2), date(2026, 7, 26), level(50))
    silent = {day: [0] * HALF_HOURS for day in dates(date(2026, 6, 1), date(2026, 6, 30))}
    found = learn(History(TOKYO, {**history.calls, **silent}))
    assert found.left_out == [Quiet(date(2026, 6, 1), date(2026, 6, 30))]
    without = learn(History(TOKYO, {d: c for d, c in history.calls.items() if d not in silent}))
    assert found.expect(date(2026, 7, 28)) == without.expect(date(2026, 7, 28))


def test_a_rare_caller_is_no_riddle() -> None:
    rare = {day: [0] * HALF_HOURS for day in dates(date(2026, 6, 1), date(2026, 6, 30))}
    rare[date(2026, 6, 3)] = [0] * 20 + [1] + [0] * 27
    found = learn(History(TOKYO, rare))
    assert not found.left_out
    assert 0 < sum(found.expect(date(2026, 7, 1))) < 1


def test_clock_changes() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert lengths(spring, BERLIN)[3:7] == (1.0, 0.0, 0.0, 1.0)
    assert lengths(autumn, BERLIN)[3:7] == (1.0, 2.0, 2.0, 1.0)
    half_past_two = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    assert count(half_past_two, BERLIN, [autumn]).calls[autumn][5] == 2
    night = {day: [4] * HALF_HOURS for day in dates(date(2026, 9, 1), date(2026, 9, 30))}
    expected = learn(History(BERLIN, night)).expect(autumn)
    assert expected[5] == pytest.approx(2 * expected[12])
    assert learn(History(BERLIN, night)).expect(date(2027, 3, 28))[4:6] == [0.0, 0.0]


DAYS = st.dictionaries(
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.lists(st.integers(0, 50), min_size=HALF_HOURS, max_size=HALF_HOURS),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=25)
@given(DAYS, st.dates(date(2025, 1, 1), date(2027, 6, 1)))
def test_any_history_with_a_call_gives_figures(calls: dict[date, list[int]], day: date) -> None:
    history = History(TOKYO, calls)
    if not any(map(any, calls.values())):
        with pytest.raises(NoCalls):
            learn(history)
        return
    for found in (learn(history), learn_season(history)):
        assert all(math.isfinite(one) and one >= 0 for one in found.expect(day))
        assert sum(found.weights[:HOLIDAY]) == pytest.approx(7)
        assert all(sum(course) == pytest.approx(1) for course in found.courses)
        assert sum(found.expect(day)) == pytest.approx(found.level * found.weights[kind_of(day)])


def test_held_out_weeks_are_told_as_they_were() -> None:
    """Each week is forecast by what came before it; copying the week before is told beside it."""
    history = drifting(7, 60)
    found = held_out(history)
    assert found is not None
    assert (found.first, found.last) == (date(2026, 5, 11), date(2026, 6, 7))
    weeks = [date(2026, 5, 11) + number * WEEK for number in range(4)]
    days = [list(dates(week, week + WEEK - timedelta(days=1))) for week in weeks]
    guesses, came = [], []
    for week in days:
        expect = learn(history.until(week[0])).expect
        guesses += [guess for day in week for guess in expect(day)]
        came += [calls for day in week for calls in history.calls[day]]
    copied = errors(history, earlier(history, WEEK), [day for week in days for day in week])
    assert found.by_half_hour == pytest.approx(wape(guesses, came))
    assert found.copied_by_half_hour == pytest.approx(copied)
    assert found.calls == sum(came)


@pytest.mark.parametrize("known", [0, 20])
def test_too_little_is_not_scored(known: int) -> None:
    last = date(2026, 6, 7)
    history = invented(1, last - timedelta(days=known - 1), last, level(60)) if known else History(TOKYO, {})
    assert held_out(history) is None
