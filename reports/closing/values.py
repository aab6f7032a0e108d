"""How far the closing of a month has come: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from reports.closing.errors import MonthBusy, MonthNotOver
from reports.facts import PhoneFact

FORMULAS = 3
"""Version of what ``docs/algorithms/kpi.md`` says; raised when a figure begins to count something else."""
PATIENCE = timedelta(minutes=10)
"""A close under way for longer has lost its worker: asking again starts anew."""
LONGEST_CALL = timedelta(hours=12)
"""What has lasted longer is no call any more, but a line that the log has lost."""
LONGEST_WRAP_UP = timedelta(hours=1)


class MonthState(StrEnum):
    """``restated``: closed anew after it had been reopened; what it said before is kept beside."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    RESTATED = "restated"
    REOPENED = "reopened"


SETTLED = frozenset({MonthState.CLOSED, MonthState.RESTATED})
"""The figures come from what was frozen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a month's figures come from. ``edition`` counts its closes; ``reason`` is that of the reopening.

    ``content_hash`` is of the figures with the records behind them, and empty while they are not frozen.
    """

    state: MonthState
    edition: int
    closed_at: datetime | None
    reopened_at: datetime | None = None
    reason: str = ""
    content_hash: str = ""
    formulas: int = FORMULAS
    changed: tuple[str, ...] = ()  # keys of the figures that the last restatement changed

    def as_json(self) -> dict[str, object]:
        return {
            "state": self.state.value,
            "edition": self.edition,
            "closed_at": self.closed_at.isoformat() if self.closed_at else None,
            "reopened_at": self.reopened_at.isoformat() if self.reopened_at else None,
            "reason": self.reason,
            "content_hash": self.content_hash,
            "formulas": self.formulas,
            "changed": list(self.changed),
        }


def had_begun(created_at: datetime, zone: ZoneInfo, month: date) -> bool:
    """Whether a shop was there in a month at all; one that came later has nothing to close."""
    return created_at.astimezone(zone).date() < following(month)


def following(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def check_over(month: date, zone: ZoneInfo, now: datetime) -> None:
    """Refuse to close a month that still runs.

    Raises:
        MonthNotOver: by the shop's clock it has days to come.
    """
    if following(month) > now.astimezone(zone).date():
        raise MonthNotOver


def check_quiet(calls: Iterable[PhoneFact], now: datetime) -> None:
    """Refuse to freeze what is about to change: a call begun before midnight, or the work after it.

    Raises:
        MonthBusy: a call of the month is not over, or not wrapped up.
    """
    if any(_goes_on(call, now) for call in calls):
        raise MonthBusy


def _goes_on(call: PhoneFact, now: datetime) -> bool:
    if call.ended_at is None:
        return now - call.arrived_at < LONGEST_CALL
    unfinished = call.answered_at is not None and call.wrapped_up_at is None
    return unfinished and now - call.ended_at < LONGEST_WRAP_UP
