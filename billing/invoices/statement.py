"""The statement beside an invoice: each contact of the month, billed or not, with the rule that says so."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.charges import ChargeKind
from billing.invoices.document import Document, Kind
from billing.invoices.sheets import Cell
from billing.ledger.models import UsageLine
from billing.ledger.wording import RULES
from billing.plans.wording import METERS
from nanori.words import N_, Words
from tenants.models import Tenant

HEAD = (
    N_("Shop"), N_("Arrived"), N_("Log number"), N_("Counted as"), N_("Rule"), N_("Quantity"),
    N_("Line of the invoice"),
)  # fmt: skip


def shops_on(document: Document) -> list[UUID]:
    """The shops of a document, in its order."""
    return list(dict.fromkeys(line.shop_id for line in document.lines))


async def statement_rows(session: AsyncSession, document: Document, words: Words) -> list[list[Cell]]:
    """The ledger of the invoice's month, under a head; all its shops must be bound. One query.

    Credits follow, each with what it comes from. The month is sealed, so the rows are the same whenever it is
    asked. A return has its head alone.
    """
    rows: list[list[Cell]] = [[words.gettext(one) for one in HEAD]]
    if document.kind is Kind.RETURN:
        return rows
    shops = shops_on(document)
    named = {row: line.label for line in document.lines for row in line.ledger_ids}
    found = await session.execute(
        select(
            Tenant.brand_name, Tenant.zone, UsageLine.id, UsageLine.at, UsageLine.number, UsageLine.meter,
            UsageLine.rule, UsageLine.quantity, UsageLine.tenant_id,
        )
        .join(Tenant, Tenant.tenant_id == UsageLine.tenant_id)
        .where(UsageLine.tenant_id.in_(shops), UsageLine.booked == document.month)
        .order_by(UsageLine.at, UsageLine.id)
    )  # fmt: skip
    ordered = sorted(found, key=lambda row: shops.index(row.tenant_id))
    return rows + [
        [
            row.brand_name, f"{row.at.astimezone(ZoneInfo(row.zone)):%Y-%m-%d %H:%M:%S}", f"#{row.number}",
            words.gettext(METERS[row.meter]), words.gettext(RULES[row.rule]),
            f"{row.quantity.normalize():f}", named.get(str(row.id), ""),
        ]
        for row in ordered
    ] + _credits(document, words)  # fmt: skip


def _credits(document: Document, words: Words) -> list[list[Cell]]:
    """What is given back stands in no log: its line says why, its quantity is the yen."""
    said = words.gettext(N_("Credit"))
    return [
        [line.shop, "", "", said, line.label, line.amount, line.label]
        for line in document.lines
        if line.kind is ChargeKind.CREDIT and not line.ledger_ids
    ]
