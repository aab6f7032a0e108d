"""Agents who answer for several shops, played out call by call: where no formula holds.

Calls come at random, take exponential times, and wait in the order of their coming whatever their shop. An
agent takes the longest waiting call of the own shops; a call goes to the agent with the fewest shops, of
these to the one who has been free longest. Nobody gives up. The same seed plays the same day.
"""

import heapq
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import inf, sqrt
from random import Random
from statistics import stdev

RUNS = 20
T_95 = 2.093
"""Student's t for 95 % with ``RUNS`` - 1 degrees of freedom."""
WARM_UP = 0.1
"""The share of a run in which the line only fills; its calls are not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Calls of one shop, by the second; ``within`` is what it promises its callers."""

    rate: float
    handling: float
    within: float


@dataclass(slots=True)
class Heard:
    """What happened to the calls of one shop in one run."""

    calls: int = 0
    answered: int = 0
    waited: int = 0
    in_time: int = 0
    seconds: float = 0.0  # waited by those who were answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over the runs; with 95 % certainty the truth is at most ``give`` away."""

    mean: float
    give: float

    def holds(self, truth: float) -> bool:
        return abs(self.mean - truth) <= self.give


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a shop's callers may expect."""

    wait_probability: Estimate
    service_level: Estimate
    average_speed_of_answer: Estimate


def estimate(
    shops: Sequence[Shop], agents: Sequence[Collection[int]], *, seconds: float, seed: int
) -> list[Answered]:
    """What each shop's callers may expect, in the order of the shops.

    ``agents`` names for each agent the shops that he or she answers for, by their place. Each of ``RUNS``
    runs lasts so many seconds.
    """
    runs = [_Day(shops, agents, seconds, Random(f"{seed}/{run}")).play() for run in range(RUNS)]  # noqa: S311 - no secret
    return [
        Answered(
            wait_probability=_over([(one[at].waited, one[at].calls) for one in runs]),
            service_level=_over([(one[at].in_time, one[at].calls) for one in runs]),
            average_speed_of_answer=_over([(one[at].seconds, one[at].answered) for one in runs]),
        )
        for at in range(len(shops))
    ]


def _over(runs: Sequence[tuple[float, int]]) -> Estimate:
    """What all calls of all runs have in the mean; a busy run counts by its calls."""
    told, calls = (sum(one) for one in zip(*runs, strict=True))
    if not calls:
        return Estimate(mean=0.0, give=inf)
    ratio = told / calls
    strays = stdev(one - ratio * of for one, of in runs)
    return Estimate(mean=ratio, give=T_95 * strays * sqrt(len(runs)) / calls)


@dataclass(slots=True)
class _Day:
    """One run. Each line holds when its callers came."""

    shops: Sequence[Shop]
    agents: Sequence[Collection[int]]
    seconds: float
    random: Random
    heard: list[Heard] = field(init=False)
    lines: list[deque[float]] = field(init=False)
    free: dict[int, None] = field(init=False)  # agents, the longest free first

    def __post_init__(self) -> None:
        self.heard = [Heard() for _ in self.shops]
        self.lines = [deque() for _ in self.shops]
        self.free = dict.fromkeys(range(len(self.agents)))

    def play(self) -> list[Heard]:
        """Let the calls come, and answer those in line at the end."""
        order = count()
        news = [
            (self.random.expovariate(shop.rate), next(order), at, True)
            for at, shop in enumerate(self.shops)
            if shop.rate
        ]  # when, order, shop or agent, whether a call comes or an agent is done
        heapq.heapify(news)
        while news:
            now, _, who, comes = heapq.heappop(news)
            if comes and now >= self.seconds:
                continue  # those in line are still answered
            agent: int | None
            shop: int | None
            if comes:
                again = now + self.random.expovariate(self.shops[who].rate)
                heapq.heappush(news, (again, next(order), who, True))
                agent, shop = self._ring(now, who), who
            else:
                self.free[who] = None
                agent, shop = who, self._longest_waiting(who)
            if agent is not None and shop is not None:
                heapq.heappush(news, (self._answer(now, agent, shop), next(order), agent, False))
        return self.heard

    def _ring(self, now: float, shop: int) -> int | None:
        """A call comes; returns who takes it at once."""
        self.lines[shop].append(now)
        agent = self._agent_for(shop)
        if self._counts(now):
            self.heard[shop].calls += 1
            self.heard[shop].waited += agent is None
        return agent

    def _counts(self, came: float) -> bool:
        return came >= WARM_UP * self.seconds

    def _agent_for(self, shop: int) -> int | None:
        able = [agent for agent in self.free if shop in self.agents[agent]]
        return min(able, key=lambda agent: len(self.agents[agent]), default=None)

    def _longest_waiting(self, agent: int) -> int | None:
        waiting = [shop for shop in self.agents[agent] if self.lines[shop]]
        return min(waiting, key=lambda shop: self.lines[shop][0], default=None)

    def _answer(self, now: float, agent: int, shop: int) -> float:
        """Take the first caller of this shop's line; returns when the agent is done."""
        came = self.lines[shop].popleft()
        del self.free[agent]
        if self._counts(came):
            heard = self.heard[shop]
            heard.answered += 1
            heard.in_time += now - came <= self.shops[shop].within
            heard.seconds += now - came
        return now + self.random.expovariate(1 / self.shops[shop].handling)
