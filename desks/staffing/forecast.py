"""Calls to expect, by half hour: level of the days, kind of the day, course of the day.

``docs/algorithms/forecast.md`` has the formulas and what they were measured against. Whatever is learnt from
few calls is drawn towards something learnt from more: so many calls' worth as the constants say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from desks.staffing.days import HOLIDAY, KINDS, SATURDAY, SUNDAY, kind_of
from desks.staffing.errors import NoCalls, NothingCounted
from desks.staffing.history import HALF_HOURS, History, lengths

STANDING_HALF_LIFE = 28.0
"""Days after which a day says half as much about the level of a desk that always stands."""
SEASON_HALF_LIFE = 2.0
PASSES = 3
LEVEL_CALLS, KIND_CALLS, COURSE_CALLS, GROWTH_CALLS = 5.0, 20.0, 100.0, 50.0
QUIET_DAYS, QUIET_CALLS = 7, 20.0
"""So many days on end without a call, in which so many should have come, were not ordinary days."""
NEAR = timedelta(days=7)

_WORKDAYS, _FREE_DAYS = range(SATURDAY), (SATURDAY, SUNDAY)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Days on end without one call, left out of what was learnt: somebody should know why."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What a history says. A level is the calls of a day of mean kind."""

    history: History
    levels: Mapping[date, float]
    level: float  # on the last day
    weights: Sequence[float]  # of each kind of day; the mean of Monday to Sunday is 1
    courses: Sequence[Sequence[float]]  # of each kind of day: share of its calls in each half hour
    left_out: Sequence[Quiet]

    def expect(self, day: date, level: float | None = None) -> list[float]:
        """Calls in each half hour of a day; at the latest level, or another."""
        kind = kind_of(day)
        calls = (self.level if level is None else level) * self.weights[kind]
        shares = zip(self.courses[kind], lengths(day, self.history.zone), strict=True)
        return [calls * share * length for share, length in shares]

    def level_near(self, day: date) -> float:
        """The level on the counted day nearest to this one; none when there is none near."""
        nearest = min(self.levels, key=lambda one: (abs(one - day), one))
        return self.levels[nearest] if abs(nearest - day) <= NEAR else 0.0


def learn(history: History) -> Pattern:
    """The pattern of a desk that always stands.

    Raises:
        NothingCounted: there is no day in the history.
        NoCalls: there are days, and not one call on them.
    """
    return _learn(history, STANDING_HALF_LIFE)


def learn_season(history: History) -> Pattern:
    """The pattern of one season, whose days differ: each busy day keeps its own level.

    Raises:
        NothingCounted, NoCalls: as ``learn``.
    """
    smooth = _learn(history, SEASON_HALF_LIFE)
    levels = {
        day: (sum(history.calls[day]) + LEVEL_CALLS)
        / (smooth.weights[kind_of(day)] + LEVEL_CALLS / max(level, 1e-9))
        for day, level in smooth.levels.items()
    }
    return Pattern(
        history=history, levels=levels, level=smooth.level, weights=smooth.weights, courses=smooth.courses,
        left_out=smooth.left_out,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Last year's season once more: as many days before its occasion as then, ``growth`` times the calls."""

    last: Pattern
    then: date  # the occasion in the season learnt
    now: date  # and in the one to come
    growth: float = 1.0

    def expect(self, day: date) -> list[float]:
        """Calls in each half hour of a day; none outside the days of last year's season."""
        return self.last.expect(day, self.growth * self.last.level_near(day - self.now + self.then))

    def grown(self, so_far: History) -> "Again":
        """With the growth that the season's days so far show, drawn towards the growth supposed before."""
        usual = Again(last=self.last, then=self.then, now=self.now)
        came = sum(sum(calls) for calls in so_far.calls.values())
        supposed = sum(sum(usual.expect(day)) for day in so_far.calls)
        growth = (came + GROWTH_CALLS * self.growth) / (supposed + GROWTH_CALLS)
        return Again(last=self.last, then=self.then, now=self.now, growth=growth)


def wape(expected: Iterable[float], came: Iterable[float]) -> float | None:
    """Sum of the absolute errors by the sum of the calls that came; None when none came."""
    pairs = list(zip(expected, came, strict=True))
    calls = sum(came for _, came in pairs)
    return sum(abs(guess - came) for guess, came in pairs) / calls if calls else None


def _learn(history: History, half_life: float) -> Pattern:
    if not history.calls:
        raise NothingCounted
    if not any(map(any, history.calls.values())):
        raise NoCalls(first=min(history.calls), last=max(history.calls))
    left_out = _quiet(history)
    totals = {
        day: sum(calls)
        for day, calls in sorted(history.calls.items())
        if not any(quiet.first <= day <= quiet.last for quiet in left_out)
    }
    mean = sum(totals.values()) / len(totals)
    levels, latest = dict.fromkeys(totals, mean), mean
    weights = [1.0] * len(KINDS)
    for _ in range(PASSES):
        weights = _weights(totals, levels)
        levels, latest = _levels(totals, weights, half_life)
    return Pattern(
        history=history, levels=levels, level=latest, weights=weights, courses=_courses(history, totals),
        left_out=left_out,
    )  # fmt: skip


def _quiet(history: History) -> list[Quiet]:
    """Stretches without a call that chance does not explain."""
    totals = {day: sum(calls) for day, calls in sorted(history.calls.items())}
    found = []
    for busy, group in groupby(totals, key=lambda day: totals[day] > 0):
        days = list(group)
        elsewhere = sum(totals.values()) / max(1, len(totals) - len(days))
        if not busy and len(days) >= QUIET_DAYS and elsewhere * len(days) >= QUIET_CALLS:
            found.append(Quiet(days[0], days[-1]))
    return found


def _weights(totals: Mapping[date, int], levels: Mapping[date, float]) -> list[float]:
    """Calls of each kind of day against the level: drawn to its class, a holiday to Sundays."""
    came, supposed = [0.0] * len(KINDS), [0.0] * len(KINDS)
    for day, calls in totals.items():
        came[kind_of(day)] += calls
        supposed[kind_of(day)] += levels[day]

    def drawn(kinds: Iterable[int], towards: float) -> float:
        kinds = list(kinds)
        calls = sum(came[kind] for kind in kinds) + KIND_CALLS * towards
        return calls / (sum(supposed[kind] for kind in kinds) + KIND_CALLS)

    of_class = dict.fromkeys(_WORKDAYS, drawn(_WORKDAYS, 1.0)) | dict.fromkeys(
        _FREE_DAYS, drawn(_FREE_DAYS, 1.0)
    )
    week = [drawn([kind], of_class[kind]) for kind in range(HOLIDAY)]
    mean = sum(week) / len(week)
    return [weight / mean for weight in (*week, drawn([HOLIDAY], week[SUNDAY]))]


def _levels(
    totals: Mapping[date, int], weights: Sequence[float], half_life: float
) -> tuple[dict[date, float], float]:
    """The level of each day from the days around it, and the last one from the days before only."""
    usual = sum(totals.values()) / sum(weights[kind_of(day)] for day in totals)
    before = _decayed(totals, weights, half_life)
    after = _decayed(dict(reversed([*totals.items()])), weights, half_life)

    def level(came: float, weight: float) -> float:
        return (came + LEVEL_CALLS) / (weight + LEVEL_CALLS / usual)

    levels = {
        day: level(
            before[day][0] + after[day][0] - calls, before[day][1] + after[day][1] - weights[kind_of(day)]
        )
        for day, calls in totals.items()
    }
    return levels, level(*before[max(totals)])


def _decayed(
    totals: Mapping[date, int], weights: Sequence[float], half_life: float
) -> dict[date, tuple[float, float]]:
    """Calls and weights of the days up to each day, in the order given, older ones counting less."""
    found = {}
    came = weight = 0.0
    last = next(iter(totals))
    for day, calls in totals.items():
        kept = 0.5 ** (abs((day - last).days) / half_life)
        came, weight, last = came * kept + calls, weight * kept + weights[kind_of(day)], day
        found[day] = (came, weight)
    return found


def _courses(history: History, days: Iterable[date]) -> list[list[float]]:
    """The course of each kind of day: drawn to its class, that to all days, a holiday to Sundays."""
    came = [[0.0] * HALF_HOURS for _ in KINDS]
    for day in days:
        hours = came[kind_of(day)]
        for at, (calls, length) in enumerate(
            zip(history.calls[day], lengths(day, history.zone), strict=True)
        ):
            hours[at] += calls / length if length else 0.0

    def drawn(kinds: Iterable[int], towards: Sequence[float]) -> list[float]:
        sums = [sum(hours) for hours in zip(*(came[kind] for kind in kinds), strict=True)]
        all_calls = sum(sums) + COURSE_CALLS
        return [
            (calls + COURSE_CALLS * share) / all_calls for calls, share in zip(sums, towards, strict=True)
        ]

    every = [sum(hours) for hours in zip(*came, strict=True)]
    of_all = [calls / sum(every) for calls in every]
    work, free = drawn(_WORKDAYS, of_all), drawn(_FREE_DAYS, of_all)
    week = [drawn([kind], work if kind in _WORKDAYS else free) for kind in range(HOLIDAY)]
    return [*week, drawn([HOLIDAY], week[SUNDAY])]
