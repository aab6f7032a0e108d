"""The pooling ledger: seats that shops need alone, seats that they need together, and who brought the saving.

A shop's share is its Shapley value: the mean, over all orders in which the shops could have joined, of the
seats that its joining saved. Where there are too many orders it is in proportion to what the others would
lose without it. ``docs/algorithms/pooling.md`` says why. Shares are exact fractions; their sum is the saving.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import accumulate, chain
from math import comb

from desks.staffing.curve import Promise
from desks.staffing.erlang import MOST_AGENTS, Load, seats_needed
from desks.staffing.errors import TooManyCalls

MOST_SHOPS_FOR_SHAPLEY = 8


class Rule(StrEnum):
    SHAPLEY = "shapley"
    MARGINAL = "proportional_marginal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One shop of a pool: its calls in each interval, and what it is promised."""

    name: str
    calls: Sequence[float]
    handling: float  # seconds
    promise: Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One shop in the ledger, in seat-intervals (a seat kept for one interval)."""

    name: str
    alone: int
    share: Fraction  # of the saving; below zero where the shop costs the pool more than it brings

    @property
    def pays(self) -> Fraction:
        """Seat-intervals that are left for the shop to carry."""
        return self.alone - self.share


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Seats of all intervals together; the sums of the lines are exact."""

    rule: Rule
    together: int
    seats: Sequence[int]  # of the pool, by interval
    lines: Sequence[Line]

    @property
    def alone(self) -> int:
        return sum(line.alone for line in self.lines)

    @property
    def saving(self) -> int:
        return self.alone - self.together


def reckon(members: Sequence[Member], interval: float, rule: Rule | None = None) -> Ledger:
    """The ledger of one or more shops with equally many intervals of so many seconds.

    Without a rule it is Shapley's for up to ``MOST_SHOPS_FOR_SHAPLEY`` shops.

    Raises:
        TooManyCalls: no number of agents is enough.
    """
    chosen = rule or (Rule.SHAPLEY if len(members) <= MOST_SHOPS_FOR_SHAPLEY else Rule.MARGINAL)
    everybody = frozenset(range(len(members)))
    alone, shares, together = [0] * len(members), [Fraction(0)] * len(members), []
    for at in range(len(members[0].calls)):
        pool = _Interval(members, at, interval)
        together.append(pool.seats(everybody))
        divided = pool.shapley() if chosen is Rule.SHAPLEY else pool.marginal()
        for one in everybody:
            alone[one] += pool.seats(frozenset([one]))
            shares[one] += divided[one]
    lines = [
        Line(name=member.name, alone=alone[one], share=shares[one]) for one, member in enumerate(members)
    ]
    return Ledger(rule=chosen, together=sum(together), seats=together, lines=lines)


def hundredths(shares: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Rounded to hundredths so that the sum stays (it must be whole): the largest rests are rounded up."""
    floors = {name: int(share * 100 // 1) for name, share in shares.items()}
    missing = int(sum(shares.values()) * 100) - sum(floors.values())
    by_rest = sorted(shares, key=lambda name: floors[name] - shares[name] * 100)
    raised = set(by_rest[:missing])
    return {name: Fraction(floor + (name in raised), 100) for name, floor in floors.items()}


def _sums_without(values: Sequence[float]) -> list[float]:
    """The sum of all values but one, for each: by adding only, so that the small beside the large stay."""
    before, after = list(accumulate(values, initial=0.0)), list(accumulate(reversed(values), initial=0.0))
    return [before[at] + after[-at - 2] for at in range(len(values))]


class _Interval:
    """All the coalitions of shops in one interval."""

    def __init__(self, members: Sequence[Member], at: int, interval: float) -> None:
        self._members = members
        self._at = at
        self._interval = interval
        self._everybody = frozenset(range(len(members)))
        self.seats = cache(self._seats)

    def _seats(self, who: frozenset[int]) -> int:
        """Seats with which each of these shops' promises is kept in one common line."""
        calling = [self._members[one] for one in who if self._members[one].calls[self._at]]
        calls = sum(member.calls[self._at] for member in calling)
        work = sum(member.calls[self._at] * member.handling for member in calling)
        return self._needed(calls, work, {member.promise for member in calling})

    def _seats_without_each(self) -> list[int]:
        """Seats of all but one shop, for each."""
        calls = [member.calls[self._at] for member in self._members]
        work = [own * member.handling for own, member in zip(calls, self._members, strict=True)]
        promises = [[member.promise] if own else [] for own, member in zip(calls, self._members, strict=True)]
        promised = Counter(chain(*promises))
        others = (promised - Counter(own) for own in promises)
        return [
            self._needed(*left)
            for left in zip(_sums_without(calls), _sums_without(work), others, strict=True)
        ]

    def _needed(self, calls: float, work: float, promises: Collection[Promise]) -> int:
        """For so many calls with so many seconds of work in all; nobody is promised anything: none."""
        if not promises:
            return 0
        load = Load(calls=calls, interval=self._interval, handling=work / calls)
        needs = [seats_needed(load, within=one.within, target=one.target) for one in promises]
        if None in needs:
            raise TooManyCalls(most=MOST_AGENTS)
        return max(need for need in needs if need is not None)

    def _saves(self, who: frozenset[int]) -> int:
        return sum(self.seats(frozenset([one])) for one in who) - self.seats(who)

    def shapley(self) -> list[Fraction]:
        count = len(self._members)
        shares = [Fraction(0)] * count
        for mask in range(1 << count):
            who = frozenset(one for one in range(count) if mask >> one & 1)
            for one in self._everybody - who:
                joining = self._saves(who | {one}) - self._saves(who)
                shares[one] += Fraction(joining, count * comb(count - 1, len(who)))
        return shares

    def marginal(self) -> list[Fraction]:
        """In proportion to what would be lost without each; where nothing would be, to the seats alone."""
        together = self.seats(self._everybody)
        alone = [self.seats(frozenset([one])) for one in range(len(self._members))]
        left = self._seats_without_each()
        brings = [max(0, one + rest - together) for one, rest in zip(alone, left, strict=True)]
        if not any(brings):
            brings = alone
        saving, parts = sum(alone) - together, sum(brings)
        return [Fraction(saving * part, parts) if parts else Fraction(0) for part in brings]
