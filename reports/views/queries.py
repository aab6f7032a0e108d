"""Saved views: those of some shops, what they show on a day, and which are due."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.db import among
from reports.adhoc import Asked
from reports.views.models import FigureView
from reports.views.values import Span, last_month, last_week
from tenants.models import Tenant


async def views_of(session: AsyncSession, tenant_ids: Iterable[UUID]) -> list[FigureView]:
    """By name."""
    one = FigureView
    found = await session.scalars(
        select(one)
        .where(among(one.tenant_id, tenant_ids), one.removed_at.is_(None))
        .order_by(one.name, one.id)
    )
    return list(found)


def asked_on(view: FigureView, today: date) -> Asked:
    """What a view asks for on a day by its shop's clock."""
    if view.first_day is not None and view.last_day is not None:
        first, last = view.first_day, view.last_day
    else:
        first, last = last_week(today) if view.span is Span.WEEK else last_month(today)
    return Asked(first=first, last=last, desk_id=view.desk_id, reason_id=view.reason_id)


def address_of(shop: Tenant, asked: Asked) -> str:
    """The page that shows it."""
    values = {
        "shop": shop.slug,
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "desk": str(asked.desk_id or ""),
        "reason": str(asked.reason_id or ""),
    }
    return f"/figures?{urlencode(values)}"


async def due_views(session: AsyncSession, *, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Shop and view of each that is to be mailed now."""
    one = FigureView
    rows = await session.execute(select(one.tenant_id, one.id).where(one.due_at <= now).order_by(one.due_at))
    return [(tenant_id, view_id) for tenant_id, view_id in rows]
