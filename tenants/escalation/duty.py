"""Gaps in the on-call calendar: pure."""

from collections.abc import Iterable
from datetime import datetime


def gaps(
    periods: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """The parts of ``[start, end)`` in which nobody is on call, the earliest first."""
    found = []
    covered = start
    for starts, ends in sorted(periods):
        if starts > covered and starts < end:
            found.append((covered, starts))
        covered = max(covered, ends)
    if covered < end:
        found.append((covered, end))
    return found
