"""From a chosen file to stored orders, under row-level security."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.orders import queries, readings
from interactions.orders.jobs import ReadOrders
from interactions.orders.models import OrderReading
from interactions.orders.readings import NewFile, send_queued, stored_mapping
from interactions.orders.rows import UNKNOWN_ORDER
from interactions.orders.table import read_table
from interactions.orders.values import FileKind, OrderState, ReadingState
from interactions.orders.worker import read_orders
from nanori import files
from nanori.actors import Role
from nanori.db import across_shops, bind_tenants, unit_of_work
from nanori.errors import InvalidInput
from nanori.identity.models import Account
from nanori.installation import Installation
from tenants.models import Tenant
from tests.support.clock import START
from tests.support.people import a_shop, an_account

ORDERS = (
    "注文番号,注文日,注文者名,電話番号,合計金額,商品名,ステータス\n"
    "A-1,2026/11/01,花村 一郎,090-1234-5678,3980,珈琲豆,発送済み\n"
    "A-2,2026/11/02,山川 花,03-1234-5678,1200,ミル,未発送\n"
    "A-3,2026/11/xx,山川 花,03-1234-5678,1200,ミル,未発送\n"
)
SHIPMENTS = "注文番号,送り状番号,配送会社,状態\nA-1,1234-5678,ヤマト運輸,不在\nZ-9,99,佐川急便,配達完了\n"


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def account(session: AsyncSession) -> Account:
    return await an_account(session, Role.SUPERVISOR)


async def read(
    session: AsyncSession,
    house: Installation,
    shop: Tenant,
    account: Account,
    text: str,
    kind: FileKind = FileKind.ORDERS,
) -> OrderReading:
    """The file chosen, its columns taken as guessed, and read by the worker."""
    content = text.encode("cp932")
    file = await files.keep(
        session, shop.tenant_id, store=house.files, room=readings.ROOM, name="受注.csv",
        media_type="text/csv", content=content, now=START,
    )  # fmt: skip
    new = NewFile(file_id=file.id, name=file.name, kind=kind, table=read_table(content))
    begun = await readings.take_file(session, shop.tenant_id, new, by=account.id, now=START)
    mapped = stored_mapping(begun.mapping)
    await readings.start_reading(session, shop.tenant_id, begun.id, mapped, now=START)
    assert await send_queued(session, now=START) == 1
    await session.commit()
    await read_orders.handle(house, ReadOrders(tenant_id=shop.tenant_id, reading_id=begun.id))
    await bind_tenants(session, [shop.tenant_id])
    return await queries.reading_by_id(session, shop.tenant_id, begun.id)


def figures(reading: OrderReading) -> tuple[int, int, int, int]:
    return reading.added, reading.changed, reading.same, reading.refused


async def test_good_rows_are_kept_bad_ones_are_told_and_the_same_file_changes_nothing(
    session: AsyncSession, installation: Installation, shop: Tenant, account: Account
) -> None:
    first = await read(session, installation, shop, account, ORDERS)
    assert (first.state, first.rows_read, first.rows_total) == (ReadingState.DONE, 3, 3)
    assert figures(first) == (2, 0, 0, 1)
    (problem,) = await queries.problems_of(session, first)
    assert (problem.row_number, problem.typed) == (4, "2026/11/xx")
    (told_at,) = {order.told_at for order in await queries.orders_page(session, shop.tenant_id)}

    again = await read(session, installation, shop, account, ORDERS)
    assert figures(again) == (0, 0, 2, 1)
    assert {order.told_at for order in await queries.orders_page(session, shop.tenant_id)} == {told_at}

    changed = await read(session, installation, shop, account, ORDERS.replace("未発送", "発送済み"))
    assert figures(changed) == (0, 1, 1, 1)


async def test_what_a_file_does_not_tell_stays_as_it_was(
    session: AsyncSession, installation: Installation, shop: Tenant, account: Account
) -> None:
    await read(session, installation, shop, account, ORDERS)
    await read(session, installation, shop, account, "注文番号,注文日\nA-1,2026/11/01\n")
    order = (await queries.orders_page(session, shop.tenant_id, asked="a-1"))[0]
    assert (order.name, order.phone, order.total) == ("花村 一郎", "+819012345678", 3980)
    assert (order.state, order.items) == (OrderState.SHIPPED, [{"name": "珈琲豆", "quantity": 1}])


async def test_parcels_go_to_orders_of_the_shop_and_to_no_other(
    session: AsyncSession, installation: Installation, shop: Tenant, account: Account
) -> None:
    other = await a_shop(session, brand="花影フラワー")
    await read(session, installation, shop, account, ORDERS)
    done = await read(session, installation, shop, account, SHIPMENTS, FileKind.SHIPMENTS)
    assert figures(done) == (1, 0, 0, 1)
    assert [(one.row_number, one.said) for one in await queries.problems_of(session, done)] == [
        (3, UNKNOWN_ORDER)
    ]
    for asked in ("1234-5678", "ａ－１", "090 1234 5678", "花村一郎"):
        assert [one.number for one in await queries.orders_page(session, shop.tenant_id, asked=asked)] == [
            "A-1"
        ]
    await bind_tenants(session, [shop.tenant_id, other.tenant_id])
    assert await queries.orders_page(session, other.tenant_id, asked="A-1") == []
    strangers = await read(session, installation, other, account, SHIPMENTS, FileKind.SHIPMENTS)
    assert figures(strangers) == (0, 0, 0, 2)


async def test_a_mapping_without_what_is_needed_is_refused_and_a_good_one_is_remembered(
    session: AsyncSession, installation: Installation, shop: Tenant, account: Account
) -> None:
    odd = "管理No,いつ\nA-1,2026/11/01\n"
    with pytest.raises(InvalidInput) as refusal:
        await read(session, installation, shop, account, odd)
    assert set(refusal.value.fields) == {"number", "ordered_at"}
    table = read_table(odd.encode())
    reading = (await session.scalars(select(OrderReading))).one()
    mapped = stored_mapping({"number": ["管理No"], "ordered_at": ["いつ"]})
    await readings.start_reading(session, shop.tenant_id, reading.id, mapped, now=START)
    assert reading.file_id is not None
    new = NewFile(file_id=reading.file_id, name="2.csv", kind=FileKind.ORDERS, table=table)
    later = await readings.take_file(session, shop.tenant_id, new, by=account.id, now=START)
    assert stored_mapping(later.mapping) == mapped


async def test_a_reading_that_was_cut_off_goes_on_behind_the_last_batch(
    session: AsyncSession, installation: Installation, shop: Tenant, account: Account
) -> None:
    lines = "".join(f"A-{number},2026/11/01\n" for number in range(1200))
    done = await read(session, installation, shop, account, f"注文番号,注文日\n{lines}")
    assert (done.cursor, figures(done)) == ("3", (1200, 0, 0, 0))
    done.cursor, done.rows_read, done.added, done.state = "1", 500, 500, ReadingState.RUNNING
    await session.commit()
    await read_orders.handle(installation, ReadOrders(tenant_id=shop.tenant_id, reading_id=done.id))
    await bind_tenants(session, [shop.tenant_id])
    done = await queries.reading_by_id(session, shop.tenant_id, done.id)
    assert (done.rows_read, figures(done), done.state) == (1200, (500, 0, 700, 0), ReadingState.DONE)


async def test_the_merchants_login_brings_files_and_reads_no_orders(clone: Installation) -> None:
    async with across_shops(clone.staff) as session:
        shop = await a_shop(session)
        account = await an_account(session, Role.MERCHANT, shops=[shop.tenant_id])
    async with unit_of_work(clone.merchant, [shop.tenant_id]) as session:
        file = await files.keep(
            session, shop.tenant_id, store=clone.files, room=readings.ROOM, name="a.csv",
            media_type="text/csv", content=ORDERS.encode(), now=START,
        )  # fmt: skip
        new = NewFile(file_id=file.id, name="a", kind=FileKind.ORDERS, table=read_table(ORDERS.encode()))
        reading = await readings.take_file(session, shop.tenant_id, new, by=account.id, now=START)
        mapped = stored_mapping(reading.mapping)
        await readings.start_reading(session, shop.tenant_id, reading.id, mapped, now=START)
    async with across_shops(clone.worker) as session:
        assert await send_queued(session, now=START) == 1
    await read_orders.handle(clone, ReadOrders(tenant_id=shop.tenant_id, reading_id=reading.id))
    async with unit_of_work(clone.merchant, [shop.tenant_id]) as session:
        done = await queries.reading_by_id(session, shop.tenant_id, reading.id)
        assert (figures(done), len(await queries.problems_of(session, done))) == ((2, 0, 0, 1), 1)
        with pytest.raises(ProgrammingError):
            await session.execute(text("SELECT number FROM shop_order"))
