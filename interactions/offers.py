"""Many interactions are offered to agents at once: as ``interactions.commands.record``, set-based."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.models import Interaction
from interactions.values import EventKind
from nanori.actors import SYSTEM
from nanori.db import among


@dataclass(frozen=True, slots=True)
class Offered:
    """One agent is asked about one interaction: for the caller, or (``asked``) for something else."""

    interaction_id: UUID
    agent_id: UUID
    offer_id: UUID
    asked: str | None = None


UUIDS = ARRAY(Uuid)
NOTE = text(
    """
    WITH asked AS (
        SELECT * FROM unnest(:ids, :interactions, :agents, :offers, :asked)
            AS asked (id, interaction_id, agent_id, offer_id, for_what)
    ), counted AS (
        UPDATE interaction SET offers = interaction.offers + (asked.for_what IS NULL)::int
        FROM asked WHERE interaction.id = asked.interaction_id
        RETURNING interaction.tenant_id, interaction.id
    )
    INSERT INTO interaction_event (tenant_id, id, interaction_id, seq, kind, at, actor_kind, actor_id, data)
    SELECT counted.tenant_id, asked.id, counted.id,
        (
            SELECT coalesce(max(seq), 0) + 1 FROM interaction_event AS before
            WHERE before.tenant_id = counted.tenant_id AND before.interaction_id = counted.id
        ),
        :kind, :at, :actor_kind, NULL,
        jsonb_strip_nulls(
            jsonb_build_object('agent_id', asked.agent_id, 'offer', asked.offer_id, 'asked', asked.for_what)
        )
    FROM asked JOIN counted ON counted.id = asked.interaction_id
    """
).bindparams(
    *(bindparam(name, type_=UUIDS) for name in ("ids", "interactions", "agents", "offers")),
    bindparam("asked", type_=ARRAY(Text)),
)


async def lock_free(session: AsyncSession, interaction_ids: Collection[UUID]) -> set[UUID]:
    """Lock these interactions; those that somebody else is writing to are left out, not waited for."""
    found = await session.scalars(
        select(Interaction.id).where(among(Interaction.id, interaction_ids)).with_for_update(skip_locked=True)
    )
    return set(found)


async def note_offered(session: AsyncSession, offered: Sequence[Offered], *, at: datetime) -> None:
    """Add an event ``offered`` to each of these interactions, which are locked; count callers' rings."""
    await session.execute(
        NOTE,
        {
            "ids": [uuid7() for _ in offered],
            "interactions": [one.interaction_id for one in offered],
            "agents": [one.agent_id for one in offered],
            "offers": [one.offer_id for one in offered],
            "asked": [one.asked for one in offered],
            "kind": EventKind.OFFERED.value,
            "at": at,
            "actor_kind": SYSTEM.kind.value,
        },
    )
