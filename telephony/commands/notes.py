"""What an agent types about the interaction in hand. Nobody else may write into it.

Who has handed the caller over adds a text of their own beside the notes.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.engagements import newest_holder
from desks.models import Engagement
from desks.values import EngagementRole
from interactions import commands as log
from interactions.errors import InteractionNotFound
from interactions.models import Interaction
from nanori.actors import Actor
from telephony.errors import NotYourNotes


async def save_notes(session: AsyncSession, interaction_id: UUID, notes: str, *, agent: Actor) -> None:
    """Keep the notes as typed so far.

    Raises:
        InteractionNotFound: not in this agent's hands.
        NotYourNotes: a colleague has the call in hand.
    """
    await log.save_notes(session, await _in_hand(session, interaction_id, agent), notes)


async def save_captured(
    session: AsyncSession, interaction_id: UUID, values: Mapping[str, str], *, agent: Actor
) -> None:
    """Keep fields of the talk script.

    Raises:
        InteractionNotFound: not in this agent's hands.
        NotYourNotes: a colleague has the call in hand.
    """
    await log.save_captured(session, await _in_hand(session, interaction_id, agent), values)


async def save_addition(
    session: AsyncSession, interaction_id: UUID, text: str, *, agent: Actor, now: datetime
) -> None:
    """Keep what an agent adds who has handed the caller over, as long as the after-call work runs.

    Raises:
        InteractionNotFound: this agent has not had the call in hand, or has wrapped it up.
    """
    engagement = await session.scalar(
        select(Engagement).where(
            Engagement.interaction_id == interaction_id,
            Engagement.agent_id == agent.account_id,
            Engagement.role == EngagementRole.MAIN,
            Engagement.wrapup_since.is_not(None),
            Engagement.ended_at.is_(None),
        )
    )
    if engagement is None:
        raise InteractionNotFound
    interaction = await log.locked(session, engagement.tenant_id, interaction_id)
    await log.add_to_notes(session, interaction, text, agent_id=engagement.agent_id, now=now)


async def _in_hand(session: AsyncSession, interaction_id: UUID, agent: Actor) -> Interaction:
    """Of several agents of one call the notes are theirs who had it in hand last."""
    tenant_id = await session.scalar(
        select(Engagement.tenant_id).where(
            Engagement.interaction_id == interaction_id,
            Engagement.agent_id == agent.account_id,
            Engagement.ended_at.is_(None),
        )
    )
    if tenant_id is None:
        raise InteractionNotFound
    if await newest_holder(session, tenant_id, interaction_id) != agent.account_id:
        raise NotYourNotes
    return await log.locked(session, tenant_id, interaction_id)
