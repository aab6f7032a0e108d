"""Reads about shifts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.shifts.models import Shift
from nanori.db import among


async def shifts_of(
    session: AsyncSession, agent_ids: Iterable[UUID], start: datetime, end: datetime
) -> Sequence[Shift]:
    """The shifts of these agents that share a moment with ``[start, end)``, in order."""
    found = await session.scalars(
        select(Shift)
        .where(among(Shift.agent_id, agent_ids), Shift.starts_at < end, Shift.ends_at > start)
        .order_by(Shift.starts_at, Shift.id)
    )
    return found.all()


async def shifts_between(session: AsyncSession, start: datetime, end: datetime) -> Sequence[Shift]:
    """Everybody's shifts that share a moment with ``[start, end)``, in order."""
    found = await session.scalars(
        select(Shift).where(Shift.starts_at < end, Shift.ends_at > start).order_by(Shift.starts_at, Shift.id)
    )
    return found.all()
