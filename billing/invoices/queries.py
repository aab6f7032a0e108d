"""Reads of invoices. All see only what lies with the shops that the transaction is bound to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from billing.invoices.document import Document, Issuer, Kind, Line, Payer, Reference, State
from billing.invoices.errors import InvoiceNotFound
from billing.invoices.models import Invoice, InvoiceLine, InvoicePaper, InvoiceRun
from billing.invoices.tax import Rounding

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What the law wants an archive to be searched by; ``after`` is the last number of the page before."""

    first: date | None = None
    last: date | None = None
    least: int | None = None
    most: int | None = None
    counterparty: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of issued invoices, newest number first; ``after`` continues it, empty at the end."""

    rows: Sequence[Invoice]
    after: str


async def search_issued(
    session: AsyncSession, wanted: Search, *, size: int = PAGE, of: UUID | None = None
) -> Found:
    """Issued invoices by day of issue, amount and counterparty; of one shop where it is given."""
    asked = select(Invoice).where(Invoice.state == State.ISSUED)
    if of is not None:
        asked = asked.where(Invoice.tenant_id == of)
    if wanted.first is not None:
        asked = asked.where(Invoice.issued_on >= wanted.first)
    if wanted.last is not None:
        asked = asked.where(Invoice.issued_on <= wanted.last)
    if wanted.least is not None:
        asked = asked.where(Invoice.total >= wanted.least)
    if wanted.most is not None:
        asked = asked.where(Invoice.total <= wanted.most)
    if wanted.counterparty:
        asked = asked.where(Invoice.counterparty.icontains(wanted.counterparty, autoescape=True))
    if wanted.after:
        asked = asked.where(Invoice.number < wanted.after)
    rows = list(await session.scalars(asked.order_by(Invoice.number.desc()).limit(size + 1)))
    return Found(rows[:size], str(rows[size - 1].number) if len(rows) > size else "")


async def invoice_by_id(
    session: AsyncSession, tenant_id: UUID, invoice_id: UUID, *, locked: bool = False
) -> Invoice:
    """One invoice or draft.

    Raises:
        InvoiceNotFound: none of the shops bound has it.
    """
    asked = select(Invoice).where(Invoice.tenant_id == tenant_id, Invoice.id == invoice_id)
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found: Invoice | None = await session.scalar(asked)
    if found is None:
        raise InvoiceNotFound
    return found


async def invoice_by_number(session: AsyncSession, number: str) -> Invoice:
    """One issued invoice.

    Raises:
        InvoiceNotFound: none of the shops bound has it.
    """
    found: Invoice | None = await session.scalar(select(Invoice).where(Invoice.number == number))
    if found is None:
        raise InvoiceNotFound
    return found


async def document_of(session: AsyncSession, invoice: Invoice) -> Document:
    """The invoice as a value, with its lines and the document that it refers to."""
    lines = await session.scalars(
        select(InvoiceLine)
        .where(InvoiceLine.tenant_id == invoice.tenant_id, InvoiceLine.invoice_id == invoice.id)
        .order_by(InvoiceLine.position)
    )
    earlier = None
    if invoice.refers_to_id is not None:
        earlier = await session.get(Invoice, (invoice.tenant_id, invoice.refers_to_id))
    return Document(
        kind=invoice.kind, month=invoice.month, number=invoice.number, issued_on=invoice.issued_on,
        due_on=invoice.due_on, with_tax=invoice.with_tax, reason=invoice.reason,
        issuer=Issuer(**invoice.issuer | {"rounding": Rounding(invoice.issuer["rounding"])}),
        payer=Payer(**invoice.payer), lines=tuple(_line(row) for row in lines),
        refers_to=_reference(earlier),
    )  # fmt: skip


async def later_ones(session: AsyncSession, invoice: Invoice) -> list[Invoice]:
    """Corrections of this invoice and returns of its supply, drafts too."""
    asked = select(Invoice).where(
        Invoice.tenant_id == invoice.tenant_id, Invoice.refers_to_id == invoice.id
    )  # fmt: skip
    return list(await session.scalars(asked.order_by(Invoice.number)))


async def replaced_among(session: AsyncSession, invoices: Sequence[Invoice]) -> set[UUID]:
    """Which of these an issued correction stands in for."""
    later = aliased(Invoice)
    asked = select(later.refers_to_id).where(
        later.kind == Kind.CORRECTED,
        later.state == State.ISSUED,
        later.refers_to_id.in_([one.id for one in invoices]),
    )
    return {one for one in await session.scalars(asked) if one is not None}


async def paper_of(session: AsyncSession, invoice: Invoice) -> InvoicePaper | None:
    """The files of an invoice, when they are drawn."""
    found: InvoicePaper | None = await session.scalar(
        select(InvoicePaper).where(
            InvoicePaper.tenant_id == invoice.tenant_id, InvoicePaper.invoice_id == invoice.id
        )
    )
    return found


async def runs_of(session: AsyncSession, month: date) -> Mapping[UUID, InvoiceRun]:
    """Each leading shop's run of a month."""
    found = await session.scalars(select(InvoiceRun).where(InvoiceRun.month == month))
    return {one.tenant_id: one for one in found}


async def invoices_of_month(session: AsyncSession, month: date) -> Mapping[UUID, Invoice]:
    """Each leading shop's invoice of a month that stands: draft or issued, the latest correction."""
    asked = select(Invoice).where(Invoice.month == month, Invoice.kind != Kind.RETURN)
    found = await session.scalars(asked.order_by(Invoice.prepared_at, Invoice.id))
    return {one.tenant_id: one for one in found}


async def invoices_of_shop(session: AsyncSession, tenant_id: UUID, month: date) -> list[Invoice]:
    """A leading shop's invoice of a month and its corrections, in their order."""
    asked = select(Invoice).where(
        Invoice.tenant_id == tenant_id, Invoice.month == month, Invoice.kind != Kind.RETURN
    )
    return list(await session.scalars(asked.order_by(Invoice.prepared_at, Invoice.id)))


async def drafts(session: AsyncSession) -> list[Invoice]:
    """What waits to be issued, oldest month first."""
    asked = select(Invoice).where(Invoice.state == State.DRAFT)
    return list(await session.scalars(asked.order_by(Invoice.month, Invoice.counterparty, Invoice.id)))


async def returned_so_far(session: AsyncSession, invoice: Invoice, rate: str) -> int:
    """Yen already given back of this invoice's lines under one rate; nought or more."""
    later = aliased(Invoice)
    asked = (
        select(func.coalesce(func.sum(InvoiceLine.amount), 0))
        .join(
            later, (later.tenant_id == InvoiceLine.tenant_id) & (later.id == InvoiceLine.invoice_id)
        )
        .where(
            later.tenant_id == invoice.tenant_id, later.refers_to_id == invoice.id,
            later.kind == Kind.RETURN, InvoiceLine.rate == rate,
        )
    )  # fmt: skip
    return -int(await session.scalar(asked) or 0)


def _line(row: InvoiceLine) -> Line:
    return Line(
        shop_id=row.shop_id, shop=row.shop, desk=row.desk, kind=row.kind, label=row.label, first=row.first,
        end=row.end, quantity=row.quantity, unit=row.unit, unit_price=row.unit_price, amount=row.amount,
        rate=row.rate, ledger_ids=tuple(row.ledger_ids),
    )  # fmt: skip


def _reference(earlier: Invoice | None) -> Reference | None:
    if earlier is None or earlier.number is None or earlier.issued_on is None:
        return None
    return Reference(earlier.number, earlier.issued_on)
