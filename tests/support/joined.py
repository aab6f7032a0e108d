"""Two cases of a shop that are one."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands as log
from interactions.cases import open_case
from interactions.commands import Opening
from interactions.joins import join_cases, locked_pair
from interactions.values import Channel
from nanori.actors import Actor, ActorKind
from tests.support.clock import START


async def a_join(session: AsyncSession, tenant_id: UUID, into_id: UUID, agent_id: UUID) -> dict[str, UUID]:
    """A call's case that an agent has joined into the one given."""
    case = await open_case(session, tenant_id, subject="同じ件", shopper_id=None, due_at=None, now=START)
    await log.open_interaction(session, tenant_id, Opening(channel=Channel.PHONE, case_id=case.id), now=START)
    pair = await locked_pair(session, tenant_id, case.id, into_id)
    by = Actor(kind=ActorKind.AGENT, account_id=agent_id)
    return {"join_id": (await join_cases(session, *pair, reason="", actor=by, now=START)).id}
