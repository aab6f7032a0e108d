"""The life of a desk: from when until when it is open, and what follows by itself. Pure.

A season is given in whole days of the shop's calendar, the last one included; it is kept as half-open
instants, from the first moment of its first day to the first moment of the day after its last
(``docs/algorithms/seasons.md``).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from desks.errors import MoveNotAllowed
from desks.values import COMING, DESK_MOVES, DeskState

A_DAY = timedelta(days=1)


class Phase(StrEnum):
    """What a desk is to somebody who calls its number now."""

    BEFORE = "before"
    OPEN = "open"
    PAUSED = "paused"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class During:
    """Half-open: ``starts`` belongs to it, ``ends`` does not."""

    starts: datetime
    ends: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.starts <= at < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """First and last day of a season, by the shop's calendar."""

    opens_on: date
    closes_on: date
    zone: ZoneInfo

    @property
    def during(self) -> During:
        """The instants, in UTC."""
        return During(first_moment(self.opens_on, self.zone), first_moment(self.closes_on + A_DAY, self.zone))

    @property
    def days(self) -> int:
        return (self.closes_on - self.opens_on).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.opens_on + timedelta(days=n) for n in range(self.days))


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins, in UTC: where the clocks skip its midnight, at the moment they do."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def check_move(state: DeskState, to: DeskState) -> None:
    """Nothing, when a desk may go from one state to the other.

    Raises:
        MoveNotAllowed: it may not.
    """
    if to not in DESK_MOVES[state]:
        raise MoveNotAllowed


def due_move(state: DeskState, during: During, now: datetime) -> DeskState | None:
    """Where a seasonal desk goes by itself at ``now``; None when it stays.

    One that nobody looked after for its whole season opens first and closes then: no step is left out.
    """
    if state is DeskState.SCHEDULED and now >= during.starts:
        return DeskState.OPEN
    if state in {DeskState.OPEN, DeskState.PAUSED} and now >= during.ends:
        return DeskState.CLOSING
    return None


def phase(state: DeskState, during: During | None, now: datetime) -> Phase:
    """What callers meet. A season's dates hold to the moment, whenever the timers come round to the state.

    Args:
        during: None for a standing desk.
    """
    if state in {DeskState.CLOSING, DeskState.CLOSED} or (during and now >= during.ends):
        return Phase.AFTER
    if state is DeskState.PAUSED:
        return Phase.PAUSED
    if state in COMING and not (during and state is DeskState.SCHEDULED and now in during):
        return Phase.BEFORE
    return Phase.OPEN


def calls_on(day: date, dates: Dates, *, at_full: int, ramp_days: int) -> int:
    """Calls in the busiest half hour of a day, when they grow evenly to ``at_full`` within ``ramp_days``.

    Rounded up; nothing outside the season.
    """
    if not dates.opens_on <= day <= dates.closes_on:
        return 0
    step = (day - dates.opens_on).days + 1
    return math.ceil(at_full * min(step, ramp_days + 1) / (ramp_days + 1))
