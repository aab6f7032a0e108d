"""What an agent types about the interaction in hand. Nobody else may write into it.

Who has handed the caller over adds a text of their own beside the notes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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
from interactions.values import Direction
from nanori.actors import Actor
from scripts_talk.errors import NotReadOut
from scripts_talk.talks import CallFacts, keep_outcome, keep_shown, next_step, talk_of
from scripts_talk.upsell import Outcome
from telephony.commands.solicitations import keep_promise
from telephony.errors import NotYourNotes
from telephony.models import Call
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """The step that is in sight, or (``goes_on``) the one from which the agent went on."""

    step: str
    goes_on: bool = False
    outcome: Outcome | None = None  # of the step


async def walk_script(
    session: AsyncSession, interaction_id: UUID, walked: Walked, *, agent: Actor, now: datetime
) -> dict[str, str]:
    """Keep what the agent was shown and put what was captured into its shapes; the values as they are then.

    Raises:
        InteractionNotFound: not in this agent's hands.
        NotYourNotes: a colleague has the call in hand.
        NotReadOut: the words of a cancellation come before that step.
    """
    interaction = await _in_hand(session, interaction_id, agent)
    facts = await call_facts(session, interaction)
    talk = await talk_of(session, facts)
    captured = dict(interaction.captured or {})
    if talk is None or talk.talk.step(walked.step) is None:
        return captured
    captured |= {key: read.value for key, read in talk.read(captured).items()}
    if talk.held_back(walked.step, captured):
        raise NotReadOut
    await log.save_captured(session, interaction, captured)
    talk = await keep_shown(session, talk, facts, walked.step, captured, at=now)
    if walked.outcome is Outcome.ACCEPTED:
        await keep_promise(session, talk, interaction, facts.shop, walked.step, now=now)
    if walked.outcome:
        talk = await keep_outcome(session, talk, walked.step, walked.outcome)
    if walked.goes_on:
        onward = next_step(talk, walked.step, captured)
        if talk.held_back(onward, captured):
            raise NotReadOut
        await keep_shown(session, talk, facts, onward, captured, at=now)
    return captured


async def call_facts(session: AsyncSession, interaction: Interaction) -> CallFacts:
    """What the script may look at in this call."""
    call = await session.scalar(
        select(Call).where(Call.tenant_id == interaction.tenant_id, Call.interaction_id == interaction.id)
    )
    shop = await shop_by_id(session, interaction.tenant_id)
    return facts_of(interaction, call, shop)


def facts_of(interaction: Interaction, call: Call | None, shop: Tenant) -> CallFacts:
    since = interaction.queued_at or interaction.arrived_at
    is_inbound = call is not None and interaction.direction is Direction.INBOUND
    return CallFacts(
        shop=shop,
        interaction_id=interaction.id,
        at=interaction.arrived_at,
        waited=(interaction.answered_at or since) - since,
        number=call.to_number if call and is_inbound else "",
        desk_id=interaction.desk_id,
    )


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
