"""How long callers wait before they give up, learnt from waits that an answer mostly cut short. Pure.

Patience is exponential, as in Erlang A. Who was answered, or asked to leave a message, would have waited at
least so long: the wait counts, the giving up does not. Then ``mean = seconds waited by all ÷ callers who gave
up`` is the likeliest value. How many gave up is a Poisson count; its 95 % interval gives that of the mean
(Byar's approximation; docs/algorithms/staffing.md).
"""

import math
from dataclasses import dataclass

FEWEST = 10
"""With fewer callers who gave up the interval says nothing."""
Z = 1.959963984540054
"""Of 95 %, both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds in the mean, with the interval that holds the true one 95 times in 100."""

    mean: float
    least: float
    most: float
    gave_up: int


def estimate(gave_up: int, waited_seconds: float) -> Patience | None:
    """From all waits together; None while too few have given up to say anything."""
    if gave_up < FEWEST or waited_seconds <= 0:
        return None
    fewest, most = _poisson(gave_up)
    return Patience(
        mean=waited_seconds / gave_up, least=waited_seconds / most, most=waited_seconds / fewest,
        gave_up=gave_up,
    )  # fmt: skip


def _poisson(count: int) -> tuple[float, float]:
    """Between which the mean of a count lies."""
    above = count + 1
    least = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3
    most = above * (1 - 1 / (9 * above) + Z / (3 * math.sqrt(above))) ** 3
    return least, most
