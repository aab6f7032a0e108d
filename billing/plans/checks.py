"""What is wrong with a plan, in sentences. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from billing.plans.plan import MINUTES_A_DAY, MeterPrice, Plan
from billing.plans.values import SECONDS_OF, Meter
from nanori.words import N_

HUNDREDTHS = 100
MOST_PERCENT = 500
GAP = N_("From {first} to {last} no price is given.")
OVERLAP = N_("From {first} to {last} two prices are given.")
BACKWARDS = N_("A tier cannot end at {last} when it begins at {first}.")
NOT_THE_LAST = N_("Only the last tier goes on without end; this one begins at {first}.")
ENDS = N_("Nothing is said about more than {last}. Let the last tier go on without end.")
NEGATIVE = N_("A price cannot be less than nought.")
TWICE = N_("This is counted twice. Please use one row for each unit.")
STEPS = N_("Steps of {seconds} seconds do not make whole hundredths of a unit. 6, 30 or 60 do by the minute.")
HOURS_BACKWARDS = N_("Standard hours have to begin before they end.")
PERCENT = N_("Please give a percentage from 100 to 500.")
SAME_OPTION = N_("Two options are called the same.")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``meter``: of which row; None: of the plan as a whole."""

    where: str  # the field of the plan
    says: str  # msgid
    params: dict[str, Any] = field(default_factory=dict)
    meter: Meter | None = None


def problems_of(plan: Plan) -> list[Problem]:
    """All that is wrong with a plan; nothing when it can be agreed."""
    return [*_amounts(plan), *_meters(plan), *_hours(plan), *_options(plan)]


def _amounts(plan: Plan) -> Iterator[Problem]:
    for name in ("base_fee", "minimum", "set_up", "seasonal_set_up", "free_below_s", "notice_days"):
        if getattr(plan, name) < 0:
            yield Problem(name, NEGATIVE)


def _meters(plan: Plan) -> Iterator[Problem]:
    seen: set[Meter] = set()
    for price in plan.prices:
        if price.meter in seen:
            yield Problem("meter", TWICE, meter=price.meter)
        seen.add(price.meter)
        yield from _tiers(price)
        yield from _steps(price)


def _tiers(price: MeterPrice) -> Iterator[Problem]:
    """Each unit after the included ones has exactly one price."""
    if price.included < 0 or any(tier.price < 0 for tier in price.tiers):
        yield Problem("tiers", NEGATIVE, meter=price.meter)
    backwards = [one for one in price.tiers if one.last is not None and one.last < one.first]
    if backwards:
        where = {"first": backwards[0].first, "last": backwards[0].last}
        yield Problem("tiers", BACKWARDS, where, price.meter)
        return
    yield from _joints(price)
    yield from (
        Problem("tiers", NOT_THE_LAST, {"first": one.first}, price.meter)
        for one in price.tiers[:-1]
        if one.last is None
    )
    if price.tiers and price.tiers[-1].last is not None:
        yield Problem("tiers", ENDS, {"last": price.tiers[-1].last}, price.meter)


def _joints(price: MeterPrice) -> Iterator[Problem]:
    """Each tier begins right after the one before, the first after the included units."""
    ends = [price.included, *(tier.last for tier in price.tiers)]
    for last, tier in zip(ends, price.tiers, strict=False):
        if last is not None and tier.first > last + 1:
            yield Problem("tiers", GAP, {"first": last + 1, "last": tier.first - 1}, price.meter)
        elif last is not None and tier.first <= last:
            yield Problem("tiers", OVERLAP, {"first": tier.first, "last": last}, price.meter)


def _steps(price: MeterPrice) -> Iterator[Problem]:
    length = SECONDS_OF.get(price.meter)
    if length is None:
        return
    if min(price.least_s, price.added_s) < 0:
        yield Problem("tiers", NEGATIVE, meter=price.meter)
    for seconds in (price.step_s, price.added_s):
        if seconds * HUNDREDTHS % length or price.step_s <= 0:
            yield Problem("step_s", STEPS, {"seconds": seconds}, price.meter)
            return


def _hours(plan: Plan) -> Iterator[Problem]:
    hours = plan.hours
    if not 0 <= hours.opens < hours.closes <= MINUTES_A_DAY:
        yield Problem("opens", HOURS_BACKWARDS)
    for name in ("after_hours_percent", "holiday_percent"):
        if not HUNDREDTHS <= getattr(hours, name) <= MOST_PERCENT:
            yield Problem(name, PERCENT)


def _options(plan: Plan) -> Iterator[Problem]:
    names = [one.name for one in plan.options]
    if len(set(names)) < len(names):
        yield Problem("options", SAME_OPTION)
    if any(min(one.monthly, one.set_up) < 0 for one in plan.options):
        yield Problem("options", NEGATIVE)
