"""Chance from one seed, in the words of those who compose."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """The same seed throws the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def percent(self, chance: int) -> bool:
        return self._random.random() * 100 < chance

    def seconds(self, least: float, most: float) -> float:
        return round(self._random.uniform(least, most), 1)

    def around(self, mean: float) -> float:
        """Many short ones, few long ones."""
        return round(self._random.expovariate(1 / mean), 1)

    def share(self) -> float:
        return self._random.random()

    def below(self, end: int) -> int:
        return self._random.randrange(end)

    def one_of(self, choices: Sequence[T], weights: Sequence[int] | None = None) -> T:
        return self._random.choices(choices, weights)[0]

    def some_of(self, choices: Sequence[T], count: int) -> list[T]:
        return self._random.sample(choices, count)
