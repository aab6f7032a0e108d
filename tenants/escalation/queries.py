"""Reads about escalation, of the shops that the transaction is bound to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants import queries as shops
from tenants.escalation.models import AuthorityLimit, EscalationPolicy, EscalationStep, OnCall, StepContact
from tenants.escalation.plan import LOOK_AHEAD_DAYS, Duty, Person, Plan, Step, phones_now
from tenants.escalation.values import Medium
from tenants.models import Contact, Tenant


@dataclass(frozen=True, slots=True)
class Stored:
    """A policy as it stands: of the desk itself, or of its shop."""

    policy: EscalationPolicy
    steps: Sequence[tuple[EscalationStep, frozenset[UUID]]]  # with the contacts whom it names


BY_DAY = (9 * 60, 20 * 60)
"""Minutes of the day in which a shop without a policy is rung because of a question."""


async def policies_of(session: AsyncSession, tenant_id: UUID) -> dict[UUID | None, EscalationPolicy]:
    """Every policy of a shop by its desk; None is the shop's own."""
    found = await session.scalars(select(EscalationPolicy).where(EscalationPolicy.tenant_id == tenant_id))
    return {one.desk_id: one for one in found}


async def policy_for(session: AsyncSession, tenant_id: UUID, desk_id: UUID | None) -> Stored | None:
    """The desk's own policy, else the shop's; None when the shop has none."""
    one = EscalationPolicy
    of_desk = one.desk_id.is_(None) if desk_id is None else or_(one.desk_id == desk_id, one.desk_id.is_(None))
    policy = await session.scalar(
        select(one).where(one.tenant_id == tenant_id, of_desk).order_by(one.desk_id.nulls_last()).limit(1)
    )
    if policy is None:
        return None
    rows = await session.execute(
        select(EscalationStep, StepContact.contact_id)
        .outerjoin(
            StepContact,
            (StepContact.tenant_id == EscalationStep.tenant_id) & (StepContact.step_id == EscalationStep.id),
        )
        .where(EscalationStep.tenant_id == tenant_id, EscalationStep.policy_id == policy.id)
        .order_by(EscalationStep.position)
    )
    steps: dict[EscalationStep, set[UUID]] = {}
    for step, contact_id in rows:
        steps.setdefault(step, set()).update({contact_id} if contact_id else ())
    return Stored(policy, [(step, frozenset(named)) for step, named in steps.items()])


async def plan_for(
    session: AsyncSession, tenant_id: UUID, desk_id: UUID | None, *, now: datetime
) -> Plan | None:
    """The policy that holds for a desk, ready to decide by; None when the shop has none."""
    stored = await policy_for(session, tenant_id, desk_id)
    if stored is None:
        return None
    shop = await session.get_one(Tenant, tenant_id)
    contacts = await shops.contacts_of(session, tenant_id)
    until = now + timedelta(days=2 * LOOK_AHEAD_DAYS)
    people = {one.id: _person(one) for one in contacts}
    duty = await on_call_between(session, tenant_id, now, until)
    return Plan(
        zone=shop.zone,
        steps=tuple(
            _step(step, [people[one.id] for one in contacts if one.id in named])
            for step, named in stored.steps
        ),
        duty=tuple(Duty(people[one.contact_id], one.rank, one.starts_at, one.ends_at) for one in duty),
    )


async def people_to_call(
    session: AsyncSession, tenant_id: UUID, desk_id: UUID | None, *, now: datetime
) -> list[Person]:
    """Whom to call for a caller on the line: by the policy, or without one all contacts in their order."""
    plan = await plan_for(session, tenant_id, desk_id, now=now)
    if plan is not None:
        return phones_now(plan, now)
    return [_person(one) for one in await shops.contacts_to_call(session, tenant_id)]


async def plan_without_policy(session: AsyncSession, tenant_id: UUID) -> Plan:
    """What holds where nothing was agreed: all contacts by telephone by day, then the shop's own page."""
    shop = await session.get_one(Tenant, tenant_id)
    people = tuple(_person(one) for one in await shops.contacts_to_call(session, tenant_id))
    portal = Step(medium=Medium.PORTAL, wait_minutes=60)
    phone = Step(medium=Medium.PHONE, people=people, opens=BY_DAY[0], closes=BY_DAY[1])
    return Plan(zone=shop.zone, steps=(phone, portal))


async def on_call_between(
    session: AsyncSession, tenant_id: UUID, start: datetime, end: datetime
) -> Sequence[OnCall]:
    """Periods that touch this time, the earliest first."""
    found = await session.scalars(
        select(OnCall)
        .where(OnCall.tenant_id == tenant_id, OnCall.starts_at < end, OnCall.ends_at > start)
        .order_by(OnCall.starts_at, OnCall.rank)
    )
    return found.all()


async def limits_of(session: AsyncSession, tenant_id: UUID) -> Sequence[AuthorityLimit]:
    """Every limit of the shop, for all desks first."""
    one = AuthorityLimit
    found = await session.scalars(
        select(one)
        .where(one.tenant_id == tenant_id)
        .order_by(one.desk_id.nulls_first(), one.position, one.id)
    )
    return found.all()


async def limits_for(session: AsyncSession, tenant_id: UUID, desk_id: UUID | None) -> list[AuthorityLimit]:
    """What an agent of this desk may decide: the desk's own limits replace the shop's on the same subject."""
    found = [one for one in await limits_of(session, tenant_id) if one.desk_id in {None, desk_id}]
    own = {one.subject for one in found if one.desk_id is not None}
    return [one for one in found if one.desk_id is not None or one.subject not in own]


def _person(contact: Contact) -> Person:
    phone = "" if contact.refused_at else contact.phone
    return Person(contact.id, contact.name, phone, contact.mail, contact.ring_seconds)


def _step(row: EscalationStep, people: Sequence[Person]) -> Step:
    return Step(
        medium=row.medium, people=tuple(people), on_call=row.on_call, days=row.days,
        opens=row.opens, closes=row.closes, wait_minutes=row.wait_minutes, times=row.times,
    )  # fmt: skip
