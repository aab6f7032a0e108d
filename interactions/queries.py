"""Reads of the log, of the shops that the transaction is bound to; the list is in ``interactions.log``."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.errors import InteractionNotFound
from interactions.models import (
    Case,
    Interaction,
    InteractionEvent,
    NoteAddition,
    Reason,
    Shopper,
    ShopperHandle,
)


async def interaction_by_id(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> Interaction:
    """One interaction.

    Raises:
        InteractionNotFound: not among the shops bound.
    """
    found = await session.get(Interaction, (tenant_id, interaction_id))
    if found is None:
        raise InteractionNotFound
    return found


async def events_of(session: AsyncSession, interaction: Interaction) -> Sequence[InteractionEvent]:
    """What happened, in the order of the numbers."""
    found = await session.scalars(
        select(InteractionEvent)
        .where(
            InteractionEvent.tenant_id == interaction.tenant_id,
            InteractionEvent.interaction_id == interaction.id,
        )
        .order_by(InteractionEvent.seq)
    )
    return found.all()


async def additions_of(session: AsyncSession, interaction: Interaction) -> Sequence[NoteAddition]:
    """What was added to the notes by agents who had let go of the caller, the oldest first."""
    found = await session.scalars(
        select(NoteAddition)
        .where(
            NoteAddition.tenant_id == interaction.tenant_id,
            NoteAddition.interaction_id == interaction.id,
            NoteAddition.text != "",
        )
        .order_by(NoteAddition.written_at, NoteAddition.id)
    )
    return found.all()


async def shopper_of(session: AsyncSession, interaction: Interaction) -> Shopper | None:
    if interaction.shopper_id is None:
        return None
    return await session.get(Shopper, (interaction.tenant_id, interaction.shopper_id))


async def handles_of(session: AsyncSession, tenant_id: UUID, shopper_id: UUID) -> Sequence[ShopperHandle]:
    """Numbers and addresses by which the shop knows this shopper."""
    found = await session.scalars(
        select(ShopperHandle)
        .where(ShopperHandle.tenant_id == tenant_id, ShopperHandle.shopper_id == shopper_id)
        .order_by(ShopperHandle.kind, ShopperHandle.value)
    )
    return found.all()


async def earlier_of(
    session: AsyncSession, interaction: Interaction, *, limit: int = 10
) -> Sequence[Interaction]:
    """The same shopper's interactions with the same shop before this one, newest first."""
    if interaction.shopper_id is None:
        return []
    found = await session.scalars(
        select(Interaction)
        .where(
            Interaction.tenant_id == interaction.tenant_id,
            Interaction.shopper_id == interaction.shopper_id,
            Interaction.arrived_at <= interaction.arrived_at,
            Interaction.id != interaction.id,
        )
        .order_by(Interaction.arrived_at.desc(), Interaction.id.desc())
        .limit(limit)
    )
    return found.all()


async def case_of(session: AsyncSession, interaction: Interaction) -> Case | None:
    if interaction.case_id is None:
        return None
    return await session.get(Case, (interaction.tenant_id, interaction.case_id))


async def reasons_of(session: AsyncSession, tenant_ids: Sequence[UUID]) -> Sequence[Reason]:
    """The reasons of these shops, retired ones at the end, each shop's in its own order."""
    found = await session.scalars(
        select(Reason)
        .where(Reason.tenant_id.in_(tenant_ids))
        .order_by(Reason.retired_at.is_not(None), Reason.position, Reason.code, Reason.tenant_id)
    )
    return found.all()


async def reason_of(session: AsyncSession, interaction: Interaction) -> Reason | None:
    if interaction.reason_id is None:
        return None
    return await session.get(Reason, (interaction.tenant_id, interaction.reason_id))
