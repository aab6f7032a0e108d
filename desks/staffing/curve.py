"""A day's seats: for each interval the fewest that reach the target, and what one seat fewer would do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desks.staffing.erlang import MOST_AGENTS, Load, Outlook, outlook, rostered, seats_needed

BESIDE = range(-2, 4)
"""Seats beside a number whose outlook is shown too."""


@dataclass(frozen=True, slots=True)
class Away:
    """Shares of the paid time, 0 to under 1 in all, in which an agent answers nobody."""

    breaks: float = 0.0
    training: float = 0.0
    leave: float = 0.0

    def __post_init__(self) -> None:
        if min(self.breaks, self.training, self.leave) < 0 or self.share >= 1:
            raise ValueError("shares away must be 0 or more, and less than 1 in all")

    @property
    def share(self) -> float:
        return self.breaks + self.training + self.leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What callers are promised: the share ``target`` of them answered within so many seconds."""

    within: float
    target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Seats of one interval. Without a call nobody is needed."""

    load: Load
    seats: int
    rostered: int  # to plan for, those away included
    reached: Outlook | None  # None without seats
    one_fewer: Outlook | None  # None below the first seat


def curve(calls: Sequence[float], like: Load, promise: Promise, away: Away) -> list[Need | None]:
    """The need of each interval that brings so many calls, each as long and patient as in ``like``.

    None where not even ``erlang.MOST_AGENTS`` keep the promise.
    """
    return [need(replace(like, calls=expected), promise, away) for expected in calls]


def cliff(load: Load, seats: int, *, within: float) -> list[Outlook]:
    """What some seats fewer and more than these achieve."""
    counts = (seats + step for step in BESIDE)
    return [outlook(load, one, within=within) for one in counts if 0 < one <= MOST_AGENTS]


def need(load: Load, promise: Promise, away: Away) -> Need | None:
    """The fewest seats that keep the promise; None where not even ``erlang.MOST_AGENTS`` do."""
    if not load.calls:
        return Need(load=load, seats=0, rostered=0, reached=None, one_fewer=None)
    seats = seats_needed(load, within=promise.within, target=promise.target)
    if seats is None:
        return None
    fewer = outlook(load, seats - 1, within=promise.within) if seats > 1 else None
    return Need(
        load=load,
        seats=seats,
        rostered=rostered(seats, away.share),
        reached=outlook(load, seats, within=promise.within),
        one_fewer=fewer,
    )
