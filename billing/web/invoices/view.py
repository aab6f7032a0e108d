"""Invoices in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.invoices.document import Document, Kind, State
from billing.invoices.models import Invoice, InvoicePaper, InvoiceRun
from billing.invoices.paper.sheet import RATE_NAMES, TITLES, figure, price, yen
from billing.invoices.parties import Billing
from billing.invoices.values import RunState
from nanori.words import DASH, Words
from reports.values import month_text
from tenants.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    """One invoice or draft as lists and its own page name it."""

    href: str
    number: str
    kind: str
    kind_said: str
    counterparty: str
    month_said: str
    issued_said: str
    due_said: str
    total: str
    is_draft: bool
    is_replaced: bool


def invoice_view(invoice: Invoice, words: Words, *, replaced: bool = False) -> InvoiceView:
    return InvoiceView(
        href=f"/invoices/{invoice.tenant_id}/{invoice.id}",
        number=invoice.number or words.gettext("Draft"),
        kind=invoice.kind.value,
        kind_said=words.gettext(TITLES[invoice.kind]),
        counterparty=invoice.counterparty,
        month_said=words.month(invoice.month),
        issued_said=words.date(invoice.issued_on),
        due_said=words.date(invoice.due_on),
        total=yen(words, invoice.total),
        is_draft=invoice.state is State.DRAFT,
        is_replaced=replaced,
    )


@dataclass(frozen=True, slots=True)
class LineView:
    shop: str
    desk: str
    label: str
    days: str
    quantity: str
    unit_price: str
    amount: str
    rate: str


def line_views(document: Document, words: Words) -> list[LineView]:
    return [
        LineView(
            shop=line.shop,
            desk=line.desk,
            label=line.label,
            days=f"{words.day(line.first)} – {words.day(line.last)}",
            quantity=f"{figure(words, line.quantity)} {line.unit}".strip(),
            unit_price=price(words, line.unit_price),
            amount=yen(words, line.amount),
            rate=words.gettext(RATE_NAMES[line.rate]),
        )
        for line in document.lines
    ]


def tax_views(document: Document, words: Words) -> list[tuple[str, str, str, str]]:
    """Rate, without tax, tax, with tax."""
    return [
        (words.gettext(RATE_NAMES[one.rate]), yen(words, one.net), yen(words, one.tax), yen(words, one.gross))
        for one in document.summary.rates
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """One payer's month. ``state`` chooses badge and words: none, queued, drafted, issued or failed."""

    tenant_id: UUID
    brand: str
    logo_url: str
    payer: str
    sisters: str
    state: str
    failure: str
    total: str
    href: str
    number: str
    can_issue: bool


def month_rows(
    shops: Sequence[Tenant],
    billings: dict[UUID, Billing],
    runs: dict[UUID, InvoiceRun],
    invoices: dict[UUID, Invoice],
    words: Words,
) -> list[MonthRow]:
    """Every shop that is billed by itself or leads; the others stand beside the one that leads them."""
    brands = {one.tenant_id: one.brand_name for one in shops}
    led = {shop for one in billings.values() for shop in one.shop_ids[1:]}
    rows = []
    for shop in shops:
        if shop.tenant_id in led:
            continue
        billing, run = billings.get(shop.tenant_id), runs.get(shop.tenant_id)
        invoice = invoices.get(shop.tenant_id)
        state = _state(run, invoice)
        rows.append(
            MonthRow(
                tenant_id=shop.tenant_id,
                brand=shop.brand_name,
                logo_url=f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else "",
                payer=billing.payer.name if billing else "",
                sisters="、".join(brands.get(one, "") for one in billing.shop_ids[1:]) if billing else "",
                state=state,
                failure=words.gettext(run.failure) if run and run.failure and state == "failed" else "",
                total=yen(words, invoice.total) if invoice else DASH,
                href=f"/invoices/{invoice.tenant_id}/{invoice.id}" if invoice else "",
                number=(invoice.number or "") if invoice else "",
                can_issue=state == "drafted" and invoice is not None and invoice.kind is Kind.INVOICE,
            )
        )
    return rows


def _state(run: InvoiceRun | None, invoice: Invoice | None) -> str:
    if run is not None and run.state in (RunState.QUEUED, RunState.FAILED):
        return run.state.value
    if invoice is not None:
        return "issued" if invoice.state is State.ISSUED else "drafted"
    return "none"


@dataclass(frozen=True, slots=True)
class FilesView:
    """Addresses of an invoice's files; none while they are being drawn."""

    pdf: str
    xml: str
    statement: str


def files_view(invoice: Invoice, paper: InvoicePaper | None) -> FilesView | None:
    if paper is None:
        return None
    place = f"/invoices/{invoice.tenant_id}/{invoice.id}"
    return FilesView(f"{place}/invoice.pdf", f"{place}/invoice.xml", f"{place}/statement.csv")


def told_at(invoice: Invoice) -> str:
    """Where the shop's own people get what the page says, for programs."""
    return f"/portal/{invoice.tenant_id}/files/invoices/{invoice.id}.json"


def chosen_month(months: Sequence[date], words: Words) -> list[tuple[str, str]]:
    return [(month_text(one), words.month(one)) for one in months]
