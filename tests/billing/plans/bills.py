"""Months to price: units of a meter, and an agreement."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing.charges import Charge, ChargeKind
from billing.plans.bill import Agreed, Segment, Usage
from billing.plans.plan import Plan
from billing.plans.pricing import Unit, days_in_month
from billing.plans.values import Meter
from billing.plans.wording import Printed
from nanori.words import words_for

NOVEMBER, DECEMBER, OCTOBER = date(2026, 11, 1), date(2026, 12, 1), date(2026, 10, 1)
SAY = Printed(words_for("en"))


def under(plan: Plan, first: date = date(2026, 1, 1), end: date | None = None, **more: Any) -> Agreed:
    return Agreed(segments=(Segment(plan, first, end),), **more)


def units(
    count: int, month: date = NOVEMBER, *, size: str = "1", meter: Meter = Meter.CALL
) -> Mapping[Meter, list[Unit]]:
    """So many units, spread evenly over the month in the order of time."""
    length = days_in_month(month)
    days = [month + timedelta(days=number * length // max(count, 1)) for number in range(count)]
    return {meter: [Unit(str(number), day, Decimal(size)) for number, day in enumerate(days)]}


def total(charges: list[Charge]) -> int:
    return sum(one.amount for one in charges)


def of_kind(charges: list[Charge], kind: ChargeKind) -> list[Charge]:
    return [one for one in charges if one.kind is kind]


NOTHING: Usage = {}
