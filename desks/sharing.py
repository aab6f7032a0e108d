"""How desks share the agents whom they have in common. Pure; ``docs/algorithms/routing.md`` explains it.

Each desk has a fair share: the agents are divided so that a desk gets what it asks for, or as many per weight
as every other desk that does not get all it asks for (max-min). A desk that asks for far more than its share
has a burst. It is served after the others, and leaves some agents free for the calls that others may expect.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

BURST = 2.0
"""A desk may ask for its share and so many times the share's square root; what is beyond is a burst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(Generic[Key]):
    """One desk: agents with one of its calls in hand (ringing and after-call work too), callers who wait."""

    desk: Key
    in_hand: int
    waiting: int
    weight: int = 1
    reserved: int = 0  # so many agents are the desk's own, whatever the others ask for

    @property
    def total(self) -> int:
        return self.in_hand + self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a desk stands among those it shares agents with."""

    share: float  # agents
    bursting: bool
    kept_free: int  # agents it must leave free for the others


def fair_shares(demands: Iterable[Demand[Key]], capacity: int) -> dict[Key, float]:
    """Divide ``capacity`` agents.

    Nobody gets more than asked for; whoever gets less gets as many per weight as anybody, or the reserve.
    """
    left = float(capacity)
    ordered = sorted(demands, key=lambda one: one.total / one.weight)
    weights = sum(one.weight for one in ordered)
    shares = {}
    for one in ordered:
        given = min(one.total, left * one.weight / weights)
        left, weights = left - given, weights - one.weight
        shares[one.desk] = max(given, min(one.reserved, one.total))
    return shares


def is_bursting(demand: Demand[Key], share: float) -> bool:
    """True when the desk asks for more than chance can bring: calls at random vary by the square root."""
    return demand.total > share + BURST * math.sqrt(share) + 1


def standings(demands: Sequence[Demand[Key]], capacity: int) -> dict[Key, Standing]:
    """Every desk of one pool of agents."""
    shares = fair_shares(demands, capacity)
    bursting = {one.desk for one in demands if is_bursting(one, shares[one.desk])}
    expected = sum(one.total for one in demands if one.desk not in bursting)
    reserved = {one.desk: max(0, one.reserved - one.in_hand) for one in demands}
    short = sum(reserved.values())
    return {
        one.desk: Standing(
            share=shares[one.desk],
            bursting=one.desk in bursting,
            kept_free=_kept_free(one, short - reserved[one.desk], expected, bursting=one.desk in bursting),
        )
        for one in demands
    }


def _kept_free(demand: Demand[Key], reserved: int, expected: int, *, bursting: bool) -> int:
    if demand.in_hand < demand.reserved:
        return 0
    return max(reserved, math.ceil(math.sqrt(expected))) if bursting else reserved


def pools(rosters: Iterable[Iterable[Key]]) -> list[frozenset[Key]]:
    """Desks that share agents, directly or through others. Each roster is one agent's desks."""
    pool_of: dict[Key, set[Key]] = {}
    for roster in rosters:
        joined: set[Key] = set()
        for desk in roster:
            joined |= pool_of.get(desk, {desk})
        for desk in joined:
            pool_of[desk] = joined
    unique = {id(pool): frozenset(pool) for pool in pool_of.values()}
    return list(unique.values())


def all_standings(
    demands: Mapping[Key, Demand[Key]], rosters: Sequence[frozenset[Key]]
) -> dict[Key, Standing]:
    """Every desk, each pool by itself. ``rosters`` has one entry for each agent on duty."""
    found = {key: Standing(share=0.0, bursting=False, kept_free=0) for key in demands}
    agents: dict[frozenset[Key], int] = {}
    for roster in rosters:
        agents[roster] = agents.get(roster, 0) + 1
    for pool in pools(agents):
        capacity = sum(count for roster, count in agents.items() if roster & pool)
        found |= standings([demands[key] for key in pool if key in demands], capacity)
    return found
