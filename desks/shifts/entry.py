"""A day's shifts as they are typed: ``9-18/12-13`` is nine to six with a break from twelve to one.

Several breaks are parted by commas, several shifts by semicolons. Minutes count from the midnight with which
the day begins; who ends before the start ends on the next day (``22-7/2-3``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nanori.text import code_like
from nanori.words import N_

A_DAY = 24 * 60
LONGEST = 16 * 60
"""Minutes; who types more has most likely mistyped."""
_SPAN = re.compile(r"(\d{1,2})(?::?(\d{2}))?-(\d{1,2})(?::?(\d{2}))?")
_DASHES = str.maketrans(dict.fromkeys("~〜∼ー−–—‐", "-") | {"、": ",", "；": ";", "／": "/"})
_CLOCK_WORDS = re.compile(r"(\d)時半|(\d)時(\d{2})分?|(\d)時")


class Unreadable(ValueError):  # noqa: N818 - named for the fact
    """Not the times of a shift; ``said`` is a msgid that says how to write them."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one minute until another, half-open."""

    begins: int
    ends: int


@dataclass(frozen=True, slots=True, order=True)
class Times:
    """One shift of a day, and its breaks in order."""

    begins: int
    ends: int
    breaks: tuple[Span, ...] = ()


def read(typed: str) -> tuple[Times, ...]:
    """The shifts of one day, in order; nothing typed is a day off.

    Raises:
        Unreadable: with the sentence to show beside the field.
    """
    plain = code_like(_CLOCK_WORDS.sub(_as_clock, typed)).translate(_DASHES).strip(";")
    found = sorted(_shift(one) for one in plain.split(";") if one)
    if any(one.ends > other.begins for one, other in pairwise(found)):
        raise Unreadable(N_("Two shifts of this day overlap."))
    return tuple(found)


def written(shifts: Sequence[Times]) -> str:
    """The same as it would be typed."""
    return "; ".join(
        _span_written(one.begins, one.ends)
        + ("/" + ",".join(_span_written(rest.begins, rest.ends) for rest in one.breaks) if one.breaks else "")
        for one in shifts
    )


def _shift(typed: str) -> Times:
    work, _, rests = typed.partition("/")
    begins, ends = _span(work)
    if not 0 < ends - begins <= LONGEST:
        raise Unreadable(N_("A shift is at most 16 hours long. Two shifts are parted by a semicolon."))
    breaks = tuple(sorted(_break(one, begins) for one in rests.split(",") if one))
    if any(one.begins < begins or one.ends > ends for one in breaks):
        raise Unreadable(N_("A break has to lie within its shift."))
    if any(one.ends > other.begins for one, other in pairwise(breaks)):
        raise Unreadable(N_("Two breaks of this shift overlap."))
    return Times(begins, ends, breaks)


def _break(typed: str, shift_begins: int) -> Span:
    """A break after midnight belongs to the night of the shift."""
    begins, ends = _span(typed)
    later = A_DAY if begins < shift_begins else 0
    return Span(begins + later, ends + later)


def _span(typed: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(typed.strip())
    if found is None:
        raise Unreadable(N_("Write a shift like 9-18/12-13: from, until, and the break after the stroke."))
    begins, ends = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    return begins, ends if ends > begins else ends + A_DAY


def _minutes(hours: str, minutes: str | None) -> int:
    rest = int(minutes or 0)
    if int(hours) > 24 or rest > 59 or (int(hours) == 24 and rest):  # noqa: PLR2004 - a clock
        raise Unreadable(N_("Times go from 0:00 to 24:00."))
    return int(hours) * 60 + rest


def _as_clock(found: re.Match[str]) -> str:
    if found[1]:
        return f"{found[1]}:30"
    return f"{found[2]}:{found[3]}" if found[2] else found[4]


def _span_written(begins: int, ends: int) -> str:
    return f"{_clock(begins)}-{_clock(ends)}"


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes if minutes <= A_DAY else minutes - A_DAY, 60)
    return f"{hours}:{rest:02}" if rest else str(hours)
