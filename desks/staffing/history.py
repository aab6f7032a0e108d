"""Calls that came, counted by date and half hour of the wall clock in the shop's zone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

HALF_HOURS = 48
HALF_HOUR = timedelta(minutes=30)
_STEP = timedelta(minutes=15)  # no zone shifts its clock by less


@dataclass(frozen=True, slots=True)
class History:
    """Calls of each day by half hours. A date that is absent was not counted: no day without calls."""

    zone: ZoneInfo
    calls: Mapping[date, Sequence[int]]

    def until(self, day: date) -> "History":
        """The same without ``day`` and later days."""
        return History(self.zone, {one: calls for one, calls in self.calls.items() if one < day})


def count(arrivals: Iterable[datetime], zone: ZoneInfo, days: Iterable[date]) -> History:
    """Count aware instants on the days given; instants of other days are passed over."""
    counted = {day: [0] * HALF_HOURS for day in days}
    for arrival in arrivals:
        local = arrival.astimezone(zone)
        if local.date() in counted:
            counted[local.date()][_half_hour(local)] += 1
    return History(zone, counted)


def dates(first: date, last: date) -> Iterator[date]:
    """Each date from the first to the last, both inside."""
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


@cache
def lengths(day: date, zone: ZoneInfo) -> tuple[float, ...]:
    """How long each half hour of the wall clock is on this day, in half hours.

    1.0, but 0.0 where the clock is put forward over it and 2.0 where it is put back.
    """
    start, end = (
        datetime.combine(one, time(), tzinfo=zone).astimezone(UTC) for one in (day, day + timedelta(days=1))
    )
    if end - start == timedelta(days=1):
        return (1.0,) * HALF_HOURS
    found = [0.0] * HALF_HOURS
    while start < end:
        found[_half_hour(start.astimezone(zone))] += _STEP / HALF_HOUR
        start += _STEP
    return tuple(found)


def _half_hour(local: datetime) -> int:
    return (local.hour * 60 + local.minute) // 30
