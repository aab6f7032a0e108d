"""From ids to a line: the call, locked, with its shop and our addresses."""

from uuid import UUID

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
    call = await lock_call(session, *found)
    return None if call is None else await line_of(session, call, public_url)


async def lock_call(session: AsyncSession, tenant_id: UUID, call_id: UUID) -> Call | None:
    return await session.get(Call, (tenant_id, call_id), with_for_update=True, populate_existing=True)


async def line_of(session: AsyncSession, call: Call, public_url: str) -> Line | None:
    shop = await session.get(Tenant, call.tenant_id)
    return None if shop is None else Line(call, shop, Urls(public_url))
