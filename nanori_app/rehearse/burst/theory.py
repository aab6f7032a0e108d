"""What queueing theory expects of the burst: M/M/c with impatience, from the first call on."""

import math

from desks.sharing import HEADROOM, with_chance
from nanori_app.rehearse.burst.load import Load

FINE, COARSE = 0.01, 0.05
"""Seconds of one step of the forward equations, during the burst and after it."""
UNLIKELY = 1e-12


def agents_for_the_burst(load: Load) -> float:
    """The mean number that the rule of ``docs/algorithms/routing.md`` leaves for the shop on television.

    The others have a Poisson number of calls in hand. What is free beyond the head-room is the burst's, and
    never less than its own agents.
    """
    own = math.floor(with_chance(load.agents / (load.others + 1)))
    mean, chance, expected = load.others_load, math.exp(-load.others_load), 0.0
    for busy in range(4 * load.agents):
        left = load.agents - busy - math.ceil(HEADROOM * math.sqrt(busy))
        expected += chance * max(own, left)
        chance *= mean / (busy + 1)
    return expected


def expected_waiting(load: Load, *, every: float) -> list[float]:
    """The mean number of the burst's callers who wait, ``every`` so many seconds from its first call on.

    They come evenly over ``burst_lasts``; each agent finishes a call at the mean rate, each waiting caller
    gives up at the mean rate.
    """
    agents = agents_for_the_burst(load)
    chances, found, now, due = [1.0], [], 0.0, 0.0
    while now < load.lasts - load.burst_at:
        if now >= due:
            found.append(sum(max(0.0, there - agents) * chance for there, chance in enumerate(chances)))
            due += every
        comes = now < load.burst_lasts
        step = FINE if comes else COARSE
        rate = load.burst_calls / load.burst_lasts if comes else 0.0
        chances = _after(chances, rate, agents, load, step)
        now = round(now + step, 6)
    return found


def _after(chances: list[float], rate: float, agents: float, load: Load, step: float) -> list[float]:
    """One Euler step of the birth and death of callers in the house."""
    after = [*chances, 0.0]
    born = rate * step
    for there, chance in enumerate(chances):
        if chance < UNLIKELY:
            continue
        leave = min(there, agents) / load.handling + max(0.0, there - agents) / load.patience
        dead = leave * step * chance
        after[there] -= born * chance + dead
        after[there + 1] += born * chance
        if there:
            after[there - 1] += dead
    while len(after) > 1 and after[-1] < UNLIKELY:
        after.pop()
    return after
