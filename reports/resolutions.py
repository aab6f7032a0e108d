"""解決時間: how long matters in writing took until they were settled, and on whom they waited. Pure."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple
from uuid import UUID

from interactions.questions.values import Side
from reports.facts import MILLISECOND, Period
from reports.figures import Figure, mean_ms, percentile_ms
from reports.threads import REOPENED_WITHIN

Together = Callable[[UUID, datetime], Collection[UUID]]
"""The cases that one case was joined with at a moment, itself among them."""
RESOLUTION_KEYS = (
    "resolution_time", "resolution_median", "resolution_p90",
    "resolution_ours", "resolution_shop", "resolution_shopper",
)  # fmt: skip
"""The first is the sum of the last three."""


class Happened(IntEnum):
    """In the order in which things of one moment are looked at."""

    CAME = 0  # a mail of a person
    MOVED = 1  # a question to the shop
    SOLVED = 2


class Step(NamedTuple):
    """Something that happened in a matter. ``number``: of the mail that came, or beside which it was settled.

    ``holder``: whose turn the question is since then; None: nobody's.
    """

    at: datetime
    kind: Happened
    of: UUID  # the case, or the question
    number: int = 0
    holder: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A matter from its first mail until it was settled, and on whom it waited meanwhile."""

    number: int  # of the mail beside which the log says so
    at: datetime
    ours_ms: int
    shop_ms: int
    shopper_ms: int

    @property
    def whole_ms(self) -> int:
        return self.ours_ms + self.shop_ms + self.shopper_ms


def resolution_figures(settled: Iterable[Settled], period: Period) -> tuple[Figure, ...]:
    """Nothing for a month of which no matter is known to be settled for good."""
    found = for_good(settled, period)
    whole = [one.whole_ms for one in found]
    if not found:
        return ()
    return (
        mean_ms("resolution_time", sum(whole), len(found)),
        percentile_ms("resolution_median", whole, 50),
        percentile_ms("resolution_p90", whole, 90),
        mean_ms("resolution_ours", sum(one.ours_ms for one in found), len(found)),
        mean_ms("resolution_shop", sum(one.shop_ms for one in found), len(found)),
        mean_ms("resolution_shopper", sum(one.shopper_ms for one in found), len(found)),
    )


def for_good(settled: Iterable[Settled], period: Period) -> list[Settled]:
    """Those whose seven days without another mail ended in the period."""
    return [one for one in settled if period.contains(one.at + REOPENED_WITHIN)]


def settlements(steps: Iterable[Step], together: Together) -> list[Settled]:
    """Each time that a matter was settled and rested for seven days, or rests still; ``steps``: all of it.

    A mail within seven days goes on with the matter, and the rest before it was the shopper's time; a later
    one begins it anew.
    """
    matter = _Matter(together)
    for step in sorted(steps, key=_order):
        matter.take(step)
    return [*matter.rested, *([matter.settled] if matter.settled else [])]


def _order(step: Step) -> tuple[datetime, Happened]:
    return step.at, step.kind


def _nothing() -> dict[Side | None, timedelta]:
    return dict.fromkeys([*Side, None], timedelta())


@dataclass(slots=True)
class _Matter:
    """What is still to do, and the time on each side since it began; None: on the shopper's."""

    together: Together
    waiting: set[UUID] = field(default_factory=set)  # cases that are not settled
    asked: set[UUID] = field(default_factory=set)  # questions that lie with the shop
    passed: dict[Side | None, timedelta] = field(default_factory=_nothing)
    since: datetime | None = None
    settled: Settled | None = None
    rested: list[Settled] = field(default_factory=list)

    def take(self, step: Step) -> None:
        if self.settled and step.kind is Happened.CAME:
            self._take_up(self.settled, step.at)
        if self.since is not None:
            self.passed[self._turn()] += step.at - self.since
            self.since = step.at
        match step.kind:
            case Happened.CAME:
                self.since = step.at
                self.waiting.add(step.of)
            case Happened.MOVED if step.holder is Side.SHOP:
                self.asked.add(step.of)
            case Happened.MOVED:
                self.asked.discard(step.of)
            case Happened.SOLVED:
                self.waiting.difference_update(self.together(step.of, step.at))
                if not self.waiting and self.since and not self.settled:
                    self.settled = self._as_settled(step)

    def _take_up(self, settled: Settled, at: datetime) -> None:
        self.settled = None
        if at > settled.at + REOPENED_WITHIN:
            self.rested.append(settled)
            self.passed, self.since = _nothing(), None

    def _turn(self) -> Side | None:
        if self.asked:
            return Side.SHOP
        return Side.DESK if self.waiting else None

    def _as_settled(self, step: Step) -> Settled:
        return Settled(
            number=step.number,
            at=step.at,
            ours_ms=self.passed[Side.DESK] // MILLISECOND,
            shop_ms=self.passed[Side.SHOP] // MILLISECOND,
            shopper_ms=self.passed[None] // MILLISECOND,
        )
