"""The orders beside a call or a mail: the contact's own, those searched for, and nobody else's."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions import commands as log
from interactions.commands import Opening
from interactions.models import Interaction
from interactions.orders.contacts import numbers_among
from interactions.orders.keeping import keep_orders, keep_parcels
from interactions.orders.values import OrderFacts, ParcelFacts, ParcelState, Told
from interactions.values import Channel, HandleKind
from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.db import bind_all_shops
from tenants.models import Tenant
from tests.nanori_app.pages.test_desk_view import statements
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

MOST_STATEMENTS = 13
PHONE = "+819012345678"
ORDER = OrderFacts(number="A-1", ordered_at=START, name="花村 一郎", phone=PHONE, total=3980)


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def other(session: AsyncSession) -> Tenant:
    return await a_shop(session, brand="花影フラワー")


@pytest.fixture
async def call(session: AsyncSession, shop: Tenant, other: Tenant) -> Interaction:
    """Somebody who has ordered at both shops calls the first one."""
    stranger = replace(ORDER, number="B-9", phone="+81312345678", name="山川 花")
    for one in (shop, other):
        await keep_orders(session, one.tenant_id, [ORDER, stranger], now=START)
    await keep_orders(session, other.tenant_id, [replace(ORDER, number="Z-7")], now=START)
    parcel = ParcelFacts(order_number="A-1", number="123456789012", state=ParcelState.ABSENT)
    await keep_parcels(session, shop.tenant_id, [Told(parcel)], now=START)
    shopper = await log.recognise_shopper(session, shop.tenant_id, HandleKind.PHONE, PHONE, now=START)
    return await log.open_interaction(
        session, shop.tenant_id, Opening(channel=Channel.PHONE, shopper_id=shopper), now=START
    )


@pytest.fixture
async def client(app: Litestar, session: AsyncSession, call: Interaction) -> AsyncGenerator[Client]:
    """An agent of both shops."""
    shops = list(await session.scalars(select(Tenant.tenant_id)))
    account = await an_account(session, Role.AGENT, shops=shops)
    await session.commit()
    async with signed_in(app, account) as client:
        yield client


def found(call: Interaction, asked: str = "") -> str:
    return f"/orders/{call.tenant_id}/contacts/{call.id}/found?q={asked}"


async def test_the_callers_orders_of_this_shop_are_shown_and_the_reading_is_on_the_trail(
    client: Client, session: AsyncSession, call: Interaction
) -> None:
    with statements(session) as asked:
        page = await client.get(found(call))
    assert len(asked) <= MOST_STATEMENTS, asked
    assert all(text in page.text for text in ("A-1", "花村 一郎", "123456789012", "不在"))
    assert "B-9" not in page.text
    assert "Z-7" not in page.text
    trail = select(AuditEntry).where(AuditEntry.action == "orders.read")
    (entry,) = (await session.scalars(trail)).all()
    assert (entry.subject_id, entry.shop_id, len(entry.detail["orders"])) == (call.id, call.tenant_id, 1)


async def test_a_search_finds_other_orders_of_the_same_shop_only(client: Client, call: Interaction) -> None:
    assert "B-9" in (await client.get(found(call, "b－9"))).text
    assert "A-1" in (await client.get(found(call, "1234-5678-9012"))).text
    for asked in ("Z-7", "%", "A-", "花"):
        page = await client.get(found(call, asked))
        assert page.status_code == 200
        assert "orders-found" not in page.text


async def test_a_captured_order_number_finds_the_order(
    client: Client, session: AsyncSession, call: Interaction
) -> None:
    await bind_all_shops(session)
    await log.save_captured(session, call, {"order": "ｂ-9", "gift": "yes"})
    await session.commit()
    page = await client.get(found(call))
    assert "B-9" in page.text


async def test_a_contact_of_another_shop_does_not_exist(
    client: Client, call: Interaction, other: Tenant
) -> None:
    for tenant_id, interaction_id in ((other.tenant_id, call.id), (call.tenant_id, uuid7())):
        page = await client.get(f"/orders/{tenant_id}/contacts/{interaction_id}/found")
        assert page.status_code == 404


def test_of_the_captured_texts_only_numbers_are_looked_up() -> None:
    assert numbers_among(["yes", "12", "MC-1", "", "＃1001", "花束"]) == ["MC-1", "1001"]
