"""A month for one payer or all: asked for here, done by the worker, one by one."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from billing.alarms import INVOICE_NOT_MADE
from billing.invoices.gathering import check_over
from billing.invoices.jobs import PrepareInvoice
from billing.invoices.models import InvoiceRun
from billing.invoices.parties import billings
from billing.invoices.values import RunState
from nanori import live
from nanori.alerts import raise_alert, settle_alert
from nanori.messages import send
from tenants.models import Tenant


async def leads(session: AsyncSession) -> list[UUID]:
    """Every shop bound that is billed, or should be: those that others of their payer lead are left out."""
    found = await billings(session)
    led = {shop for one in found.values() for shop in one.shop_ids[1:]}
    shops = await session.scalars(select(Tenant.tenant_id).order_by(Tenant.brand_reading, Tenant.tenant_id))
    return [one for one in shops if one not in led]


async def request_drafts(
    session: AsyncSession, tenant_ids: Iterable[UUID], month: date, *, now: datetime
) -> int:
    """Have the drafts of a month made anew; what is issued stays. Returns how many were asked for.

    Raises:
        MonthNotOver: it still runs.
    """
    check_over(month, now)
    asked = 0
    for tenant_id in tenant_ids:
        queued = insert(InvoiceRun).values(
            tenant_id=tenant_id, id=uuid7(), month=month, state=RunState.QUEUED, requested_at=now
        )
        changed = {"state": RunState.QUEUED, "requested_at": now, "failure": None}
        added = await session.scalar(
            queued.on_conflict_do_update(
                index_elements=[InvoiceRun.tenant_id, InvoiceRun.month], set_=changed,
                where=InvoiceRun.state != RunState.ISSUED,
            ).returning(InvoiceRun.id)
        )  # fmt: skip
        if added is not None:
            asked += 1
            await send(session, PrepareInvoice(tenant_id=tenant_id, month=month, requested_at=now))
    await live.announce(session, "floor", "invoice", month=f"{month:%Y-%m}")
    return asked


async def is_wanted(session: AsyncSession, tenant_id: UUID, month: date, requested_at: datetime) -> bool:
    """Whether this request is the latest one, and nobody has done it; held until the transaction ends."""
    asked = select(InvoiceRun).where(InvoiceRun.tenant_id == tenant_id, InvoiceRun.month == month)
    run = await session.scalar(asked.with_for_update().execution_options(populate_existing=True))
    return run is not None and run.requested_at == requested_at and run.state is not RunState.ISSUED


async def note(
    session: AsyncSession, tenant_id: UUID, month: date, state: RunState, *, now: datetime,
    failure: str | None = None,
) -> None:  # fmt: skip
    """How far a run has come; ``failure`` is a msgid, told to operators until the run gets on."""
    run = InvoiceRun
    await session.execute(
        update(run)
        .where(run.tenant_id == tenant_id, run.month == month)
        .values(state=state, failure=failure)
        .execution_options(synchronize_session=False)
    )
    await live.announce(session, "floor", "invoice", month=f"{month:%Y-%m}")
    subject = f"{tenant_id}/{month:%Y-%m}"
    if failure is None:
        await settle_alert(session, INVOICE_NOT_MADE, subject, now=now)
    else:
        await raise_alert(session, INVOICE_NOT_MADE, subject, now=now, shop_id=tenant_id, detail=failure)
