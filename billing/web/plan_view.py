"""A plan in words and figures, as its pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from markupsafe import Markup

from billing.plans.bill import Agreed, Segment, month_charges
from billing.plans.models import PlanVersion, PricePlan
from billing.plans.plan import PLAIN, MeterPrice, Plan
from billing.plans.pricing import Unit
from billing.plans.queries import in_force
from billing.plans.stored import read
from billing.plans.values import SECONDS_OF, Meter, TierMode
from billing.plans.wording import METERS, Printed, unit_said
from billing.web.plan_form import NATURES
from nanori.charts import Bar, Frame, bars
from nanori.text import clock_of_minutes
from nanori.words import N_, Words

SAMPLE_MONTH = date(2026, 11, 1)
STEPS = (0, 20, 40, 60, 80, 100, 120, 135, 160, 200)
FEE = {True: N_("{amount} with tax"), False: N_("{amount} before tax")}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One plan in the list."""

    id: UUID
    name: str
    fee: str
    counts: Sequence[str]
    shops: int
    since: date
    coming: date | None
    is_retired: bool


def plan_line(
    row: PricePlan, versions: Sequence[PlanVersion], shops: Sequence[UUID], *, today: date, words: Words
) -> PlanLine:
    current = in_force(versions, today)
    plan = read(current.terms)
    later = [one.valid_from for one in versions if one.valid_from > today]
    return PlanLine(
        id=row.id, name=row.name, fee=money(plan.base_fee, plan, words),
        counts=[price_said(one, words) for one in plan.prices], shops=len(shops),
        since=current.valid_from, coming=later[0] if later else None, is_retired=row.retired_at is not None,
    )  # fmt: skip


def money(yen: int, plan: Plan, words: Words) -> str:
    return words.gettext(FEE[plan.with_tax], amount=words.money(yen))


def price_said(price: MeterPrice, words: Words) -> str:
    """Calls answered: 40 included, from 41 ¥450."""
    what = words.gettext(METERS[price.meter])
    unit = unit_said(price.meter, price.included, words)
    said = []
    if price.included:
        said.append(words.gettext(N_("{n} {unit} included"), n=words.number(price.included), unit=unit))
    for tier in price.tiers:
        each = _each(tier.price, words)
        if tier.last is None and len(price.tiers) == 1:
            beyond = N_("{price} for each further one") if price.included else N_("{price} each")
            each = words.gettext(beyond, price=each)
        elif tier.last is None:
            each = words.gettext(N_("from {first}: {price}"), first=words.number(tier.first), price=each)
        else:
            span = f"{words.number(tier.first)}–{words.number(tier.last)}"
            each = words.gettext(N_("{span}: {price}"), span=span, price=each)
        said.append(each)
    return f"{what}: {words.listed(said)}"


def _each(price: Decimal, words: Words) -> str:
    whole = price == price.to_integral_value()
    return words.money(int(price)) if whole else f"¥{words.number(price, 2)}"


def plan_facts(plan: Plan, words: Words) -> list[tuple[str, Sequence[str]]]:
    """What the plan says, as names and sentences; nothing about what it does not have."""
    say = words.gettext
    yes = [
        (N_("Base fee in advance, usage afterwards"), plan.base_in_advance),
        (N_("Parts of a month by days"), plan.prorates),
        (N_("Messages on the answering machine count as calls"), plan.bills_messages),
        (N_("Calls back that reach somebody count as calls"), plan.bills_our_calls),
    ]
    found: list[tuple[str, Sequence[str]]] = [
        (say(N_("Base fee")), [money(plan.base_fee, plan, words)]),
        (say(N_("Counted")), [line for one in plan.prices for line in _price_lines(one, words)]),
        (say(N_("Minimum")), [money(plan.minimum, plan, words)] if plan.minimum else []),
        (say(N_("Set-up fee")), [money(plan.set_up, plan, words)] if plan.set_up else []),
        (
            say(N_("Seasonal set-up")),
            [money(plan.seasonal_set_up, plan, words)] if plan.seasonal_set_up else [],
        ),
        (say(N_("Options")), [_option(one.name, one.monthly, one.set_up, words) for one in plan.options]),
        (say(N_("Never billed")), _free(plan, words)),
        (say(N_("By the time of day")), _hours(plan, words)),
        (say(N_("Terms")), [say(said) for said, holds in yes if holds]),
    ]
    return [(name, lines) for name, lines in found if lines]


def _price_lines(price: MeterPrice, words: Words) -> list[str]:
    say, lines = words.gettext, [price_said(price, words)]
    if price.mode is TierMode.VOLUME:
        lines.append(say(N_("The tier that the month reaches holds for all units beyond the included ones.")))
    if price.meter in SECONDS_OF:
        lines.append(words.listed([say(said, n=n) for said, n in _lengths(price) if n]))
    if price.carries_over:
        lines.append(say(N_("Unused units may be used in the month after.")))
    return lines


def _lengths(price: MeterPrice) -> list[tuple[str, int]]:
    return [
        (N_("in steps of {n} seconds"), price.step_s),
        (N_("at least {n} seconds"), price.least_s),
        (N_("plus {n} seconds for the wrap-up"), price.added_s),
    ]


def _option(name: str, monthly: int, set_up: int, words: Words) -> str:
    said = words.gettext(N_("{name}: {amount} a month"), name=name, amount=words.money(monthly))
    if not set_up:
        return said
    return said + words.gettext(N_(", {amount} once"), amount=words.money(set_up))


def _free(plan: Plan, words: Words) -> list[str]:
    said = [words.gettext(name) for one, name in NATURES.items() if one in plan.free]
    if plan.free_below_s:
        said.append(words.gettext(N_("Shorter than {n} seconds"), n=plan.free_below_s))
    return [words.listed(said)] if said else []


def _hours(plan: Plan, words: Words) -> list[str]:
    hours, say = plan.hours, words.gettext
    span = f"{clock_of_minutes(hours.opens)}–{clock_of_minutes(hours.closes)}"
    found = []
    if hours.after_hours_percent != PLAIN:
        found.append(say(N_("Outside of {span} as {n}%"), span=span, n=hours.after_hours_percent))
    if hours.holiday_percent != PLAIN:
        found.append(say(N_("On holidays as {n}%"), n=hours.holiday_percent))
    return found


def samples(plan: Plan, words: Words) -> list[tuple[str, str]]:
    """What months of so many calls cost; nothing where the plan counts no calls."""
    price = plan.price_of(Meter.CALL)
    if price is None:
        return []
    return [(words.number(calls), words.money(_month(plan, calls, words))) for calls in STEPS]


def curve(plan: Plan, words: Words) -> Markup:
    """The same as a chart."""
    if plan.price_of(Meter.CALL) is None:
        return Markup()
    columns = [Bar(words.number(calls), _month(plan, calls, words)) for calls in STEPS]
    title = words.gettext(N_("Cost of a month in yen, by the calls answered"))
    return Markup(bars(columns, Frame(title=title, height=180)))  # noqa: S704 - drawn by us, names escaped


def _month(plan: Plan, calls: int, words: Words) -> int:
    agreed = Agreed(segments=(Segment(plan, SAMPLE_MONTH),))
    units = [Unit("", SAMPLE_MONTH, Decimal(calls))] if calls else []
    charges = month_charges(agreed, {Meter.CALL: units}, SAMPLE_MONTH, Printed(words))
    return sum(one.amount for one in charges)
