"""From ids to a line: the call, locked, with its shop and our addresses."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import directory
from telephony.commands.callers import Line
from telephony.models import Call
from telephony.urls import Urls
from tenants.models import Tenant


async def find_line(session: AsyncSession, key: str, public_url: str) -> Line | None:
    """The line of a call by our id or the caller's CallSid; binds its shop and locks the call."""
    found = await directory.bind_call(session, key)
    if found is None:
        return None
    tenant_id, call_id = found
    both = await session.execute(
        select(Call, Tenant)
        .join(Tenant, Tenant.tenant_id == Call.tenant_id)
        .where(Call.tenant_id == tenant_id, Call.id == call_id)
        .with_for_update(of=Call)
        .execution_options(populate_existing=True)
    )
    row = both.one_or_none()
    return None if row is None else Line(row.Call, row.Tenant, Urls(public_url))


async def lock_call(session: AsyncSession, tenant_id: UUID, call_id: UUID) -> Call | None:
    return await session.get(Call, (tenant_id, call_id), with_for_update=True, populate_existing=True)


async def line_of(session: AsyncSession, call: Call, public_url: str) -> Line | None:
    shop = await session.get(Tenant, call.tenant_id)
    return None if shop is None else Line(call, shop, Urls(public_url))
