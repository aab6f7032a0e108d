"""A period of issued invoices for the books: three statements, however many there are."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.charges import TaxRate
from billing.invoices.document import Kind, State
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.paper.sheet import TITLES
from billing.invoices.sheets import Booking
from billing.invoices.tax import Rounding, TaxSummary, summed_up
from nanori.words import N_

Sums = Mapping[UUID, Sequence[tuple[TaxRate, int]]]
_TAKEN_BACK = N_("Cancelled by a correction")


async def booked_between(session: AsyncSession, first: date, last: date) -> list[Booking]:
    """What was issued from one day to another, both included, in the order of numbers.

    A corrected invoice takes the old one out of the books first, with the other sign: a period adds up.
    """
    asked = select(Invoice).where(
        Invoice.state == State.ISSUED, Invoice.issued_on >= first, Invoice.issued_on <= last
    )
    issued = list(await session.scalars(asked.order_by(Invoice.number)))
    wanted = {one.refers_to_id for one in issued if one.refers_to_id is not None}
    earlier = {
        one.id: one for one in await session.scalars(select(Invoice).where(Invoice.id.in_(wanted)))
    }  # fmt: skip
    sums = await _sums(session, [*(one.id for one in issued), *earlier])
    bookings = []
    for one in issued:
        old = earlier.get(one.refers_to_id) if one.refers_to_id else None
        if old is not None and one.kind is Kind.CORRECTED:
            bookings.append(_booking(old, sums, one.issued_on, _TAKEN_BACK, one.number, sign=-1))
        refers_to = old.number if old is not None else ""
        bookings.append(_booking(one, sums, one.issued_on, TITLES[one.kind], refers_to))
    return bookings


def _booking(
    one: Invoice, sums: Sums, day: date | None, kind: str, refers_to: str | None, *, sign: int = 1
) -> Booking:
    if day is None or one.number is None:
        raise LookupError("an issued invoice has a number and a day")
    return Booking(
        day=day, number=one.number, kind=kind, counterparty=one.counterparty, month=one.month,
        due_on=one.due_on if sign > 0 else None, refers_to=refers_to or "", summary=_summary(one, sums, sign),
    )  # fmt: skip


def _summary(one: Invoice, sums: Sums, sign: int) -> TaxSummary:
    return summed_up(
        [(rate, sign * amount) for rate, amount in sums.get(one.id, ())],
        rounding=Rounding(one.issuer["rounding"]),
        with_tax=one.with_tax,
    )


async def _sums(session: AsyncSession, invoice_ids: Sequence[UUID]) -> Sums:
    line = InvoiceLine
    asked = select(line.invoice_id, line.rate, func.sum(line.amount)).where(line.invoice_id.in_(invoice_ids))
    sums: dict[UUID, list[tuple[TaxRate, int]]] = {}
    for invoice_id, rate, amount in await session.execute(asked.group_by(line.invoice_id, line.rate)):
        sums.setdefault(invoice_id, []).append((rate, int(amount)))
    return sums
