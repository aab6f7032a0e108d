"""Plays a scene with many seeds, with and without the burst, and compares: both ways, and with theory."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from nanori_app.rehearse.burst.floors import MatchedFloor
from nanori_app.rehearse.burst.load import BURSTING, SECOND, BurstCall, Load, draw
from nanori_app.rehearse.burst.scene import SAMPLE, Played, play
from nanori_app.rehearse.burst.theory import expected_waiting

MOST_POINTS = 5.0
"""The others' service level may move by so much."""
MOST_ASTRAY = 0.10
"""The burst's waiting may differ from theory by so much."""
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of the seeds and its 95 % interval."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Mean":
        mean = statistics.fmean(values)
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        half = NORMAL_95 * spread / math.sqrt(len(values))
        return cls(mean, mean - half, mean + half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One seed. Levels are the others' calls answered in time, in per cent."""

    seed: int
    without: float
    with_burst: float
    first_come: float  # with the burst, by first come, first served over all shops
    waited: float  # seconds that the burst's callers waited, all together

    @property
    def points(self) -> float:
        return self.without - self.with_burst


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one scene."""

    load: Load
    seeds: list[Seed]
    expected: float  # seconds of waiting that theory expects

    @property
    def points(self) -> Mean:
        return Mean.of([one.points for one in self.seeds])

    @property
    def waited(self) -> Mean:
        return Mean.of([one.waited for one in self.seeds])

    @property
    def astray(self) -> float:
        return self.waited.mean / self.expected - 1

    @property
    def holds(self) -> bool:
        return self.points.mean <= MOST_POINTS and abs(self.astray) <= MOST_ASTRAY

    def as_json(self) -> dict[str, object]:
        return {
            "load": asdict(self.load),
            "seeds": [asdict(one) | {"points": round(one.points, 2)} for one in self.seeds],
            "points": asdict(self.points),
            "waited_seconds": asdict(self.waited),
            "expected_seconds": self.expected,
            "holds": self.holds,
        }


async def play_seeds(load: Load, seeds: Sequence[int]) -> Outcome:
    """Every seed three times: without the burst, with it, and with it but first come, first served."""
    expected = sum(expected_waiting(load, every=SAMPLE / SECOND)) * SAMPLE / SECOND
    return Outcome(load=load, seeds=[await _seed(load, seed) for seed in seeds], expected=expected)


async def _seed(load: Load, seed: int) -> Seed:
    quiet, loud = draw(load, seed, with_burst=False), draw(load, seed, with_burst=True)
    fair = await play(load, loud, MatchedFloor(load))
    return Seed(
        seed=seed,
        without=level(load, quiet, await play(load, quiet, MatchedFloor(load))),
        with_burst=level(load, loud, fair),
        first_come=level(load, loud, await play(load, loud, MatchedFloor(load, fair=False))),
        waited=sum(fair.waiting) * SAMPLE / SECOND,
    )


def level(load: Load, calls: Sequence[BurstCall], played: Played) -> float:
    """The others' calls from the burst on that were answered in time, in per cent."""
    first, last = load.burst_at * SECOND, (load.lasts - load.target) * SECOND
    theirs = [one for one in calls if one.shop != BURSTING and first <= one.at < last]
    good = sum(
        one.number in played.answered and played.answered[one.number] - one.at <= load.target * SECOND
        for one in theirs
    )
    return 100 * good / len(theirs)
