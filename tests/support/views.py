"""A saved view of a shop's figures."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from reports.adhoc import Asked
from reports.views.commands import keep_view
from reports.views.values import Span
from tenants.models import Tenant
from tests.support.clock import START


async def a_view(session: AsyncSession, shop: Tenant, by: UUID) -> dict[str, UUID]:
    """Always the last whole week; its id for addresses."""
    asked = Asked(first=date(2026, 10, 1), last=date(2026, 10, 31))
    view = await keep_view(session, shop.tenant_id, "毎週", Span.WEEK, asked, by=by, now=START)
    return {"view_id": view.id}
