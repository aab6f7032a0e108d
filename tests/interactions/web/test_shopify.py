"""The connection on the page of a shop's orders: who may set it, what is shown of it, and reading at once."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.orders.adapters.shopify import Shopify
from interactions.orders.jobs import ReadOrders
from interactions.orders.models import OrderReading
from interactions.orders.ports import SHOPIFY
from interactions.orders.readings import send_queued
from interactions.orders.worker import read_orders
from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.db import bind_all_shops
from nanori.installation import Installation
from tenants.models import Tenant
from tests.interactions.orders.shopify_server import (
    DOMAIN,
    TOKEN,
    ShopifyServer,
    a_fulfilment,
    a_status,
    an_order,
)
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

SHOWN = f"<bdi>{DOMAIN}</bdi>"
FORM = {"domain": f"https://{DOMAIN}/admin", "token": TOKEN}


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def operator(app: Litestar, session: AsyncSession, shop: Tenant) -> AsyncGenerator[Client]:
    account = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with signed_in(app, account) as client:
        yield client


async def work_off(session: AsyncSession, house: Installation, shop: Tenant, server: ShopifyServer) -> None:
    await bind_all_shops(session)
    assert await send_queued(session, now=START) == 1
    newest = select(OrderReading).order_by(OrderReading.id.desc()).limit(1)
    reading = (await session.scalars(newest)).one()
    await session.commit()
    house = replace(house, plugged={SHOPIFY: Shopify(transport=server.transport)})
    await read_orders.handle(house, ReadOrders(tenant_id=shop.tenant_id, reading_id=reading.id))


async def test_an_operator_connects_and_reads_and_nobody_sees_the_token(
    operator: Client, session: AsyncSession, installation: Installation, shop: Tenant
) -> None:
    page = f"/orders/{shop.tenant_id}"
    connected = await operator.post(f"{page}/shopify", data=FORM)
    assert SHOWN in connected.text
    assert TOKEN not in connected.text
    going = await operator.post(f"{page}/shopify/readings")
    assert 'hx-trigger="every 1s"' in going.text
    late = a_fulfilment("1-2", deliveredAt="2026-10-01T00:00:00Z")  # before it was sent
    server = ShopifyServer([an_order(1001), an_order(1002, fulfillments=[late])])
    await work_off(session, installation, shop, server)
    done = (await operator.get(going.url.path)).text
    assert "#1002: 2026-10-01" in done
    assert "ショップのシステムで修正" in done
    assert "1001" in (await operator.get(f"{page}?q=1001")).text

    gone = await operator.post(f"{page}/shopify/removal")
    assert SHOWN not in gone.text
    assert (await operator.post(f"{page}/shopify/readings")).status_code == 404
    trail = await session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("orders.shopify")))
    details = {one.action: one.detail for one in trail}
    assert set(details) == {
        "orders.shopify_connected", "orders.shopify_read", "orders.shopify_disconnected",
    }  # fmt: skip
    assert TOKEN not in repr(details)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MERCHANT])
async def test_only_an_operator_is_asked_for_a_token(
    app: Litestar, session: AsyncSession, shop: Tenant, role: Role
) -> None:
    account = await an_account(session, role, shops=[shop.tenant_id] if role is Role.MERCHANT else [])
    await session.commit()
    async with signed_in(app, account) as client:
        page = await client.get(f"/orders/{shop.tenant_id}")
        assert 'name="token"' not in page.text
        assert ("Shopify" in page.text) == (role is Role.SUPERVISOR)


async def test_what_is_wrong_stands_at_its_field_and_the_token_is_typed_again(
    operator: Client, shop: Tenant
) -> None:
    answer = await operator.post(
        f"/orders/{shop.tenant_id}/shopify", data={"domain": "minato.example", "token": TOKEN}
    )
    assert answer.status_code == 422
    assert 'id="domain-error"' in answer.text
    assert "minato.example" in answer.text
    assert TOKEN not in answer.text


async def test_a_refused_token_is_said_on_the_shops_page(
    operator: Client, session: AsyncSession, installation: Installation, shop: Tenant
) -> None:
    page = f"/orders/{shop.tenant_id}"
    await operator.post(f"{page}/shopify", data=FORM)
    going = await operator.post(f"{page}/shopify/readings")
    await work_off(session, installation, shop, ShopifyServer(script=[a_status(401)]))
    said = "ショップのトークンが拒否されました"
    assert said in (await operator.get(page)).text
    assert said in (await operator.get(going.url.path)).text
    again = await operator.post(f"{going.url.path}/again")
    assert again.url.path != going.url.path
