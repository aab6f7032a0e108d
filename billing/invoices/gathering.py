"""From the usage ledger to a payer's draft and its number. All shops of the payer must be bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from billing.invoices.commands import ZONE, composed, draft, draft_correction, issue
from billing.invoices.document import Document, Kind, Line, State, lines_of
from billing.invoices.errors import DraftOutdated, FiguresNotClosed, MonthNotOver, PricesMixed
from billing.invoices.models import Invoice
from billing.invoices.parties import billing_of
from billing.invoices.queries import document_of, invoice_by_id
from billing.ledger.commands import count_month, seal_month
from billing.ledger.queries import charges_of, ledger_month, tax_is_inside
from reports.closing.queries import is_closed
from tenants.queries import shop as shop_by_id


async def gathered(session: AsyncSession, lead: UUID, month: date, *, now: datetime) -> Document:
    """What the invoice of a payer's month would be, its shops' ledgers brought up to date before.

    Raises:
        PayerMissing, PayerHasNoAddress, IssuerMissing: somebody has to enter something first.
        MonthNotOver, NothingToBill: there is nothing to bill yet, or at all.
        PricesMixed: one shop's prices contain the tax and another's do not.
    """
    check_over(month, now)
    billing = await billing_of(session, lead)
    found = [await _of_shop(session, one, month, now=now) for one in billing.shop_ids]
    billed = [one for one in found if one.lines]
    if len({one.with_tax for one in billed}) > 1:
        raise PricesMixed
    lines = [line for one in billed for line in one.lines]
    with_tax = bool(billed) and billed[0].with_tax
    return await composed(session, billing, month, lines, with_tax=with_tax, now=now)


async def prepare(session: AsyncSession, lead: UUID, month: date, *, now: datetime) -> Invoice:
    """The draft of a payer's month, in the place of the one before.

    Raises:
        AlreadyBilled: the month has its invoice.
        nanori.errors.Error: what ``gathered`` refuses.
    """
    return await draft(session, lead, await gathered(session, lead, month, now=now), now=now)


async def issue_draft(
    session: AsyncSession, tenant_id: UUID, invoice_id: UUID, *, by: UUID | None, now: datetime
) -> Invoice:
    """Issue a draft. A month's own invoice seals the month: later usage is booked in the next one.

    Raises:
        FiguresNotClosed: a shop's month is not closed, or was opened again.
        DraftOutdated: the ledger, the issuer or the payer says something else by now.
        nanori.errors.Error: what ``gathered`` refuses.
    """
    invoice = await invoice_by_id(session, tenant_id, invoice_id, locked=True)
    if invoice.state is State.DRAFT and invoice.kind is Kind.INVOICE:
        wanted = await gathered(session, tenant_id, invoice.month, now=now)
        if wanted != await document_of(session, invoice):
            raise DraftOutdated
        for shop_id in (await billing_of(session, tenant_id)).shop_ids:
            if not await is_closed(session, shop_id, invoice.month):
                raise FiguresNotClosed
            await seal_month(session, shop_id, invoice.month, now=now)
    return await issue(session, tenant_id, invoice_id, by=by, now=now)


async def correct(session: AsyncSession, invoice: Invoice, *, reason: str, now: datetime) -> Invoice:
    """The draft of a corrected invoice: the same month as the settings and the ledger say it now.

    Raises:
        ReasonMissing, NotIssued, AlreadyReplaced: see ``draft_correction``.
        nanori.errors.Error: what ``gathered`` refuses.
    """
    right = await gathered(session, invoice.tenant_id, invoice.month, now=now)
    return await draft_correction(session, invoice, right, reason=reason, now=now)


def check_over(month: date, now: datetime) -> None:
    """A month is billed when it is over.

    Raises:
        MonthNotOver: it runs still, or is ahead.
    """
    following = (month + timedelta(days=32)).replace(day=1)
    if now.astimezone(ZONE).date() < following:
        raise MonthNotOver


@dataclass(frozen=True, slots=True)
class _OfShop:
    lines: Sequence[Line]
    with_tax: bool


async def _of_shop(session: AsyncSession, shop_id: UUID, month: date, *, now: datetime) -> _OfShop:
    shop = await shop_by_id(session, shop_id)
    row = await ledger_month(session, shop_id, month)
    if row is None or row.sealed_at is None:
        await count_month(session, shop_id, month, now=now)
    charges = await charges_of(session, shop_id, month)
    return _OfShop(lines_of(shop_id, shop.brand_name, charges), await tax_is_inside(session, shop_id, month))
