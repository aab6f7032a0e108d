"""A figure and what it is made of: numerator, denominator, unit, letter of the formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SMALL = 30
"""Below this many cases a ratio is printed with its count and without a trend."""


class Unit(StrEnum):
    COUNT = "count"
    PERMILLE = "permille"
    MS = "ms"
    MEAN = "mean"  # a mean number of things: its value is in thousandths
    YEN = "yen"
    POINTS = "points"  # one share less another, −100 to 100 points: its value is in tenths of a point
    PER_HOUR = "per_hour"  # things over milliseconds: its value is in thousandths of a thing an hour


HOUR_MS = 3_600_000
_SCALES = {Unit.MS: 1, Unit.YEN: 1, Unit.PER_HOUR: 1000 * HOUR_MS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the report.

    A count has no denominator. A ratio or a mean keeps both sums; ``value`` is their quotient rounded half up
    (thousandths of one, milliseconds or yen), None when the denominator is empty. A percentile is an observed
    value over ``denominator`` observations, so its quotient would mean nothing: ``observed`` says so.
    """

    key: str
    unit: Unit
    numerator: int
    denominator: int | None = None
    formula: str = ""
    observed: bool = False

    @property
    def value(self) -> int | None:
        if self.denominator is None:
            return self.numerator
        if self.denominator == 0:
            return None
        if self.observed:
            return self.numerator
        return rounded(self.numerator * _SCALES.get(self.unit, 1000), self.denominator)

    @property
    def is_small(self) -> bool:
        """Too few cases for a trend."""
        counts_above = self.denominator is None or self.unit is Unit.PER_HOUR
        return (self.numerator if counts_above else self.denominator or 0) < SMALL

    def as_json(self) -> dict[str, object]:
        return {
            "key": self.key,
            "unit": self.unit.value,
            "formula": self.formula,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": self.value,
            "small": self.is_small,
        }


def rounded(numerator: int, denominator: int) -> int:
    """The quotient of two integers, halves away from zero, without a detour through floats."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def count(key: str, number: int) -> Figure:
    return Figure(key=key, unit=Unit.COUNT, numerator=number)


def ratio(key: str, part: int, whole: int, formula: str = "") -> Figure:
    return Figure(key=key, unit=Unit.PERMILLE, numerator=part, denominator=whole, formula=formula)


def mean_ms(key: str, total_ms: int, cases: int) -> Figure:
    return Figure(key=key, unit=Unit.MS, numerator=total_ms, denominator=cases)


def percentile_ms(key: str, values: Sequence[int], percent: int) -> Figure:
    """Nearest rank: the smallest observed value that at least ``percent`` of the cases do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    found = ordered[max(rank, 1) - 1] if ordered else 0
    return Figure(key=key, unit=Unit.MS, numerator=found, denominator=len(ordered), observed=True)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside the same figure of the month before, if there was one."""

    now: Figure
    before: Figure | None

    @property
    def may_say_trend(self) -> bool:
        """A change is stated only when both months have enough cases and values."""
        if self.before is None or self.before.value is None or self.now.value is None:
            return False
        return not (self.now.is_small or self.before.is_small)

    @property
    def change(self) -> int | None:
        """Difference in the figure's own unit (thousandths are tenths of a point), or None."""
        if not self.may_say_trend or self.before is None:
            return None
        now, before = self.now.value, self.before.value
        return None if now is None or before is None else now - before
