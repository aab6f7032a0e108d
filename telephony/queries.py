"""Reads of telephony."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from telephony.models import Call, Leg
from tenants.models import AnswerPhrase, Tenant
from tenants.phrases import Phrase, phrase_for, situation_after


async def phrase_to_say(
    session: AsyncSession, tenant_id: UUID, *, waited: timedelta, now: datetime
) -> UUID | None:
    """The answer phrase that fits a caller who has waited so long; None when the shop has none."""
    zone = await session.scalar(select(Tenant.zone).where(Tenant.tenant_id == tenant_id))
    rows = (
        await session.scalars(
            select(AnswerPhrase).where(AnswerPhrase.tenant_id == tenant_id, AnswerPhrase.retired_at.is_(None))
        )
    ).all()
    phrases = [Phrase(row.situation, row.day_part, row.version, row.text) for row in rows]
    best = phrase_for(phrases, situation_after(waited), now, ZoneInfo(zone or "Asia/Tokyo"))
    return next(
        (row.id for row in rows if best and (row.situation, row.day_part) == (best.situation, best.day_part)),
        None,
    )


async def legs_of(session: AsyncSession, tenant_id: UUID, call_id: UUID) -> list[Leg]:
    """Everybody else in a call, first come first."""
    found = await session.scalars(
        select(Leg).where(Leg.tenant_id == tenant_id, Leg.call_id == call_id).order_by(Leg.created_at, Leg.id)
    )
    return list(found)


async def call_of_interaction(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> Call | None:
    """The call behind an interaction; None for mails and for calls of history that was loaded."""
    found: Call | None = await session.scalar(
        select(Call).where(Call.tenant_id == tenant_id, Call.interaction_id == interaction_id)
    )
    return found
