"""Nothing bound, nothing seen: an error, never rows; a set of shops shows that set and no more."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.db import bind_tenants, unit_of_work
from nanori.installation import Installation
from tenants.models import Tenant
from tests.support.people import a_shop

FIRST, SECOND = select(Tenant.slug).limit(1), select(Tenant.slug).where(Tenant.slug != "")


async def test_an_agent_of_two_shops_sees_both_and_no_third(session: AsyncSession) -> None:
    first, second, _ = [await a_shop(session) for _ in range(3)]
    await bind_tenants(session, [first.tenant_id, second.tenant_id])

    seen = set(await session.scalars(select(Tenant.tenant_id)))
    assert seen == {first.tenant_id, second.tenant_id}


async def test_binding_no_shop_shows_no_row(session: AsyncSession) -> None:
    await a_shop(session)
    await bind_tenants(session, [])

    assert list(await session.scalars(select(Tenant.tenant_id))) == []


async def test_a_transaction_that_bound_nothing_gets_an_error_on_new_and_on_used_connections(
    clone: Installation,
) -> None:
    async with clone.staff() as session:
        with pytest.raises(DBAPIError, match=r"nanori\.tenants"):
            await session.execute(FIRST)
    async with clone.staff.begin() as session:
        shop = await a_shop(session)
    async with unit_of_work(clone.staff, [shop.tenant_id]) as session:
        assert len(list(await session.scalars(SECOND))) == 1
    for statement in (FIRST, SECOND):  # the setting of the transaction before is gone
        async with clone.staff() as session:
            with pytest.raises(DBAPIError, match="malformed array literal"):
                await session.execute(statement)


async def test_nobody_writes_for_a_shop_that_is_not_bound(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await bind_tenants(session, [])
    shop.trade = "spices"

    with pytest.raises(Exception, match="expected to update 1 row"):
        await session.flush()
