"""Several rows in one statement end as if each had been flushed alone."""

import pytest
from sqlalchemy import event, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from uuid_utils.compat import uuid7

from interactions.commands import Opening, open_interaction
from interactions.models import Case, InteractionEvent, Shopper, ShopperHandle
from interactions.values import Channel, Direction, HandleKind
from nanori.rows import NewRow, attach, new_row, store_together
from tests.support.clock import START
from tests.support.people import a_shop

PHONE = "+819011112222"


async def rows_of_a_shopper(session: AsyncSession) -> tuple[NewRow, NewRow]:
    shop = await a_shop(session)
    shopper = new_row(Shopper, tenant_id=shop.tenant_id, id=uuid7(), created_at=START)
    handle = new_row(
        ShopperHandle, tenant_id=shop.tenant_id, id=uuid7(), shopper_id=shopper.values["id"],
        kind=HandleKind.PHONE, value=PHONE,
    )  # fmt: skip
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
    stored = await session.scalar(select(ShopperHandle))
    assert stored is not None
    assert (stored.value, stored.kind, stored.shopper_id) == (PHONE, HandleKind.PHONE, shopper.values["id"])


async def test_one_that_is_attached_has_its_defaults_without_a_statement_and_can_be_changed(
    session: AsyncSession, staff_engine: AsyncEngine
) -> None:
    new, handle = await rows_of_a_shopper(session)
    await store_together(session, [new, handle])
    said: list[str] = []
    listen = (staff_engine.sync_engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    event.listen(*listen)
    shopper = attach(session, Shopper, new)
    values = {one.key: getattr(shopper, one.key) for one in inspect(Shopper).column_attrs}
    event.remove(*listen)

    assert (said, inspect(shopper).persistent, bool(session.dirty)) == ([], True, False)
    await session.refresh(shopper)
    assert values == {key: getattr(shopper, key) for key in values}
    shopper.name = "青木"
    await session.flush()
    await session.refresh(shopper)
    assert shopper.name == "青木"


async def test_a_value_of_no_column_is_refused(session: AsyncSession) -> None:
    with pytest.raises(TypeError, match="nickname"):
        new_row(Shopper, tenant_id=uuid7(), id=uuid7(), created_at=START, nickname="青")


async def test_values_that_are_json_are_stored_as_such(session: AsyncSession) -> None:
    shop = await a_shop(session)
    opened = await open_interaction(
        session, shop.tenant_id, Opening(channel=Channel.PHONE, direction=Direction.OUTBOUND), now=START
    )

    first = await session.scalar(select(InteractionEvent).where(InteractionEvent.interaction_id == opened.id))
    assert first is not None
    assert first.data == {"direction": "outbound"}


async def test_a_row_that_may_not_be_fails_them_all(session: AsyncSession) -> None:
    shopper, handle = await rows_of_a_shopper(session)
    handle.values["shopper_id"] = uuid7()
    async with session.begin_nested() as nested:
        with pytest.raises(IntegrityError):
            await store_together(session, [shopper, handle])
        await nested.rollback()

    assert await session.get(Shopper, (shopper.values["tenant_id"], shopper.values["id"])) is None


async def test_a_value_can_be_computed_and_is_told(session: AsyncSession) -> None:
    shop = await a_shop(session)
    case = new_row(
        Case, tenant_id=shop.tenant_id, id=uuid7(), subject="届かない", state="open", opened_at=START,
    )  # fmt: skip
    told = await store_together(
        session, [case], before="seven AS (SELECT %(base)s::integer + 1 AS value)",
        computed={"number": "(SELECT value FROM seven)"}, params={"base": 6},
    )  # fmt: skip

    stored = await session.get(Case, (shop.tenant_id, case.values["id"]))
    assert stored is not None
    assert (told, stored.number) == ({"number": 7}, 7)
