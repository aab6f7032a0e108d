"""A price plan as a value: all that is needed to price a month.

Money is whole yen; only the price of one unit may have parts of a yen. Days and minutes are the shop's.
"""

from dataclasses import dataclass
from decimal import Decimal

from billing.plans.values import Meter, Nature, TierMode

MINUTES_A_DAY = 24 * 60
PLAIN = 100
"""Per cent: a unit that counts once."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Units from the ``first`` to the ``last``, both inside, cost ``price`` yen each; None: without end."""

    first: int
    last: int | None
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterPrice:
    """What one kind of unit costs.

    ``included`` units belong to the base fee; tiers go on from there, and without tiers more costs nothing.
    A length of time is at least ``least_s``, goes up to the next whole ``step_s``, and gets ``added_s``
    on top.
    """

    meter: Meter
    included: int = 0
    tiers: tuple[Tier, ...] = ()
    mode: TierMode = TierMode.GRADUATED
    step_s: int = 60
    least_s: int = 0
    added_s: int = 0
    carries_over: bool = False  # what is left of the included units may be used in the month after


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something agreed by the month; ``set_up`` is paid once."""

    code: str
    name: str
    monthly: int = 0
    set_up: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The plan's standard hours; who calls at other times counts more. Percentages of a unit."""

    opens: int = 0  # minutes of the day
    closes: int = MINUTES_A_DAY
    after_hours_percent: int = PLAIN
    holiday_percent: int = PLAIN
    weekends_are_holidays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One version of a plan."""

    name: str
    base_fee: int = 0
    base_in_advance: bool = False  # billed with the month before
    prices: tuple[MeterPrice, ...] = ()
    minimum: int = 0  # the least that a month comes to
    set_up: int = 0
    seasonal_set_up: int = 0  # instead, for a seasonal desk
    options: tuple[Option, ...] = ()
    prorates: bool = True  # parts of a month by days
    with_tax: bool = False  # the prices have the tax inside
    free_below_s: int = 0  # shorter conversations are free
    free: frozenset[Nature] = frozenset(Nature)
    bills_messages: bool = False  # voicemail counts as a call
    bills_our_calls: bool = False  # calls back that reach somebody count as calls
    hours: Hours = Hours()
    notice_days: int = 30  # a dearer version holds so long after it was announced

    def price_of(self, meter: Meter) -> MeterPrice | None:
        return next((one for one in self.prices if one.meter is meter), None)
