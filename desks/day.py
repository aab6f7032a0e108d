"""An agent's day: what they did from when until when, cut at midnight; right when the clocks change, too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desks.models import PresenceInterval
from desks.values import Presence

Kind = tuple[Presence, str | None]
"""A state, with its reason where it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One date in a zone, as the instants at which it begins and ends: 23, 24 or 25 hours."""

    on: date
    zone: ZoneInfo

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.on, time(), self.zone).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.on + timedelta(days=1), time(), self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One state without a break, inside one day."""

    state: Presence
    reason: str | None
    start: datetime
    end: datetime
    from_before: bool = False  # it began on the day before
    goes_on: bool = False  # it runs still, or into the next day

    @property
    def kind(self) -> Kind:
        return self.state, self.reason

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def stretches(intervals: Iterable[PresenceInterval], day: Day, *, now: datetime) -> list[Stretch]:
    """The intervals as far as they lie in the day, in order; the open one runs until now."""
    found = []
    for one in sorted(intervals, key=lambda interval: interval.started_at):
        until = one.ended_at or max(now, one.started_at)
        start, end = max(one.started_at, day.starts_at), min(until, day.ends_at)
        if start < end:
            found.append(
                Stretch(
                    state=one.state, reason=one.reason, start=start, end=end,
                    from_before=one.started_at < day.starts_at,
                    goes_on=one.ended_at is None or one.ended_at > day.ends_at,
                )
            )  # fmt: skip
    return found


def sums(parts: Sequence[Stretch]) -> dict[Kind, timedelta]:
    """How long each state took, with its reason, the longest first."""
    found: dict[Kind, timedelta] = {}
    for part in parts:
        found[part.kind] = found.get(part.kind, timedelta()) + part.length
    return dict(sorted(found.items(), key=lambda item: (-item[1], str(item[0]))))
