"""Recordings of which nobody told us: asked for when a call is over, and filed as if they had been told."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from interactions.values import Direction, Outcome
from telephony.commands import messages, recordings
from telephony.commands.callers import Line
from telephony.models import Call, CarrierOrder, Recording
from telephony.ports import RecordingSeen
from telephony.values import OrderKind
from tenants.models import Tenant

AFTER_A_MESSAGE = (Outcome.OVERFLOW, Outcome.OUT_OF_HOURS, Outcome.VOICEMAIL, Outcome.SYSTEM_FAULT)


async def calls_without(session: AsyncSession, call_ids: Collection[UUID]) -> frozenset[UUID]:
    """Of these calls, those of which something may be recorded that has not been fetched."""
    if not call_ids:
        return frozenset()
    rows = await session.scalars(
        select(Call.id)
        .join(
            Interaction,
            and_(Interaction.tenant_id == Call.tenant_id, Interaction.id == Call.interaction_id),
        )
        .join(Tenant, Tenant.tenant_id == Call.tenant_id)
        .where(Call.id.in_(call_ids), Call.call_sid.is_not(None), or_(_nothing_told(), _not_fetched()))
    )
    return frozenset(rows)


def _nothing_told() -> ColumnElement[bool]:
    """The caller was asked for a message, or was heard at a shop that records; and no recording is known."""
    known = exists().where(Recording.tenant_id == Call.tenant_id, Recording.call_id == Call.id)
    asked = and_(Call.direction == Direction.INBOUND, Interaction.outcome.in_(AFTER_A_MESSAGE))
    recorded = and_(Tenant.records_calls, Interaction.answered_at.is_not(None))
    return and_(~known, or_(asked, recorded))


def _not_fetched() -> ColumnElement[bool]:
    """A recording was announced, and nobody has said that it is complete."""
    ordered = exists().where(
        CarrierOrder.tenant_id == Recording.tenant_id,
        CarrierOrder.call_id == Recording.call_id,
        CarrierOrder.kind == OrderKind.FETCH_RECORDING,
    )
    of_call = (Recording.tenant_id == Call.tenant_id, Recording.call_id == Call.id)
    return exists().where(*of_call, Recording.file_id.is_(None), ~ordered)


async def take_in(session: AsyncSession, line: Line, seen: Iterable[RecordingSeen], *, now: datetime) -> bool:
    """File what is complete. False while the carrier is still writing something."""
    fetched = await _ordered(session, line.call)
    is_all = True
    for one in seen:
        is_all = is_all and not one.is_being_made
        if not one.is_complete or one.recording_sid in fetched:
            continue
        sid, seconds = one.recording_sid, one.seconds
        if one.is_message:
            await messages.take_message(session, line, recording_sid=sid, seconds=seconds, now=now)
            await messages.fetch_message(session, line.call, recording_sid=sid, now=now)
        else:
            await recordings.report(
                session, line, recording_sid=sid, status="completed", seconds=seconds, now=now
            )  # fmt: skip
    return is_all


async def _ordered(session: AsyncSession, call: Call) -> frozenset[str]:
    rows = await session.scalars(
        select(CarrierOrder.arguments["recording_sid"].as_string()).where(
            CarrierOrder.tenant_id == call.tenant_id,
            CarrierOrder.call_id == call.id,
            CarrierOrder.kind == OrderKind.FETCH_RECORDING,
        )
    )
    return frozenset(rows)
