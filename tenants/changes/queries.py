"""Reads of changes, with the hours they bring. All see only the shops that the transaction is bound to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.db import among
from tenants.changes.models import ChangedSpan, ChangeKind, ChangeState, ShopChange

SHOWN = 20
MOST_COMING = 200
LATELY = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Change:
    """A change and its spans, by weekday and time."""

    row: ShopChange
    spans: Sequence[ChangedSpan]


async def coming_changes(session: AsyncSession, *, today: date) -> list[Change]:
    """Of the shops bound: what is to come into force from ``today`` on, the next first."""
    one = ShopChange
    asked = select(one).where(one.state == ChangeState.STANDS, one.holds_from >= today)
    return await _with_spans(session, asked.order_by(one.holds_from, one.id).limit(MOST_COMING))


async def decided_changes(session: AsyncSession) -> list[Change]:
    """Of the shops bound: what was held back or withdrawn, the last decided first."""
    one = ShopChange
    asked = select(one).where(one.state.in_([ChangeState.HELD, ChangeState.WITHDRAWN]))
    return await _with_spans(session, asked.order_by(one.decided_at.desc(), one.id).limit(SHOWN))


async def changes_of_shop(
    session: AsyncSession, tenant_id: UUID, *, today: date, limit: int = SHOWN
) -> list[Change]:
    """What stands and is not long past, and what was decided lately; the latest day first."""
    one = ShopChange
    lately = or_(one.holds_from >= today - LATELY, one.holds_until >= today)
    asked = select(one).where(one.tenant_id == tenant_id, lately)
    return await _with_spans(session, asked.order_by(one.holds_from.desc(), one.asked_at.desc()).limit(limit))


async def own_hours_of_shop(session: AsyncSession, tenant_id: UUID, *, today: date) -> list[Change]:
    """The single days of its own that are not past, and the weeks to come; the next first."""
    one = ShopChange
    is_to_come = and_(one.kind == ChangeKind.WEEK, one.holds_from > today)
    asked = select(one).where(one.tenant_id == tenant_id, one.state == ChangeState.STANDS)
    asked = asked.where(or_(one.holds_until >= today, is_to_come))
    return await _with_spans(session, asked.order_by(one.holds_from, one.id).limit(MOST_COMING))


async def _with_spans(session: AsyncSession, asked: Select[ShopChange]) -> list[Change]:
    rows = (await session.scalars(asked)).all()
    one, spans = ChangedSpan, dict[UUID, list[ChangedSpan]]()
    found = select(one).where(among(one.change_id, [row.id for row in rows]))
    for span in await session.scalars(found.order_by(one.weekday, one.opens)) if rows else ():
        spans.setdefault(span.change_id, []).append(span)
    return [Change(row, spans.get(row.id, ())) for row in rows]
