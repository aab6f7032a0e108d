"""What a month costs under an agreement, line by line. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing.charges import Charge, ChargeKind
from billing.plans.plan import MeterPrice, Plan
from billing.plans.pricing import (
    NOUGHT,
    WHOLE,
    Part,
    Unit,
    after,
    bands,
    parts,
    prorated,
    share_of,
)
from billing.plans.values import LOGGED, Meter
from billing.plans.wording import Printed

ONE = Decimal(1)
Usage = Mapping[Meter, Sequence[Unit]]


@dataclass(frozen=True, slots=True)
class Segment:
    """One version of a plan, in force over ``[first, end)``; without ``end`` until further notice."""

    plan: Plan
    first: date
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One agreement: the versions of its plan, each beginning where the one before ends."""

    segments: tuple[Segment, ...]
    desk: str | None = None  # as printed; None: the whole shop
    options: Mapping[str, int] = field(default_factory=dict)  # how many of each, by code
    seats: int = 0
    with_set_up: bool = False
    is_seasonal: bool = False

    @property
    def first(self) -> date:
        return self.segments[0].first

    @property
    def is_in_advance(self) -> bool:
        return self.segments[0].plan.base_in_advance


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of one month in which one version held."""

    plan: Plan
    first: date
    end: date


def stretches(agreed: Agreed, month: date) -> list[Stretch]:
    """The parts of the month that the agreement covers, in order."""
    following = after(month)
    cut = [
        Stretch(one.plan, max(one.first, month), min(one.end or following, following))
        for one in agreed.segments
    ]
    return [one for one in cut if one.first < one.end]


def share(held: Sequence[Stretch], month: date) -> Fraction:
    """How much of the month is covered; all of it where the plan divides no months."""
    if not held:
        return Fraction(0)
    return share_of(month, held[0].first, held[-1].end) if held[0].plan.prorates else WHOLE


def month_charges(
    agreed: Agreed, usage: Usage, month: date, say: Printed, carried: Mapping[Meter, int] | None = None
) -> list[Charge]:
    """What the month itself costs, whenever it is billed; without set-up.

    Args:
        usage: the month's units by meter, each list in the order of time.
        carried: units that the month before left over.
    """
    regular = recurring(agreed, month, say)
    used = used_charges(agreed, usage, month, say, carried or {})
    return [*regular, *used, *_commitment(agreed, month, [*regular, *used], say)]


def billed_charges(
    agreed: Agreed, usage: Usage, month: date, say: Printed, carried: Mapping[Meter, int] | None = None
) -> list[Charge]:
    """What the month's bill says: usage of this month, fees in advance where that is agreed, set-up once."""
    if agreed.first >= after(month):
        return []
    regular = recurring(agreed, month, say)
    used = used_charges(agreed, usage, month, say, carried or {})
    begins = agreed.first >= month
    billed = regular if begins or not agreed.is_in_advance else []
    if agreed.is_in_advance:
        billed = [*billed, *recurring(agreed, after(month), say)]
    once = _set_up(agreed, say) if begins and agreed.with_set_up else []
    return [*once, *billed, *used, *_commitment(agreed, month, [*regular, *used], say)]


def recurring(agreed: Agreed, month: date, say: Printed) -> list[Charge]:
    """Base fee, options and seats of one month, by days."""
    held = stretches(agreed, month)
    whole = [one for one in held if one.plan.prorates] or held[:1]
    return [charge for one in whole for charge in _recurring(agreed, one, month, say)]


def used_charges(
    agreed: Agreed, usage: Usage, month: date, say: Printed, carried: Mapping[Meter, int]
) -> list[Charge]:
    """The month's units in their bands; included ones stand there at no price."""
    held = stretches(agreed, month)
    covered = share(held, month)
    found: list[Charge] = []
    for meter in LOGGED:
        units = [one for one in usage.get(meter, ()) if held and held[0].first <= one.day < held[-1].end]
        total = sum((one.quantity for one in units), NOUGHT)
        place = NOUGHT
        for one in held:
            price = one.plan.price_of(meter)
            own = [unit for unit in units if one.first <= unit.day < one.end]
            if price is None:
                continue
            steps = bands(price, total=total, share=covered, carried=_carried(price, carried))
            found += [_used(part, one, meter, agreed, say) for part in parts(own, steps, before=place)]
            place += sum((unit.quantity for unit in own), NOUGHT)
    return found


def left_over(agreed: Agreed, usage: Usage, month: date) -> dict[Meter, int]:
    """Whole included units that the month did not use and the next may; not those carried before."""
    held = stretches(agreed, month)
    found: dict[Meter, int] = {}
    for price in held[-1].plan.prices if held else ():
        used = sum((one.quantity for one in usage.get(price.meter, ())), NOUGHT)
        left = int(price.included * share(held, month)) - used
        if price.carries_over and left >= 1:
            found[price.meter] = int(left)
    return found


def _carried(price: MeterPrice, carried: Mapping[Meter, int]) -> int:
    return carried.get(price.meter, 0) if price.carries_over else 0


def _recurring(agreed: Agreed, one: Stretch, month: date, say: Printed) -> Iterator[Charge]:
    plan = one.plan
    following = after(month)
    first, end = (one.first, one.end) if plan.prorates else (month, following)
    days = (end - first).days, (following - month).days
    if plan.base_fee:
        amount = prorated(plan.base_fee, month, first, end)
        yield _fixed(ChargeKind.BASE, say.base(plan.name, days), amount, one, agreed, say)
    for option in plan.options:
        count = agreed.options.get(option.code, 0)
        if count and option.monthly:
            amount = prorated(option.monthly * count, month, first, end)
            yield _fixed(ChargeKind.OPTION, say.option(option.name, count, days), amount, one, agreed, say)
    yield from _seats(agreed, one, (month, first, end), days, say)


def _seats(
    agreed: Agreed, one: Stretch, span: tuple[date, date, date], days: tuple[int, int], say: Printed
) -> Iterator[Charge]:
    price = one.plan.price_of(Meter.SEAT)
    if price is None or not agreed.seats:
        return
    seats = Decimal(agreed.seats)
    full = sum(part.amount for part in parts([Unit("", one.first, seats)], bands(price, total=seats)))
    label = say.seats(agreed.seats, days)
    yield _fixed(ChargeKind.BASE, label, prorated(full, *span), one, agreed, say)


def _set_up(agreed: Agreed, say: Printed) -> list[Charge]:
    plan = agreed.segments[0].plan
    one = Stretch(plan, agreed.first, after(agreed.first.replace(day=1)))
    fee = plan.seasonal_set_up if agreed.is_seasonal else plan.set_up
    named = [(say.set_up(plan.name, seasonal=agreed.is_seasonal), fee)]
    named += [
        (say.set_up(option.name), option.set_up * agreed.options.get(option.code, 0))
        for option in plan.options
    ]
    return [
        _fixed(ChargeKind.SET_UP, label, amount, one, agreed, say, once=True)
        for label, amount in named
        if amount
    ]


def _commitment(agreed: Agreed, month: date, costs: Sequence[Charge], say: Printed) -> list[Charge]:
    held = stretches(agreed, month)
    if not held:
        return []
    last = held[-1]
    least = last.plan.minimum
    if last.plan.prorates:
        least = sum(prorated(one.plan.minimum, month, one.first, one.end) for one in held)
    missing = least - sum(one.amount for one in costs)
    if missing <= 0:
        return []
    whole = Stretch(last.plan, held[0].first, last.end)
    return [_fixed(ChargeKind.COMMITMENT, say.commitment(least), missing, whole, agreed, say, once=True)]


def _fixed(
    kind: ChargeKind,
    label: str,
    amount: int,
    one: Stretch,
    agreed: Agreed,
    say: Printed,
    *,
    once: bool = False,
) -> Charge:
    return Charge(
        kind=kind, label=label, desk=agreed.desk, first=one.first, end=one.end, quantity=ONE,
        unit=say.once if once else say.month, unit_price=Decimal(amount), amount=amount,
    )  # fmt: skip


def _used(part: Part, one: Stretch, meter: Meter, agreed: Agreed, say: Printed) -> Charge:
    return Charge(
        kind=ChargeKind.USAGE, label=say.used(meter, part.band), desk=agreed.desk, first=one.first,
        end=one.end, quantity=part.quantity, unit=say.unit(meter, part.quantity), unit_price=part.band.price,
        amount=part.amount, ledger_ids=part.ids,
    )  # fmt: skip
