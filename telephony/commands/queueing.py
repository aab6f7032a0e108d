"""Waiting in the queue: each time the music ends it is decided anew whether the caller goes on waiting."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import routing
from desks.models import Desk, Waiting
from desks.values import WaitingState
from interactions import commands as log
from interactions.values import EventKind
from nanori.actors import CARRIER
from telephony import twiml
from telephony.commands.callers import RETURNING, Line
from telephony.commands.endings import close_call, leave_queue
from telephony.models import Call
from telephony.values import CallState


async def wait(session: AsyncSession, line: Line, *, queue_sid: str, position: int, now: datetime) -> str:
    """The caller is in the queue; the first time proves that greeting and notice have been played."""
    call = line.call
    call.queue_sid = queue_sid or call.queue_sid
    if call.state is CallState.GREETING:
        await _enter_queue(session, call, now=now)
    elif call.state is not CallState.QUEUED:
        return twiml.waiting(line.speaker, line.urls, position=position)
    if await _waits_in_vain(session, call, now=now):
        return twiml.leave_queue()
    return twiml.waiting(line.speaker, line.urls, position=position)


async def leave(session: AsyncSession, line: Line, *, result: str, turn: int, now: datetime) -> str:
    """The caller left the queue (``QueueResult``): hung up, was sent away by us, or could not be queued."""
    call = line.call
    if result in {"redirected", "bridged", "bridging-in-process", "redirected-from-bridged"}:
        return twiml.EMPTY
    if turn != call.turn or call.state not in {CallState.GREETING, CallState.QUEUED}:
        return twiml.EMPTY
    if result == "hangup":
        await close_call(session, call, now=now, by="shopper")
        return twiml.EMPTY
    if call.state is CallState.GREETING:
        await _enter_queue(session, call, now=now)
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await leave_queue(session, call, interaction, now=now)
    await log.record(session, interaction, EventKind.LEFT_QUEUE, actor=CARRIER, at=now, why=result)
    call.state = CallState.VOICEMAIL
    await session.flush()
    return twiml.voicemail(line.speaker, line.urls, call.id, said=line.speaker.busy())


async def _enter_queue(session: AsyncSession, call: Call, *, now: datetime) -> None:
    if call.desk_id is None:
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    returning = interaction.answered_at is not None
    if interaction.guidance_ended_at is None:
        await log.record(session, interaction, EventKind.GUIDANCE_ENDED, actor=CARRIER, at=now)
    await log.record(session, interaction, EventKind.QUEUED, actor=CARRIER, at=now, turn=call.turn)
    await routing.enqueue(
        session, call.tenant_id, desk_id=call.desk_id, interaction_id=interaction.id, turn=call.turn,
        enqueued_at=interaction.queued_at or now, priority=RETURNING if returning else 0, now=now,
    )  # fmt: skip
    call.state = CallState.QUEUED
    await session.flush()


async def _waits_in_vain(session: AsyncSession, call: Call, *, now: datetime) -> bool:
    """Longer than the desk lets people wait, or nobody is being looked for any more."""
    waiting = await session.scalar(
        select(Waiting).where(
            Waiting.tenant_id == call.tenant_id,
            Waiting.interaction_id == call.interaction_id,
            Waiting.state.in_([WaitingState.WAITING, WaitingState.OFFERED]),
        )
    )
    if waiting is None:
        return True
    if waiting.state is WaitingState.OFFERED or waiting.connectable_at is None:
        return False
    longest = await session.scalar(
        select(func.max(Desk.max_wait_seconds)).where(
            Desk.tenant_id == call.tenant_id, Desk.id == waiting.desk_id
        )
    )
    return (now - waiting.connectable_at).total_seconds() >= (longest or 600)
