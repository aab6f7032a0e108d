"""``/invoices``: the archive, searched by day, amount and counterparty; one invoice; a CSV for the books."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State as RequestState
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from billing.invoices import gathering, runs
from billing.invoices.books import booked_between
from billing.invoices.commands import give_back
from billing.invoices.document import Kind, State
from billing.invoices.errors import InvoiceNotFound
from billing.invoices.jobs import DrawInvoice
from billing.invoices.models import Invoice
from billing.invoices.queries import (
    document_of,
    invoice_by_id,
    later_ones,
    paper_of,
    replaced_among,
    search_issued,
)
from billing.invoices.returns import EXEMPT_BELOW
from billing.invoices.sheets import Encoding, book_rows, written
from billing.invoices.values import RunState
from billing.web.invoices.forms import BooksForm, CorrectionForm, ReturnForm, SearchForm
from billing.web.invoices.policy import MAKERS, READERS, may_make
from billing.web.invoices.view import files_view, invoice_view, line_views, tax_views, told_at
from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.messages import send
from nanori.web.access import allow
from nanori.web.forms import Posted
from nanori.web.page import go, render, words_of
from nanori.words import N_
from reports.values import months_back
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, RequestState]


class InvoicePages(Controller):
    path = "/invoices"

    @get("/", opt=allow(*READERS))
    async def archive(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Issued invoices, the newest first."""
        asked = request.query_params
        form = SearchForm(asked or None, words=words_of(request))
        is_right = form.validate()
        found = await search_issued(session, form.wanted(asked.get("after", ""))) if is_right else None
        rows = found.rows if found else []
        replaced = await replaced_among(session, rows) if rows else set()
        kept = {name: value for name, value in asked.items() if name != "after" and value}
        return render(
            request, "billing/invoices/archive.html", status=200 if is_right else 422,
            form=form, may_make=may_make(context),
            rows=[invoice_view(one, words_of(request), replaced=one.id in replaced) for one in rows],
            is_filtered=bool(kept),
            older=f"/invoices?{urlencode(kept | {'after': found.after})}" if found and found.after else "",
            books=_books_form(request, context) if may_make(context) else None,
            files=[] if may_make(context) else await shops_bound(session),
        )  # fmt: skip

    @get("/books.csv", opt=allow(*MAKERS))
    async def books(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Response[bytes]:
        """What was issued in a period, for the accounting program."""
        form = BooksForm(request.query_params, words=words_of(request))
        if not form.validate() or form.first.data is None or form.last.data is None:
            raise InvalidInput
        rows = await booked_between(session, form.first.data, form.last.data)
        await audit.record(session, context, "invoice.booked", detail={"rows": len(rows)})
        name = f"invoices_{form.first.data:%Y%m%d}_{form.last.data:%Y%m%d}.csv"
        return Response(
            written(book_rows(rows, words_of(request)), Encoding(form.encoding.data)),
            media_type="text/csv",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
            },
        )

    @get("/{tenant_id:uuid}/{invoice_id:uuid}", opt=allow(*READERS))
    async def one(
        self, request: AnyRequest, tenant_id: FromPath[UUID], invoice_id: FromPath[UUID],
        session: NamedDependency[AsyncSession], context: NamedDependency[Context],
    ) -> Template:  # fmt: skip
        invoice = await readable(session, context, tenant_id, invoice_id)
        return await _draw(request, session, context, invoice)

    @post("/{tenant_id:uuid}/{invoice_id:uuid}/issue", opt=allow(*MAKERS))
    async def issue(
        self, request: AnyRequest, tenant_id: FromPath[UUID], invoice_id: FromPath[UUID],
        session: NamedDependency[AsyncSession], context: NamedDependency[Context],
    ) -> Redirect:  # fmt: skip
        """Give the draft its number."""
        invoice = await gathering.issue_draft(
            session, tenant_id, invoice_id, by=context.account_id, now=context.now
        )
        if invoice.kind is Kind.INVOICE:
            await runs.note(session, tenant_id, invoice.month, RunState.ISSUED, now=context.now)
        await _note(session, context, "invoice.issued", invoice)
        return go(
            request, _place(invoice), notice=N_("The invoice is issued. Its files are being made.")
        )  # fmt: skip

    @post("/{tenant_id:uuid}/{invoice_id:uuid}/drawing", opt=allow(*MAKERS))
    async def draw_again(
        self, request: AnyRequest, tenant_id: FromPath[UUID], invoice_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Redirect:  # fmt: skip
        """Have the files made, should the worker have given up."""
        invoice = await invoice_by_id(session, tenant_id, invoice_id)
        if invoice.state is not State.ISSUED:
            raise InvoiceNotFound
        await send(session, DrawInvoice(tenant_id=tenant_id, invoice_id=invoice_id))
        return go(request, _place(invoice), notice=N_("The files are being made."))

    @post("/{tenant_id:uuid}/{invoice_id:uuid}/correction", opt=allow(*MAKERS))
    async def correct(
        self, request: AnyRequest, tenant_id: FromPath[UUID], invoice_id: FromPath[UUID],
        session: NamedDependency[AsyncSession], context: NamedDependency[Context],
    ) -> Template | Redirect:  # fmt: skip
        """Draft the invoice that will stand in its place."""
        invoice = await invoice_by_id(session, tenant_id, invoice_id)
        form = CorrectionForm(await _posted(request), words=words_of(request))
        if form.validate():
            try:
                new = await gathering.correct(session, invoice, reason=form.reason.value, now=context.now)
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                await _note(session, context, "invoice.correction_drafted", new)
                return go(
                    request,
                    _place(new),
                    notice=N_("The corrected invoice is drafted. Look at it, then issue it."),
                )
        return await _draw(request, session, context, invoice, correction=form)

    @post("/{tenant_id:uuid}/{invoice_id:uuid}/return", opt=allow(*MAKERS))
    async def give_back(
        self, request: AnyRequest, tenant_id: FromPath[UUID], invoice_id: FromPath[UUID],
        session: NamedDependency[AsyncSession], context: NamedDependency[Context],
    ) -> Template | Redirect:  # fmt: skip
        """Draft a return invoice over part of what was billed."""
        invoice = await invoice_by_id(session, tenant_id, invoice_id)
        document = await document_of(session, invoice)
        form = ReturnForm(await _posted(request), words=words_of(request), document=document)
        if form.validate():
            try:
                new = await give_back(
                    session, invoice, amount=form.amount.data or 0, rate=form.chosen,
                    reason=form.reason.value, now=context.now,
                )  # fmt: skip
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                await _note(session, context, "invoice.return_drafted", new)
                return go(
                    request,
                    _place(new),
                    notice=N_("The return invoice is drafted. Look at it, then issue it."),
                )
        return await _draw(request, session, context, invoice, returning=form)


async def readable(session: AsyncSession, context: Context, tenant_id: UUID, invoice_id: UUID) -> Invoice:
    """An invoice for whoever asks: drafts are the operator's.

    Raises:
        InvoiceNotFound: no such one, or not for this reader.
    """
    invoice = await invoice_by_id(session, tenant_id, invoice_id)
    if invoice.state is State.DRAFT and not may_make(context):
        raise InvoiceNotFound
    return invoice


async def _draw(
    request: AnyRequest, session: AsyncSession, context: Context, invoice: Invoice, *,
    correction: CorrectionForm | None = None, returning: ReturnForm | None = None,
) -> Template:  # fmt: skip
    words = words_of(request)
    document = await document_of(session, invoice)
    later = [one for one in await later_ones(session, invoice) if may_make(context) or one.number]
    wrong = [*(correction.wrong if correction else ()), *(returning.wrong if returning else ())]
    replaced = any(one.kind.value == "corrected" and one.number for one in later)
    return render(
        request, "billing/invoices/one.html", status=422 if correction or returning else 200,
        invoice=invoice_view(invoice, words, replaced=replaced), document=document, wrong=wrong,
        lines=line_views(document, words), taxes=tax_views(document, words),
        files=files_view(invoice, await paper_of(session, invoice)), may_make=may_make(context),
        told="" if may_make(context) else told_at(invoice),
        later=[invoice_view(one, words) for one in later], exempt_below=words.money(EXEMPT_BELOW),
        earlier=f"/invoices/{invoice.tenant_id}/{invoice.refers_to_id}" if invoice.refers_to_id else "",
        correction=correction or CorrectionForm(None, words=words),
        returning=returning or ReturnForm(None, words=words, document=document),
        is_open="correction" if correction else "return" if returning else "",
    )  # fmt: skip


def _books_form(request: AnyRequest, context: Context) -> BooksForm:
    """The month that ended last."""
    this, last = months_back(context.now.astimezone(context.zone).date(), 2)
    return BooksForm(None, words=words_of(request), first=last, last=this - timedelta(days=1))


async def _posted(request: AnyRequest) -> Posted:
    return await request.form()


async def _note(session: AsyncSession, context: Context, action: str, invoice: Invoice) -> None:
    await audit.record(
        session, context, action, shop_id=invoice.tenant_id, subject_id=invoice.id,
        detail={"number": invoice.number},
    )  # fmt: skip


def _place(invoice: Invoice) -> str:
    return f"/invoices/{invoice.tenant_id}/{invoice.id}"
