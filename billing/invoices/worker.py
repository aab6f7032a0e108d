"""What the worker does for invoices."""

from datetime import date
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from billing.alarms import PAPER_NOT_DRAWN
from billing.invoices import runs
from billing.invoices.document import State
from billing.invoices.errors import AlreadyBilled, InvoiceNotFound
from billing.invoices.filing import DrawingBoard, file_invoice
from billing.invoices.gathering import issue_draft, prepare
from billing.invoices.jobs import DrawInvoice, IssueInvoice, PrepareInvoice
from billing.invoices.parties import billings
from billing.invoices.queries import invoice_by_id
from billing.invoices.values import RunState
from nanori import live
from nanori.alerts import raise_alert_apart, settle_alert
from nanori.db import unit_of_work
from nanori.errors import UNEXPECTED, Error
from nanori.installation import Installation
from nanori.messages import works_on

log = structlog.get_logger()

board = DrawingBoard()


@works_on(PrepareInvoice)
async def prepare_invoice(house: Installation, wanted: PrepareInvoice) -> None:
    """Make one payer's draft. What stands in its way is told on the run; no other payer hears of it."""
    try:
        await _prepare(house, wanted)
    except Error as refusal:
        await _fail(house, wanted, refusal.message)
    except Exception:
        await _fail(house, wanted, UNEXPECTED)
        raise


@works_on(IssueInvoice)
async def issue_invoice(house: Installation, wanted: IssueInvoice) -> None:
    """Give a draft its number; run again it does nothing more. A refusal is told on the month's run."""
    try:
        async with unit_of_work(house.worker, await _shops_of(house, wanted.tenant_id)) as session:
            invoice = await issue_draft(
                session, wanted.tenant_id, wanted.invoice_id, by=wanted.issued_by, now=house.clock.now()
            )
            await runs.note(session, wanted.tenant_id, invoice.month, RunState.ISSUED, now=house.clock.now())
    except InvoiceNotFound:
        log.info("invoice.draft_is_gone", shop_id=str(wanted.tenant_id))
    except Error as refusal:
        await _fail_issue(house, wanted, refusal.message)
    except Exception:
        await _fail_issue(house, wanted, UNEXPECTED)
        raise


@works_on(DrawInvoice)
async def draw_invoice(house: Installation, wanted: DrawInvoice) -> None:
    """Draw an issued invoice and keep its files, once. What fails is tried again, and told to operators."""
    tenant_id, now = wanted.tenant_id, house.clock.now()
    subject = f"{tenant_id}/{wanted.invoice_id}"
    try:
        await file_invoice(house.worker, house.files, board, tenant_id, wanted.invoice_id, now=now)
    except Exception as failure:
        why = type(failure).__name__
        await raise_alert_apart(
            house.worker, PAPER_NOT_DRAWN, subject, now=now, shop_id=tenant_id, detail=why
        )
        raise
    async with unit_of_work(house.worker, [tenant_id]) as session:
        await settle_alert(session, PAPER_NOT_DRAWN, subject, now=now)
        for audience in (f"shop:{tenant_id}", live.FLOOR):
            await live.announce(session, audience, "invoice")


async def _prepare(house: Installation, wanted: PrepareInvoice) -> None:
    tenant_id, month = wanted.tenant_id, wanted.month
    async with unit_of_work(house.worker, await _shops_of(house, tenant_id)) as session:
        if not await runs.is_wanted(session, tenant_id, month, wanted.requested_at):
            return
        try:
            await prepare(session, tenant_id, month, now=house.clock.now())
        except AlreadyBilled:
            await runs.note(session, tenant_id, month, RunState.ISSUED, now=house.clock.now())
        else:
            await runs.note(session, tenant_id, month, RunState.DRAFTED, now=house.clock.now())


async def _shops_of(house: Installation, lead: UUID) -> list[UUID]:
    """Whose rows the payer's invoice is made of; the leading shop alone when nobody pays yet."""
    async with house.worker.begin() as session:
        found = (await billings(session)).get(lead)
    return found.shop_ids if found else [lead]


async def _fail(house: Installation, wanted: PrepareInvoice, why: str) -> None:
    log.warning("invoice.not_prepared", shop_id=str(wanted.tenant_id))
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        if await runs.is_wanted(session, wanted.tenant_id, wanted.month, wanted.requested_at):
            await _note_failure(session, house, wanted.tenant_id, wanted.month, why)


async def _fail_issue(house: Installation, wanted: IssueInvoice, why: str) -> None:
    log.warning("invoice.not_issued", shop_id=str(wanted.tenant_id))
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        invoice = await invoice_by_id(session, wanted.tenant_id, wanted.invoice_id)
        if invoice.state is State.DRAFT:
            await _note_failure(session, house, wanted.tenant_id, invoice.month, why)


async def _note_failure(
    session: AsyncSession, house: Installation, tenant_id: UUID, month: date, why: str
) -> None:
    await runs.note(session, tenant_id, month, RunState.FAILED, failure=why, now=house.clock.now())
