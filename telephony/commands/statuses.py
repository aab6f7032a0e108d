"""What the carrier says of a call's life: ranked, so that late and repeated reports change nothing."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from telephony.commands import contacts
from telephony.commands.callers import Line
from telephony.commands.conferences import leg_left
from telephony.commands.endings import close_call
from telephony.commands.orders import connect_caller
from telephony.models import Call, CarrierOrder, Leg
from telephony.values import (
    STATUS_RANK,
    TERMINAL,
    CallState,
    LegRole,
    LegState,
    OrderKind,
    OrderState,
)

SETTLES_WITHIN = timedelta(seconds=20)
CONNECTS_WITHIN = timedelta(seconds=10)


async def caller_status(session: AsyncSession, line: Line, status: str, *, now: datetime) -> None:
    """The caller's own leg. While an agent is being connected the conference has the last word."""
    call = line.call
    rank = STATUS_RANK.get(status, 0)
    if rank <= call.status_rank:
        return
    call.status_rank = rank
    if rank < TERMINAL:
        return
    call.ended_at = call.ended_at or now
    if call.state is not CallState.CONNECTING:
        await close_call(session, call, now=now, by="shopper")
    await session.flush()


async def leg_status(session: AsyncSession, line: Line, leg: Leg, status: str, *, now: datetime) -> None:
    """The leg of a contact whom we dialled."""
    rank = STATUS_RANK.get(status, 0)
    if rank <= leg.status_rank:
        return
    leg.status_rank = rank
    await session.flush()
    if rank < TERMINAL:
        return
    if leg.state is LegState.JOINED:
        await leg_left(session, line, leg, reason=status, now=now)
    elif leg.role is LegRole.CONTACT:
        await contacts.leg_ended(session, line, leg, status=status, now=now)


async def settle_ended(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The conference never said how it went on: close what has been over for long."""
    if call.state is not CallState.CLOSED and call.ended_at and call.ended_at <= now - SETTLES_WITHIN:
        await close_call(session, call, now=now, by="shopper")


async def connect_again(session: AsyncSession, line: Line, *, now: datetime) -> None:
    """Who takes the caller has waited too long for the caller to come: ask the carrier again, harmlessly.

    An order that is still on its way is left alone. When the caller has gone, the answer says so.
    """
    call = line.call
    on_its_way = await session.scalar(
        select(
            exists().where(
                CarrierOrder.tenant_id == call.tenant_id,
                CarrierOrder.call_id == call.id,
                CarrierOrder.kind == OrderKind.CONNECT,
                CarrierOrder.state.in_([OrderState.TODO, OrderState.SENDING])
                | (CarrierOrder.created_at > now - CONNECTS_WITHIN),
            )
        )
    )
    leg = await session.scalar(
        select(Leg).where(
            Leg.tenant_id == call.tenant_id,
            Leg.call_id == call.id,
            Leg.role.in_([LegRole.AGENT, LegRole.CONTACT]),
            Leg.state == LegState.JOINED,
        )
    )
    if call.state is CallState.CONNECTING and leg is not None and not on_its_way:
        await connect_caller(session, call, leg, line.urls, now=now)


async def stuck_calls(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """(tenant, interaction) of calls that wait for a report which may never come. Nothing is locked."""
    rows = await session.execute(
        select(Call.tenant_id, Call.interaction_id).where(
            Call.state != CallState.CLOSED,
            (Call.ended_at <= now - SETTLES_WITHIN) | (Call.state == CallState.CONNECTING),
        )
    )
    return [(row.tenant_id, row.interaction_id) for row in rows.all()]
