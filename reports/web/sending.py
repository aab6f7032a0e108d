"""``/report-sending``: which reports went to whom, who let them go, and what each shop's plan says."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.errors import Rejected
from nanori.web.access import allow
from nanori.web.page import go, installation_of, render, words_of
from nanori.words import N_
from reports.delivery import queries
from reports.delivery.commands import Sender, approve, keep_plan, recipients_of, send_report
from reports.delivery.models import ReportPlan
from reports.delivery.planning import months_before
from reports.policy import MAKERS
from reports.queries import reports_of
from reports.values import month_text, parse_month
from reports.web.sending_view import PlanForm, SendingRow, sending_row
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
HOME = "/report-sending"
ALL = "all"


class SendingPages(Controller):
    path = HOME
    opt = allow(*MAKERS)

    @get("/")
    async def show_sending(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        month: FromQuery[str] = "",
    ) -> Template:
        """Every shop's report of a month: made, approved, sent, opened."""
        first = _month(month, context)
        rows = await _rows(request, session, first)
        return _draw(request, context, first, rows)

    @post("/")
    async def send(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Approve and send one shop's report, or all that are ready; one that cannot go stops no other."""
        posted = await request.form()
        first = parse_month(str(posted.get("month", "")))
        wanted, again = str(posted.get("shop", "")), bool(posted.get("again"))
        rows = await _rows(request, session, first)
        chosen = [row for row in rows if row.may_send if wanted == ALL or str(row.tenant_id) == wanted]
        sender = Sender(installation_of(request).files, installation_of(request).settings.public_url)
        sent, refused = 0, []
        for row in chosen:
            try:
                async with session.begin_nested():
                    await approve(session, row.tenant_id, first, by=context.account_id, now=context.now)
                    letters = await send_report(
                        session, sender, row.tenant_id, first, again=again, now=context.now
                    )
            except Rejected as refusal:
                refused.append((row.brand, refusal.said_in(words_of(request))))
                continue
            sent += len(letters)
            detail = {"month": month_text(first), "letters": len(letters)}
            await audit.record(session, context, "report.sent", shop_id=row.tenant_id, detail=detail)
        return _draw(
            request, context, first, await _rows(request, session, first), sent=sent, refused=refused
        )

    @get("/{tenant_id:uuid}/plan")
    async def show_plan(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        shop, plan = await shop_by_id(session, tenant_id), await session.get(ReportPlan, tenant_id)
        form = PlanForm(words=words_of(request))
        form.fill(plan, await recipients_of(session, shop, plan))
        return render(request, "reports/plan.html", shop=shop, form=form, is_planned=plan is not None)

    @post("/{tenant_id:uuid}/plan")
    async def save_plan(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        shop = await shop_by_id(session, tenant_id)
        form = PlanForm(await request.form(), words=words_of(request))
        if not form.validate():
            return render(request, "reports/plan.html", status=422, shop=shop, form=form, is_planned=True)
        await keep_plan(session, tenant_id, form.wanted, now=context.now)
        await audit.record(session, context, "report.planned", shop_id=tenant_id)
        return go(request, HOME, notice=N_("Saved."))


async def _rows(request: AnyRequest, session: AsyncSession, month: date) -> list[SendingRow]:
    """In five statements, however many shops."""
    shops = await shops_bound(session)
    ids = [shop.tenant_id for shop in shops]
    reports = {one.tenant_id: one for one in await reports_of(session, ids, month=month)}
    letters = await queries.letters_of(session, ids, month)
    approvals = await queries.approvals_of(session, ids, month)
    plans = await queries.plans_of(session, ids)
    words = words_of(request)
    return [
        sending_row(
            shop, reports.get(shop.tenant_id), letters.get(shop.tenant_id, ()), approvals,
            plans.get(shop.tenant_id), words,
        )
        for shop in shops
    ]  # fmt: skip


def _draw(
    request: AnyRequest,
    context: Context,
    month: date,
    rows: Sequence[SendingRow],
    *,
    sent: int | None = None,
    refused: Sequence[tuple[str, str]] = (),
) -> Template:
    words = words_of(request)
    today = context.now.astimezone(context.zone).date()
    months = [months_before(today, n) for n in range(1, 14)]
    return render(
        request, "reports/sending.html", rows=rows, month=month_text(month),
        month_said=words.month(month), months=[(month_text(one), words.month(one)) for one in months],
        ready=[row for row in rows if row.may_send and not row.is_sent], sent=sent, refused=refused,
    )  # fmt: skip


def _month(text: str, context: Context) -> date:
    return parse_month(text) if text else months_before(context.now.astimezone(context.zone).date(), 1)
