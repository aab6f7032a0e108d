"""The steps of an escalation policy as typed and as meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from nanori.errors import InvalidInput
from nanori.text import clock_of_minutes, code_like, minutes_of_day, one_line
from nanori.words import N_
from tenants.escalation.commands import StepFacts
from tenants.escalation.queries import Stored
from tenants.escalation.values import Days, Medium
from tenants.hours import MINUTES_A_DAY

MEDIA = {
    Medium.PHONE: N_("Telephone"),
    Medium.SMS: N_("Text message (SMS)"),
    Medium.MAIL: N_("Mail"),
    Medium.PORTAL: N_("Notice on the shop's page"),
}
DAYS = {
    Days.ALL: N_("every day"),
    Days.WORKING: N_("on working days"),
    Days.OFF: N_("at weekends and on holidays"),
}
ON_CALL = "on-call"
TYPED = {"days", "from", "until", "wait", "times"}


@dataclass(slots=True)
class StepRow:
    """One step on the form."""

    medium: str = Medium.PHONE
    people: list[str] = field(default_factory=list)  # ids of contacts, and ON_CALL
    days: str = Days.ALL
    opens: str = ""
    closes: str = ""
    wait: str = "10"
    times: str = "1"
    errors: dict[str, str] = field(default_factory=dict)  # msgids by contacts, hours, wait, times


def stored_rows(stored: Stored | None) -> list[StepRow]:
    """A policy as its form shows it."""
    return [
        StepRow(
            medium=step.medium,
            people=[*([ON_CALL] if step.on_call else []), *map(str, named)],
            days=step.days,
            opens="" if step.opens is None else clock_of_minutes(step.opens),
            closes="" if step.closes is None else clock_of_minutes(step.closes),
            wait=str(step.wait_minutes),
            times=str(step.times),
        )
        for step, named in (stored.steps if stored else ())
    ]


def posted_rows(items: Iterable[tuple[str, str]]) -> list[StepRow]:
    """``step-medium`` opens a row; what is not ticked is not sent."""
    rows: list[StepRow] = []
    names = {"from": "opens", "until": "closes"}
    for name, value in items:
        key, typed = name.removeprefix("step-"), one_line(value)
        if name == "step-medium":
            rows.append(StepRow(medium=typed, wait="", times=""))
        elif rows and name == "step-person":
            rows[-1].people.append(typed)
        elif rows and key in TYPED:
            setattr(rows[-1], names.get(key, key), typed)
    return rows


def facts_of(rows: Sequence[StepRow]) -> list[StepFacts]:
    """The steps as meant.

    Raises:
        InvalidInput: a row cannot be read; its errors say so, and so do fields ``<n>-<field>``.
    """
    facts = [_facts(row) for row in rows]
    wrong = {f"{n}-{field}": said for n, row in enumerate(rows) for field, said in row.errors.items()}
    if wrong:
        raise InvalidInput(wrong)
    return facts


def mark(rows: Sequence[StepRow], refusal: InvalidInput) -> None:
    """Put what was refused beside the rows."""
    for name, said in refusal.fields.items():
        number, _, part = name.partition("-")
        if number.isdecimal() and int(number) < len(rows):
            rows[int(number)].errors[part] = said


def _facts(row: StepRow) -> StepFacts:
    opens, closes = _hours(row)
    medium = Medium(row.medium) if row.medium in set(Medium) else None
    days = Days(row.days) if row.days in set(Days) else None
    if medium is None:
        row.errors["contacts"] = N_("Please choose how to reach them.")
    if days is None:
        row.errors["hours"] = N_("Please choose the days.")
    return StepFacts(
        medium=medium or Medium.PHONE,
        contacts=tuple(dict.fromkeys(_contacts(row))),
        on_call=ON_CALL in row.people,
        days=days or Days.ALL,
        opens=opens,
        closes=closes,
        wait_minutes=_number(row, "wait", row.wait, N_("Please wait between 1 and 1440 minutes.")),
        times=_number(row, "times", row.times, N_("Please try between 1 and 10 times.")),
    )


def _contacts(row: StepRow) -> Iterable[UUID]:
    for typed in row.people:
        if typed == ON_CALL:
            continue
        try:
            yield UUID(typed)
        except ValueError:
            row.errors["contacts"] = N_("This is none of the shop's contacts.")


def _hours(row: StepRow) -> tuple[int | None, int | None]:
    if not row.opens and not row.closes:
        return None, None
    try:
        opens, closes = minutes_of_day(row.opens), minutes_of_day(row.closes)
    except ValueError:
        row.errors["hours"] = N_("Please give both times like 09:00, or none for all day.")
        return None, None
    return opens % MINUTES_A_DAY, closes or MINUTES_A_DAY


def _number(row: StepRow, name: str, typed: str, says: str) -> int:
    try:
        return int(code_like(typed))
    except ValueError:
        row.errors[name] = says
        return 1
