"""What a month would have cost on other plans. Pure, over the ledger's own facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from billing.plans.bill import Agreed, Segment, Usage, month_charges, stretches
from billing.plans.judging import Contact, judge
from billing.plans.plan import Plan
from billing.plans.pricing import Unit
from billing.plans.values import Meter
from billing.plans.wording import Printed

TAX_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Quote:
    """One plan's price of the month, with tax, whatever the plan shows."""

    plan_id: UUID
    plan: Plan
    yen: int
    billed: int  # contacts that this plan would bill


def quotes(
    contacts: Sequence[Contact], agreed: Agreed, plans: Mapping[UUID, Plan], month: date, say: Printed
) -> list[Quote]:
    """The same contacts, days, seats and options on each plan, the cheapest first; without set-up.

    An option that a plan does not have is left out there.
    """
    found = [_quote(key, plan, contacts, agreed, month, say) for key, plan in plans.items()]
    return sorted(found, key=lambda one: (one.yen, one.plan.name))


def _quote(
    key: UUID, plan: Plan, contacts: Sequence[Contact], agreed: Agreed, month: date, say: Printed
) -> Quote:
    usage, billed = usage_under(contacts, plan)
    known = {one.code for one in plan.options}
    held = stretches(agreed, month)
    there = replace(
        agreed,
        segments=(Segment(plan, held[0].first, held[-1].end),),
        options={code: count for code, count in agreed.options.items() if code in known},
    )
    charges = month_charges(there, usage, month, say)
    return Quote(key, plan, with_tax(sum(one.amount for one in charges), plan), billed)


def usage_under(contacts: Iterable[Contact], plan: Plan) -> tuple[Usage, int]:
    """What a plan would count, and how many contacts it would bill."""
    usage: dict[Meter, list[Unit]] = {}
    billed = 0
    for contact in contacts:
        verdicts = [one for one in judge(contact, plan) if one.is_billed]
        billed += bool(verdicts)
        for one in verdicts:
            if one.quantity:
                unit = Unit("", contact.arrived.date(), one.quantity)
                usage.setdefault(one.meter, []).append(unit)
    return usage, billed


def with_tax(yen: int, plan: Plan) -> int:
    """The amount with the tax inside, rounded down."""
    return yen if plan.with_tax else yen + yen * TAX_PERCENT // 100
