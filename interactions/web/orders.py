"""``/orders``: what each shop's system has told; files are brought in here, by us or by the merchant."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State, UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks.season_queries import seasonal_desks
from interactions.orders import queries, readings
from interactions.orders.connections import connection_of
from interactions.orders.errors import UnreadableTable
from interactions.orders.models import ShopOrder
from interactions.orders.policy import CONNECTORS, FEEDERS, SEARCHERS
from interactions.orders.queries import PAGE_SIZE
from interactions.orders.readings import NewFile
from interactions.orders.table import Table, read_table
from interactions.orders.values import FileKind
from interactions.orders.wording import FILE_KINDS
from interactions.web.log_view import read_place
from interactions.web.order_view import ShopifyView, order_row, reading_view, shopify_view
from nanori import audit, files
from nanori.context import Context
from nanori.installation import Installation
from nanori.text import one_line
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_, Words
from tenants import queries as shops
from tenants.frame import logo_url
from tenants.models import Tenant

AnyRequest = Request[Any, Any, State]
LARGEST = 8_000_000


class OrderPages(Controller):
    path = "/orders"

    @get("/", opt=allow(*FEEDERS))
    async def list_shops(
        self, request: AnyRequest, session: NamedDependency[AsyncSession]
    ) -> Template | Redirect:
        """Each shop and what was read last; whoever has one shop goes on to it."""
        known = await shops.shops(session)
        if len(known) == 1:
            return go(request, f"/orders/{known[0].tenant_id}")
        last = await queries.last_readings(session)
        words = words_of(request)
        views = {
            one: reading_view(last[one], shop, words) for shop in known if (one := shop.tenant_id) in last
        }
        rows = [(shop, logo_url(shop), views.get(shop.tenant_id)) for shop in known]
        return render(request, "interactions/orders/shops.html", rows=rows)

    @get("/{tenant_id:uuid}", opt=allow(*FEEDERS))
    async def show_shop(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        """The file to choose, the readings so far; to us also the orders, searched by one name of them."""
        return await shop_page(request, session, context, tenant_id)

    @post("/{tenant_id:uuid}/files", opt=allow(*FEEDERS))
    async def take_file(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template | Redirect:
        """The file is kept and its columns are shown; nothing of it is read into orders yet."""
        await shops.shop(session, tenant_id)
        posted = await request.form()
        kind = FileKind.SHIPMENTS if posted.get("kind") == FileKind.SHIPMENTS.value else FileKind.ORDERS
        desks = await seasonal_desks(session, tenant_id)
        desk_id = next((one.id for one in desks if str(one.id) == posted.get("desk")), None)
        try:
            name, content, table = await _table(posted.get("file"))
        except UnreadableTable as refusal:
            typed = UploadTyped(kind, desk_id, refusal.said)
            return await shop_page(request, session, context, tenant_id, typed=typed)
        file = await files.keep(
            session, tenant_id, store=installation.files, room=readings.ROOM, name=name,
            media_type="text/csv", content=content, now=context.now,
        )  # fmt: skip
        new = NewFile(file_id=file.id, name=name, kind=kind, table=table, desk_id=desk_id)
        reading = await readings.take_file(session, tenant_id, new, by=context.account_id, now=context.now)
        await audit.record(session, context, "orders.file_taken", shop_id=tenant_id, subject_id=reading.id)
        return go(request, f"/orders/{tenant_id}/readings/{reading.id}")


async def _table(upload: object) -> tuple[str, bytes, Table]:
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise UnreadableTable(N_("Please choose a file."))
    content = await upload.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UnreadableTable(N_("The file is too large: at most 8 MB. Please cut it in parts."))
    return one_line(upload.filename)[:200], content, await asyncio.to_thread(read_table, content)


@dataclass(frozen=True, slots=True)
class UploadTyped:
    """What was chosen beside a file, and what is wrong with the file."""

    kind: FileKind = FileKind.ORDERS
    desk_id: UUID | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class ShopifyTyped:
    """What was typed about the shop's Shopify, and what is wrong by field; never the token."""

    domain: str
    wrong: Mapping[str, str]


async def shop_page(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    tenant_id: UUID,
    *,
    typed: UploadTyped = UploadTyped(),
    shopify: ShopifyTyped | None = None,
) -> Template:
    """A shop's page; with something wrong in it, at its field."""
    words, shop = words_of(request), await shops.shop(session, tenant_id)
    done = await queries.readings_of(session, tenant_id)
    desks = {one.id: one.name for one in await seasonal_desks(session, tenant_id)}
    found: dict[str, object] = {}
    if context.may(*SEARCHERS):
        found = await _orders(request, session, context, shop)
        found["shopify"] = await _shopify(session, context, shop, words, shopify)
    return render(
        request,
        "interactions/orders/shop.html",
        status=422 if typed.error or shopify else 200,
        shop=shop,
        logo_url=logo_url(shop),
        kinds=[(one.value, words.gettext(said)) for one, said in FILE_KINDS.items()],
        desks=[(str(desk_id), name) for desk_id, name in desks.items()],
        typed=typed,
        readings=[
            reading_view(one, shop, words, desks.get(one.desk_id, "") if one.desk_id else "") for one in done
        ],
        **{"orders": None, "shopify": None, "asked": "", "older": ""} | found,
    )


async def _shopify(
    session: AsyncSession, context: Context, shop: Tenant, words: Words, typed: ShopifyTyped | None
) -> ShopifyView:
    known = await connection_of(session, shop.tenant_id)
    last = await queries.last_visit(session, shop.tenant_id) if known else None
    typed = typed or ShopifyTyped(known.domain if known else "", {})
    return shopify_view(
        known, last, shop, words, may_change=context.may(*CONNECTORS), typed=typed.domain, wrong=typed.wrong
    )


async def _orders(
    request: AnyRequest, session: AsyncSession, context: Context, shop: Tenant
) -> dict[str, object]:
    """A page of the shop's orders, and where the next one begins."""
    asked = one_line(request.query_params.get("q", ""))[:100]
    place = read_place(request.query_params.get("older"))
    after = queries.Place(place.at, place.id) if place else None
    found = await queries.orders_page(session, shop.tenant_id, asked=asked, after=after)
    shown = found[:PAGE_SIZE]
    detail = {"searched": bool(asked), "rows": len(shown)}
    await audit.record(session, context, "orders.listed", shop_id=shop.tenant_id, detail=detail)
    return {
        "orders": [order_row(order, shop, words_of(request)) for order in shown],
        "asked": asked,
        "older": _older(asked, shown[-1]) if len(found) > PAGE_SIZE else "",
    }


def _older(asked: str, last: ShopOrder) -> str:
    place = f"{int(last.ordered_at.timestamp() * 1000)}.{last.id}"
    return urlencode({"q": asked, "older": place} if asked else {"older": place})
