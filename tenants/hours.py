"""When a shop is open: pure arithmetic on its calendar.

A span is half-open, ``[opens, closes)``, in minutes of the day by the wall clock of the shop's zone. A single
date beats a national holiday, a holiday beats its weekday. Results are aware UTC datetimes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import jpholiday

from tenants.values import HOLIDAY

MINUTES_A_DAY = 24 * 60
LOOK_AHEAD = timedelta(days=370)
"""A shop that does not open within a year counts as one that never opens."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from one minute of the day until another; 1440 is the end of the day."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """A shop's opening times. A weekday (0 is Monday, 7 national holidays) without spans is closed.

    ``later``: other weeks, each from its day on until the next; in the order of their days.
    """

    zone: ZoneInfo
    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    special: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)  # () closes the date
    later: tuple[tuple[date, Mapping[int, tuple[Span, ...]]], ...] = ()


def is_open(calendar: Calendar, at: datetime) -> bool:
    day = at.astimezone(calendar.zone).date()
    return any(start <= at < end for start, end in _intervals_on(calendar, day))


def opens_next(calendar: Calendar, at: datetime) -> datetime | None:
    """The first instant from ``at`` on when the shop is open: ``at`` itself when it is open now."""
    for start, end in open_intervals(calendar, at, at + LOOK_AHEAD):
        if end > at:
            return max(start, at)
    return None


def closes_next(calendar: Calendar, at: datetime) -> datetime | None:
    """When the shop closes that is open at ``at``, midnights without a gap passed over; None when closed."""
    closes: datetime | None = None
    for start, end in open_intervals(calendar, at, at + LOOK_AHEAD):
        if start > (closes or at):
            break
        closes = end
    return closes


def business_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much of ``[start, end)`` the shop was open; nothing when it ends before it starts."""
    spent = (closes - opens for opens, closes in open_intervals(calendar, start, end))
    return sum(spent, timedelta())


def after_business_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime | None:
    """The first instant by which the shop was open for ``amount`` since ``start``; None beyond a year."""
    left = amount
    for opens, closes in open_intervals(calendar, start, start + LOOK_AHEAD):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def open_intervals(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open parts of ``[start, end)``, in order; what meets at midnight comes as two."""
    day = start.astimezone(calendar.zone).date() - timedelta(days=1)
    last = end.astimezone(calendar.zone).date()
    while day <= last:
        for opens, closes in _intervals_on(calendar, day):
            if opens < end and closes > start:
                yield max(opens, start), min(closes, end)
        day += timedelta(days=1)


def closing_times(calendar: Calendar, start: datetime, end: datetime) -> Iterator[datetime]:
    """When each open day ends, the last of its spans, from the day of ``start`` to that of ``end``."""
    day, last = (moment.astimezone(calendar.zone).date() for moment in (start, end))
    while day <= last:
        closes = [closed for _, closed in _intervals_on(calendar, day)]
        if closes:
            yield max(closes)
        day += timedelta(days=1)


def spans_on(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """The spans of one date, earliest first; empty when closed."""
    if day in calendar.special:
        return tuple(sorted(calendar.special[day]))
    weekday = HOLIDAY if jpholiday.is_holiday(day) else day.weekday()
    return tuple(sorted(week_on(calendar, day).get(weekday, ())))


def week_on(calendar: Calendar, day: date) -> Mapping[int, tuple[Span, ...]]:
    """The week that holds on this date."""
    held = calendar.week
    for since, week in calendar.later:
        if since > day:
            break
        held = week
    return held


def overlaps(spans: tuple[Span, ...]) -> bool:
    """Two of the spans share a minute."""
    ordered = sorted(spans)
    return any(one.closes > other.opens for one, other in pairwise(ordered))


def _intervals_on(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    for span in spans_on(calendar, day):
        opens, closes = (_instant(day, minute, calendar.zone) for minute in (span.opens, span.closes))
        if opens < closes:
            yield opens, closes


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minute, MINUTES_A_DAY)
    at = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=zone)
    return at.astimezone(UTC)
