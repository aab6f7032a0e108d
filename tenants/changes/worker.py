"""Tells the desk of changes, and replaces a shop's people at the midnight from which others hold."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import live
from nanori.alerts import raise_alert, settle_alert
from nanori.db import across_shops, unit_of_work
from nanori.errors import InvalidInput
from nanori.installation import Installation
from nanori.words import words_for
from tenants import queries
from tenants.alarms import CHANGE_FAILED, SHOP_CHANGES
from tenants.changes.models import ChangeKind, ChangeState, ShopChange
from tenants.changes.people import people_of
from tenants.changes.rules import midnight
from tenants.contacts import replace_contacts
from tenants.models import Tenant

TRY_AGAIN_AFTER = timedelta(minutes=5)

log = structlog.get_logger()


async def follow_changes(house: Installation, now: datetime) -> None:
    """Look at every change that is due, each in its own transaction: one's trouble is not the others'."""
    one = ShopChange
    async with across_shops(house.worker) as session:
        due = (await session.execute(select(one.tenant_id, one.id).where(one.due_at <= now))).all()
    for tenant_id, change_id in due:
        try:
            async with unit_of_work(house.worker, [tenant_id]) as session:
                await follow_change(session, tenant_id, change_id, now=now)
        except Exception:
            log.exception("change.not_followed", shop_id=str(tenant_id))
            async with unit_of_work(house.worker, [tenant_id]) as session:
                change = await session.get_one(ShopChange, (tenant_id, change_id))
                change.due_at = now + TRY_AGAIN_AFTER


async def follow_change(session: AsyncSession, tenant_id: UUID, change_id: UUID, *, now: datetime) -> None:
    """Tell the desk; on its day put it in force; once decided, take the notice away. Twice is no harm."""
    change = await session.get(ShopChange, (tenant_id, change_id), with_for_update=True)
    if change is None or change.due_at is None or change.due_at > now:
        return
    shop = await queries.shop(session, tenant_id)
    begins = midnight(change.holds_from, ZoneInfo(shop.zone))
    change.due_at = begins if change.state is ChangeState.STANDS and begins > now else None
    if change.due_at is None:
        if change.state is ChangeState.STANDS and change.kind is ChangeKind.CONTACTS:
            await _replace_people(session, shop, change, now=now)
        await session.flush()
        await settle_alert(session, SHOP_CHANGES, str(change.id), now=now)
    elif change.told_at is None:
        change.told_at = now
        await session.flush()
        await raise_alert(session, SHOP_CHANGES, str(change.id), now=now, shop_id=tenant_id)


async def _replace_people(session: AsyncSession, shop: Tenant, change: ShopChange, *, now: datetime) -> None:
    """From now on these people; somebody whom a policy has named since keeps all as it was."""
    try:
        await replace_contacts(session, shop.tenant_id, people_of(change), now=now)
        change.state, change.people, change.decided_at = ChangeState.DONE, None, now
    except InvalidInput as refusal:
        (said,) = refusal.fields.values()
        change.state, change.people, change.decided_at = ChangeState.HELD, None, now
        change.reason = words_for(shop.locale).gettext(said, **refusal.params)
        await raise_alert(session, CHANGE_FAILED, str(change.id), now=now, shop_id=shop.tenant_id)
    await live.announce(session, f"shop:{shop.tenant_id}", "wish", shop=shop.tenant_id)
