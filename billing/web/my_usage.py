"""``/my-usage``: a merchant's own shop: how far the included units reach, the bill so far, and each line."""

from datetime import date
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.queries import ledger_month
from billing.ledger.reading import lines_page
from billing.web.lines import line_view, older_address, read_place
from billing.web.months import chosen_month
from billing.web.usage_view import month_as_json, month_view, wants_json
from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import render, words_of
from tenants.models import Tenant
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]


LINES_SHOWN = 20
"""On a telephone each line is a card."""


class MyUsage(Controller):
    path = "/my-usage"
    opt = allow(Role.MERCHANT)

    @get()
    async def show(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        month: FromQuery[str | None] = None,
        older: FromQuery[str] = "",
    ) -> Template | Response[dict[str, Any]]:
        words = words_of(request)
        choice = chosen_month(month, context.now, context.zone, words)
        if wants_json(request):
            own = [await ledger_month(session, one, choice.month) for one in sorted(context.shops)]
            return Response({"months": [month_as_json(one, choice.month) for one in own]})
        shops = [
            await _shop(session, shop, choice.month, older, request) for shop in await shops_bound(session)
        ]
        return render(request, "billing/my_usage.html", shops=shops, choice=choice)


async def _shop(
    session: AsyncSession, shop: Tenant, month: date, older: str, request: AnyRequest
) -> dict[str, object]:
    words = words_of(request)
    own = await ledger_month(session, shop.tenant_id, month)
    page = await lines_page(session, shop.tenant_id, month, older_than=read_place(older), size=LINES_SHOWN)
    base = f"/my-usage?month={month:%Y-%m}"
    return {
        "shop": shop,
        "view": month_view(own, shop, words),
        "rows": [line_view(one, shop, words, linked=False) for one in page.rows],
        "older": older_address(base, page),
    }
