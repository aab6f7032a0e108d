"""``/reports``: what was made, what is being made; to a merchant the shop's own months."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.errors import NotFound
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from reports.commands import request_report
from reports.policy import MAKERS, READERS, may_make
from reports.queries import reports_of
from reports.values import month_text, parse_month
from reports.web.forms import ReportFilter
from reports.web.shelf import shelf_of
from reports.web.view import ReportView, report_view
from tenants.models import Tenant
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
ALL_MISSING = "missing"


class ReportPages(Controller):
    path = "/reports"

    @get("/", opt=allow(*READERS))
    async def show(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template:
        """Staff: every shop's reports of a month. A merchant: the shop's figures and its shelf."""
        shops = await shops_bound(session)
        if may_make(context):
            return await _list(request, session, context, shops)
        reports = await reports_of(session, [shop.tenant_id for shop in shops])
        words = words_of(request)
        shelves = [
            shelf_of(shop, reports, words=words, files=installation.files, now=context.now) for shop in shops
        ]
        return _whole_or_part(request, "reports/_shelves.html", "reports/shelf.html", shelves=shelves)

    @post("/", opt=allow(*MAKERS))
    async def make(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Have one report made, or all of a month that nobody has asked for."""
        posted = await request.form()
        shops = await shops_bound(session)
        month = parse_month(str(posted.get("month", "")))
        asked = str(posted.get("shop", ""))
        for shop in await _asked_shops(session, shops, month, asked):
            await request_report(session, shop.tenant_id, month, now=context.now)
            await audit.record(
                session,
                context,
                "report.requested",
                shop_id=shop.tenant_id,
                detail={"month": month_text(month)},
            )
        if "hx-request" in request.headers:
            return await _list(request, session, context, shops)
        form = _filter(request, context, shops)
        notice = N_("The report is being made. It appears here when it is ready.")
        return go(request, f"/reports?{form.query}" if form.validate() else "/reports", notice=notice)


async def _list(
    request: AnyRequest, session: AsyncSession, context: Context, shops: list[Tenant]
) -> Template:
    form = _filter(request, context, shops)
    if not form.validate():
        return _draw_list(request, form, [], status=422)
    reports = await reports_of(session, [shop.tenant_id for shop in form.wanted_shops])
    by_key = {(report.tenant_id, report.month): report for report in reports}
    rows = [
        report_view(
            shop, month, by_key.get((shop.tenant_id, month)), words=words_of(request), now=context.now
        )
        for month in form.wanted_months
        for shop in form.wanted_shops
        if not form.is_open or (shop.tenant_id, month) in by_key
    ]
    return _draw_list(request, form, rows)


def _draw_list(
    request: AnyRequest, form: ReportFilter, rows: list[ReportView], *, status: int = 200
) -> Template:
    return _whole_or_part(
        request,
        "reports/_list.html",
        "reports/list.html",
        status=status,
        form=form,
        rows=rows,
        missing=[row for row in rows if row.state == "none"],
        under_way=any(row.is_under_way for row in rows),
    )


def _whole_or_part(
    request: AnyRequest, part: str, whole: str, *, status: int = 200, **values: Any
) -> Template:
    fragment = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    template = render(request, part if fragment else whole, status=status, **values)
    template.headers["Vary"] = "HX-Request"
    return template


def _filter(request: AnyRequest, context: Context, shops: list[Tenant]) -> ReportFilter:
    today = context.now.astimezone(context.zone).date()
    return ReportFilter(request.query_params, words=words_of(request), shops=shops, today=today)


async def _asked_shops(session: AsyncSession, shops: list[Tenant], month: date, asked: str) -> list[Tenant]:
    """One shop by id, or those that have no report of the month.

    Raises:
        NotFound: the id is none of the shops bound.
    """
    if asked != ALL_MISSING:
        one = [shop for shop in shops if shop.tenant_id == _uuid(asked)]
        if not one:
            raise NotFound
        return one
    there = {
        report.tenant_id
        for report in await reports_of(session, [shop.tenant_id for shop in shops])
        if report.month == month
    }
    return [shop for shop in shops if shop.tenant_id not in there]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
