"""Who issues and who pays: the operator's own settings. Changing them never touches what is issued."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from billing.invoices.document import Issuer, Payer, State
from billing.invoices.due import DueRule
from billing.invoices.errors import IssuerMissing, PayerMissing, RoundingIsFixed
from billing.invoices.models import Invoice, InvoiceIssuer, InvoicePayer, PayerShop
from billing.invoices.registration import registration_number


@dataclass(frozen=True, slots=True)
class Billing:
    """How a payer is billed: the payer's row and its shops, the leading one first."""

    payer: InvoicePayer
    shops: tuple[PayerShop, ...]

    @property
    def lead(self) -> UUID:
        return self.shops[0].shop_id

    @property
    def shop_ids(self) -> list[UUID]:
        return [one.shop_id for one in self.shops]

    @property
    def due(self) -> DueRule:
        return DueRule(self.payer.due_months, self.payer.due_day, self.payer.due_shift)

    def as_printed(self) -> Payer:
        one = self.payer
        return Payer(
            name=one.name, department=one.department, postal_code=one.postal_code, address=one.address,
            registration=one.registration, locale=one.locale,
        )  # fmt: skip


async def set_issuer(
    session: AsyncSession, issuer: Issuer, *, valid_from: date, by: UUID | None, now: datetime
) -> None:
    """Say who issues invoices from a day on. Every shop must be bound: it looks for what is issued.

    Raises:
        RegistrationMalformed: the number is not one.
        RoundingIsFixed: another way of rounding after the first invoice.
    """
    number = registration_number(issuer.registration)
    before = await session.scalar(select(InvoiceIssuer).order_by(InvoiceIssuer.valid_from.desc()).limit(1))
    if before is not None and before.rounding is not issuer.rounding and await _any_issued(session):
        raise RoundingIsFixed
    values = {
        "name": issuer.name, "registration": number, "postal_code": issuer.postal_code,
        "address": issuer.address, "phone": issuer.phone, "bank_account": issuer.bank_account,
        "rounding": issuer.rounding, "name_en": issuer.name_en, "address_en": issuer.address_en,
        "bank_account_en": issuer.bank_account_en, "set_by": by, "set_at": now,
    }  # fmt: skip
    added = insert(InvoiceIssuer).values(valid_from=valid_from, **values)
    await session.execute(added.on_conflict_do_update(index_elements=[InvoiceIssuer.valid_from], set_=values))


async def issuer_on(session: AsyncSession, day: date) -> Issuer:
    """Who issues on that day.

    Raises:
        IssuerMissing: nobody has said so yet.
    """
    found = await session.scalar(
        select(InvoiceIssuer)
        .where(InvoiceIssuer.valid_from <= day)
        .order_by(InvoiceIssuer.valid_from.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise IssuerMissing
    return Issuer(
        name=found.name, registration=found.registration, postal_code=found.postal_code,
        address=found.address, phone=found.phone, bank_account=found.bank_account, rounding=found.rounding,
        name_en=found.name_en, address_en=found.address_en, bank_account_en=found.bank_account_en,
    )  # fmt: skip


async def issuers(session: AsyncSession) -> list[InvoiceIssuer]:
    """All that was said about the issuer, newest first."""
    return list(await session.scalars(select(InvoiceIssuer).order_by(InvoiceIssuer.valid_from.desc())))


async def set_payer(
    session: AsyncSession,
    payer: Payer,
    *,
    shops: Sequence[UUID],
    due: DueRule,
) -> UUID:
    """Say who pays for these shops; the first of them leads. Whoever paid for them before does no more.

    Raises:
        RegistrationMalformed: a number was given and is not one.
    """
    values = {
        "name": payer.name, "department": payer.department, "postal_code": payer.postal_code,
        "address": payer.address, "locale": payer.locale,
        "registration": registration_number(payer.registration) if payer.registration else "",
        "due_months": due.months, "due_day": due.day, "due_shift": due.shift,
    }  # fmt: skip
    before = await session.get(PayerShop, shops[0])
    payer_id = before.payer_id if before is not None and before.leads else uuid7()
    added = insert(InvoicePayer).values(id=payer_id, **values)
    await session.execute(added.on_conflict_do_update(index_elements=[InvoicePayer.id], set_=values))
    await session.execute(
        delete(PayerShop).where((PayerShop.payer_id == payer_id) | PayerShop.shop_id.in_(shops))
    )
    rows = [
        {"shop_id": shop, "payer_id": payer_id, "leads": number == 0} for number, shop in enumerate(shops)
    ]
    await session.execute(insert(PayerShop).values(rows))
    return payer_id


async def billing_of(session: AsyncSession, lead: UUID) -> Billing:
    """How the payer is billed whose invoices lie with this shop.

    Raises:
        PayerMissing: nobody's do.
    """
    found = (await billings(session)).get(lead)
    if found is None:
        raise PayerMissing
    return found


async def billings(session: AsyncSession) -> Mapping[UUID, Billing]:
    """Every payer by its leading shop, in two statements. Operator-owned: nothing needs to be bound."""
    payers = {
        one.id: one
        for one in await session.scalars(select(InvoicePayer).execution_options(populate_existing=True))
    }
    shops: dict[UUID, list[PayerShop]] = {}
    asked = select(PayerShop).order_by(PayerShop.leads.desc(), PayerShop.shop_id)
    asked = asked.execution_options(populate_existing=True)
    for shop in await session.scalars(asked):
        shops.setdefault(shop.payer_id, []).append(shop)
    found = [Billing(payers[payer_id], tuple(rows)) for payer_id, rows in shops.items() if rows[0].leads]
    return {one.lead: one for one in found}


async def _any_issued(session: AsyncSession) -> bool:
    return bool(await session.scalar(select(exists().where(Invoice.state == State.ISSUED))))
