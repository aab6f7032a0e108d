"""``/orders/<shop>/shopify``: the connection with the shop's own system, and reading it now."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.orders import connections
from interactions.orders.policy import CONNECTORS, SEARCHERS
from interactions.web.orders import ShopifyTyped, shop_page
from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.page import go
from tenants import queries as shops

AnyRequest = Request[Any, Any, State]


class ShopifyPages(Controller):
    path = "/orders/{tenant_id:uuid}/shopify"

    @post("/", opt=allow(*CONNECTORS))
    async def connect(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template | Redirect:
        """Address and token; the token is never shown again, not even where the address is refused."""
        await shops.shop(session, tenant_id)
        posted = await request.form()
        domain, token = str(posted.get("domain", "")), str(posted.get("token", ""))
        try:
            await connections.connect(
                session, tenant_id, domain=domain, token=token, by=context.account_id, now=context.now,
                secret_key=installation.settings.secret_key,
            )  # fmt: skip
        except InvalidInput as refusal:
            typed = ShopifyTyped(domain, refusal.fields)
            return await shop_page(request, session, context, tenant_id, shopify=typed)
        await audit.record(session, context, "orders.shopify_connected", shop_id=tenant_id)
        return go(request, f"/orders/{tenant_id}")

    @post("/removal", opt=allow(*CONNECTORS))
    async def disconnect(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Address and token are forgotten; the orders stay."""
        await shops.shop(session, tenant_id)
        if await connections.disconnect(session, tenant_id):
            await audit.record(session, context, "orders.shopify_disconnected", shop_id=tenant_id)
        return go(request, f"/orders/{tenant_id}")

    @post("/readings", opt=allow(*SEARCHERS))
    async def read_now(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """The worker reads what is new; where it is at it already, that reading is shown."""
        reading = await connections.ask_shopify(session, tenant_id, by=context.account_id, now=context.now)
        await audit.record(session, context, "orders.shopify_read", shop_id=tenant_id, subject_id=reading.id)
        return go(request, f"/orders/{tenant_id}/readings/{reading.id}")
