"""Time that counts only while the desk is open."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from reports.facts import MILLISECOND
from tenants.hours import Calendar, closing_times, open_intervals

Span = tuple[datetime, datetime]
_USUAL_REACH = timedelta(days=31)
_LONGEST_REACH = timedelta(days=366)


class BusinessTime(Protocol):
    """The shop's clock for mail: it stands still outside opening hours."""

    def elapsed_ms(self, start: datetime, end: datetime) -> int: ...

    def due(self, start: datetime, after_ms: int) -> datetime | None:
        """When ``after_ms`` of open time have passed since ``start``; None beyond the known calendar."""
        ...

    def end_of_day(self, moment: datetime) -> datetime | None:
        """The last instant of the first open day that is not over; None beyond the known calendar."""
        ...


@dataclass(frozen=True, slots=True)
class OpenSpans:
    """Business time over opening spans, given as half-open, non-overlapping, ascending pairs.

    ``closes``: when each open day ends, ascending; spans alone do not tell it of a shop that never closes.
    """

    spans: tuple[Span, ...]
    closes: tuple[datetime, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[Span], closes: Iterable[datetime] = ()) -> "OpenSpans":
        """Sort and join the spans, so that double entries in a calendar do not count twice."""
        joined: list[Span] = []
        for start, end in sorted(span for span in spans if span[0] < span[1]):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return cls(tuple(joined), tuple(sorted(closes)))

    def elapsed_ms(self, start: datetime, end: datetime) -> int:
        total = timedelta()
        for opened, closed in self.spans[self._first_ending_after(start) :]:
            if opened >= end:
                break
            total += max(timedelta(), min(closed, end) - max(opened, start))
        return total // MILLISECOND

    def due(self, start: datetime, after_ms: int) -> datetime | None:
        left = timedelta(milliseconds=after_ms)
        for opened, closed in self.spans[self._first_ending_after(start) :]:
            begin = max(opened, start)
            if closed - begin >= left:
                return begin + left
            left -= closed - begin
        return None

    def end_of_day(self, moment: datetime) -> datetime | None:
        place = bisect_right(self.closes, moment)
        return self.closes[place] - datetime.resolution if place < len(self.closes) else None

    def before(self, moment: datetime, amount_ms: int) -> datetime | None:
        """The latest instant since which more than ``amount_ms`` had passed by ``moment``, closed time aside.

        None when the spans do not reach back so far.
        """
        left = timedelta(milliseconds=amount_ms)
        for opened, closed in reversed(self.spans):
            end = min(closed, moment)
            if end - opened > left:
                return end - left
            left -= max(timedelta(), end - opened)
        return None

    def _first_ending_after(self, moment: datetime) -> int:
        return bisect_right(self.spans, moment, key=lambda span: span[1])


def opening_spans(calendar: Calendar, start: datetime, end: datetime) -> OpenSpans:
    """When the shop was open from ``start`` until ``end``."""
    return OpenSpans.of(open_intervals(calendar, start, end), closing_times(calendar, start, end))


def reach_back(calendar: Calendar, moment: datetime, minutes: int) -> datetime:
    """An instant so early that whatever came before it fell due before ``moment``.

    ``minutes`` are of open time. A shop that was hardly open within a year is looked at for one year.
    """
    spans = opening_spans(calendar, moment - _USUAL_REACH, moment)
    found = spans.before(moment, minutes * 60_000)
    if found is None:
        spans = opening_spans(calendar, moment - _LONGEST_REACH, moment)
        found = spans.before(moment, minutes * 60_000)
    return found or moment - _LONGEST_REACH
