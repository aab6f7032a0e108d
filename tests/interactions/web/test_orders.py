"""The pages of orders: a file chosen, its columns checked, what came of it; nobody else's."""

from collections.abc import AsyncGenerator

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.orders.jobs import ReadOrders
from interactions.orders.models import OrderReading
from interactions.orders.readings import send_queued
from interactions.orders.worker import read_orders
from nanori.actors import Role
from nanori.db import bind_tenants
from nanori.installation import Installation
from tenants.models import Tenant
from tests.interactions.orders.test_keeping import ORDERS
from tests.nanori_app.pages.test_desk_view import statements
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in
from tests.support.seasons import a_pool, a_season

MOST_STATEMENTS = 16


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def client(app: Litestar, session: AsyncSession, shop: Tenant) -> AsyncGenerator[Client]:
    """A supervisor's browser."""
    account = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, account) as client:
        yield client


async def chosen(client: Client, shop: Tenant, content: bytes, kind: str = "orders", desk: str = "") -> str:
    """The address of the reading of a file."""
    answer = await client.post(
        f"/orders/{shop.tenant_id}/files", data={"kind": kind, "desk": desk},
        files={"file": ("受注.csv", content)},
        follow_redirects=False,
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def work_off(session: AsyncSession, house: Installation, shop: Tenant) -> None:
    await bind_tenants(session, [shop.tenant_id])
    assert await send_queued(session, now=START) == 1
    reading = (await session.scalars(select(OrderReading))).one()
    await session.commit()
    await read_orders.handle(house, ReadOrders(tenant_id=shop.tenant_id, reading_id=reading.id))


async def test_a_file_in_shift_jis_is_chosen_checked_and_read(
    client: Client, session: AsyncSession, installation: Installation, shop: Tenant
) -> None:
    address = await chosen(client, shop, ORDERS.encode("cp932"))
    page = await client.get(address)
    assert "Shift_JIS" in page.text
    assert "花村 一郎" in page.text
    assert "日付として読めません" in page.text  # at the third row

    columns = {"column-number": "注文番号", "column-ordered_at": "注文日", "column-phone": ["電話番号", ""]}
    tried = await client.post(address, data=columns)
    assert "花村 一郎" not in tried.text.partition("mapping-preview")[2]
    started = await client.post(address, data=columns | {"then": "start"})
    assert "順番待ち" in started.text
    assert 'hx-trigger="every 1s"' in started.text
    await work_off(session, installation, shop)

    part = await client.get(address, headers={"HX-Request": "true"})
    assert "every 1s" not in part.text
    assert "<html" not in part.text
    assert "2026/11/xx" in part.text
    rest = await client.get(f"{address}/rest")
    assert rest.content.decode("utf-8-sig").splitlines()[1].startswith("4,日付として")
    listed = await client.get(f"/orders/{shop.tenant_id}?q=a-1")
    assert "A-1" in listed.text
    assert "A-2" not in listed.text


async def test_a_missing_column_is_said_at_its_field(client: Client, shop: Tenant) -> None:
    address = await chosen(client, shop, ORDERS.encode())
    refused = await client.post(address, data={"column-number": "注文番号", "then": "start"})
    assert refused.status_code == 422
    assert 'id="column-ordered_at-error"' in refused.text
    assert "これに当たる列をファイルから選んでください" in refused.text
    assert (await client.get(f"{address}/rest")).status_code == 200


@pytest.mark.parametrize("content", ["注文番号,日\nA,花\n".encode("utf-16"), b"", b"PK\x03\x04"])
async def test_a_file_that_cannot_be_read_is_refused_at_the_field(
    client: Client, shop: Tenant, content: bytes
) -> None:
    answer = await client.post(
        f"/orders/{shop.tenant_id}/files", data={"kind": "orders"}, files={"file": ("a.csv", content)}
    )
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


async def test_a_merchant_comes_to_the_own_shop_and_to_no_other(
    app: Litestar, session: AsyncSession, shop: Tenant
) -> None:
    other = await a_shop(session, brand="花影フラワー")
    account = await an_account(session, Role.MERCHANT, shops=[shop.tenant_id])
    await session.commit()
    async with signed_in(app, account) as client:
        page = await client.get("/orders", follow_redirects=True)
        assert page.url.path == f"/orders/{shop.tenant_id}"
        assert 'name="q"' not in page.text
        assert (await client.get(f"/orders/{other.tenant_id}")).status_code == 404
        refused = await client.post(
            f"/orders/{other.tenant_id}/files", data={"kind": "orders"}, files={"file": ("a.csv", b"a,b")}
        )
        assert refused.status_code == 404
        address = await chosen(client, shop, ORDERS.encode())
        assert (await client.get(address)).status_code == 200


async def test_a_file_may_name_a_seasonal_desk_of_the_shop(
    client: Client, session: AsyncSession, shop: Tenant
) -> None:
    other = await a_shop(session, brand="花影フラワー")
    await a_pool(session)
    (desk, _), (foreign, _) = await a_season(session, shop), await a_season(session, other)
    plain = await a_shop(session, brand="みなと珈琲")
    await session.commit()
    assert 'name="desk"' not in (await client.get(f"/orders/{plain.tenant_id}")).text
    assert f'<option value="{desk.id}">母の日窓口' in (await client.get(f"/orders/{shop.tenant_id}")).text
    for named in (str(desk.id), str(foreign.id), ""):
        await chosen(client, shop, ORDERS.encode(), desk=named)
    await bind_tenants(session, [shop.tenant_id])
    readings = await session.scalars(select(OrderReading).order_by(OrderReading.id))
    assert [one.desk_id for one in readings] == [desk.id, None, None]


async def test_a_page_costs_the_same_however_much_there_is(
    client: Client, session: AsyncSession, installation: Installation, shop: Tenant
) -> None:
    lines = "".join(f"A-{number},2026/11/01\n" for number in range(120))
    address = await chosen(client, shop, f"注文番号,注文日\n{lines}".encode())
    columns = {"column-number": "注文番号", "column-ordered_at": "注文日", "then": "start"}
    await client.post(address, data=columns)
    await work_off(session, installation, shop)
    with statements(session) as asked:
        page = await client.get(f"/orders/{shop.tenant_id}")
    assert len(asked) <= MOST_STATEMENTS, asked
    older = page.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    seen = {line for line in page.text.split() if line.startswith('class="mono">A-')}
    page = await client.get(older)
    seen |= {line for line in page.text.split() if line.startswith('class="mono">A-')}
    assert len(seen) == 100
