"""Nobody is there to answer: the shop's own people are called while the caller waits with music."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.values import Unattended
from interactions import commands as log
from interactions import escalation
from interactions.models import EscalationRun
from interactions.values import RunState
from nanori.actors import SYSTEM
from telephony.commands import contacts
from telephony.commands.callers import Line
from telephony.models import Call
from telephony.patience import Chain

LIVE = frozenset({RunState.RUNNING, RunState.ACKNOWLEDGED})


async def chain_of(session: AsyncSession, call: Call, desk: Desk, *, since: datetime, now: datetime) -> Chain:
    """How far calling the shop's people is for a caller who has waited since then."""
    if desk.unattended is not Unattended.CONTACTS:
        return Chain.NEVER
    state = await session.scalar(
        select(EscalationRun.state)
        .where(
            EscalationRun.tenant_id == call.tenant_id,
            EscalationRun.interaction_id == call.interaction_id,
            or_(EscalationRun.ended_at.is_(None), EscalationRun.ended_at >= since),
        )
        .order_by(EscalationRun.started_at.desc(), EscalationRun.id.desc())
        .limit(1)
    )
    if state is not None:
        return Chain.RUNNING if state in LIVE else Chain.OVER
    return Chain.POSSIBLE if await contacts.to_call(session, call, now=now) else Chain.NEVER


async def call_contacts(session: AsyncSession, line: Line, *, now: datetime) -> None:
    """Begin with the shop's first contact."""
    call = line.call
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    people = await contacts.to_call(session, call, now=now)
    run = await escalation.start_run(session, interaction, people, actor=SYSTEM, now=now)
    await contacts.call_next(session, call, run, line.urls, now=now)
