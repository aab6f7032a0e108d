"""A condition on a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from nanori.text import clock_of_minutes, minutes_of_day
from scripts_talk.capturing import Reading, read_value
from scripts_talk.conditions import Answer, Condition
from scripts_talk.steps import CapturedField
from scripts_talk.values import Match, Situation

ANY_DAY = date(2026, 1, 1)
TEXTS = {"campaign", "first_day", "last_day", "from_time", "until_time", "asked", "test", "value"}


@dataclass(slots=True)
class ConditionRow:
    """Everything as typed; empty parts hold always."""

    situations: list[str] = field(default_factory=list)
    campaign: str = ""
    first_day: str = ""
    last_day: str = ""
    from_time: str = ""
    until_time: str = ""
    weekdays: list[str] = field(default_factory=list)
    asked: str = ""
    test: str = Match.EQUALS.value
    value: str = ""

    def read(self, part: str, typed: str) -> None:
        """Take one posted value; situations and weekdays come one by one."""
        if part == "situation" and typed:
            self.situations.append(typed)
        elif part == "weekday" and typed:
            self.weekdays.append(typed)
        elif part in TEXTS:
            setattr(self, part, typed)

    @property
    def is_about_time(self) -> bool:
        """Is anything said but an answer? Then the page shows it opened."""
        times = (self.campaign, self.first_day, self.last_day, self.from_time, self.until_time)
        return bool(self.situations or self.weekdays or any(times))


def condition_row(when: Condition) -> ConditionRow:
    answer = when.answer
    return ConditionRow(
        situations=[one.value for one in sorted(when.situations)],
        campaign=when.campaign,
        first_day=when.first_day.isoformat() if when.first_day else "",
        last_day=when.last_day.isoformat() if when.last_day else "",
        from_time="" if when.from_minute is None else clock_of_minutes(when.from_minute),
        until_time="" if when.until_minute is None else clock_of_minutes(when.until_minute),
        weekdays=[str(day) for day in sorted(when.weekdays)],
        asked=answer.field if answer else "",
        test=answer.test.value if answer else Match.EQUALS.value,
        value=answer.value if answer else "",
    )


def meant_condition(row: ConditionRow, fields: Mapping[str, CapturedField]) -> Condition:
    """What the row stands for; the browser's own pickers let nothing else through than times and days."""
    return Condition(
        situations=frozenset(Situation(one) for one in row.situations if one in set(Situation)),
        campaign=row.campaign,
        first_day=_day(row.first_day),
        last_day=_day(row.last_day),
        from_minute=_minutes(row.from_time),
        until_minute=_minutes(row.until_time),
        weekdays=frozenset(int(day) for day in row.weekdays if day in set("0123456")),
        answer=_answer(row, fields),
    )


def _answer(row: ConditionRow, fields: Mapping[str, CapturedField]) -> Answer | None:
    """The answer in the one shape in which the field keeps it."""
    if not row.asked:
        return None
    test = Match(row.test) if row.test in set(Match) else Match.EQUALS
    if test is Match.FILLED:
        return Answer(field=row.asked, test=test)
    known = fields.get(row.asked)
    value = read_value(known, row.value, Reading(today=ANY_DAY)).value if known else row.value
    return Answer(field=row.asked, test=test, value=value)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _minutes(text: str) -> int | None:
    try:
        return minutes_of_day(text) if text else None
    except ValueError:
        return None
