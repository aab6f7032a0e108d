"""For how many different shops an agent answers within one hour: ``docs/algorithms/brand-load.md``."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind
from nanori.actors import ActorKind

PERIOD = timedelta(days=7)
SPOKE_FOR = (EventKind.ANSWERED, EventKind.FIRST_REPLY, EventKind.REPLIED)
"""An agent used the shop's name: on the phone or under a mail."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """An agent spoke for a shop."""

    agent_id: UUID
    shop_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandLoad:
    """Of one agent, over the hours of the clock in which the agent spoke for anybody."""

    mean: float  # different shops in an hour
    most: int
    hours: int


def brand_loads(spoken: Iterable[Spoke]) -> dict[UUID, BrandLoad]:
    """By agent; hours without a word are not counted, and a shop counts once in each hour."""
    shops: dict[UUID, dict[datetime, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for one in spoken:
        hour = one.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        shops[one.agent_id][hour].add(one.shop_id)
    return {agent_id: _load([len(names) for names in hours.values()]) for agent_id, hours in shops.items()}


async def loads_of_late(session: AsyncSession, *, now: datetime) -> dict[UUID, BrandLoad]:
    """Of everybody who spoke for a shop in contacts that came in within the period. One statement."""
    hour = func.date_trunc("hour", InteractionEvent.at, "UTC")
    rows = await session.execute(
        select(InteractionEvent.actor_id, InteractionEvent.tenant_id, hour.label("hour"))
        .join(
            Interaction,
            and_(
                Interaction.tenant_id == InteractionEvent.tenant_id,
                Interaction.id == InteractionEvent.interaction_id,
            ),
        )
        .where(
            Interaction.arrived_at > now - PERIOD,
            InteractionEvent.kind.in_(SPOKE_FOR),
            InteractionEvent.actor_kind == ActorKind.AGENT,
            InteractionEvent.actor_id.is_not(None),
        )
        .distinct()
    )
    return brand_loads(Spoke(row.actor_id, row.tenant_id, row.hour) for row in rows)


def _load(counts: list[int]) -> BrandLoad:
    return BrandLoad(mean=sum(counts) / len(counts), most=max(counts), hours=len(counts))
