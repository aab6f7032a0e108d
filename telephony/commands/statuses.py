"""What the carrier says of a call's life: ranked, so that late and repeated reports change nothing."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from telephony.commands import contacts, outbound, pressing
from telephony.commands.callers import Line
from telephony.commands.endings import close_call
from telephony.models import Call, Leg
from telephony.values import (
    STATUS_RANK,
    TERMINAL,
    CallState,
    LegRole,
)

SETTLES_WITHIN = timedelta(seconds=20)


async def caller_status(session: AsyncSession, line: Line, status: str, *, now: datetime) -> None:
    """The caller's own leg. While an agent is being connected the conference has the last word."""
    call = line.call
    rank = STATUS_RANK.get(status, 0)
    if rank <= call.status_rank:
        return
    call.status_rank = rank
    if rank < TERMINAL:
        return
    if call.state is CallState.CALLING and status != "completed":
        await outbound.not_reached(session, call, why=status, now=now)
        return
    call.ended_at = call.ended_at or now
    if call.state not in {CallState.CONNECTING, CallState.CALLING}:
        await close_call(session, call, now=now, by="shopper")
    await session.flush()


async def leg_status(session: AsyncSession, line: Line, leg: Leg, status: str, *, now: datetime) -> None:
    """A telephone that we dialled: a contact's, or an agent's own.

    Of whoever has joined the conference has the last word, as with a browser: when the caller ends it, their
    telephones are over too, and may be reported first. The reconciler makes up for lost reports.
    """
    if leg.joined_at is not None:
        return
    rank = STATUS_RANK.get(status, 0)
    if rank <= leg.status_rank:
        return
    leg.status_rank = rank
    await session.flush()
    if rank < TERMINAL:
        return
    if leg.by_phone:
        await pressing.not_reached(session, line, leg, why=status, now=now)
    elif leg.role is LegRole.CONTACT:
        await contacts.leg_ended(session, line, leg, status=status, now=now)


async def settle_ended(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The conference never said how it went on: close what has been over for long."""
    if call.state is not CallState.CLOSED and call.ended_at and call.ended_at <= now - SETTLES_WITHIN:
        await close_call(session, call, now=now, by="shopper", why="completed")


async def over_calls(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """(tenant, interaction) of calls whose caller has long been gone. Nothing is locked."""
    rows = await session.execute(
        select(Call.tenant_id, Call.interaction_id).where(
            Call.state != CallState.CLOSED, Call.ended_at <= now - SETTLES_WITHIN
        )
    )
    return [(row.tenant_id, row.interaction_id) for row in rows.all()]
