"""Consumption tax of one document: computed once for each rate on the sum, never by line. Whole yen only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from billing.charges import TaxRate

PERCENT = {TaxRate.STANDARD: 10, TaxRate.REDUCED: 8, TaxRate.EXEMPT: 0, TaxRate.OUTSIDE: 0}


class Rounding(StrEnum):
    """What becomes of the part of a yen; an operator chooses once and stays with it."""

    FLOOR = "floor"
    CEIL = "ceil"
    HALF_UP = "half_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTotal:
    """All of one rate in one document; ``gross`` is ``net`` and ``tax``, all in yen."""

    rate: TaxRate
    net: int
    tax: int

    @property
    def percent(self) -> int:
        return PERCENT[self.rate]

    @property
    def gross(self) -> int:
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class TaxSummary:
    """The totals by rate, in the order of ``TaxRate``; a rate that nothing falls under is left out."""

    rates: tuple[RateTotal, ...]

    @property
    def net(self) -> int:
        return sum(one.net for one in self.rates)

    @property
    def tax(self) -> int:
        return sum(one.tax for one in self.rates)

    @property
    def gross(self) -> int:
        return self.net + self.tax


def summed_up(
    amounts: Iterable[tuple[TaxRate, int]], *, rounding: Rounding, with_tax: bool = False
) -> TaxSummary:
    """The tax of a document.

    Args:
        amounts: yen of each line under its rate; credits are less than nought and lower their rate's sum.
        rounding: of the tax of each rate. A negative sum rounds as its positive does, so that a document
            and its reversal are the same figures.
        with_tax: whether the amounts contain the tax already.
    """
    sums: dict[TaxRate, int] = {}
    for rate, amount in amounts:
        sums[rate] = sums.get(rate, 0) + amount
    return TaxSummary(tuple(_total(rate, sums[rate], rounding, with_tax) for rate in TaxRate if rate in sums))


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Whole yen that add up to ``total``, each as near to its share of ``weights`` as that allows.

    What is left over goes to the largest remainders, the first of equals. Weights that add up to nought are
    shared as they are, and the rest lies on the first.
    """
    whole = sum(weights)
    if not weights:
        return []
    if whole == 0:
        return [weights[0] + total, *weights[1:]]
    shares = [divmod(total * weight, whole) for weight in weights]
    parts = [part for part, _ in shares]
    by_remainder = sorted(range(len(parts)), key=lambda n: (-abs(shares[n][1]), n))
    for n in by_remainder[: total - sum(parts)]:
        parts[n] += 1
    return parts


def _total(rate: TaxRate, amount: int, rounding: Rounding, with_tax: bool) -> RateTotal:
    percent = PERCENT[rate]
    tax = _rounded(amount * percent, 100 + percent if with_tax else 100, rounding)
    return RateTotal(rate=rate, net=amount - tax if with_tax else amount, tax=tax)


def _rounded(numerator: int, denominator: int, rounding: Rounding) -> int:
    sign = -1 if numerator < 0 else 1
    whole, rest = divmod(abs(numerator), denominator)
    up = {Rounding.FLOOR: False, Rounding.CEIL: rest > 0, Rounding.HALF_UP: 2 * rest >= denominator}
    return sign * (whole + up[rounding])
