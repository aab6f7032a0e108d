"""When a wording or a branch applies, and which of several that apply is the most specific. Pure.

The rule and its reasons are in ``docs/algorithms/scripts.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from scripts_talk.values import Match, Situation

A_DAY = 24 * 60
A_WEEK = 7
FOREVER = 10**6
"""More days than any span of dates has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A test of one captured value, named by its field's key."""

    field: str
    test: Match = Match.EQUALS
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """All parts must hold; a part that is empty always holds.

    Minutes are counted from midnight in the shop's zone, half-open; a span whose end is before its beginning
    goes over midnight. Days are inclusive, weekdays count from Monday as 0.
    """

    situations: frozenset[Situation] = frozenset()
    campaign: str = ""
    first_day: date | None = None
    last_day: date | None = None
    from_minute: int | None = None
    until_minute: int | None = None
    weekdays: frozenset[int] = frozenset()
    answer: Answer | None = None


ALWAYS = Condition()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What is true of a call while its script is shown; ``at`` is the local time of the shop."""

    at: datetime
    situations: frozenset[Situation] = frozenset()
    campaigns: frozenset[str] = frozenset()


class Conditional(Protocol):
    """Something with a condition in front of it."""

    @property
    def when(self) -> Condition: ...


def holds(condition: Condition, moment: Moment, captured: Mapping[str, str]) -> bool:
    day, minute = moment.at.date(), moment.at.hour * 60 + moment.at.minute
    return (
        condition.situations <= moment.situations
        and (not condition.campaign or condition.campaign in moment.campaigns)
        and (condition.first_day is None or condition.first_day <= day)
        and (condition.last_day is None or day <= condition.last_day)
        and _is_within(condition, minute)
        and (not condition.weekdays or day.weekday() in condition.weekdays)
        and (condition.answer is None or _answers(condition.answer, captured.get(condition.answer.field, "")))
    )


C = TypeVar("C", bound=Conditional)


def chosen(options: Sequence[C], moment: Moment, captured: Mapping[str, str]) -> C | None:
    """Of those that hold, the most specific one; of equally specific ones the one that stands first."""
    held = [one for one in options if holds(one.when, moment, captured)]
    return max(held, key=lambda one: specificity(one.when), default=None)


def specificity(condition: Condition) -> tuple[int, ...]:
    """Compared from the left. Whatever implies another condition part by part is never the lesser."""
    days = FOREVER
    if condition.first_day and condition.last_day:
        days = (condition.last_day - condition.first_day).days + 1
    elif condition.first_day or condition.last_day:
        days = FOREVER - 1
    return (
        *_answer_rank(condition.answer),
        1 if condition.campaign else 0,
        len(condition.situations),
        -days,
        -_minutes(condition),
        -(len(condition.weekdays) or A_WEEK),
    )


def is_never(condition: Condition) -> bool:
    """No moment whatever can meet its times: an empty span, or days without any of the weekdays."""
    if condition.from_minute is not None and condition.from_minute == condition.until_minute:
        return True
    first, last = condition.first_day, condition.last_day
    if first is None or last is None:
        return False
    if first > last:
        return True
    length = min((last - first).days + 1, A_WEEK)
    within = {(first + timedelta(days=ahead)).weekday() for ahead in range(length)}
    return bool(condition.weekdays) and not (condition.weekdays & within)


def _answer_rank(answer: Answer | None) -> tuple[int, int]:
    if answer is None:
        return (0, 0)
    if answer.test is Match.EQUALS:
        return (3, 0)
    if answer.test is Match.FILLED:
        return (1, 0)
    bound = int(answer.value) if answer.value.isdecimal() else 0
    return (2, bound if answer.test is Match.AT_LEAST else -bound)


def _minutes(condition: Condition) -> int:
    """How long it holds on a day."""
    start, end = condition.from_minute or 0, condition.until_minute
    end = A_DAY if end is None else end
    return end - start if start <= end else A_DAY - start + end


def _is_within(condition: Condition, minute: int) -> bool:
    start, end = condition.from_minute or 0, condition.until_minute
    end = A_DAY if end is None else end
    return start <= minute < end if start <= end else minute >= start or minute < end


def _answers(answer: Answer, value: str) -> bool:
    if not value:
        return False
    match answer.test:
        case Match.FILLED:
            return True
        case Match.EQUALS:
            return value == answer.value
        case Match.AT_LEAST:
            return _amount(value) >= _amount(answer.value)
        case Match.BELOW:
            return _amount(value) < _amount(answer.value)


def _amount(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() else 0
