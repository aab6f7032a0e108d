"""A talk script on a form: steps and fields in the order in which they stand on the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from uuid_utils.compat import uuid7

from nanori.text import one_line, tidied
from scripts_talk.steps import CapturedField, Step
from scripts_talk.values import FieldKind


@dataclass(slots=True)
class FieldRow:
    """One field to capture, as typed."""

    key: str = ""
    label: str = ""
    kind: str = FieldKind.TEXT.value
    required: str = ""  # "yes" or ""
    choices: str = ""  # one a line
    error: str = ""


@dataclass(slots=True)
class StepRow:
    """One step, as typed."""

    title: str = ""
    say: str = ""
    hint: str = ""
    fields: list[FieldRow] = field(default_factory=list)
    error: str = ""


def step_rows(steps: Sequence[Step]) -> list[StepRow]:
    return [
        StepRow(step.title, step.say, step.hint, [_field_row(captured) for captured in step.fields])
        for step in steps
    ]


def posted_steps(items: Iterable[tuple[str, object]]) -> list[StepRow]:
    """Read the posted names in their order: ``step-title`` opens a step, ``field-key`` a field of it.

    Steps in which nothing was typed are dropped; a field without a key gets a new one.
    """
    steps: list[StepRow] = []
    for name, value in items:
        kind, _, part = name.partition("-")
        typed = tidied(str(value))
        if name == "step-title":
            steps.append(StepRow(title=one_line(typed)))
        elif not steps:
            continue
        elif kind == "step" and part in {"say", "hint"}:
            setattr(steps[-1], part, typed)
        elif name == "field-key":
            steps[-1].fields.append(FieldRow(key=one_line(typed) or f"f-{uuid7().hex[-8:]}"))
        elif kind == "field" and steps[-1].fields and part in {"label", "kind", "required", "choices"}:
            setattr(steps[-1].fields[-1], part, typed)
    return [step for step in steps if step.title or step.say or step.hint or step.fields]


def meant(rows: Sequence[StepRow]) -> tuple[Step, ...]:
    """The steps that the rows stand for; an unknown kind is plain text."""
    return tuple(
        Step(title=row.title, say=row.say, hint=row.hint, fields=tuple(_captured(one) for one in row.fields))
        for row in rows
    )


def mark(rows: Sequence[StepRow], wrong: dict[str, str]) -> None:
    """Put what ``steps.problems`` found beside its row."""
    for number, row in enumerate(rows):
        row.error = wrong.get(f"step-{number}", "")
        for place, one in enumerate(row.fields):
            one.error = wrong.get(f"step-{number}-field-{place}", "")


def _field_row(captured: CapturedField) -> FieldRow:
    return FieldRow(
        key=captured.key,
        label=captured.label,
        kind=captured.kind.value,
        required="yes" if captured.required else "",
        choices="\n".join(captured.choices),
    )


def _captured(row: FieldRow) -> CapturedField:
    kind = FieldKind(row.kind) if row.kind in set(FieldKind) else FieldKind.TEXT
    choices = tuple(dict.fromkeys(one_line(line) for line in row.choices.splitlines() if line.strip()))
    return CapturedField(
        key=row.key,
        label=one_line(row.label),
        kind=kind,
        required=row.required == "yes",
        choices=choices if kind is FieldKind.CHOICE else (),
    )
