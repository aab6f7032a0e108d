"""When a plan's next version may begin. Pure."""

from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter, ge, le

from billing.plans.plan import MeterPrice, Plan
from billing.plans.pricing import cost
from nanori.words import N_

BILLED = N_("This is billed already, in arrears or in advance. The first free day is {day}.")
NOTICE = N_("A dearer version has to be announced {days} days before it begins.")
ANOTHER_PLAN = N_("This cannot be revised while shops have the plan. Please make another plan.")
FAR_BEYOND = 1_000
NO_MORE = (
    "base_fee", "minimum", "set_up", "seasonal_set_up", "bills_messages", "bills_our_calls",
    "hours.after_hours_percent", "hours.holiday_percent", "hours.opens", "hours.weekends_are_holidays",
)  # fmt: skip
NO_LESS = ("free_below_s", "free", "hours.closes")


def revision_problems(
    before: Plan, new: Plan, *, valid_from: date, billed_until: date | None, today: date
) -> dict[str, str]:
    """Fields and msgids; empty when the version may begin on that day.

    ``billed_until``: the first day that no bill has reached.
    """
    found: dict[str, str] = {}
    if new.with_tax is not before.with_tax:
        found["with_tax"] = ANOTHER_PLAN
    if new.base_in_advance is not before.base_in_advance:
        found["base_in_advance"] = ANOTHER_PLAN
    if billed_until is not None and valid_from < billed_until:
        found["valid_from"] = BILLED
    elif valid_from < today + timedelta(days=before.notice_days) and not is_nowhere_dearer(before, new):
        found["valid_from"] = NOTICE
    return found


def is_nowhere_dearer(before: Plan, new: Plan) -> bool:
    """No month could cost more than before, whatever is used."""
    meters = {one.meter for one in (*before.prices, *new.prices)}
    return (
        all(le(attrgetter(name)(new), attrgetter(name)(before)) for name in NO_MORE)
        and all(ge(attrgetter(name)(new), attrgetter(name)(before)) for name in NO_LESS)
        and new.prorates is before.prorates
        and _options_cost_no_more(before, new)
        and all(_costs_no_more(before.price_of(one), new.price_of(one)) for one in meters)
    )


def _options_cost_no_more(before: Plan, new: Plan) -> bool:
    there = {one.code: one for one in new.options}
    return all(
        one.code in there and there[one.code].monthly <= one.monthly and there[one.code].set_up <= one.set_up
        for one in before.options
    )


def _costs_no_more(before: MeterPrice | None, new: MeterPrice | None) -> bool:
    """Costs are straight lines between the ends of tiers: looking there and far beyond is enough."""
    if new is None:
        return True
    if before is None:
        return cost(new, Decimal(FAR_BEYOND)) == 0
    if (new.step_s, new.least_s, new.added_s) != (before.step_s, before.least_s, before.added_s):
        return False
    if before.carries_over and not new.carries_over:
        return False
    ends = {0, before.included, new.included}
    ends |= {tier.last for one in (before, new) for tier in one.tiers if tier.last is not None}
    places = {Decimal(end + more) for end in ends for more in (0, 1)} | {Decimal(max(ends) + FAR_BEYOND)}
    last = max(places)
    steeper = cost(new, last + 1) - cost(new, last) > cost(before, last + 1) - cost(before, last)
    return not steeper and all(cost(new, place) <= cost(before, place) for place in places)
