"""Writes of invoices: draft, issue, correct, give back. They flush and never commit."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from billing.charges import ChargeKind, TaxRate
from billing.invoices.document import Document, Kind, Line, Reference, State
from billing.invoices.due import due_date
from billing.invoices.errors import (
    AlreadyBilled,
    AlreadyReplaced,
    NothingToBill,
    NotIssued,
    PayerHasNoAddress,
    ReasonMissing,
    ReturnTooLarge,
)
from billing.invoices.jobs import DrawInvoice
from billing.invoices.models import Invoice, InvoiceCounter, InvoiceLine
from billing.invoices.parties import Billing, billings, issuer_on
from billing.invoices.queries import (
    document_of,
    invoice_by_id,
    invoices_of_shop,
    later_ones,
    returned_so_far,
)
from nanori.messages import send

ZONE = ZoneInfo("Asia/Tokyo")
"""The issuer's: consumption tax is a Japanese one."""


async def composed(
    session: AsyncSession,
    billing: Billing,
    month: date,
    lines: Sequence[Line],
    *,
    with_tax: bool,
    now: datetime,
) -> Document:
    """What the invoice of these lines would be; nothing is stored.

    Raises:
        IssuerMissing, PayerHasNoAddress: somebody has to enter something first.
        NothingToBill: there is no line.
    """
    issuer = await issuer_on(session, _today(now))
    if not billing.payer.address:
        raise PayerHasNoAddress
    if not lines:
        raise NothingToBill
    return Document(
        kind=Kind.INVOICE, month=month, number=None, issued_on=None, due_on=None, issuer=issuer,
        payer=billing.as_printed(), lines=tuple(lines), with_tax=with_tax,
    )  # fmt: skip


async def draft(session: AsyncSession, tenant_id: UUID, document: Document, *, now: datetime) -> Invoice:
    """Put a month's draft in the place of the one before.

    Raises:
        AlreadyBilled: the month has its invoice.
    """
    before = await invoices_of_shop(session, tenant_id, document.month)
    issued = [one.number for one in before if one.state is State.ISSUED]
    if issued:
        raise AlreadyBilled(number=issued[-1])
    for one in before:
        await _drop(session, one)
    return await _store(session, tenant_id, document, refers_to=None, now=now)


async def issue(
    session: AsyncSession, tenant_id: UUID, invoice_id: UUID, *, by: UUID | None, now: datetime
) -> Invoice:
    """Give a draft the next number, its days, and have its files drawn. Issuing twice does it once.

    The counter's row is held until the transaction ends: whoever issues beside waits, and a number whose
    transaction is rolled back is the next one's. No number is ever left out.
    """
    invoice = await invoice_by_id(session, tenant_id, invoice_id, locked=True)
    if invoice.state is State.ISSUED:
        return invoice
    today = _today(now)
    if invoice.kind is not Kind.RETURN:
        payers = await billings(session)
        invoice.due_on = due_date(payers[tenant_id].due, today) if tenant_id in payers else None
    counted = insert(InvoiceCounter).values(year=today.year, last=1)
    last = await session.scalar(
        counted.on_conflict_do_update(
            index_elements=[InvoiceCounter.year], set_={"last": InvoiceCounter.last + 1}
        ).returning(InvoiceCounter.last)
    )
    invoice.number = f"{today.year}-{last:06}"
    invoice.issued_on, invoice.issued_at, invoice.issued_by = today, now, by
    invoice.state = State.ISSUED
    await session.flush()
    await send(session, DrawInvoice(tenant_id=tenant_id, invoice_id=invoice_id))
    return invoice


async def draft_correction(
    session: AsyncSession, invoice: Invoice, document: Document, *, reason: str, now: datetime
) -> Invoice:
    """A draft that will stand in the place of an issued invoice; it names the old one and says why.

    Raises:
        ReasonMissing: it says not why.
        NotIssued: that is a draft itself, or a return.
        AlreadyReplaced: an issued correction stands there already.
    """
    if not reason.strip():
        raise ReasonMissing
    old = await invoice_by_id(session, invoice.tenant_id, invoice.id, locked=True)
    if old.state is not State.ISSUED or old.kind is Kind.RETURN:
        raise NotIssued
    for later in await later_ones(session, old):
        if later.kind is Kind.CORRECTED and later.state is State.ISSUED:
            raise AlreadyReplaced
        if later.kind is Kind.CORRECTED:
            await _drop(session, later)
    document = _again(document, Kind.CORRECTED, old, reason)
    return await _store(session, old.tenant_id, document, refers_to=old.id, now=now)


async def give_back(
    session: AsyncSession,
    invoice: Invoice,
    *,
    amount: int,
    rate: TaxRate,
    reason: str,
    now: datetime,
) -> Invoice:
    """The draft of a return invoice over part of what was billed.

    Args:
        amount: yen given back, more than nought, with or without tax as the invoice's own lines are.

    Raises:
        ReasonMissing: it says not why.
        NotIssued: there is nothing to return of a draft or a return.
        AlreadyReplaced: a correction says what was billed.
        ReturnTooLarge: more than was billed under the rate and is not yet returned.
    """
    if not reason.strip():
        raise ReasonMissing
    old = await invoice_by_id(session, invoice.tenant_id, invoice.id, locked=True)
    if old.state is not State.ISSUED or old.kind is Kind.RETURN:
        raise NotIssued
    if any(one.kind is Kind.CORRECTED for one in await later_ones(session, old)):
        raise AlreadyReplaced
    document = await document_of(session, old)
    billed = [line for line in document.lines if line.rate is rate]
    most = sum(line.amount for line in billed) - await returned_so_far(session, old, rate)
    if not 0 < amount <= most:
        raise ReturnTooLarge(max(0, most))
    line = _returned(billed, amount, reason)
    returned = _again(document, Kind.RETURN, old, reason, lines=(line,))
    return await _store(session, old.tenant_id, returned, refers_to=old.id, now=now)


def _again(
    document: Document, kind: Kind, old: Invoice, reason: str, *, lines: tuple[Line, ...] | None = None
) -> Document:
    if old.number is None or old.issued_on is None:
        raise LookupError("an issued invoice has a number and a day")
    return Document(
        kind=kind, month=old.month, number=None, issued_on=None, due_on=None, issuer=document.issuer,
        payer=document.payer, lines=lines or document.lines, with_tax=document.with_tax,
        refers_to=Reference(old.number, old.issued_on), reason=reason.strip(),
    )  # fmt: skip


def _returned(billed: Sequence[Line], amount: int, reason: str) -> Line:
    one = billed[0]
    return Line(
        shop_id=one.shop_id, shop=one.shop, desk="", kind=ChargeKind.CREDIT, label=reason.strip(),
        first=min(line.first for line in billed), end=max(line.end for line in billed), quantity=Decimal(-1),
        unit="", unit_price=Decimal(amount), amount=-amount, rate=one.rate,
    )  # fmt: skip


async def _store(
    session: AsyncSession, tenant_id: UUID, document: Document, *, refers_to: UUID | None, now: datetime
) -> Invoice:
    summary = document.summary
    invoice = Invoice(
        tenant_id=tenant_id, id=uuid7(), kind=document.kind, state=State.DRAFT, month=document.month,
        prepared_at=now, counterparty=document.payer.name, issuer=asdict(document.issuer),
        payer=asdict(document.payer), with_tax=document.with_tax, net=summary.net, tax=summary.tax,
        total=summary.gross, refers_to_id=refers_to, reason=document.reason,
    )  # fmt: skip
    session.add(invoice)
    await session.flush()
    session.add_all(
        InvoiceLine(
            tenant_id=tenant_id, id=uuid7(), invoice_id=invoice.id, position=position,
            **{name: getattr(line, name) for name in Line.__slots__ if name != "ledger_ids"},
            ledger_ids=list(line.ledger_ids),
        )
        for position, line in enumerate(document.lines, start=1)
    )  # fmt: skip
    await session.flush()
    return invoice


async def _drop(session: AsyncSession, invoice: Invoice) -> None:
    await session.execute(
        delete(Invoice).where(Invoice.tenant_id == invoice.tenant_id, Invoice.id == invoice.id)
    )
    session.expunge(invoice)


def _today(now: datetime) -> date:
    return now.astimezone(ZONE).date()
