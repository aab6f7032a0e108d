"""Several rows in one statement end as if each had been flushed alone."""

import pytest
from sqlalchemy import event, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from uuid_utils.compat import uuid7

from interactions.models import Case, Shopper, ShopperHandle
from interactions.values import HandleKind
from nanori.rows import store_together
from tests.support.clock import START
from tests.support.people import a_shop

PHONE = "+819011112222"


async def rows_of_a_shopper(session: AsyncSession) -> tuple[Shopper, ShopperHandle]:
    shop = await a_shop(session)
    shopper = Shopper(tenant_id=shop.tenant_id, id=uuid7(), created_at=START)
    handle = ShopperHandle(
        tenant_id=shop.tenant_id, id=uuid7(), shopper_id=shopper.id, kind=HandleKind.PHONE, value=PHONE
    )
    return shopper, handle


async def test_rows_that_refer_to_each_other_are_one_statement(
    session: AsyncSession, staff_engine: AsyncEngine
) -> None:
    shopper, handle = await rows_of_a_shopper(session)
    said: list[str] = []
    listen = (staff_engine.sync_engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    event.listen(*listen)
    await store_together(session, [shopper, handle])
    event.remove(*listen)

    assert len(said) == 1
    await session.refresh(handle)
    assert (handle.value, handle.kind, handle.shopper_id) == (PHONE, HandleKind.PHONE, shopper.id)


async def test_afterwards_they_are_in_the_session_with_their_defaults_and_can_be_changed(
    session: AsyncSession,
) -> None:
    shopper, handle = await rows_of_a_shopper(session)
    await store_together(session, [shopper, handle])

    assert inspect(shopper).persistent
    assert not session.dirty
    assert shopper.name == ""
    shopper.name = "青木"
    await session.flush()
    await session.refresh(shopper)
    assert shopper.name == "青木"


async def test_a_row_that_may_not_be_fails_them_all(session: AsyncSession) -> None:
    shopper, handle = await rows_of_a_shopper(session)
    handle.shopper_id = uuid7()
    async with session.begin_nested() as nested:
        with pytest.raises(IntegrityError):
            await store_together(session, [shopper, handle])
        await nested.rollback()

    assert await session.get(Shopper, (shopper.tenant_id, shopper.id)) is None


async def test_a_value_can_be_computed_and_is_read_back(session: AsyncSession) -> None:
    shop = await a_shop(session)
    case = Case(
        tenant_id=shop.tenant_id, id=uuid7(), subject="届かない", state="open", opened_at=START,
    )  # fmt: skip
    told = await store_together(
        session, [case], before="seven AS (SELECT CAST(:base AS integer) + 1 AS value)",
        computed={"number": "(SELECT value FROM seven)"}, params={"base": 6},
    )  # fmt: skip

    assert (told, case.number) == ({"number": 7}, 7)
