"""Where ``now`` comes from. Business facts never read the wall clock by themselves."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


def whole_milliseconds(at: datetime) -> datetime:
    """Cut to milliseconds, the grain of every stored time, so that sums of durations are exact."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


class Clock(Protocol):
    """Tells aware UTC time in whole milliseconds."""

    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return whole_milliseconds(datetime.now(UTC))


class VirtualClock:
    """Time that moves only when told to: for rehearsals and tests."""

    def __init__(self, start: datetime) -> None:
        self._now = whole_milliseconds(start)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        self.set(self._now + step)

    def set(self, at: datetime) -> None:
        """Jump to ``at``. Time never runs backwards: an earlier time changes nothing."""
        self._now = max(self._now, whole_milliseconds(at))
