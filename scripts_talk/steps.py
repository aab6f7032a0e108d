"""A talk script's steps as values, and as the JSON in which a version keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nanori.words import N_
from scripts_talk.values import FieldKind

MOST_STEPS, MOST_FIELDS = 30, 12
FEWEST_CHOICES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedField:
    """Something to ask and keep. ``key`` names it in what is captured, and stays when the label changes."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the talk: what it is for, what to say, what to mind, what to write down."""

    title: str
    say: str = ""
    hint: str = ""
    fields: tuple[CapturedField, ...] = ()


def as_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {
            "title": step.title,
            "say": step.say,
            "hint": step.hint,
            "fields": [
                {
                    "key": field.key,
                    "label": field.label,
                    "kind": field.kind.value,
                    "required": field.required,
                    "choices": list(field.choices),
                }
                for field in step.fields
            ],
        }
        for step in steps
    ]


def from_json(stored: Sequence[dict[str, Any]]) -> tuple[Step, ...]:
    return tuple(
        Step(
            title=step["title"],
            say=step["say"],
            hint=step["hint"],
            fields=tuple(
                CapturedField(
                    key=field["key"],
                    label=field["label"],
                    kind=FieldKind(field["kind"]),
                    required=field["required"],
                    choices=tuple(field["choices"]),
                )
                for field in step["fields"]
            ),
        )
        for step in stored
    )


def problems(steps: Sequence[Step]) -> dict[str, str]:
    """What keeps these steps from being a script: ``step-2`` or ``step-2-field-1`` (from 0) to a msgid."""
    found: dict[str, str] = {}
    if len(steps) > MOST_STEPS:
        found["steps"] = N_("A script has at most 30 steps.")
    for number, step in enumerate(steps):
        if not step.title:
            found[f"step-{number}"] = N_("Please give this step a title.")
        elif len(step.fields) > MOST_FIELDS:
            found[f"step-{number}"] = N_("A step has at most 12 fields.")
        for place, field in enumerate(step.fields):
            if problem := _field_problem(field):
                found[f"step-{number}-field-{place}"] = problem
    keys = [field.key for step in steps for field in step.fields]
    if len(keys) != len(set(keys)):
        found["steps"] = N_("Two fields have the same key.")
    return found


def _field_problem(field: CapturedField) -> str:
    if not field.label:
        return N_("Please name what to write down.")
    if field.kind is FieldKind.CHOICE and len(set(field.choices)) < FEWEST_CHOICES:
        return N_("Please give at least two choices, one a line.")
    return ""
