"""What units cost: tiers, included units, parts of a month. Pure.

Tiers count on through a month, whatever is revised within it. A part of a month has the same part of each
tier and of the included units. A line of a bill is rounded down to whole yen; nothing before it is rounded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import groupby
from operator import itemgetter

from billing.plans.plan import MeterPrice
from billing.plans.values import SECONDS_OF, TierMode

NOUGHT = Decimal(0)
WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Unit:
    """Something billable of the ledger. ``quantity`` is in units of its meter, more than nought."""

    id: str
    day: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """Units of a month from the ``first`` to the ``last``, both inside, at one price."""

    first: int
    last: int | None
    price: Decimal
    is_included: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Units of one band, one after the other."""

    band: Band
    quantity: Decimal
    ids: tuple[str, ...]

    @property
    def amount(self) -> int:
        return in_yen(self.band.price * self.quantity)


def in_yen(amount: Decimal) -> int:
    """Whole yen, what is below dropped."""
    return int(amount.to_integral_value(ROUND_FLOOR))


def billed_quantity(price: MeterPrice, seconds: int) -> Decimal:
    """Units of time that a conversation of so many seconds is billed with."""
    raised = max(seconds, price.least_s)
    steps = -(-raised // price.step_s)
    return Decimal(steps * price.step_s + price.added_s) / SECONDS_OF[price.meter]


def bands(
    price: MeterPrice, *, total: Decimal = NOUGHT, share: Fraction = WHOLE, carried: int = 0
) -> list[Band]:
    """The price's tiers as they hold for ``share`` of a month; ``total`` decides where the total reaches."""
    included = carried + int(price.included * share)
    found = [Band(1, included, NOUGHT, is_included=True)] if included > 0 else []
    if not price.tiers:
        return [*found, Band(included + 1, None, NOUGHT)]
    ends = [None if tier.last is None else carried + int(tier.last * share) for tier in price.tiers]
    if price.mode is TierMode.VOLUME:
        reached = next(n for n, last in enumerate(ends) if last is None or total <= last)
        return [*found, Band(included + 1, None, price.tiers[reached].price)]
    starts = [included, *(last for last in ends if last is not None)]
    tiers = zip(starts, ends, price.tiers, strict=True)
    return [*found, *(Band(start + 1, last, tier.price) for start, last, tier in tiers if last != start)]


def parts(units: Iterable[Unit], steps: Sequence[Band], *, before: Decimal = NOUGHT) -> list[Part]:
    """The units put into bands in their order, ``before`` of which the month had already."""
    found: list[Part] = []
    for band, pieces in groupby(_pieces(units, steps, before), key=itemgetter(0)):
        kept = list(pieces)
        quantity = sum((piece for _, piece, _ in kept), NOUGHT)
        found.append(Part(band, quantity, tuple(key for *_, key in kept)))
    return found


def _pieces(
    units: Iterable[Unit], steps: Sequence[Band], before: Decimal
) -> Iterator[tuple[Band, Decimal, str]]:
    """Each unit, cut where a band ends: the band, how much of it, and whose it is."""
    place, at = before, 0
    for unit in units:
        left = unit.quantity
        while left > 0:
            last = steps[at].last
            if last is not None and place >= last:
                at += 1
                continue
            piece = left if last is None else min(left, last - place)
            yield steps[at], piece, unit.id
            place, left = place + piece, left - piece


def cost(price: MeterPrice, quantity: Decimal) -> int:
    """What so many units of a whole month come to, in yen."""
    steps = bands(price, total=quantity)
    return sum(one.amount for one in parts([Unit("", date.min, quantity)], steps)) if quantity else 0


def days_in_month(month: date) -> int:
    return (after(month) - month).days


def after(month: date) -> date:
    """The first day of the month that follows."""
    return (month + timedelta(days=31)).replace(day=1)


def share_of(month: date, first: date, end: date) -> Fraction:
    """How much of the month the days ``[first, end)`` are."""
    return Fraction((end - first).days, days_in_month(month))


def prorated(amount: int, month: date, first: date, end: date) -> int:
    """The part of a monthly amount that falls on ``[first, end)`` of it.

    Counted from the first of the month and rounded down: the parts of a month add up to the whole.
    """
    length = days_in_month(month)
    return amount * (end - month).days // length - amount * (first - month).days // length
