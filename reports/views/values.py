"""Which days a saved view shows, and when it is sent: pure."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

AT_HOUR = 7
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class Span(StrEnum):
    """``days``: always the same. The others move: the last whole week from Monday, the last whole month."""

    DAYS = "days"
    WEEK = "week"
    MONTH = "month"


def last_week(today: date) -> tuple[date, date]:
    """Monday to Sunday of the week before."""
    monday = today - timedelta(days=today.weekday()) - _WEEK
    return monday, monday + _WEEK - _DAY


def last_month(today: date) -> tuple[date, date]:
    """The first and the last day of the month before."""
    last = today.replace(day=1) - _DAY
    return last.replace(day=1), last


def next_due(span: Span, local: datetime) -> datetime:
    """When it is sent next, after ``local`` by that clock: Mondays or firsts of the month, at seven."""
    zone, today = local.tzinfo, local.date()
    if not isinstance(zone, ZoneInfo) or span is Span.DAYS:
        raise ValueError("only what moves is sent, by a shop's clock")
    if span is Span.WEEK:
        day = today - timedelta(days=today.weekday())
        following = day + _WEEK
    else:
        day = today.replace(day=1)
        following = (day + timedelta(days=31)).replace(day=1)
    moment = datetime.combine(day, time(AT_HOUR), zone)
    return moment if moment > local else datetime.combine(following, time(AT_HOUR), zone)
