"""``/invoices/month``: the run of a month for all payers, one by one or all at once."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State as RequestState
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from billing.invoices import runs
from billing.invoices.document import Kind, State
from billing.invoices.jobs import IssueInvoice
from billing.invoices.parties import billings, issuers
from billing.invoices.queries import invoices_of_month, runs_of
from billing.web.invoices.policy import MAKERS
from billing.web.invoices.view import chosen_month, month_rows
from nanori import audit
from nanori.context import Context
from nanori.errors import NotFound
from nanori.messages import send
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from reports.values import month_text, months_back, parse_month
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, RequestState]
MONTHS_SHOWN = 13
ALL = "all"


class InvoiceMonth(Controller):
    path = "/invoices/month"

    @get("/", opt=allow(*MAKERS))
    async def show(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Every payer's month, and how far it has come."""
        months = months_back(context.now.astimezone(context.zone).date(), MONTHS_SHOWN + 1)[1:]
        month = parse_month(request.query_params.get("month", month_text(months[0])))
        words = words_of(request)
        rows = month_rows(
            await shops_bound(session), dict(await billings(session)), dict(await runs_of(session, month)),
            dict(await invoices_of_month(session, month)), words,
        )  # fmt: skip
        is_part = request.headers.get("hx-request") == "true"
        template = render(
            request, "billing/invoices/_month.html" if is_part else "billing/invoices/month.html",
            rows=rows, month=month_text(month), month_said=words.month(month),
            months=chosen_month(months, words), has_issuer=bool(await issuers(session)),
            under_way=sum(row.state == "queued" for row in rows),
        )  # fmt: skip
        template.headers["Vary"] = "HX-Request"
        return template

    @post("/", opt=allow(*MAKERS))
    async def act(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Redirect:
        """Have drafts made, or drafts issued: of one payer or of all."""
        posted = await request.form()
        month, asked = parse_month(str(posted.get("month", ""))), str(posted.get("shop", ""))
        leads = await runs.leads(session)
        chosen = leads if asked == ALL else [one for one in leads if str(one) == asked]
        if not chosen:
            raise NotFound
        if posted.get("deed") == "issue":
            count = await _issue(session, context, chosen, month)
            notice = N_("The drafts are being issued.")
        else:
            count = await runs.request_drafts(session, chosen, month, now=context.now)
            notice = N_("The drafts are being made. They appear here one by one.")
        await audit.record(
            session, context, f"invoice.month_{'issued' if posted.get('deed') == 'issue' else 'prepared'}",
            detail={"month": month_text(month), "count": count},
        )  # fmt: skip
        return go(request, f"/invoices/month?month={month_text(month)}", notice=notice)


async def _issue(session: AsyncSession, context: Context, leads: list[UUID], month: date) -> int:
    found = await invoices_of_month(session, month)
    ready = [
        one
        for lead in leads
        if (one := found.get(lead)) is not None and one.state is State.DRAFT and one.kind is Kind.INVOICE
    ]
    for one in ready:
        await send(
            session,
            IssueInvoice(tenant_id=one.tenant_id, invoice_id=one.id, issued_by=context.account_id),
        )
    return len(ready)
