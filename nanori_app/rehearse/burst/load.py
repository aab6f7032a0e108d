"""Who calls when, for how long and with how much patience; the same seed draws the same calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

SECOND = 1000
"""Times are whole milliseconds from the beginning of the scene."""
BURSTING = 0
"""The shop on television; the others have the numbers from 1 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One scene. Means are seconds; calls come at random (Poisson), handling and patience are exponential."""

    name: str
    says: str
    others: int = 20
    each_every: float  # seconds between two calls of one of the others
    handling: float  # answering, talk and after-call work of one call
    patience: float
    agents: int = 40
    burst_calls: int = 500
    burst_lasts: float = 10.0
    burst_at: float = 300.0
    lasts: float = 1200.0
    answers_within: float = 3.0  # an agent takes up to so many seconds to press the button
    target: float = 20.0  # seconds within which a call is to be answered

    @property
    def others_load(self) -> float:
        """Agents whom the others keep busy, in the mean (erlang)."""
        return self.others * self.handling / self.each_every


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstCall:
    number: int
    shop: int
    at: int
    patience: int
    answers_in: int
    handling: int


TOGETHER = Load(
    name="together",
    says="the twenty others have one call in 5 s between them, 150 s each",
    each_every=100.0,
    handling=150.0,
    patience=120.0,
)
EACH = Load(
    name="each",
    says="each of the twenty others has one call in 5 s, 7 s each",
    each_every=5.0,
    handling=7.0,
    patience=120.0,
    burst_at=60.0,
    lasts=360.0,
)
LOADS = (TOGETHER, EACH)


def draw(load: Load, seed: int, *, with_burst: bool) -> list[BurstCall]:
    """All calls of a scene in the order of their arrival.

    The others' calls are the same with and without the burst: so the two can be compared call by call.
    """
    times = [(shop, at) for shop in range(1, load.others + 1) for at in _steady(load, seed, shop)]
    if with_burst:
        times += [(BURSTING, at) for at in _burst(load, seed)]
    calls = []
    for number, (shop, at) in enumerate(sorted(times, key=lambda one: (one[1], one[0]))):
        calls.append(_call(load, _chance(f"{seed}/{shop}/{at}"), number, shop, at))
    return calls


def _chance(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - a play, not a secret


def _steady(load: Load, seed: int, shop: int) -> Sequence[int]:
    chance, at, found = _chance(f"{seed}/{shop}"), 0.0, []
    while (at := at + chance.expovariate(1 / load.each_every)) < load.lasts:
        found.append(int(at * SECOND))
    return found


def _burst(load: Load, seed: int) -> Sequence[int]:
    chance = _chance(f"{seed}/burst")
    moments = (load.burst_at + chance.uniform(0, load.burst_lasts) for _ in range(load.burst_calls))
    return [int(moment * SECOND) for moment in moments]


def _call(load: Load, chance: Random, number: int, shop: int, at: int) -> BurstCall:
    answers_in = int(chance.uniform(1, load.answers_within) * SECOND)
    handling = int(chance.expovariate(1 / load.handling) * SECOND)
    return BurstCall(
        number=number,
        shop=shop,
        at=at,
        patience=int(chance.expovariate(1 / load.patience) * SECOND),
        answers_in=answers_in,
        handling=max(handling, answers_in + SECOND),
    )
