"""A month as it was counted last: its meters and its bill so far, kept so that a page need not count."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.alarms import BY_PERCENT
from billing.charges import Charge
from billing.ledger.commands import begin_counting, count_month
from billing.ledger.lines import live, usage
from billing.ledger.meters import Reading, reached, readings
from billing.ledger.models import LedgerMonth
from billing.ledger.queries import charges_of, ledger_month, leftovers, lines_of, tax_is_inside
from billing.ledger.reading import quotes_of
from billing.plans.queries import agreements_of
from nanori import alerts
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

log = structlog.get_logger()

AT_ONCE = 1
"""Months that one beat of the worker counts: timers of callers wait for the same beat."""
AFTER_A_FAILURE = timedelta(hours=1)


async def count_due(house: Installation, now: datetime) -> None:
    """Count every month that is due, each in a transaction of its own; one that fails is tried later."""
    async with across_shops(house.worker) as session:
        asked = select(LedgerMonth.tenant_id, LedgerMonth.month).where(LedgerMonth.due_at <= now)
        due = [
            (key, month)
            for key, month in await session.execute(asked.order_by(LedgerMonth.due_at).limit(AT_ONCE))
        ]
    for tenant_id, month in due:
        async with unit_of_work(house.worker, [tenant_id]) as session:
            await count_and_sum_up(session, tenant_id, month, now=now)


async def count_and_sum_up(session: AsyncSession, tenant_id: UUID, month: date, *, now: datetime) -> None:
    """Count a month, keep its sums, tell who has to know, and see that the running month is counted too."""
    shop = await shop_by_id(session, tenant_id)
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    await count_month(session, tenant_id, month, now=now)
    found = await meters_of(session, shop, month, today)
    own = await ledger_month(session, tenant_id, month)
    if own is None:
        raise LookupError("a month that has just been counted cannot be seen")
    charges = await charges_of(session, tenant_id, month)
    own.summary = {
        **_summary(found, charges, with_tax=await tax_is_inside(session, tenant_id, month)),
        **await _compared(session, shop, month),
    }
    this = today.replace(day=1)
    if this > month and await ledger_month(session, tenant_id, this) is None:
        await begin_counting(session, tenant_id, this, now=now)
    await session.flush()
    await _tell(session, shop, own, found, is_running=this == month, now=now)


async def meters_of(session: AsyncSession, shop: Tenant, month: date, today: date) -> list[Reading]:
    """The meters of a month, of each agreement that holds in it."""
    zone = ZoneInfo(shop.zone)
    agreements = await agreements_of(session, shop.tenant_id)
    units = usage(live(await lines_of(session, shop.tenant_id, month, until=month)), zone)
    left = await leftovers(session, shop.tenant_id, month, agreements, zone)
    return [
        reading
        for held in agreements
        for reading in readings(
            held.agreed(), units.get(held.row.id, {}), month, today, left.get(held.row.id)
        )
    ]


async def _tell(
    session: AsyncSession, shop: Tenant, own: LedgerMonth, found: Sequence[Reading], *, is_running: bool,
    now: datetime,
) -> None:  # fmt: skip
    """Each threshold once a month, the highest alone."""
    highest = max((reached(one.percent) for one in found), default=0)
    if not is_running or highest <= own.alerted_percent:
        return
    own.alerted_percent = highest
    await session.flush()
    for percent, alarm in BY_PERCENT.items():
        if percent < highest:
            await alerts.settle_alert(session, alarm, shop.slug, now=now)
    detail = f"{own.month:%Y-%m}"
    await alerts.raise_alert(
        session, BY_PERCENT[highest], shop.slug, now=now, shop_id=shop.tenant_id, detail=detail
    )


async def _compared(session: AsyncSession, shop: Tenant, month: date) -> dict[str, Any]:
    """What the shop may see of the other plans, where an agreement lets it; else nothing."""
    if not any(one.row.shows_others for one in await agreements_of(session, shop.tenant_id)):
        return {}
    return {"compared": [one.as_json() for one in await quotes_of(session, shop, month) if one.is_shown]}


def _summary(found: Sequence[Reading], charges: Sequence[Charge], *, with_tax: bool) -> dict[str, Any]:
    return {
        "with_tax": with_tax,
        "total": sum(one.amount for one in charges),
        "meters": [
            {
                "desk": one.desk, "plan": one.plan, "meter": one.meter.value, "used": str(one.used),
                "included": one.included, "carried": one.carried, "percent": one.percent,
                "expected": None if one.expected is None else str(one.expected),
            }
            for one in found
        ],
        "charges": [
            {
                "kind": one.kind.value, "label": one.label, "desk": one.desk, "first": one.first.isoformat(),
                "end": one.end.isoformat(), "quantity": str(one.quantity), "unit": one.unit,
                "unit_price": str(one.unit_price), "amount": one.amount,
            }
            for one in charges
        ],
    }  # fmt: skip
