"""The mail half of the recount: replies, what fell due, what is still open, in the shop's business time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import jpholiday

from nanori_app.rehearse.recount_again import answered_matters, resolved_matters
from nanori_app.rehearse.stories import MS, Story

HOLIDAY = "7"
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
LONGEST_LOOK_AHEAD = timedelta(days=62)

Pair = tuple[int, int | None]


def mail_counts(
    mails: Sequence[Story], facts: Mapping[str, Any], zone: ZoneInfo, first: date, end: date
) -> tuple[dict[str, Pair], list[int]]:
    """Figures of the month and how old the open mails are at its end."""
    starts, ends = _midnight(first, zone), _midnight(end, zone)
    received = [one for one in mails if starts <= one.arrived_at < ends]
    replied = [one for one in mails if one.replied_at and starts <= one.replied_at < ends]
    begun: dict[str, Story] = {}
    for one in mails:
        begun.setdefault(one.case or f"mail {one.number}", one)
    firsts = {one.number for one in begun.values()}
    times = {
        one.number: _open_time(one.arrived_at, one.replied_at or one.arrived_at, facts, zone)
        for one in replied
    }
    took = sorted(ms for number, ms in times.items() if number in firsts)
    still_open = [ends - one.arrived_at for one in mails if one.arrived_at < ends and _is_open(one, ends)]
    middle = took[(len(took) + 1) // 2 - 1] if took else 0
    return {
        "mail_received": (len(received), None),
        "mail_replied": (len(replied), None),
        "mail_no_action": (sum(_needed_nothing(one, ends) for one in received), None),
        "mail_first_response": (sum(took), len(took)),
        "mail_first_response_median": (middle, len(took)),
        "mail_turnaround": (sum(times.values()), len(times)),
        "mail_within_target": _within_target(mails, facts, zone, (starts, ends)),
        "mail_same_day": _same_day(mails, facts, zone, (first, end)),
        "mail_backlog": (len(still_open), None),
        **answered_matters(mails, starts, ends),
        **resolved_matters(mails, starts, ends),
        **_worked_on(mails, starts, ends),
    }, _ages(still_open)


def _worked_on(mails: Sequence[Story], starts: datetime, ends: datetime) -> dict[str, Pair]:
    """Answers over the work on them; one that answers two mails of a case is one."""
    parts = {(one.case or one.number, part) for one in mails for part in one.worked}
    work = [part for _, part in parts if starts <= part[0] < ends]
    if not work:
        return {}
    return {"mails_per_hour": (sum(with_answer for *_, with_answer in work), sum(ms for _, ms, _ in work))}


def _within_target(
    mails: Sequence[Story], facts: Mapping[str, Any], zone: ZoneInfo, month: tuple[datetime, datetime]
) -> Pair:
    """Of the mails that fell due in the month, those replied to by then."""
    due = [
        (one, at)
        for one in mails
        if not _needed_nothing(one, month[1])
        and (at := _due(one.arrived_at, facts["terms"]["mail_within_minutes"], facts, zone)) is not None
        and month[0] <= at < month[1]
    ]
    return sum(one.replied_at is not None and one.replied_at <= at for one, at in due), len(due)


def _same_day(
    mails: Sequence[Story], facts: Mapping[str, Any], zone: ZoneInfo, month: tuple[date, date]
) -> Pair:
    """Of the mails that count for an open day of the month, those replied to before that day's close."""
    replied = []
    for one in mails:
        day, closes = _day_of(one.arrived_at, facts, zone)
        if day and month[0] <= day < month[1] and not _needed_nothing(one, _midnight(month[1], zone)):
            replied.append(one.replied_at is not None and one.replied_at < closes)
    return sum(replied), len(replied)


def _day_of(at: datetime, facts: Mapping[str, Any], zone: ZoneInfo) -> tuple[date | None, datetime]:
    """The open day for which a mail counts, and when it closes."""
    for day, spans in groupby(_spans(at, facts, zone), key=lambda span: span[0].astimezone(zone).date()):
        closes = max(closed for _, closed in spans)
        if closes > at:
            return day, closes
    return None, at


def _needed_nothing(mail: Story, ends: datetime) -> bool:
    return mail.replied_at is None and mail.ended_at is not None and mail.ended_at < ends


def _is_open(mail: Story, ends: datetime) -> bool:
    closed = mail.ended_at or mail.replied_at
    return closed is None or closed >= ends


def _ages(ages: Sequence[timedelta]) -> list[int]:
    bands = [0] * (len(AGES) + 1)
    for age in ages:
        bands[sum(age > bound for bound in AGES)] += 1
    return bands


def _spans(start: datetime, facts: Mapping[str, Any], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Opening spans from the day of ``start`` on."""
    day = start.astimezone(zone).date()
    for _ in range(LONGEST_LOOK_AHEAD.days):
        for opens, closes in _minutes(day, facts):
            midnight = datetime.combine(day, time(), tzinfo=zone)
            yield _at(midnight, opens), _at(midnight, closes)
        day += timedelta(days=1)


def _minutes(day: date, facts: Mapping[str, Any]) -> list[list[int]]:
    if day.isoformat() in facts["days"]:
        return list(facts["days"][day.isoformat()])
    key = HOLIDAY if jpholiday.is_holiday(day) else str(day.weekday())
    return list(facts["week"].get(key, []))


def _open_time(start: datetime, end: datetime, facts: Mapping[str, Any], zone: ZoneInfo) -> int:
    total = timedelta()
    for opens, closes in _spans(start, facts, zone):
        if opens >= end:
            break
        total += max(timedelta(), min(closes, end) - max(opens, start))
    return total // MS


def _due(start: datetime, minutes: int, facts: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    left = timedelta(minutes=minutes)
    for opens, closes in _spans(start, facts, zone):
        begins = max(opens, start)
        if closes <= begins:
            continue
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return None


def _at(midnight: datetime, minutes: int) -> datetime:
    """By the wall clock, as opening hours are written."""
    return (midnight.replace(tzinfo=None) + timedelta(minutes=minutes)).replace(
        tzinfo=midnight.tzinfo
    ).astimezone(UTC)  # fmt: skip


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
