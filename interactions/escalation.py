"""Writes about escalation runs: reach the shop's contacts one after the other (telephony.md 1.10)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.commands import record
from interactions.errors import EscalationRunning, NobodyToCall
from interactions.models import EscalationAttempt, EscalationRun, Interaction
from interactions.values import AttemptState, EventKind, RunState
from nanori.actors import Actor, ActorKind

PRESS_WITHIN = timedelta(seconds=35)
"""From dialling to the pressed key; then the next contact is called."""


@dataclass(frozen=True, slots=True)
class ToCall:
    """Somebody to call, copied from the shop's contacts when the run starts."""

    name: str
    phone: str  # E.164
    ring_seconds: int


async def start_run(
    session: AsyncSession,
    interaction: Interaction,
    contacts: Sequence[ToCall],
    *,
    actor: Actor,
    now: datetime,
) -> EscalationRun:
    """Begin to reach the shop about an interaction.

    Raises:
        NobodyToCall: the shop has no contacts.
        EscalationRunning: a run is on already.
    """
    if not contacts:
        raise NobodyToCall
    if await running(session, interaction.tenant_id, interaction.id) is not None:
        raise EscalationRunning
    run = EscalationRun(
        tenant_id=interaction.tenant_id,
        id=uuid7(),
        interaction_id=interaction.id,
        state=RunState.RUNNING,
        contacts=[asdict(contact) for contact in contacts],
        step=-1,
        started_by=actor.account_id,
        started_at=now,
    )
    session.add(run)
    await session.flush()
    await record(session, interaction, EventKind.ESCALATED, actor=actor, at=now, run=run.id)
    return run


async def next_attempt(
    session: AsyncSession, run: EscalationRun, *, now: datetime
) -> tuple[EscalationAttempt, ToCall] | None:
    """Turn to the next contact; None, and the run is exhausted, when there is none left."""
    run.step += 1
    if run.step >= len(run.contacts):
        run.state, run.ended_at = RunState.EXHAUSTED, now
        await session.flush()
        return None
    attempt = EscalationAttempt(
        tenant_id=run.tenant_id,
        id=uuid7(),
        run_id=run.id,
        step=run.step,
        state=AttemptState.CALLING,
        started_at=now,
        due_at=now + PRESS_WITHIN,
    )
    session.add(attempt)
    await session.flush()
    return attempt, ToCall(**run.contacts[run.step])


async def accept_attempt(
    session: AsyncSession, attempt: EscalationAttempt, interaction: Interaction, *, now: datetime
) -> bool:
    """The contact pressed 1. False when it is too late: another accepted, or the run is over."""
    run = await run_of(session, attempt)
    if attempt.state is not AttemptState.CALLING or run.state is not RunState.RUNNING:
        return attempt.state is AttemptState.ACCEPTED and run.state is RunState.ACKNOWLEDGED
    attempt.state, attempt.ended_at = AttemptState.ACCEPTED, now
    run.state = RunState.ACKNOWLEDGED
    await session.flush()
    contact = Actor(kind=ActorKind.CONTACT)
    await record(
        session, interaction, EventKind.ESCALATION_ACKNOWLEDGED, actor=contact, at=now, step=attempt.step
    )
    return True


async def fail_attempt(
    session: AsyncSession, attempt: EscalationAttempt, *, why: str, now: datetime
) -> EscalationRun | None:
    """The contact was not reached. Returns the run when it goes on, None when it does not."""
    if attempt.state is not AttemptState.CALLING:
        return None
    attempt.state, attempt.ended_at, attempt.failure = AttemptState.FAILED, now, why
    await session.flush()
    run = await run_of(session, attempt)
    return run if run.state is RunState.RUNNING else None


async def go_on(
    session: AsyncSession, attempt: EscalationAttempt, *, why: str, now: datetime
) -> EscalationRun | None:
    """Who pressed 1 has gone before anything came of it. Returns the run, which turns to the next."""
    run = await run_of(session, attempt)
    if attempt.state is not AttemptState.ACCEPTED or run.state is not RunState.ACKNOWLEDGED:
        return None
    attempt.state, attempt.ended_at, attempt.failure = AttemptState.FAILED, now, why
    run.state = RunState.RUNNING
    await session.flush()
    return run


async def close_run(session: AsyncSession, run: EscalationRun, *, now: datetime) -> None:
    """Nothing more is needed: the call is over, or the agent has called it off."""
    if run.state in {RunState.RUNNING, RunState.ACKNOWLEDGED}:
        run.state, run.ended_at = RunState.CLOSED, now
        await session.flush()


async def running(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> EscalationRun | None:
    """The run of an interaction that is calling or has reached somebody; locked."""
    found: EscalationRun | None = await session.scalar(
        select(EscalationRun)
        .where(
            EscalationRun.tenant_id == tenant_id,
            EscalationRun.interaction_id == interaction_id,
            EscalationRun.state.in_([RunState.RUNNING, RunState.ACKNOWLEDGED]),
        )
        .with_for_update()
    )
    return found


async def run_of(session: AsyncSession, attempt: EscalationAttempt) -> EscalationRun:
    return await session.get_one(EscalationRun, (attempt.tenant_id, attempt.run_id), with_for_update=True)


async def calling_attempts(session: AsyncSession, run: EscalationRun) -> Sequence[EscalationAttempt]:
    """Attempts of a run that are still ringing or being asked."""
    found = await session.scalars(
        select(EscalationAttempt)
        .where(
            EscalationAttempt.tenant_id == run.tenant_id,
            EscalationAttempt.run_id == run.id,
            EscalationAttempt.state == AttemptState.CALLING,
        )
        .with_for_update()
    )
    return found.all()


async def overdue_attempts(session: AsyncSession, *, now: datetime) -> Sequence[EscalationAttempt]:
    """Attempts in which nobody pressed a key in time; rows stay locked."""
    found = await session.scalars(
        select(EscalationAttempt)
        .where(EscalationAttempt.state == AttemptState.CALLING, EscalationAttempt.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    return found.all()
