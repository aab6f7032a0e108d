"""Writes about escalation. They flush and never commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.errors import InvalidInput
from nanori.words import N_
from tenants.commands import lock_shop
from tenants.escalation.models import AuthorityLimit, EscalationPolicy, EscalationStep, OnCall, StepContact
from tenants.escalation.values import LONGEST_WAIT_MINUTES, MOST_TIMES, Days, Medium
from tenants.models import Contact
from tenants.queries import contacts_of

MINUTES = range(1, LONGEST_WAIT_MINUTES + 1)
TIMES = range(1, MOST_TIMES + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """One step as it is meant."""

    medium: Medium
    contacts: tuple[UUID, ...] = ()
    on_call: bool = False
    days: Days = Days.ALL
    opens: int | None = None  # minutes after midnight
    closes: int | None = None
    wait_minutes: int = 10
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Somebody is on call from one moment until another."""

    contact_id: UUID
    rank: int = 1
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitFacts:
    """What may be decided without asking; without an amount whatever it costs."""

    subject: str
    amount_yen: int | None = None
    note: str = ""


async def set_policy(
    session: AsyncSession,
    tenant_id: UUID,
    desk_id: UUID | None,
    steps: Sequence[StepFacts],
    *,
    now: datetime,
) -> None:
    """Let these steps be the policy of a shop, or of one of its desks; runs under way keep theirs.

    Raises:
        InvalidInput: there are no steps, or one reaches nobody; fields are ``steps`` or ``<n>-<field>``.
    """
    await lock_shop(session, tenant_id)
    known = {one.id: one for one in await contacts_of(session, tenant_id)}
    if wrong := step_problems(steps, known):
        raise InvalidInput(wrong)
    await remove_policy(session, tenant_id, desk_id)
    policy = EscalationPolicy(tenant_id=tenant_id, id=uuid7(), desk_id=desk_id, changed_at=now)
    session.add(policy)
    await session.flush()
    for position, facts in enumerate(steps, start=1):
        step = EscalationStep(
            tenant_id=tenant_id, id=uuid7(), policy_id=policy.id, position=position, medium=facts.medium,
            on_call=facts.on_call, days=facts.days, opens=facts.opens, closes=facts.closes,
            wait_minutes=facts.wait_minutes, times=facts.times,
        )  # fmt: skip
        session.add(step)
        await session.flush()
        named = () if facts.medium is Medium.PORTAL else facts.contacts
        session.add_all(StepContact(tenant_id=tenant_id, step_id=step.id, contact_id=one) for one in named)
    await session.flush()


async def remove_policy(session: AsyncSession, tenant_id: UUID, desk_id: UUID | None) -> None:
    """Take a policy away: a desk then follows its shop, a shop calls its contacts in their order."""
    one = EscalationPolicy
    of_desk = one.desk_id.is_(None) if desk_id is None else one.desk_id == desk_id
    policy = await session.scalar(select(one).where(one.tenant_id == tenant_id, of_desk).with_for_update())
    if policy is None:
        return
    of_policy = EscalationStep.policy_id == policy.id
    await session.execute(delete(EscalationStep).where(EscalationStep.tenant_id == tenant_id, of_policy))
    await session.delete(policy)
    await session.flush()


def step_problems(steps: Sequence[StepFacts], known: Mapping[UUID, Contact]) -> dict[str, str]:
    """What is wrong with each step, as msgids by ``<n>-<field>``; n counts from 0."""
    if not steps:
        return {"steps": N_("A policy needs at least one step.")}
    found = [(n, problem) for n, step in enumerate(steps) if (problem := _step_problem(step, known))]
    return {f"{n}-{field}": said for n, (field, said) in found}


def _step_problem(step: StepFacts, known: Mapping[UUID, Contact]) -> tuple[str, str] | None:
    named = [known.get(one) for one in step.contacts]
    lacks_mail = step.medium is Medium.MAIL and any(one is not None and not one.mail for one in named)
    checks = (
        ("contacts", None in named, N_("This is none of the shop's contacts.")),
        (
            "contacts",
            step.medium is not Medium.PORTAL and not named and not step.on_call,
            N_("Choose somebody to reach, or whoever is on call."),
        ),
        (
            "contacts",
            lacks_mail,
            N_("One of them has no mail address yet. Enter it under Escalation contacts, or choose others."),
        ),
        (
            "hours",
            step.opens is not None and step.opens == step.closes,
            N_("Both times are the same. Leave both empty for all day."),
        ),
        ("wait", step.wait_minutes not in MINUTES, N_("Please wait between 1 and 1440 minutes.")),
        ("times", step.times not in TIMES, N_("Please try between 1 and 10 times.")),
    )
    return next(((field, said) for field, is_wrong, said in checks if is_wrong), None)


async def set_limits(
    session: AsyncSession, tenant_id: UUID, desk_id: UUID | None, limits: Sequence[LimitFacts]
) -> None:
    """Replace what the desk, or every desk of the shop, may decide without asking."""
    await lock_shop(session, tenant_id)
    one = AuthorityLimit
    of_desk = one.desk_id.is_(None) if desk_id is None else one.desk_id == desk_id
    await session.execute(delete(one).where(one.tenant_id == tenant_id, of_desk))
    session.add_all(
        AuthorityLimit(
            tenant_id=tenant_id, desk_id=desk_id, position=position, subject=facts.subject,
            amount_yen=facts.amount_yen, note=facts.note,
        )
        for position, facts in enumerate(limits, start=1)
    )  # fmt: skip
    await session.flush()


async def accept_limit(session: AsyncSession, tenant_id: UUID, subject: str, amount_yen: int) -> None:
    """The shop agrees to a limit for all its desks; one on the same subject gets the new amount."""
    one = AuthorityLimit
    of_shop = (one.tenant_id == tenant_id, one.desk_id.is_(None))
    known = await session.scalar(select(one).where(*of_shop, one.subject == subject).with_for_update())
    if known is not None:
        known.amount_yen = amount_yen
    else:
        last = await session.scalar(select(func.max(one.position)).where(*of_shop)) or 0
        session.add(
            AuthorityLimit(
                tenant_id=tenant_id, position=last + 1, subject=subject, amount_yen=amount_yen, note=""
            )
        )
    await session.flush()


async def add_period(session: AsyncSession, tenant_id: UUID, period: Period) -> OnCall:
    """Put somebody on call.

    Raises:
        InvalidInput: the end is not after the start, or somebody has this rank at that time.
    """
    await lock_shop(session, tenant_id)
    one = OnCall
    if period.ends <= period.starts:
        raise InvalidInput({"ends": N_("The end must be later than the start.")})
    if period.contact_id not in {contact.id for contact in await contacts_of(session, tenant_id)}:
        raise InvalidInput({"contact": N_("This is none of the shop's contacts.")})
    other = await session.scalar(
        select(one.id)
        .where(
            one.tenant_id == tenant_id,
            one.rank == period.rank,
            one.starts_at < period.ends,
            one.ends_at > period.starts,
        )
        .limit(1)
    )
    if other is not None:
        raise InvalidInput(
            {
                "starts": N_(
                    "Somebody has this rank at that time. Shorten one of the two, or choose another rank."
                )
            }
        )
    row = OnCall(
        tenant_id=tenant_id, id=uuid7(), contact_id=period.contact_id, rank=period.rank,
        starts_at=period.starts, ends_at=period.ends,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def remove_period(session: AsyncSession, tenant_id: UUID, period_id: UUID) -> None:
    """Take somebody off call again; removing twice is no error."""
    row = await session.get(OnCall, (tenant_id, period_id))
    if row is not None:
        await session.delete(row)
        await session.flush()
