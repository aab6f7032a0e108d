"""Reads of plans and agreements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.plans.bill import Agreed, Segment
from billing.plans.errors import AgreementNotFound, PlanNotFound
from billing.plans.models import Agreement, PlanVersion, PricePlan
from billing.plans.plan import Plan
from billing.plans.stored import read
from desks.models import Desk
from desks.values import DeskKind

LAST_DAY = date.max


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a plan, in force over ``[first, end)``."""

    id: UUID
    plan: Plan
    first: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An agreement with the versions of its plan that hold while it does, in order; at least one."""

    row: Agreement
    desk: Desk | None
    versions: tuple[Version, ...]

    @property
    def end(self) -> date:
        return self.row.valid_until or LAST_DAY

    def version_on(self, day: date) -> Version | None:
        return next((one for one in self.versions if one.first <= day < one.end), None)

    def agreed(self) -> Agreed:
        return Agreed(
            segments=tuple(Segment(one.plan, one.first, one.end) for one in self.versions),
            desk=self.desk.name if self.desk else None,
            options=self.row.options,
            seats=self.row.seats,
            with_set_up=self.row.with_set_up,
            is_seasonal=self.desk is not None and self.desk.kind is DeskKind.SEASONAL,
        )


def holding(agreements: Iterable[Held], desk_id: UUID | None, day: date) -> tuple[Held, Version] | None:
    """What a contact of this desk and day falls under: the desk's own agreement, or the shop's."""
    found: dict[bool, tuple[Held, Version]] = {}
    for one in agreements:
        version = one.version_on(day) if one.row.desk_id in {None, desk_id} else None
        if version is not None:
            found[one.row.desk_id is not None] = (one, version)
    return found.get(True) or found.get(False)


async def agreements_of(session: AsyncSession, tenant_id: UUID) -> list[Held]:
    """All agreements of a shop, past ones too, in the order of their beginning; two statements."""
    asked = (
        select(Agreement, Desk)
        .outerjoin(Desk, (Desk.tenant_id == Agreement.tenant_id) & (Desk.id == Agreement.desk_id))
        .where(Agreement.tenant_id == tenant_id)
        .order_by(Agreement.valid_from, Agreement.id)
    )
    rows = [(row, desk) for row, desk in await session.execute(asked)]
    versions = await versions_of(session, {row.plan_id for row, _ in rows})
    return [
        Held(row=row, desk=desk, versions=_within(versions.get(row.plan_id, ()), row)) for row, desk in rows
    ]


async def agreement_by_id(session: AsyncSession, tenant_id: UUID, agreement_id: UUID) -> Agreement:
    """One agreement, locked.

    Raises:
        AgreementNotFound: not among the shops bound.
    """
    found = await session.get(
        Agreement, (tenant_id, agreement_id), with_for_update=True, populate_existing=True
    )
    if found is None:
        raise AgreementNotFound
    return found


async def plan_by_id(session: AsyncSession, plan_id: UUID) -> PricePlan:
    """One plan.

    Raises:
        PlanNotFound: there is none.
    """
    found = await session.get(PricePlan, plan_id)
    if found is None:
        raise PlanNotFound
    return found


async def plans(session: AsyncSession) -> list[PricePlan]:
    """Every plan by name, retired ones last."""
    order = (PricePlan.retired_at.is_not(None), PricePlan.name)
    return list(await session.scalars(select(PricePlan).order_by(*order)))


async def versions_of(
    session: AsyncSession, plan_ids: Iterable[UUID]
) -> Mapping[UUID, Sequence[PlanVersion]]:
    """The versions of these plans in the order of their days."""
    asked = select(PlanVersion).where(PlanVersion.plan_id.in_(list(plan_ids)))
    rows = await session.scalars(asked.order_by(PlanVersion.plan_id, PlanVersion.valid_from))
    return {plan_id: list(group) for plan_id, group in groupby(rows, key=lambda row: row.plan_id)}


def in_force(versions: Sequence[PlanVersion], day: date) -> PlanVersion:
    """The version of a day; before the first has begun, the first."""
    begun = [one for one in versions if one.valid_from <= day]
    return begun[-1] if begun else versions[0]


def _within(versions: Sequence[PlanVersion], row: Agreement) -> tuple[Version, ...]:
    """Cut to the agreement's days; the first version reaches back as far as the agreement does."""
    starts = [date.min, *(one.valid_from for one in versions[1:])]
    ends = [*starts[1:], LAST_DAY]
    until = row.valid_until or LAST_DAY
    cut = [
        Version(one.id, read(one.terms), max(start, row.valid_from), min(end, until))
        for one, start, end in zip(versions, starts, ends, strict=True)
    ]
    return tuple(one for one in cut if one.first < one.end)
