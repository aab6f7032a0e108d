"""Writes of plans and agreements. They flush and never commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from billing.plans.checks import problems_of
from billing.plans.errors import AgreementRefused, PlanRefused
from billing.plans.models import Agreement, PlanVersion, PricePlan
from billing.plans.plan import Plan
from billing.plans.promise import Promise
from billing.plans.promise import stored as kept
from billing.plans.queries import Held, in_force, versions_of
from billing.plans.revising import BILLED, revision_problems
from billing.plans.stored import read, stored
from nanori.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a shop agrees to."""

    plan_id: UUID
    valid_from: date
    valid_until: date | None = None
    desk_id: UUID | None = None
    options: Mapping[str, int] = field(default_factory=dict)
    seats: int = 0
    with_set_up: bool = False
    shows_others: bool = False
    promise: Promise | None = None


async def make_plan(
    session: AsyncSession, plan: Plan, *, by: UUID | None, today: date, now: datetime
) -> PricePlan:
    """A new plan, in force from today.

    Raises:
        PlanRefused: something is wrong in it, or another plan has this name.
    """
    refuse_wrong(plan)
    if await session.scalar(select(PricePlan.id).where(PricePlan.name == plan.name)) is not None:
        raise PlanRefused({"name": N_("Another plan has this name.")})
    row = PricePlan(id=uuid7(), name=plan.name, created_at=now)
    session.add(row)
    await session.flush()
    session.add(_version(row.id, plan, number=1, valid_from=today, announced_on=today, by=by, now=now))
    await session.flush()
    return row


async def revise_plan(
    session: AsyncSession, row: PricePlan, plan: Plan, *, valid_from: date, billed_until: date | None,
    by: UUID | None, today: date, now: datetime,
) -> PlanVersion:  # fmt: skip
    """Let another version hold from a day on, under the plan's name.

    Args:
        billed_until: the first day that no bill of any of its shops has reached; None: nothing is billed.

    Raises:
        PlanRefused: something is wrong in it, or the day is too early.
    """
    await session.execute(select(PricePlan.id).where(PricePlan.id == row.id).with_for_update())
    versions = (await versions_of(session, [row.id]))[row.id]
    plan = replace(plan, name=row.name)
    refuse_wrong(plan)
    before = read(in_force(versions, valid_from).terms)
    found = revision_problems(before, plan, valid_from=valid_from, billed_until=billed_until, today=today)
    if valid_from <= versions[-1].valid_from:
        found["valid_from"] = N_("A later version stands already. Please give a day after it begins.")
    if found:
        raise PlanRefused(found, day=billed_until or today, days=before.notice_days)
    new = _version(
        row.id, plan, number=len(versions) + 1, valid_from=valid_from, announced_on=today, by=by, now=now
    )
    session.add(new)
    await session.flush()
    return new


async def agree(
    session: AsyncSession, tenant_id: UUID, signed: Signed, agreements: Sequence[Held], *,
    billed_until: date | None, by: UUID | None, now: datetime,
) -> Agreement:  # fmt: skip
    """Let a plan hold for a shop or one of its desks; the one that held until then ends there.

    Args:
        agreements: the shop's, as :func:`billing.plans.queries.agreements_of` reads them.
        billed_until: the first day that no bill of the shop has reached; None: nothing is billed.

    Raises:
        AgreementRefused: the days or the plan do not fit.
    """
    versions = (await versions_of(session, [signed.plan_id])).get(signed.plan_id)
    if not versions:
        raise AgreementRefused({"plan_id": N_("There is no such plan.")})
    plan = read(in_force(versions, signed.valid_from).terms)
    same = [one.row for one in agreements if one.row.desk_id == signed.desk_id]
    _check_days(signed, same, billed_until)
    _check_plan(signed, plan, agreements)
    for row in same:
        if row.valid_from < signed.valid_from and (row.valid_until or date.max) > signed.valid_from:
            row.valid_until = signed.valid_from
    await session.flush()
    new = Agreement(
        tenant_id=tenant_id, id=uuid7(), desk_id=signed.desk_id, plan_id=signed.plan_id,
        valid_from=signed.valid_from, valid_until=signed.valid_until, options=dict(signed.options),
        seats=signed.seats, with_set_up=signed.with_set_up,
        shows_others=signed.shows_others, promise=kept(signed.promise), made_by=by, made_at=now,
    )  # fmt: skip
    session.add(new)
    await session.flush()
    return new


async def end_agreement(
    session: AsyncSession, row: Agreement, last: date, *, billed_until: date | None
) -> None:
    """Let it hold up to and including that day.

    Raises:
        AgreementRefused: the day is billed, or it comes before the agreement begins.
    """
    until = last + timedelta(days=1)
    if until <= row.valid_from:
        raise AgreementRefused({"last_day": N_("It begins later than that.")})
    if billed_until is not None and until < billed_until:
        raise AgreementRefused({"last_day": BILLED}, day=billed_until)
    row.valid_until = until
    await session.flush()


def refuse_wrong(plan: Plan) -> None:
    """Nothing, when the plan can be agreed.

    Raises:
        PlanRefused: it cannot; the first reason.
    """
    found = problems_of(plan)
    if found:
        raise PlanRefused({found[0].where: found[0].says}, **found[0].params)


def _check_days(signed: Signed, same: Sequence[Agreement], billed_until: date | None) -> None:
    if signed.valid_until is not None and signed.valid_until <= signed.valid_from:
        raise AgreementRefused({"last_day": N_("It begins later than that.")})
    if billed_until is not None and signed.valid_from < billed_until:
        raise AgreementRefused({"valid_from": BILLED}, day=billed_until)
    until = signed.valid_until or date.max
    later = [row for row in same if signed.valid_from <= row.valid_from < until]
    if later:
        says = N_("Another agreement begins on {day} already.")
        raise AgreementRefused({"valid_from": says}, day=later[0].valid_from)


def _check_plan(signed: Signed, plan: Plan, agreements: Sequence[Held]) -> None:
    if signed.promise is not None and signed.desk_id is not None:
        says = N_(
            "A closed month has one service level for the whole shop, so a desk's own plan has no credit."
        )
        raise AgreementRefused({"credit_steps": says})
    known = {one.code for one in plan.options}
    if any(code not in known or count < 0 for code, count in signed.options.items()):
        raise AgreementRefused({"options": N_("The plan has no such option.")})
    until = signed.valid_until or date.max
    for one in agreements:
        is_beside = one.row.desk_id != signed.desk_id and one.row.valid_from < until
        if is_beside and one.end > signed.valid_from and one.versions[-1].plan.with_tax is not plan.with_tax:
            raise AgreementRefused(
                {
                    "plan_id": N_(
                        "One bill is either with or without tax; the shop's other plan is not as this one."
                    )
                }
            )


def _version(
    plan_id: UUID, plan: Plan, *, number: int, valid_from: date, announced_on: date, by: UUID | None,
    now: datetime,
) -> PlanVersion:  # fmt: skip
    return PlanVersion(
        id=uuid7(), plan_id=plan_id, number=number, valid_from=valid_from, announced_on=announced_on,
        terms=stored(plan), made_by=by, made_at=now,
    )  # fmt: skip
