"""Counting what is only worth an alert in number, without a write to the database for each."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nanori.alerts import Alarm

WRITTEN_EVERY = timedelta(seconds=5)


@dataclass(slots=True)
class Tally:
    """One process's counts. At most one write for each cause in ``WRITTEN_EVERY``, however often it is met.

    A count that is never followed by another stays in memory: it was too small to matter.
    """

    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _written: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def count(self, alarm: Alarm, subject: str = "", *, now: datetime) -> int:
        """One more. Returns how many are to be written now; 0 when that can wait."""
        key = (alarm.name, subject)
        self._counts[key] = self._counts.get(key, 0) + 1
        written = self._written.get(key)
        if written is not None and now - written < WRITTEN_EVERY:
            return 0
        self._written[key] = now
        return self._counts.pop(key)
