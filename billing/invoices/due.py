"""By when an invoice is to be paid: a day of a later month, moved off days on which banks are closed."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import jpholiday

LAST_DAY = 31
_SATURDAY = 5
_NEW_YEAR = {(12, 31), (1, 1), (1, 2), (1, 3)}
_DAY = timedelta(days=1)


class Shift(StrEnum):
    """Where a day moves on which banks are closed."""

    NEXT = "next"
    PREVIOUS = "previous"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class DueRule:
    """``day`` of the month that is ``months`` after the day of issue; a shorter month ends earlier."""

    months: int = 1
    day: int = LAST_DAY
    shift: Shift = Shift.NEXT


END_OF_NEXT_MONTH = DueRule()


def due_date(rule: DueRule, issued_on: date) -> date:
    """The day of payment; never before the day of issue.

    >>> due_date(END_OF_NEXT_MONTH, date(2026, 12, 1))  # 31 January 2027 is a Sunday
    datetime.date(2027, 2, 1)
    """
    number = issued_on.year * 12 + issued_on.month - 1 + rule.months
    year, month = number // 12, number % 12 + 1
    day = date(year, month, min(rule.day, monthrange(year, month)[1]))
    step = {Shift.NEXT: _DAY, Shift.PREVIOUS: -_DAY, Shift.STAY: timedelta()}[rule.shift]
    while step and not is_banking_day(day):
        day += step
    return max(day, issued_on)


def is_banking_day(day: date) -> bool:
    """Neither a weekend nor a national holiday nor 31 December to 3 January."""
    return (
        day.weekday() < _SATURDAY and (day.month, day.day) not in _NEW_YEAR and not jpholiday.is_holiday(day)
    )
