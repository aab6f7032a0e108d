"""One shop's plan of reports, and a request to its desk that waits."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from reports.delivery.commands import keep_plan
from reports.delivery.planning import Wanted
from tenants.models import Tenant
from tenants.wishes.commands import Wish, ask_for
from tenants.wishes.models import WishKind

HOLIDAYS = (
    "年末年始は12月30日から1月3日まで休業します。電話は休業の案内、メールは4日以降のご返信でお願いします。"
)


async def arrange_portal(session: AsyncSession, shop: Tenant, *, now: datetime) -> None:
    """Reports on the third, after approval, to two people; a wish about the turn of the year."""
    people = (f"kentaro@{shop.slug}.example", f"yuki@{shop.slug}.example")
    plan = Wanted(day=3, encloses=False, unasked=False, recipients=people)
    await keep_plan(session, shop.tenant_id, plan, now=now)
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    wish = Wish(kind=WishKind.HOURS, text=HOLIDAYS, holds_from=today + timedelta(days=30))
    await ask_for(session, shop.tenant_id, wish, today=today, now=now)
