"""From which days a shop may change what: pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nanori.errors import InvalidInput
from nanori.words import N_

A_DAY = timedelta(days=1)
AHEAD = timedelta(days=2 * 366)
"""Nobody plans further; a year typed wrong is found."""
LONGEST_RUN = 92
"""Days in one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """``closed_before``: the first day that is in no closed month; None while none was closed."""

    on: date
    closed_before: date | None = None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins by the shop's clock, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def check_first_day(day: date | None, today: Today) -> date:
    """The day, when a change may hold from it on.

    Raises:
        InvalidInput: of ``holds_from``: none, within a closed month, not after today, or too far away.
    """
    if day is None:
        raise InvalidInput({"holds_from": N_("Please give the first day on which it should hold.")})
    if today.closed_before and day < today.closed_before:
        raise InvalidInput({"holds_from": N_("This day is in a month that is closed.")})
    if day <= today.on:
        raise InvalidInput({"holds_from": N_("Please give a day from tomorrow on.")})
    if day > today.on + AHEAD:
        raise InvalidInput({"holds_from": N_("This day is more than two years away.")})
    return day


def check_last_day(first: date, last: date) -> None:
    """Nothing, when the days from ``first`` to ``last`` are a run.

    Raises:
        InvalidInput: of ``holds_until``: it ends before it starts, or is a season rather than an exception.
    """
    if last < first:
        raise InvalidInput({"holds_until": N_("The last day is before the first.")})
    if (last - first).days >= LONGEST_RUN:
        raise InvalidInput(
            {"holds_until": N_("At most 92 days at once. For longer, change the hours of the week.")}
        )
