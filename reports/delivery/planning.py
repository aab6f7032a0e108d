"""When a shop's report is made and to whom it goes: pure."""

from dataclasses import dataclass
from datetime import date, datetime

AT_HOUR = 8
MOST_RECIPIENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A plan as somebody asks for it; ``unasked`` goes out without a supervisor's approval."""

    day: int
    encloses: bool
    unasked: bool
    recipients: tuple[str, ...]


def months_before(day: date, count: int) -> date:
    """The first day of the month so many months before."""
    number = day.year * 12 + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def seen_to(day: int, local: datetime) -> date:
    """The month that a plan made now need not see to any more: last month's, when its day has begun."""
    begun = (local.day, local.hour) >= (day, AT_HOUR)
    return months_before(local.date(), 1 if begun else 2)
