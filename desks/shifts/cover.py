"""Who is there when: shifts without their breaks against half hours and opening times. Pure arithmetic."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from desks.shifts.models import Shift

Piece = tuple[datetime, datetime]
"""From one instant until another, half-open."""


def at_work(shift: Shift) -> list[Piece]:
    """A shift without its breaks."""
    pieces, begins = [], shift.starts_at
    for rest in sorted((one.lower, one.upper) for one in shift.breaks if one.lower and one.upper):
        if begins < rest[0]:
            pieces.append((begins, rest[0]))
        begins = rest[1]
    return [*pieces, (begins, shift.ends_at)] if begins < shift.ends_at else pieces


def seats_in(slots: Sequence[Piece], pieces: Iterable[Piece]) -> list[float]:
    """How many are there in the mean of each slot; slots follow one another and may differ in length."""
    found = [timedelta()] * len(slots)
    for begins, ends in pieces:
        for number, (start, end) in enumerate(slots):
            if begins < end and ends > start:
                found[number] += min(ends, end) - max(begins, start)
    return [spent / (end - start) for spent, (start, end) in zip(found, slots, strict=True)]


def nobody(opens: Iterable[Piece], pieces: Iterable[Piece]) -> list[Piece]:
    """The parts of opening times in which nobody is there, in order."""
    there, gaps = sorted(pieces), []
    for start, end in sorted(opens):
        left = start
        for begins, ends in there:
            if begins >= end:
                break
            if begins > left:
                gaps.append((left, begins))
            left = max(left, ends)
        if left < end:
            gaps.append((left, end))
    return gaps
