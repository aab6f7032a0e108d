"""What a date is to callers: its weekday or a national holiday, and the days around which seasons turn."""

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import jpholiday

SATURDAY, SUNDAY, HOLIDAY = 5, 6, 7
KINDS = range(8)
"""0 is Monday, 7 a national holiday on whatever weekday."""


class Occasion(StrEnum):
    """A day before which people send gifts."""

    VALENTINE = "valentine"
    MOTHERS_DAY = "mothers-day"
    FATHERS_DAY = "fathers-day"
    CHRISTMAS = "christmas"
    YEAR_END = "year-end"


@cache
def kind_of(day: date) -> int:
    """One of ``KINDS``; days off in lieu and days between two holidays are holidays."""
    return HOLIDAY if jpholiday.is_holiday(day) else day.weekday()


def holiday_name(day: date) -> str | None:
    """What a national holiday is called in Japan; None on other days."""
    name: str | None = jpholiday.is_holiday_name(day)
    return name


def falls_on(occasion: Occasion, year: int) -> date:
    """The date of an occasion in a year."""
    match occasion:
        case Occasion.VALENTINE:
            return date(year, 2, 14)
        case Occasion.MOTHERS_DAY:
            return _sunday(year, 5, nth=2)
        case Occasion.FATHERS_DAY:
            return _sunday(year, 6, nth=3)
        case Occasion.CHRISTMAS:
            return date(year, 12, 25)
        case Occasion.YEAR_END:
            return date(year, 12, 31)


def _sunday(year: int, month: int, *, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=SUNDAY - first.weekday(), weeks=nth - 1)
