"""Shopify's Admin API, as documented, from the question asked to the orders kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.orders import connections, queries
from interactions.orders.adapters.shopify import (
    MAY_NOT,
    NO_SUCH_SHOP,
    SHOP_FROZEN,
    TOKEN_REFUSED,
    Shopify,
    wait_for,
)
from interactions.orders.adapters.shopify_answers import QUERY, Answer, Order
from interactions.orders.adapters.shopify_facts import Read, read_order
from interactions.orders.connections import AFTER_REFUSAL, LATE, ask_shopify, connect, connection_of
from interactions.orders.errors import UNCLEAR, SourceAway
from interactions.orders.jobs import ReadOrders
from interactions.orders.models import OrderReading, ShopifyConnection
from interactions.orders.ports import SHOPIFY
from interactions.orders.readings import AWAY, send_queued
from interactions.orders.rows import PROBLEMS, Ground
from interactions.orders.values import (
    Column,
    Item,
    OrderFacts,
    OrderState,
    ParcelCompany,
    ParcelFacts,
    ParcelState,
    ReadingState,
)
from interactions.orders.worker import read_orders, visit_shops
from nanori.actors import Role
from nanori.alerts import open_alerts
from nanori.db import bind_all_shops
from nanori.errors import InvalidInput
from nanori.identity.models import Account
from nanori.installation import Installation
from tenants.models import Tenant
from tests.interactions.orders.shopify_server import (
    DOMAIN,
    TOKEN,
    ShopifyServer,
    UnknownFieldError,
    a_fulfilment,
    a_status,
    an_address,
    an_error,
    an_order,
    cost,
    parsed,
    projected,
    throttled,
)
from tests.interactions.orders.test_keeping import figures
from tests.support.clock import START
from tests.support.people import a_shop, an_account

GROUND = Ground(shop_names=frozenset(), zone=ZoneInfo("Asia/Tokyo"), now=START)


def told(**more: Any) -> Read:
    """What an order comes to, as the adapter would read it in the fourth place."""
    return read_order(msgspec.convert(an_order(1001, **more), Order), 4, GROUND)


def order_of(read: Read) -> OrderFacts:
    (fact,) = [one.fact for one in read.told if isinstance(one.fact, OrderFacts)]
    return fact


def parcels_of(read: Read) -> list[ParcelFacts]:
    return [one.fact for one in read.told if isinstance(one.fact, ParcelFacts)]


def test_an_order_becomes_what_a_file_would_have_told() -> None:
    read = told()
    assert read.problems == ()
    assert order_of(read) == OrderFacts(
        number="1001", ordered_at=datetime(2026, 10, 20, 23, 30, tzinfo=UTC), state=OrderState.SHIPPED,
        state_said="Fulfilled", name="花村 一郎", phone="+819012345678", mail="hana@shopper.example",
        postal_code="150-0001", address="東京都渋谷区神宮前0-1-2 見本荘", total=3980,
        items=(Item("珈琲豆 - 200g", 2),),
    )  # fmt: skip
    assert parcels_of(read) == [
        ParcelFacts(
            order_number="1001", number="400000001001", company=ParcelCompany.YAMATO,
            company_said="ヤマト運輸", state=ParcelState.ON_ITS_WAY, state_said="In transit",
            shipped_on=date(2026, 10, 22),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"cancelledAt": "2026-10-22T00:00:00Z"}, OrderState.CANCELLED),
        ({"returnStatus": "RETURNED"}, OrderState.RETURNED),
        ({"displayFulfillmentStatus": "UNFULFILLED", "fulfillments": []}, OrderState.PLACED),
        ({"displayFulfillmentStatus": "PARTIALLY_FULFILLED"}, OrderState.PLACED),
        ({"fulfillments": [a_fulfilment("1", displayStatus="DELIVERED")]}, OrderState.DELIVERED),
        ({"displayFulfillmentStatus": "SOMETHING_NEW"}, OrderState.OTHER),
    ],
)
def test_states_of_orders(more: dict[str, Any], state: OrderState) -> None:
    assert order_of(told(**more)).state is state


@pytest.mark.parametrize(
    ("said", "state"),
    [("ATTEMPTED_DELIVERY", ParcelState.ABSENT), ("OUT_FOR_DELIVERY", ParcelState.OUT_FOR_DELIVERY),
     ("NOT_DELIVERED", ParcelState.OTHER), (None, ParcelState.ON_ITS_WAY)],
)  # fmt: skip
def test_states_of_parcels(said: str | None, state: ParcelState) -> None:
    (parcel,) = parcels_of(told(fulfillments=[a_fulfilment("1", displayStatus=said)]))
    assert parcel.state is state


def test_what_came_to_nothing_and_what_has_no_number_is_no_parcel() -> None:
    void = [a_fulfilment("1", status="CANCELLED"), a_fulfilment(None), a_fulfilment("")]
    assert parcels_of(told(fulfillments=void)) == []


@pytest.mark.parametrize(
    ("more", "column", "typed"),
    [
        ({"shippingAddress": an_address(zip="15-1")}, Column.POSTAL_CODE, "#1001: 15-1"),
        ({"phone": "12"}, Column.PHONE, "#1001: 12"),
        ({"email": "hana@"}, Column.MAIL, "#1001: hana@"),
        (
            {"totalPriceSet": {"shopMoney": {"amount": "12.5", "currencyCode": "JPY"}}},
            Column.TOTAL,
            "#1001: 12.5",
        ),
    ],
)
def test_a_bad_value_is_told_with_its_order_and_nothing_of_that_is_kept(
    more: dict[str, Any], column: Column, typed: str
) -> None:
    read = told(**more)
    assert read.told == ()
    (problem,) = read.problems
    assert (problem.row, problem.said, problem.column, problem.typed) == (4, PROBLEMS[column], column, typed)


def test_abroad_there_are_other_postal_codes_names_and_money() -> None:
    home = an_address(
        firstName="Ann", lastName="Example", name="Ann Example", zip="SW1A 0AA", countryCodeV2="GB",
        province=None, city="London", address1="0 Sample St", address2=None,
    )  # fmt: skip
    money = {"shopMoney": {"amount": "12.5", "currencyCode": "GBP"}}
    order = order_of(
        told(billingAddress=None, phone="+442079460000", shippingAddress=home, totalPriceSet=money)
    )
    assert (order.name, order.postal_code, order.total, order.currency) == ("Ann Example", "", 1250, "GBP")
    assert order.address == "0 Sample St, London, SW1A 0AA, GB"


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_whatever_shoppers_type_an_order_is_kept_or_told(phone: str, code: str, name: str) -> None:
    read = told(phone=phone, shippingAddress=an_address(zip=code, name=name), name=name)
    assert bool(read.told) != bool(read.problems)


def test_the_fixture_refuses_what_the_documentation_does_not_name() -> None:
    projected("QueryRoot", {"orders": None}, parsed(QUERY))
    whole = {"orders": {"nodes": [an_order(1)], "pageInfo": {}}}
    for wrong in (QUERY.replace("zip", "postalCode"), QUERY.replace("trackingInfo", "trackingNumbers")):
        with pytest.raises(UnknownFieldError):
            projected("QueryRoot", whole, parsed(wrong))


@given(st.floats(0, 4000), st.floats(0, 500))
def test_the_wait_is_as_long_as_the_bucket_needs(available: float, rate: float) -> None:
    extensions = cost(available)
    extensions["cost"]["throttleStatus"]["restoreRate"] = rate
    wait = wait_for(msgspec.convert({"extensions": extensions}, Answer))
    assert 0 <= wait <= 60
    assert wait == 0 if available >= 800 else wait == 60 or available + wait * rate >= 799.9


@dataclass
class Scene:
    """A connected shop, its Shopify, and how long we have waited for that."""

    session: AsyncSession
    house: Installation
    server: ShopifyServer
    shop: Tenant
    account: Account
    waits: list[float] = field(default_factory=list)

    async def read(self) -> OrderReading:
        """Asked for by a person, and read by the worker."""
        await bind_all_shops(self.session)
        reading = await ask_shopify(
            self.session, self.shop.tenant_id, by=self.account.id, now=self.house.clock.now()
        )
        return await self.work(reading)

    async def work(self, reading: OrderReading) -> OrderReading:
        assert await send_queued(self.session, now=START) == 1
        await self.session.commit()
        wanted = ReadOrders(tenant_id=self.shop.tenant_id, reading_id=reading.id)
        try:
            await read_orders.handle(self.house, wanted)
        finally:
            await bind_all_shops(self.session)
        return await queries.reading_by_id(self.session, self.shop.tenant_id, reading.id)

    async def connection(self) -> ShopifyConnection:
        await bind_all_shops(self.session)
        found = await connection_of(self.session, self.shop.tenant_id)
        assert found is not None
        return found

    async def numbers(self) -> set[str]:
        return {one.number for one in await queries.orders_page(self.session, self.shop.tenant_id)}


@pytest.fixture
async def scene(session: AsyncSession, installation: Installation) -> Scene:
    shop, account = await a_shop(session), await an_account(session, Role.OPERATOR)
    server, waits = ShopifyServer(), list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    system = Shopify(transport=server.transport, sleep=sleep)
    house = replace(installation, plugged={SHOPIFY: system})
    await bind_all_shops(session)
    await connected(session, house, shop, account)
    return Scene(session, house, server, shop, account, waits)


async def connected(
    session: AsyncSession, house: Installation, shop: Tenant, account: Account, *, domain: str = DOMAIN
) -> None:
    await connect(
        session, shop.tenant_id, domain=domain, token=TOKEN, secret_key=house.settings.secret_key,
        by=account.id, now=START,
    )  # fmt: skip


async def test_two_pages_are_kept_and_the_same_again_changes_nothing(scene: Scene) -> None:
    bad = an_order(1007, shippingAddress=an_address(zip="15-1"))
    scene.server.orders = [an_order(1000 + number) for number in range(25) if number != 7] + [bad]
    first = await scene.read()
    assert (first.state, first.rows_read, figures(first)) == (ReadingState.DONE, 25, (48, 0, 0, 1))
    (problem,) = await queries.problems_of(scene.session, first)
    assert (problem.typed, problem.about) == ("#1007: 15-1", Column.POSTAL_CODE)
    assert len(await scene.numbers()) == 24
    assert [one["after"] is None for one in scene.server.asked] == [True, False]
    assert scene.waits == []

    read_to = (await scene.connection()).read_to
    assert read_to == datetime(2026, 10, 21, 0, 59, tzinfo=UTC)
    again = await scene.read()
    assert again.since == read_to - LATE
    assert (again.added, again.changed, again.same > 0) == (0, 0, True)
    assert scene.server.asked[-1]["query"] == "updated_at:>='2026-10-21T00:49:00Z'"


async def test_a_reading_that_was_cut_off_goes_on_behind_the_last_page(scene: Scene) -> None:
    scene.server.orders = [an_order(1000 + number) for number in range(25)]
    done = await scene.read()
    cursors: Sequence[str] = [one["after"] for one in scene.server.asked]
    done.cursor, done.state, done.rows_read = f"20:{cursors[1]}", ReadingState.RUNNING, 20
    await scene.session.commit()
    wanted = ReadOrders(tenant_id=scene.shop.tenant_id, reading_id=done.id)
    await read_orders.handle(scene.house, wanted)
    assert [one["after"] for one in scene.server.asked[2:]] == [cursors[1]]
    await bind_all_shops(scene.session)
    done = await queries.reading_by_id(scene.session, scene.shop.tenant_id, done.id)
    assert (done.state, done.rows_read) == (ReadingState.DONE, 25)


async def test_we_wait_for_the_bucket_before_the_next_page_and_after_being_throttled(scene: Scene) -> None:
    scene.server.orders = [an_order(1000 + number) for number in range(25)]
    scene.server.available = 300
    scene.server.script = [throttled(200), throttled(790)]
    done = await scene.read()
    assert (done.state, done.rows_read) == (ReadingState.DONE, 25)
    assert scene.waits == [6.0, 1.0, 5.0]


REFUSED = [
    (a_status(401), TOKEN_REFUSED), (a_status(403), TOKEN_REFUSED), (a_status(404), NO_SUCH_SHOP),
    (a_status(402), SHOP_FROZEN), (a_status(423), SHOP_FROZEN), (an_error("ACCESS_DENIED"), MAY_NOT),
    (an_error("SHOP_INACTIVE"), SHOP_FROZEN), (an_error("undefinedField"), UNCLEAR), (a_status(302), UNCLEAR),
    (lambda: httpx.Response(200, text="<html>"), UNCLEAR), (lambda: httpx.Response(200, json={}), UNCLEAR),
    (lambda: httpx.Response(200, json={"data": {"orders": {"nodes": []}}}), UNCLEAR),
]  # fmt: skip


async def test_what_a_person_has_to_mend_is_said_alerted_and_not_tried_again_soon(scene: Scene) -> None:
    for answer, said in REFUSED:
        scene.server.script = [answer]
        stopped = await scene.read()
        assert (stopped.state, stopped.failure) == (ReadingState.FAILED, said)
    alerts = await open_alerts(scene.session)
    assert {(one.kind, one.shop_id) for one in alerts} == {
        ("shopify_refused", scene.shop.tenant_id), ("shopify_unclear", scene.shop.tenant_id),
    }  # fmt: skip
    assert TOKEN not in repr([(one.subject, one.detail) for one in alerts])
    assert (await scene.connection()).due_at == START + AFTER_REFUSAL
    assert (await scene.read()).state is ReadingState.DONE
    assert await open_alerts(scene.session) == []


@pytest.mark.parametrize("answer", [a_status(429), a_status(502), an_error("INTERNAL_SERVER_ERROR")])
async def test_what_passes_by_itself_is_tried_again_by_the_queue(scene: Scene, answer: Any) -> None:
    scene.server.orders = [an_order(1001)]
    scene.server.script = [answer]
    with pytest.raises(SourceAway):
        await scene.read()
    (stopped,) = await queries.readings_of(scene.session, scene.shop.tenant_id)
    assert (stopped.state, stopped.failure) == (ReadingState.FAILED, AWAY)
    await scene.session.commit()
    await read_orders.handle(scene.house, ReadOrders(tenant_id=scene.shop.tenant_id, reading_id=stopped.id))
    await bind_all_shops(scene.session)
    assert await scene.numbers() == {"1001"}


async def test_it_is_read_regularly_and_only_once_at_a_time(scene: Scene) -> None:
    await scene.session.commit()
    await visit_shops(scene.house, START)
    await visit_shops(scene.house, START + timedelta(minutes=14))
    await bind_all_shops(scene.session)
    (queued,) = (await scene.session.scalars(select(OrderReading))).all()
    assert queued.asked_by is None
    assert (await scene.connection()).due_at == START + timedelta(minutes=15)
    assert (
        await ask_shopify(scene.session, scene.shop.tenant_id, by=scene.account.id, now=START)
    ).id == queued.id
    assert (await scene.work(queued)).state is ReadingState.DONE
    assert await queries.readings_of(scene.session, scene.shop.tenant_id) == []  # nothing new: not listed


async def test_the_token_is_sealed_and_worthless_under_another_key(scene: Scene) -> None:
    stored = await scene.connection()
    assert TOKEN not in stored.sealed_token
    settings = scene.house.settings.model_copy(update={"secret_key": "another secret key" * 2})
    scene.house = replace(scene.house, settings=settings)
    assert (await scene.read()).failure == connections.UNOPENED
    assert scene.server.asked == []


@pytest.mark.parametrize(
    ("domain", "token", "wrong"),
    [
        ("minato-coffee.example", TOKEN, {"domain"}),
        ("evil.example/.myshopify.com", TOKEN, {"domain"}),
        ("a@b.myshopify.com", TOKEN, {"domain"}),
        (DOMAIN, "short", {"token"}),
        ("", "", {"domain", "token"}),
    ],
)
async def test_what_is_no_address_or_no_token_is_refused(
    scene: Scene, domain: str, token: str, wrong: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await connect(
            scene.session, scene.shop.tenant_id, domain=domain, token=token, secret_key="k" * 32,
            by=scene.account.id, now=START,
        )  # fmt: skip
    assert set(refusal.value.fields) == wrong


async def test_one_address_serves_one_shop_and_another_address_begins_anew(scene: Scene) -> None:
    scene.server.orders = [an_order(1001)]
    await scene.read()
    other = await a_shop(scene.session, brand="花影フラワー")
    await bind_all_shops(scene.session)
    with pytest.raises(InvalidInput) as refusal:
        await connected(scene.session, scene.house, other, scene.account)
    assert refusal.value.fields == {"domain": connections.TAKEN}
    await connected(scene.session, scene.house, scene.shop, scene.account, domain=f"HTTPS://{DOMAIN}/admin")
    assert (await scene.connection()).read_to is not None
    await connected(scene.session, scene.house, scene.shop, scene.account, domain="minato-2.myshopify.com")
    assert (await scene.connection()).read_to is None
