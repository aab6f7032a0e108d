"""``/billing``: every shop's month of usage, and one shop's with what other plans would have cost."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.queries import ledger_month
from billing.ledger.reading import months_of_shops, quotes_of
from billing.ledger.summary import count_and_sum_up
from billing.web.months import MonthChoice, chosen_month
from billing.web.usage_view import month_as_json, month_view, quote_views, wants_json
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from reports.values import parse_month
from tenants.frame import logo_url
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]


class UsagePages(Controller):
    path = "/billing"
    opt = allow(Role.OPERATOR)

    @get()
    async def list_shops(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        month: FromQuery[str | None] = None,
    ) -> Template:
        """All shops of a month, as counted last."""
        words = words_of(request)
        choice = chosen_month(month, context.now, context.zone, words)
        counted = await months_of_shops(session, choice.month)
        lines = [
            {
                "shop": shop,
                "logo_url": logo_url(shop),
                "view": month_view(counted.get(shop.tenant_id), shop, words),
            }
            for shop in await shops_bound(session)
        ]
        return render(request, "billing/usage.html", lines=lines, choice=choice)

    @get("/{tenant_id:uuid}")
    async def show_shop(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        month: FromQuery[str | None] = None,
    ) -> Template | Response[dict[str, Any]]:
        """One shop's month: meters, its bill so far, the same contacts on every other plan; or as JSON."""
        words, shop = words_of(request), await shop_by_id(session, tenant_id)
        choice = chosen_month(month, context.now, ZoneInfo(shop.zone), words)
        own = await ledger_month(session, tenant_id, choice.month)
        found = await quotes_of(session, shop, choice.month)
        if wants_json(request):
            return Response(month_as_json(own, choice.month, found))
        compared = [
            {"desk": one.desk, "plan": one.plan, "quotes": quote_views(one.quotes, one.plan_id, words)}
            for one in found
        ]
        return render(
            request, "billing/shop.html", shop=shop, logo_url=logo_url(shop), choice=choice,
            view=month_view(own, shop, words), compared=compared,
            base=f"/billing/{tenant_id}", query=f"?month={choice.text}",
        )  # fmt: skip

    @post("/{tenant_id:uuid}/counting")
    async def count_now(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Count the month again at once instead of within the hour."""
        await shop_by_id(session, tenant_id)
        month = parse_month(str((await request.form()).get("month", "")))
        await count_and_sum_up(session, tenant_id, month, now=context.now)
        await audit.record(session, context, "usage.counted", shop_id=tenant_id)
        choice = MonthChoice(month, [])
        return go(request, f"/billing/{tenant_id}?month={choice.text}", notice=N_("The month is counted."))
