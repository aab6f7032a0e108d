"""``/months``: how far each shop's month has come, its figures, and what was frozen when."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.errors import NotFound
from nanori.identity.queries import names_of
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from reports.closing.commands import ask_close, reopen_month
from reports.closing.errors import ReasonMissing
from reports.closing.queries import closes_of, editions_of
from reports.closing.reading import read_month
from reports.closing.values import had_begun
from reports.policy import MAKERS
from reports.values import check_begun, month_text, months_back, parse_month
from reports.web.month_view import (
    MonthView,
    edition_view,
    figure_groups,
    month_view,
)
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
READY = "ready"
MONTHS_SHOWN = 25
UNDER_WAY = frozenset({"closing"})


class MonthPages(Controller):
    path = "/months"

    @get("/", opt=allow(*MAKERS))
    async def show(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Every shop's month; the list alone when the page reads itself again."""
        return await _list(request, session, context, _asked_month(request, context))

    @post("/", opt=allow(*MAKERS))
    async def close(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template | Redirect:
        """Have one month closed, or every shop's that is ready."""
        posted = await request.form()
        month = parse_month(str(posted.get("month", "")))
        asked = str(posted.get("shop", ""))
        wanted = [
            one
            for one in await _views(request, session, context, month)
            if (asked == READY and one.is_ready) or str(one.tenant_id) == asked
        ]
        if not wanted and asked != READY:
            raise NotFound
        for one in wanted:
            await ask_close(session, one.tenant_id, month, now=context.now, asked_by=context.account_id)
            await audit.record(
                session, context, "month.close_asked", shop_id=one.tenant_id, detail={"month": one.month}
            )
        if "hx-request" in request.headers:
            return await _list(request, session, context, month)
        notice = N_("The month is being closed. Its state changes here when that is done.")
        return go(request, f"/months?month={month_text(month)}", notice=notice)

    @get("/{tenant_id:uuid}/{month:str}", opt=allow(*MAKERS))
    async def one(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        month: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        """One shop's month: each figure with the way to its records, and what was frozen when."""
        return await _one(request, session, context, tenant_id, parse_month(month))

    @post("/{tenant_id:uuid}/{month:str}/reopening", opt=allow(*MAKERS))
    async def reopen(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        month: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Let the log speak again, for a reason that stays beside the figures."""
        first, posted = parse_month(month), await request.form()
        why = str(posted.get("reason", ""))[:1000]
        try:
            await reopen_month(session, tenant_id, first, why=why, now=context.now, by=context.account_id)
        except ReasonMissing as missing:
            return await _one(request, session, context, tenant_id, first, wrong=missing.fields["reason"])
        await audit.record(
            session, context, "month.reopened", shop_id=tenant_id, detail={"month": month, "why": why}
        )
        notice = N_("The month is open again. Close it to restate its figures.")
        return go(request, f"/months/{tenant_id}/{month}", notice=notice)


async def _list(request: AnyRequest, session: AsyncSession, context: Context, month: date) -> Template:
    rows = await _views(request, session, context, month)
    fragment = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    words, today = words_of(request), context.now.astimezone(context.zone).date()
    template = render(
        request,
        "reports/_months.html" if fragment else "reports/months.html",
        rows=rows,
        month=month_text(month),
        choices=[(month_text(one), words.month(one)) for one in months_back(today, MONTHS_SHOWN)],
        ready=sum(row.is_ready for row in rows),
        settled=sum(row.state in {"closed", "restated"} for row in rows),
        under_way=sum(row.state in UNDER_WAY for row in rows),
    )
    template.headers["Vary"] = "HX-Request"
    return template


async def _views(
    request: AnyRequest, session: AsyncSession, context: Context, month: date
) -> Sequence[MonthView]:
    shops = [
        one for one in await shops_bound(session) if had_begun(one.created_at, ZoneInfo(one.zone), month)
    ]
    closes = await closes_of(session, [shop.tenant_id for shop in shops], month)
    words = words_of(request)
    return [
        month_view(shop, month, closes.get(shop.tenant_id), words=words, now=context.now) for shop in shops
    ]


async def _one(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    tenant_id: UUID,
    month: date,
    wrong: str = "",
) -> Template:
    words, shop = words_of(request), await shop_by_id(session, tenant_id)
    check_begun(month, ZoneInfo(shop.zone), context.now)
    close = (await closes_of(session, [tenant_id], month)).get(tenant_id)
    editions = await editions_of(session, tenant_id, month)
    names = await names_of(session, [one.closed_by for one in editions if one.closed_by])
    read = await read_month(session, tenant_id, month)
    figures, _ = await asyncio.to_thread(read.figures)
    changes = editions[-1].changes if editions else []
    return render(
        request,
        "reports/month.html",
        status=422 if wrong else 200,
        shown=month_view(shop, month, close, words=words, now=context.now),
        shop=shop,
        groups=figure_groups(figures, changes, words),
        editions=[edition_view(one, names, ZoneInfo(shop.zone), words) for one in reversed(editions)],
        wrong=[wrong] if wrong else [],
    )


def _asked_month(request: AnyRequest, context: Context) -> date:
    """The month asked for, at first the one that ended last."""
    asked = request.query_params.get("month")
    if asked:
        return parse_month(asked)
    return months_back(context.now.astimezone(context.zone).date(), 2)[1]
