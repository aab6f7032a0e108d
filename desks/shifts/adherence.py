"""How far a shift was kept to: what was planned against what the agent did. Pure.

The planned state is to be there for callers while at work, and not to be there in a break. A call or its
after-call work that runs into a break keeps to the plan: nobody hangs up for it.
Who never came kept to nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desks.shifts.cover import Piece, at_work
from desks.shifts.models import Shift
from desks.values import Presence

THERE = frozenset({Presence.READY, Presence.RINGING, Presence.BUSY, Presence.WRAPUP})
WITH_A_CALLER = THERE - {Presence.READY}


@dataclass(frozen=True, slots=True)
class Did:
    """What an agent did from one moment until another; None: still."""

    state: Presence
    started: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A shift as far as it has come. ``first_there`` and ``last_there`` are None when nobody came."""

    planned: timedelta
    kept: timedelta
    there: timedelta  # of the shift, breaks included
    first_there: datetime | None
    last_there: datetime | None

    @property
    def adherence(self) -> float | None:
        """The planned minutes in the planned state; None before the shift has begun."""
        return self.kept / self.planned if self.planned else None


def kept(shift: Shift, did: Sequence[Did], now: datetime) -> Kept:
    """What of the shift was kept to until now."""
    until = min(shift.ends_at, now)
    work = _cut(at_work(shift), until)
    rest = _cut([(one.lower, one.upper) for one in shift.breaks if one.lower and one.upper], until)
    there = _pieces(did, THERE, until)
    away = _length(rest) - _overlap(rest, there) + _overlap(rest, _pieces(did, WITH_A_CALLER, until))
    whole = _cut([(shift.starts_at, shift.ends_at)], until)
    seen = [(max(start, shift.starts_at), end) for start, end in there if end > shift.starts_at]
    return Kept(
        planned=_length(whole),
        kept=_overlap(work, there) + (away if seen else timedelta()),
        there=_overlap(whole, there),
        first_there=seen[0][0] if seen else None,
        last_there=seen[-1][1] if seen else None,
    )


def _pieces(did: Iterable[Did], states: frozenset[Presence], until: datetime) -> list[Piece]:
    """When the agent was in one of the states; intervals of one agent never overlap."""
    found = sorted((one.started, one.ended or until) for one in did if one.state in states)
    return _cut(found, until)


def _cut(pieces: Iterable[Piece], until: datetime) -> list[Piece]:
    return [(start, min(end, until)) for start, end in pieces if start < min(end, until)]


def _length(pieces: Iterable[Piece]) -> timedelta:
    return sum((end - start for start, end in pieces), timedelta())


def _overlap(pieces: Sequence[Piece], others: Sequence[Piece]) -> timedelta:
    shared = (
        min(end, until) - max(start, since)
        for start, end in pieces
        for since, until in others
        if start < until and since < end
    )
    return sum(shared, timedelta())
