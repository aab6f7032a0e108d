"""One shop's plan of reports, and a request to its desk that waits."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from reports.delivery.commands import keep_plan
from reports.delivery.planning import Wanted
from tenants.calendars import calendar_of
from tenants.changes.commands import change_days, change_week
from tenants.changes.rules import Today
from tenants.hours import Span, week_on
from tenants.models import Tenant
from tenants.wishes.commands import Wish, ask_for
from tenants.wishes.models import WishKind

SALE = "来月のセール期間中は、送料のご案内を「全品送料無料」に変えてください。"
STOCKTAKING = "棚卸し"
WEEKS_AHEAD = 5
"""From when the shop has its Saturdays open longer."""


async def arrange_portal(session: AsyncSession, shop: Tenant, *, now: datetime) -> None:
    """Reports on the third, after approval, to two people; a wish; hours that the shop changes itself."""
    people = (f"kentaro@{shop.slug}.example", f"yuki@{shop.slug}.example")
    plan = Wanted(day=3, encloses=False, unasked=False, recipients=people)
    await keep_plan(session, shop.tenant_id, plan, now=now)
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    wish = Wish(kind=WishKind.WORDS, text=SALE, holds_from=today + timedelta(days=30))
    await ask_for(session, shop.tenant_id, wish, today=today, now=now)
    day = today + timedelta(days=12)
    await change_days(
        session, shop, (), first=day, last=day + timedelta(days=1), label=STOCKTAKING,
        today=Today(on=today), now=now,
    )  # fmt: skip
    week = {**week_on(await calendar_of(session, shop), today), 5: (Span(9 * 60, 19 * 60),)}
    monday = today + timedelta(weeks=WEEKS_AHEAD) - timedelta(days=today.weekday())
    await change_week(session, shop, week, holds_from=monday, today=Today(on=today), now=now)
