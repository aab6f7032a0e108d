"""Mails saved views when their time has come."""

from datetime import datetime
from uuid import UUID

import structlog

from nanori.db import across_shops, unit_of_work
from nanori.errors import Error
from nanori.installation import Installation
from reports.views.commands import put_off, send_view
from reports.views.queries import due_views

log = structlog.get_logger()


async def send_views(house: Installation, now: datetime) -> None:
    """Each view that is due in a transaction of its own; the trouble of one is not the others'."""
    async with across_shops(house.worker) as session:
        due = await due_views(session, now=now)
    for tenant_id, view_id in due:
        try:
            async with unit_of_work(house.worker, [tenant_id]) as session:
                await send_view(session, tenant_id, view_id, public_url=house.settings.public_url, now=now)
        except Error as refusal:
            log.warning("view.not_sent", shop_id=str(tenant_id), error=type(refusal).__name__)
            await _put_off(house, tenant_id, view_id, refusal.message, now)
        except Exception:
            log.exception("view.not_sent", shop_id=str(tenant_id))
            await _put_off(house, tenant_id, view_id, Error.message, now)


async def _put_off(house: Installation, tenant_id: UUID, view_id: UUID, why: str, now: datetime) -> None:
    async with unit_of_work(house.worker, [tenant_id]) as session:
        await put_off(session, tenant_id, view_id, why, now=now)
