"""Who has an interaction in hand: one agent, while others may be consulted or finish their after-call work.

Locked after the offers and before the seats, as everywhere (see :mod:`desks.offers`).
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Desk, Engagement, Offer, Waiting
from desks.presence import enter, locked_seat
from desks.values import Channel, EngagementRole, OfferState, Presence, WaitingKind

WRAPUP_SECONDS = 300
"""After-call work where no desk says how long it may take."""


async def engage(session: AsyncSession, waiting: Waiting, agent_id: UUID, *, now: datetime) -> None:
    """The agent has said yes: to take the caller, or to help the agent who has."""
    consulted = waiting.kind is WaitingKind.CONSULT
    session.add(
        Engagement(
            tenant_id=waiting.tenant_id,
            id=uuid7(),
            agent_id=agent_id,
            interaction_id=waiting.interaction_id,
            channel=Channel.PHONE,
            role=EngagementRole.CONSULT if consulted else EngagementRole.MAIN,
            started_at=now,
        )
    )
    await session.flush()


async def engagement_of(
    session: AsyncSession, tenant_id: UUID, interaction_id: UUID, agent_id: UUID
) -> Engagement | None:
    """What an agent has to do with an interaction now, after-call work included; locked."""
    return await _one(session, tenant_id, interaction_id, Engagement.agent_id == agent_id)


async def in_hand_of(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> Engagement | None:
    """Whoever has the interaction in hand, locked; None when nobody has it or only wraps up."""
    return await _one(
        session, tenant_id, interaction_id,
        Engagement.role == EngagementRole.MAIN, Engagement.wrapup_since.is_(None),
    )  # fmt: skip


async def begin_wrapup(
    session: AsyncSession, tenant_id: UUID, interaction_id: UUID, *, now: datetime
) -> UUID | None:
    """Whoever has it in hand lets go of it; after-call work begins. Returns the agent, None without one."""
    engagement = await in_hand_of(session, tenant_id, interaction_id)
    if engagement is None:
        return None
    allowed = await _wrapup_seconds(session, engagement)
    engagement.wrapup_since = now
    engagement.wrapup_due_at = now + timedelta(seconds=allowed)
    await session.flush()
    seat = await locked_seat(session, engagement.agent_id, now=now)
    await enter(session, seat, Presence.WRAPUP, now=now)
    return engagement.agent_id


async def take_over(session: AsyncSession, tenant_id: UUID, interaction_id: UUID, *, agent_id: UUID) -> bool:
    """A consulted agent has the interaction in hand from now on. False when there is no such agent.

    The one before has let go of it already: two never have it.
    """
    engagement = await engagement_of(session, tenant_id, interaction_id, agent_id)
    if engagement is None or engagement.role is not EngagementRole.CONSULT:
        return False
    engagement.role = EngagementRole.MAIN
    await session.flush()
    return True


async def finish_engagement(
    session: AsyncSession,
    tenant_id: UUID,
    interaction_id: UUID,
    *,
    agent_id: UUID,
    then: Presence,
    reason: str | None = None,
    now: datetime,
) -> bool:
    """The agent has nothing in hand any more. False when that was so before: nothing changes then."""
    engagement = await engagement_of(session, tenant_id, interaction_id, agent_id)
    if engagement is None:
        return False
    engagement.ended_at = now
    await session.flush()
    seat = await locked_seat(session, agent_id, now=now)
    await enter(session, seat, then, reason=reason, now=now)
    return True


async def consulted_agents(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> list[UUID]:
    """Agents who help with an interaction that another has in hand, or are about to."""
    found = await session.scalars(
        select(Engagement.agent_id).where(
            Engagement.tenant_id == tenant_id,
            Engagement.interaction_id == interaction_id,
            Engagement.role == EngagementRole.CONSULT,
            Engagement.ended_at.is_(None),
        )
    )
    return list(found)


async def newest_holder(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> UUID | None:
    """Who has had the interaction in hand last: theirs are its notes."""
    found: UUID | None = await session.scalar(
        select(Engagement.agent_id)
        .where(
            Engagement.tenant_id == tenant_id,
            Engagement.interaction_id == interaction_id,
            Engagement.role == EngagementRole.MAIN,
        )
        .order_by(Engagement.started_at.desc(), Engagement.id.desc())
        .limit(1)
    )
    return found


async def overdue_wrapups(session: AsyncSession, *, now: datetime) -> list[Engagement]:
    """After-call work whose time is over. Nothing is locked."""
    found = await session.scalars(
        select(Engagement).where(Engagement.ended_at.is_(None), Engagement.wrapup_due_at <= now)
    )
    return list(found)


async def _one(
    session: AsyncSession, tenant_id: UUID, interaction_id: UUID, *conditions: ColumnElement[bool]
) -> Engagement | None:
    found: Engagement | None = await session.scalar(
        select(Engagement)
        .where(
            Engagement.tenant_id == tenant_id,
            Engagement.interaction_id == interaction_id,
            Engagement.ended_at.is_(None),
            *conditions,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def _wrapup_seconds(session: AsyncSession, engagement: Engagement) -> int:
    """By the desk for which the agent took it."""
    seconds: int | None = await session.scalar(
        select(Desk.wrapup_seconds)
        .join(Waiting, (Waiting.tenant_id == Desk.tenant_id) & (Waiting.desk_id == Desk.id))
        .join(Offer, (Offer.tenant_id == Waiting.tenant_id) & (Offer.waiting_id == Waiting.id))
        .where(
            Waiting.tenant_id == engagement.tenant_id,
            Waiting.interaction_id == engagement.interaction_id,
            Offer.agent_id == engagement.agent_id,
            Offer.state == OfferState.JOINED,
        )
        .order_by(Offer.decided_at.desc())
        .limit(1)
    )
    return seconds or WRAPUP_SECONDS
