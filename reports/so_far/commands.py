"""Ask for the running month to be counted, and count it."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import live
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation
from reports.closing.snapshot import snapshot_of
from reports.queries import facts_of_month
from reports.so_far.models import MonthSoFar
from reports.values import month_text
from tenants.queries import shop as shop_by_id

FRESH = timedelta(minutes=1)
"""Counted more lately than this is not counted again."""

NOT_COUNTED = or_(MonthSoFar.counted_at.is_(None), MonthSoFar.counted_at < MonthSoFar.asked_at)


async def ask_so_far(session: AsyncSession, tenant_id: UUID, *, now: datetime) -> MonthSoFar | None:
    """What is known of the running month, after asking the worker to count it when that is old."""
    known = await session.get(MonthSoFar, tenant_id)
    if known is not None and known.counted_at is not None and now - known.counted_at < FRESH:
        return known
    asked = insert(MonthSoFar).values(tenant_id=tenant_id, asked_at=now, patterns=[], records=[])
    await session.execute(
        asked.on_conflict_do_update(index_elements=[MonthSoFar.tenant_id], set_={"asked_at": now})
    )
    await live.announce(session, live.WORK, "month")
    return known


async def count_months(house: Installation, now: datetime) -> None:
    """Count the months of all shops that asked; the trouble of one is not the others'."""
    one = MonthSoFar
    async with across_shops(house.worker) as session:
        wanted = list(await session.scalars(select(one.tenant_id).where(NOT_COUNTED).order_by(one.asked_at)))
    for tenant_id in wanted:
        async with unit_of_work(house.worker, [tenant_id]) as session:
            await count_so_far(session, tenant_id, now=now)


async def count_so_far(session: AsyncSession, tenant_id: UUID, *, now: datetime) -> None:
    """Count one shop's running month by the report's own formulas."""
    known = await session.get(MonthSoFar, tenant_id, with_for_update=True)
    if known is None:
        return
    shop = await shop_by_id(session, tenant_id)
    month = now.astimezone(ZoneInfo(shop.zone)).date().replace(day=1)
    taken = await asyncio.to_thread(snapshot_of, *await facts_of_month(session, shop, month))
    known.counted_at, known.month, known.figures = max(now, known.asked_at), month, taken.document
    known.patterns = list(taken.patterns)
    known.records = [[one.number, one.pattern, one.fact] for one in taken.records]
    await session.flush()
    await live.announce(session, f"shop:{tenant_id}", "month", shop=tenant_id, month=month_text(month))
