"""How desks share the agents whom they have in common. Pure; ``docs/algorithms/routing.md`` explains it.

Each desk has a fair share: the agents are divided so that a desk gets what it asks for, or as many per weight
as every other desk that does not get all it asks for (max-min). And each desk has agents of its own: its part
of all by weight, and as many more as chance may ask for. A desk that has more in hand than that takes the
next agent only while enough others stay free for the calls that the other desks may expect.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

CHANCE = 2.0
"""Calls at random vary by the square root of their mean; so many times that is no burst."""
HEADROOM = 1.5
"""So many times the square root of what the others need stays free for what they may need next."""


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

    share: float  # agents that are fair now
    own: float  # agents that are its own: whoever has fewer in hand need not leave any free
    reserved_elsewhere: int  # agents to leave free because they are reserved for others
    kept_free: int  # agents to leave free for the others, when it has its own in hand already
    bursting: bool  # it asks for more than its own and more than there are


NOBODY = Standing(share=0.0, own=0.0, reserved_elsewhere=0, kept_free=0, bursting=False)
"""No agent on duty answers for this desk."""


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


def own_agents(demands: Sequence[Demand[Key]], capacity: int) -> dict[Key, float]:
    """Each desk's part of all agents by weight, with what chance may ask for, or what is reserved."""
    weights = sum(one.weight for one in demands)
    parts = {one.desk: capacity * one.weight / weights for one in demands}
    return {one.desk: max(one.reserved, with_chance(parts[one.desk])) for one in demands}


def with_chance(mean: float) -> float:
    return mean + CHANCE * math.sqrt(mean) + 1


def standings(demands: Sequence[Demand[Key]], capacity: int) -> dict[Key, Standing]:
    """Every desk of one pool of agents."""
    shares, own = fair_shares(demands, capacity), own_agents(demands, capacity)
    usual = {one.desk: min(one.total, own[one.desk]) for one in demands}
    reserved = {one.desk: max(0, one.reserved - one.in_hand) for one in demands}
    all_usual, all_reserved = sum(usual.values()), sum(reserved.values())
    found = {}
    for one in demands:
        expected = max(0.0, all_usual - usual[one.desk])
        found[one.desk] = Standing(
            share=shares[one.desk],
            own=own[one.desk],
            reserved_elsewhere=all_reserved - reserved[one.desk],
            kept_free=max(all_reserved - reserved[one.desk], math.ceil(HEADROOM * math.sqrt(expected))),
            bursting=one.total > max(own[one.desk], shares[one.desk]),
        )
    return found


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
    found = dict.fromkeys(demands, NOBODY)
    agents: dict[frozenset[Key], int] = {}
    for roster in rosters:
        agents[roster] = agents.get(roster, 0) + 1
    for pool in pools(agents):
        capacity = sum(count for roster, count in agents.items() if roster & pool)
        found |= standings([demands[key] for key in pool if key in demands], capacity)
    return found
