"""Makes reports on their day, and sends those that need nobody's approval."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from nanori.db import across_shops, unit_of_work
from nanori.errors import Rejected
from nanori.installation import Installation
from reports.commands import request_report
from reports.delivery.commands import Sender, approve, send_report
from reports.delivery.models import ReportPlan
from reports.delivery.planning import months_before
from reports.delivery.queries import due_plans
from tenants.queries import shop as shop_by_id

log = structlog.get_logger()


async def make_planned(house: Installation, now: datetime) -> None:
    """Have last month's report made for every shop whose day it is; each in a transaction of its own."""
    async with across_shops(house.worker) as session:
        due = await due_plans(session, now=now)
    for tenant_id in due:
        async with unit_of_work(house.worker, [tenant_id]) as session:
            plan = await session.get(ReportPlan, tenant_id, with_for_update=True)
            shop = await shop_by_id(session, tenant_id)
            last = months_before(now.astimezone(ZoneInfo(shop.zone)).date(), 1)
            if plan is None or plan.made_for >= last:
                continue
            plan.made_for = last
            await request_report(session, tenant_id, last, now=now)


async def send_unasked(house: Installation, tenant_id: UUID, month: date, *, now: datetime) -> None:
    """Send what was made on its day, where the plan asks nobody."""
    async with unit_of_work(house.worker, [tenant_id]) as session:
        plan = await session.get(ReportPlan, tenant_id)
        if plan is None or not plan.unasked or plan.made_for != month:
            return
    sender = Sender(house.files, house.settings.public_url)
    try:
        async with unit_of_work(house.worker, [tenant_id]) as session:
            await approve(session, tenant_id, month, by=None, now=now)
            await send_report(session, sender, tenant_id, month, now=now)
    except Rejected as refusal:
        log.warning("report.not_sent", shop_id=str(tenant_id), error=type(refusal).__name__)
