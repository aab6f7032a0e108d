"""How good forecasts have been: weeks that were held out, against copying the week before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desks.staffing.errors import NoCalls, NothingCounted
from desks.staffing.forecast import learn, wape
from desks.staffing.history import HALF_HOURS, History, dates

WEEKS = 4
A_WEEK = timedelta(days=7)
LEAST = timedelta(days=14)
"""Days that must be known before a week that is held out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """WAPE of our forecast and of copying the week before; None where no call came."""

    first: date
    last: date
    calls: int
    by_day: float | None
    by_half_hour: float | None
    copied_by_day: float | None
    copied_by_half_hour: float | None


def held_out(history: History) -> Score | None:
    """The last weeks, each forecast from what was known before it; None where too little is known."""
    if not history.calls:
        return None
    first, end = min(history.calls), max(history.calls) + timedelta(days=1)
    starts = [end - number * A_WEEK for number in range(WEEKS, 0, -1)]
    ours: list[list[float]] = []
    copied: list[Sequence[float]] = []
    came: list[Sequence[int]] = []
    days: list[date] = []
    for start in starts:
        if start - first < LEAST:
            continue
        try:
            expect: Callable[[date], list[float]] = learn(history.until(start)).expect
        except (NoCalls, NothingCounted):
            continue
        for day in dates(start, start + A_WEEK - timedelta(days=1)):
            days.append(day)
            ours.append(expect(day))
            copied.append(history.calls.get(day - A_WEEK, [0] * HALF_HOURS))
            came.append(history.calls[day])
    if not days:
        return None
    return Score(
        first=days[0], last=days[-1], calls=sum(map(sum, came)),
        by_day=wape(map(sum, ours), map(sum, came)), by_half_hour=_by_half_hour(ours, came),
        copied_by_day=wape(map(sum, copied), map(sum, came)),
        copied_by_half_hour=_by_half_hour(copied, came),
    )  # fmt: skip


def _by_half_hour(guesses: Sequence[Sequence[float]], came: Sequence[Sequence[int]]) -> float | None:
    return wape([one for day in guesses for one in day], [one for day in came for one in day])
