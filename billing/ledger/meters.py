"""How far the included units reach: a month's meters while it runs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from billing.plans.bill import Agreed, Usage, share, stretches
from billing.plans.pricing import NOUGHT
from billing.plans.values import LOGGED, Meter

THRESHOLDS = (80, 100, 120)
"""Per cent of the included units at which somebody is told."""
ONE_DIGIT = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One meter of one agreement.

    ``expected``: by the end of the month, should it go on like this; None when it is over.
    """

    desk: str | None
    plan: str
    meter: Meter
    used: Decimal
    included: int  # carried units inside
    carried: int
    expected: Decimal | None

    @property
    def percent(self) -> int | None:
        """Of the included units, rounded down; None where nothing is included."""
        return int(self.used * 100 / self.included) if self.included else None


def readings(
    agreed: Agreed, usage: Usage, month: date, today: date, carried: Mapping[Meter, int] | None = None
) -> list[Reading]:
    """Every meter that the agreement's plan prices and the log counts; none outside of its days."""
    held = stretches(agreed, month)
    if not held:
        return []
    plan, first, end = held[-1].plan, held[0].first, held[-1].end
    elapsed = min(max((today - first).days + 1, 1), (end - first).days)
    pace = Decimal((end - first).days) / elapsed
    found = []
    for meter in LOGGED:
        price = plan.price_of(meter)
        if price is None:
            continue
        used = sum((one.quantity for one in usage.get(meter, ())), NOUGHT)
        kept = (carried or {}).get(meter, 0) if price.carries_over else 0
        found.append(
            Reading(
                desk=agreed.desk, plan=plan.name, meter=meter, used=used, carried=kept,
                included=int(price.included * share(held, month)) + kept,
                expected=(used * pace).quantize(ONE_DIGIT, ROUND_HALF_UP) if today < end else None,
            )
        )  # fmt: skip
    return found


def reached(percent: int | None) -> int:
    """The highest threshold that is reached; 0 for none."""
    return max((one for one in THRESHOLDS if percent is not None and percent >= one), default=0)
