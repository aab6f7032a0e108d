"""A script as a file, JSON, that people may write themselves, and back. Pure.

The format is written down in ``docs/howto/write-a-script.md``.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from nanori.words import N_, Words
from scripts_talk.steps import Step
from scripts_talk.stored import as_json, from_json
from scripts_talk.values import FieldKind, Match, Situation, StepKind

FORMAT, VERSION = "nanori_script", 1
MOST_PROBLEMS = 20
LAST_MINUTE, LAST_WEEKDAY = 24 * 60, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptFile:
    name: str
    order_pattern: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """Something in a file that cannot be read: ``path`` leads there, ``said`` is a msgid for ``params``."""

    said: str
    path: tuple[str | int, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)

    def in_words(self, words: Words) -> str:
        return _place(self.path, words) + words.gettext(self.said).format(**self.params)


class UnreadableFile(Exception):  # noqa: N818 -- named for the fact
    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = problems
        super().__init__(", ".join(problem.said for problem in problems))


def write_file(script: ScriptFile) -> str:
    told = {FORMAT: VERSION, "name": script.name, "order_pattern": script.order_pattern}
    return json.dumps(told | {"steps": as_json(script.steps)}, ensure_ascii=False, indent=2) + "\n"


def read_file(content: bytes) -> ScriptFile:
    """What ``write_file`` wrote, or somebody by hand.

    Raises:
        UnreadableFile: with all that is wrong, up to ``MOST_PROBLEMS``; nothing is read by halves.
    """
    told = _parsed(content)
    wrong = list(_check(told, FILE, ()))[:MOST_PROBLEMS]
    if wrong:
        raise UnreadableFile(wrong)
    return ScriptFile(
        name=told["name"], order_pattern=told.get("order_pattern", ""), steps=from_json(told["steps"])
    )


def _parsed(content: bytes) -> Any:
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise UnreadableFile([FileProblem(said=N_("The file is not in UTF-8."))]) from problem
    except json.JSONDecodeError as problem:
        params = {"line": problem.lineno, "column": problem.colno}
        said = N_(
            "Line {line}, character {column}: this is not JSON. Is a comma or a quotation mark missing?"
        )
        raise UnreadableFile([FileProblem(said=said, params=params)]) from problem
    except RecursionError as problem:
        raise UnreadableFile([FileProblem(said=N_("This is no script of ours."))]) from problem
    if not isinstance(told, dict) or FORMAT not in told:
        raise UnreadableFile([FileProblem(said=N_("This is no script of ours."))])
    if told[FORMAT] != VERSION:
        said = N_("The file has format {version}; this program reads format 1.")
        raise UnreadableFile([FileProblem(said=said, params={"version": told[FORMAT]})])
    return told


@dataclass(frozen=True, slots=True)
class _Object:
    parts: Mapping[str, Any]
    needed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _List:
    of: Any


@dataclass(frozen=True, slots=True)
class _Whole:
    most: int


class _Day:
    """A date as YYYY-MM-DD."""


CONDITION = _Object({
    "situations": _List(Situation),
    "campaign": str,
    "first_day": _Day(),
    "last_day": _Day(),
    "from_minute": _Whole(LAST_MINUTE),
    "until_minute": _Whole(LAST_MINUTE),
    "weekdays": _List(_Whole(LAST_WEEKDAY)),
    "answer": _Object({"field": str, "test": Match, "value": str}, frozenset({"field", "test"})),
})  # fmt: skip
FIELD = _Object(
    {"key": str, "label": str, "kind": FieldKind, "required": bool, "choices": _List(str)},
    frozenset({"key", "label", "kind"}),
)
STEP = _Object(
    {
        "key": str,
        "title": str,
        "kind": StepKind,
        "say": str,
        "hint": str,
        "then": str,
        "wordings": _List(_Object({"say": str, "when": CONDITION}, frozenset({"say"}))),
        "fields": _List(FIELD),
        "branches": _List(_Object({"to": str, "when": CONDITION}, frozenset({"to"}))),
        "goods": _Object({"code": str, "is_subscription": bool}, frozenset({"code"})),
    },
    frozenset({"title", "say"}),
)
FILE = _Object(
    {FORMAT: _Whole(VERSION), "name": str, "order_pattern": str, "steps": _List(STEP)},
    frozenset({"name", "steps"}),
)


def _check(value: Any, wanted: Any, path: tuple[str | int, ...]) -> Iterator[FileProblem]:
    match wanted:
        case _Object():
            yield from _check_object(value, wanted, path)
        case _List():
            yield from _check_list(value, wanted, path)
        case _:
            said, params = _plain_problem(value, wanted)
            if said:
                yield FileProblem(said=said, path=path, params={"name": _named(path), **params})


def _check_object(value: Any, wanted: _Object, path: tuple[str | int, ...]) -> Iterator[FileProblem]:
    if not isinstance(value, dict):
        yield FileProblem(said=N_("Here something in curly braces is wanted."), path=path)
        return
    for name in sorted(wanted.needed - value.keys()):
        yield FileProblem(said=N_("“{name}” is missing."), path=path, params={"name": name})
    for name, inner in value.items():
        if name in wanted.parts:
            yield from _check(inner, wanted.parts[name], (*path, name))
        else:
            yield FileProblem(said=N_("“{name}” means nothing here."), path=path, params={"name": name})


def _check_list(value: Any, wanted: _List, path: tuple[str | int, ...]) -> Iterator[FileProblem]:
    if not isinstance(value, list):
        yield FileProblem(said=N_("“{name}” must be a list."), path=path, params={"name": _named(path)})
        return
    for number, inner in enumerate(value):
        yield from _check(inner, wanted.of, (*path, number))


def _plain_problem(value: Any, wanted: Any) -> tuple[str, dict[str, object]]:
    match wanted:
        case _Whole(most):
            is_good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
            return "" if is_good else N_("“{name}” must be a number from 0 to {most}."), {"most": most}
        case _Day():
            return "" if _is_day(value) else N_("“{name}” must be a day such as 2026-12-24."), {}
        case type() if issubclass(wanted, StrEnum):
            codes = [one.value for one in wanted]
            is_good = isinstance(value, str) and value in codes
            return "" if is_good else N_("“{name}” must be one of: {codes}."), {"codes": ", ".join(codes)}
        case type() if wanted is bool:
            return "" if isinstance(value, bool) else N_("“{name}” must be true or false."), {}
    return "" if isinstance(value, str) else N_("“{name}” must be a text in quotation marks."), {}


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


NAMED = {
    "steps": N_("Step {n}"), "fields": N_("field {n}"), "wordings": N_("other words {n}"),
    "branches": N_("branch {n}"),
}  # fmt: skip


def _named(path: tuple[str | int, ...]) -> str:
    """What the value at the end of the path is called; an entry of a list is called as the list."""
    return next((part for part in reversed(path) if isinstance(part, str)), FORMAT)


def _place(path: tuple[str | int, ...], words: Words) -> str:
    """Step 3, branch 1: in front of a sentence; nothing for the file as a whole."""
    named = [
        words.gettext(NAMED[name]).format(n=number + 1)
        for name, number in pairwise(path)
        if name in NAMED and isinstance(number, int)
    ]
    return ", ".join(named) + ": " if named else ""
