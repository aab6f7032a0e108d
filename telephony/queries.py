"""Reads of telephony."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from interactions.models import Interaction
from interactions.values import Channel
from telephony.models import Call, Leg
from tenants.models import Tenant
from tenants.phrases import Phrase, phrase_for
from tenants.queries import phrases_of
from tenants.values import Situation

LATELY = timedelta(minutes=15)
WITHIN_A_DAY = timedelta(days=1)
LAST_CALLS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What calls of a desk were like of late."""

    handled_in: list[timedelta]  # talk, hold and after-call work of the last calls of a day
    answered_after: list[timedelta]  # waits of callers answered in the last quarter of an hour


async def lately_at(session: AsyncSession, desk: Desk, *, now: datetime) -> Lately:
    """The last calls that were answered and finished at a desk."""
    rows = await session.execute(
        select(
            (Interaction.talk_ms + Interaction.hold_ms + Interaction.acw_ms).label("handled_ms"),
            Interaction.queued_at,
            Interaction.answered_at,
        )
        .where(
            Interaction.tenant_id == desk.tenant_id,
            Interaction.desk_id == desk.id,
            Interaction.channel == Channel.PHONE,
            Interaction.arrived_at > now - WITHIN_A_DAY,
            Interaction.queued_at.is_not(None),
            Interaction.wrapped_up_at.is_not(None),
        )
        .order_by(Interaction.arrived_at.desc(), Interaction.id.desc())
        .limit(LAST_CALLS)
    )
    found = rows.all()
    waits = [
        row.answered_at - row.queued_at for row in found if row.answered_at and row.answered_at > now - LATELY
    ]
    return Lately(handled_in=[timedelta(milliseconds=row.handled_ms) for row in found], answered_after=waits)


async def is_valid_phrase(
    session: AsyncSession, call: Call, phrase_id: UUID | None, situation: Situation, *, now: datetime
) -> bool:
    """Is it a phrase in force of the shop or the desk that was called? None: are there no words to say?"""
    tenant_id = call.tenant_id
    phrases = await phrases_of(session, tenant_id, call.desk_id)
    if phrase_id is not None:
        return any(phrase.id == phrase_id for phrase in phrases)
    zone = await session.scalar(select(Tenant.zone).where(Tenant.tenant_id == tenant_id))
    return phrase_for(phrases, situation, now, ZoneInfo(zone or "Asia/Tokyo")) is None


async def phrase_for_calling(session: AsyncSession, call: Call, *, now: datetime) -> Phrase | None:
    """What an agent says first to a shopper whom we call; None when the shop has no words for it."""
    zone = await session.scalar(select(Tenant.zone).where(Tenant.tenant_id == call.tenant_id))
    phrases = await phrases_of(session, call.tenant_id, call.desk_id)
    return phrase_for(phrases, Situation.CALLING, now, ZoneInfo(zone or "Asia/Tokyo"))


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
