"""What a paid hour of an agent costs, from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desks.shifts.models import PaidHour


@dataclass(frozen=True, slots=True)
class Stated:
    """``yen`` for an hour, from ``valid_from`` until the next one."""

    valid_from: date
    yen: int


async def state_paid_hour(session: AsyncSession, stated: Stated, *, by: UUID, now: datetime) -> None:
    """Say what an hour costs from a day on; once more for the same day corrects it."""
    values = {"yen": stated.yen, "stated_by": by, "stated_at": now}
    said = insert(PaidHour).values(valid_from=stated.valid_from, **values)
    await session.execute(said.on_conflict_do_update(index_elements=[PaidHour.valid_from], set_=values))


async def paid_hours(session: AsyncSession) -> Sequence[Stated]:
    """All that were stated, the earliest first."""
    rows = await session.execute(select(PaidHour.valid_from, PaidHour.yen).order_by(PaidHour.valid_from))
    return [Stated(day, yen) for day, yen in rows]


def by_price(stated: Sequence[Stated], first: date, end: date) -> list[tuple[date, date, int | None]]:
    """The days ``[first, end)`` in stretches of one price; None for those before the first price."""
    turns = [first, *(one.valid_from for one in stated if first < one.valid_from < end), end]
    return [(start, until, _price_on(stated, start)) for start, until in pairwise(turns)]


def _price_on(stated: Sequence[Stated], day: date) -> int | None:
    return next((one.yen for one in reversed(stated) if one.valid_from <= day), None)
