"""Reads of the ledger: lines, months, and the charges of a month."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.charges import Charge, ChargeKind
from billing.ledger.lines import Kept, live, usage
from billing.ledger.models import Credit, LedgerMonth, UsageLine
from billing.ledger.promised import promised_credits
from billing.plans.bill import billed_charges, left_over, month_charges, stretches
from billing.plans.pricing import after
from billing.plans.queries import Held, agreements_of
from billing.plans.values import Meter
from billing.plans.wording import Printed
from nanori.words import N_, words_for
from tenants.queries import shop as shop_by_id

COLUMNS = (
    UsageLine.id, UsageLine.interaction_id, UsageLine.meter, UsageLine.revision, UsageLine.is_counter,
    UsageLine.booked, UsageLine.at, UsageLine.agreement_id, UsageLine.version_id, UsageLine.rule,
    UsageLine.is_billed, UsageLine.quantity,
)  # fmt: skip
A_DAY = timedelta(days=1)


async def charges_of(session: AsyncSession, tenant_id: UUID, month: date) -> Sequence[Charge]:
    """What the bill of a shop's month says before tax, in the order of its agreements; credits last.

    Usage of the month, fees in advance or arrears as agreed, set-up in the first month, then corrections of
    months billed before, which later lines of theirs bring into this one; then what a missed service level
    gives back, as soon as the month was closed. Empty without an agreement.

    Raises:
        ShopNotFound: not among the tenants bound.
    """
    shop = await shop_by_id(session, tenant_id)
    zone, say = ZoneInfo(shop.zone), Printed(words_for(shop.locale))
    agreements = await agreements_of(session, tenant_id)
    own = await lines_of(session, tenant_id, month, until=month)
    units = usage(live(own), zone)
    left = await leftovers(session, tenant_id, month, agreements, zone)
    found = [
        charge
        for held in agreements
        for charge in billed_charges(
            held.agreed(), units.get(held.row.id, {}), month, say, left.get(held.row.id)
        )
    ]
    for earlier in await _corrected_in(session, tenant_id, month):
        lines = await lines_of(session, tenant_id, earlier, until=month)
        found += _corrections(agreements, lines, earlier, month, zone, say)
    promised = await promised_credits(session, tenant_id, month, agreements, say)
    return [*found, *promised, *await _credits(session, tenant_id, month, agreements, say)]


async def tax_is_inside(session: AsyncSession, tenant_id: UUID, month: date) -> bool:
    """Whether the amounts of the month's charges have the tax inside; one answer for a whole bill."""
    agreements = await agreements_of(session, tenant_id)
    held = [one for one in agreements if stretches(one.agreed(), month)] or agreements[-1:]
    return bool(held) and held[-1].versions[-1].plan.with_tax


async def lines_of(session: AsyncSession, tenant_id: UUID, month: date, *, until: date) -> list[Kept]:
    """The lines of the contacts of a month that were booked until then, in the order of time."""
    one = UsageLine
    rows = await session.execute(
        select(*COLUMNS)
        .where(one.tenant_id == tenant_id, one.month == month, one.booked <= until)
        .order_by(one.at, one.id)
    )
    return [Kept._make(row) for row in rows]


async def ledger_month(
    session: AsyncSession, tenant_id: UUID, month: date, *, locked: bool = False
) -> LedgerMonth | None:
    """A month of the ledger, if it was ever counted; ``locked`` until the transaction ends."""
    asked = select(LedgerMonth).where(LedgerMonth.tenant_id == tenant_id, LedgerMonth.month == month)
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found: LedgerMonth | None = await session.scalar(asked)
    return found


async def sealed_months(session: AsyncSession, tenant_id: UUID) -> list[date]:
    """The months that are billed, in order."""
    one = LedgerMonth
    asked = select(one.month).where(one.tenant_id == tenant_id, one.sealed_at.is_not(None))
    return list(await session.scalars(asked.order_by(one.month)))


async def _corrected_in(session: AsyncSession, tenant_id: UUID, month: date) -> list[date]:
    one = UsageLine
    asked = select(one.month).where(one.tenant_id == tenant_id, one.booked == month, one.month < month)
    return list(await session.scalars(asked.distinct().order_by(one.month)))


async def leftovers(
    session: AsyncSession, tenant_id: UUID, month: date, agreements: Sequence[Held], zone: ZoneInfo
) -> Mapping[UUID, Mapping[Meter, int]]:
    """What the month before did not use, of agreements where it may be used now."""
    carrying = [
        one
        for one in agreements
        if any(price.carries_over for version in one.versions for price in version.plan.prices)
    ]
    if not carrying:
        return {}
    before = (month - A_DAY).replace(day=1)
    units = usage(live(await lines_of(session, tenant_id, before, until=month)), zone)
    return {one.row.id: left_over(one.agreed(), units.get(one.row.id, {}), before) for one in carrying}


def _corrections(
    agreements: Sequence[Held],
    lines: Sequence[Kept],
    earlier: date,
    month: date,
    zone: ZoneInfo,
    say: Printed,
) -> list[Charge]:
    """For each agreement the difference that lines booked later make to a month that was billed."""
    late = [str(one.id) for one in lines if one.booked == month]
    then = usage(live(one for one in lines if one.booked < month), zone)
    now = usage(live(lines), zone)
    found = []
    for held in agreements:
        agreed = held.agreed()
        amounts = [
            sum(one.amount for one in month_charges(agreed, units.get(held.row.id, {}), earlier, say))
            for units in (then, now)
        ]
        if amounts[0] != amounts[1]:
            label = say.words.gettext(N_("Correction of {month}"), month=say.words.month(earlier))
            found.append(_once(label, agreed.desk, earlier, amounts[1] - amounts[0], say, tuple(late)))
    return found


async def _credits(
    session: AsyncSession, tenant_id: UUID, month: date, agreements: Sequence[Held], say: Printed
) -> list[Charge]:
    asked = select(Credit).where(Credit.tenant_id == tenant_id, Credit.booked == month)
    rows = await session.scalars(asked.order_by(Credit.made_at, Credit.id))
    desks = {one.row.desk_id: one.desk.name for one in agreements if one.desk is not None}
    return [
        replace(_once(row.label, desks.get(row.desk_id), month, -row.amount_yen, say), rate=row.rate)
        for row in rows
    ]


def _once(
    label: str, desk: str | None, month: date, amount: int, say: Printed, ids: tuple[str, ...] = ()
) -> Charge:
    return Charge(
        kind=ChargeKind.CREDIT if amount < 0 else ChargeKind.OTHER, label=label, desk=desk, first=month,
        end=after(month), quantity=Decimal(1), unit=say.once, unit_price=Decimal(amount), amount=amount,
        ledger_ids=ids,
    )  # fmt: skip
