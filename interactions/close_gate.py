"""What must be done in the log before a seasonal desk is closed for good; and what its calls were like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from desks.gates import Asked, Item
from interactions.models import Case, Interaction
from interactions.values import CaseState, Channel, Direction
from nanori.actors import Role
from nanori.words import N_

HALF_AN_HOUR = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """What a desk's calls were like in a stretch of time; nothing without calls."""

    calls: int
    busiest: int  # of one half hour
    handling_seconds: int | None  # in the mean, after-call work included


async def case_items(session: AsyncSession, asked: Asked) -> Sequence[Item]:
    return [case_item(await _open_cases(session, asked.desk.tenant_id, asked.desk.id))]


def case_item(still_open: int) -> Item:
    return Item(
        key="cases", done=not still_open, mends=Role.SUPERVISOR, page="/mail", params={"n": still_open},
        there=N_("No case of its callers is open"), lacking=N_("Cases of its callers still open: {n}"),
    )  # fmt: skip


async def volumes_of(
    session: AsyncSession, tenant_id: UUID, desk_id: UUID, *, since: datetime, until: datetime
) -> Volumes:
    """Calls that came in within ``[since, until)``, from what the log derives of its events."""
    one = Interaction
    of_desk = (
        one.tenant_id == tenant_id, one.desk_id == desk_id, one.channel == Channel.PHONE,
        one.direction == Direction.INBOUND, one.arrived_at >= since, one.arrived_at < until,
    )  # fmt: skip
    half_hour = func.floor(func.extract("epoch", one.arrived_at) / HALF_AN_HOUR)
    counted = select(func.count().label("calls")).where(*of_desk).group_by(half_hour).subquery()
    busiest = await session.scalar(select(func.max(counted.c.calls)))
    handled = one.answered_at.is_not(None)
    row = (
        await session.execute(
            select(
                func.count().label("calls"),
                func.avg(one.talk_ms + one.hold_ms + one.acw_ms).filter(handled).label("handled_ms"),
            ).where(*of_desk)
        )
    ).one()
    seconds = round(row.handled_ms / 1000) if row.handled_ms is not None else None
    return Volumes(calls=row.calls, busiest=busiest or 0, handling_seconds=seconds)


async def _open_cases(session: AsyncSession, tenant_id: UUID, desk_id: UUID) -> int:
    member = aliased(Case)
    found = await session.scalar(
        select(func.count(distinct(Case.id)))
        .join(member, (member.tenant_id == Case.tenant_id) & (member.head_id == Case.id))
        .join(Interaction, (Interaction.tenant_id == member.tenant_id) & (Interaction.case_id == member.id))
        .where(
            Case.tenant_id == tenant_id, Interaction.desk_id == desk_id,
            Case.state.in_([CaseState.OPEN, CaseState.PENDING]),
        )
    )  # fmt: skip
    return found or 0
