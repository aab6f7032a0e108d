"""What an agent types about the interaction in hand. Nobody else may write into it."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.engagements import newest_holder
from desks.models import Engagement
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
