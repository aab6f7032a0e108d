"""What is given back of the base fee when a month's service level was missed. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from unicodedata import normalize

import msgspec

PERCENT = 100
_STEP = re.compile(r"(\d{1,3}) *%? *[:= ] *(\d{1,3}) *%?")
_BETWEEN = re.compile(r"[、,;/\n]")


@dataclass(frozen=True, slots=True)
class Step:
    """Below so many per cent of calls in time, so many per cent of the base fee are given back."""

    below: int
    gives: int


@dataclass(frozen=True, slots=True)
class Promise:
    """``steps`` from the highest level to the lowest, giving more each; ``most_yen`` in one month."""

    steps: tuple[Step, ...]
    most_yen: int | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """What one month gives back, and by which step."""

    step: Step
    yen: int
    is_capped: bool


def owed(promise: Promise, *, within: int, calls: int, base_yen: int) -> Owed | None:
    """What is given back; None when the promise was kept, or nobody called.

    Args:
        within: calls in time, of ``calls``: the two sums of the closed figure, never its rounded quotient.
        base_yen: base fee and seats of the month. A part of it is rounded down to whole yen.
    """
    missed = [one for one in promise.steps if calls and within * PERCENT < one.below * calls]
    if not missed:
        return None
    step = max(missed, key=lambda one: one.gives)
    yen = base_yen * step.gives // PERCENT
    most = yen if promise.most_yen is None else min(yen, promise.most_yen)
    return Owed(step, most, is_capped=most < yen)


def read_steps(text: str) -> tuple[Step, ...]:
    """``80 5, 70 10`` as typed: below 80 % five per cent, below 70 % ten. Nothing typed is no step.

    Raises:
        ValueError: it cannot be read, or a lower level does not give more.
    """
    pieces = [piece.strip() for piece in _BETWEEN.split(normalize("NFKC", text)) if piece.strip()]
    steps = sorted((_step(piece) for piece in pieces), key=lambda one: -one.below)
    for higher, lower in pairwise(steps):
        if lower.below == higher.below or lower.gives <= higher.gives:
            raise ValueError(text)
    return tuple(steps)


def steps_as_text(steps: Sequence[Step]) -> str:
    """The same, to be typed on."""
    return ", ".join(f"{one.below} {one.gives}" for one in steps)


def stored(promise: Promise | None) -> dict[str, Any] | None:
    """As JSON holds it."""
    found: dict[str, Any] | None = msgspec.to_builtins(promise)
    return found


def read(terms: dict[str, Any] | None) -> Promise | None:
    return msgspec.convert(terms, Promise | None)


def _step(piece: str) -> Step:
    found = _STEP.fullmatch(piece)
    if found is None:
        raise ValueError(piece)
    step = Step(int(found[1]), int(found[2]))
    if not 1 <= step.below <= PERCENT or not 1 <= step.gives <= PERCENT:
        raise ValueError(piece)
    return step
