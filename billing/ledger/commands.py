"""Writes of the ledger. They flush and never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from billing.ledger.contacts import contacts_in
from billing.ledger.errors import MonthSealed
from billing.ledger.lines import Judged, Kept, difference, judged
from billing.ledger.models import Credit, LedgerMonth, UsageLine
from billing.ledger.queries import ledger_month, lines_of
from billing.plans.judging import Rule
from billing.plans.pricing import after
from billing.plans.queries import agreements_of
from nanori.words import words_for
from reports.facts import Period
from reports.values import check_begun
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
COUNTED_FOR = timedelta(days=70)
"""So long after its beginning a month that nobody bills is counted by itself."""
FACTS = (
    "interaction_id", "meter", "revision", "month", "at", "agreement_id", "version_id", "rule", "is_billed",
    "weight", "number", "desk_id", "channel", "direction", "party", "outcome", "nature", "talk_s",
    "handled_s", "is_first_of_case", "answered_together", "is_part",
)  # fmt: skip
"""What a counter-line has in common with the line that it takes back."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Lines written and lines taken back; nothing of either when the ledger was right."""

    new: int
    back: int


async def count_month(session: AsyncSession, tenant_id: UUID, month: date, *, now: datetime) -> Counted:
    """Bring a shop's month of the ledger to what the log says. Again, it changes nothing.

    While the month runs, contacts that are not settled yet wait; afterwards they stand there unbilled until
    they are. What changes after the month was sealed is booked in the first month that is not.

    Raises:
        MonthAhead: by the shop's clock it has not begun.
    """
    shop = await shop_by_id(session, tenant_id)
    period = Period.month(month.year, month.month, ZoneInfo(shop.zone))
    check_begun(month, period.zone, now)
    own = await _locked(session, tenant_id, month)
    booked = month
    while own.sealed_at is not None and (await _locked(session, tenant_id, booked)).sealed_at is not None:
        booked = after(booked)
    contacts = await contacts_in(session, tenant_id, period)
    wanted = judged(contacts, await agreements_of(session, tenant_id))
    if now < period.ends_at:
        wanted = (one for one in wanted if one.verdict.rule is not Rule.STILL_OPEN)
    found = difference(await lines_of(session, tenant_id, month, until=date.max), wanted)
    await _take_back(session, tenant_id, found.back, booked=booked, now=now)
    rows = [_line(tenant_id, one, revision, month, booked=booked, now=now) for one, revision in found.new]
    if rows:
        await session.execute(insert(UsageLine), rows)
    own.counted_at = now
    own.due_at = _next_count(own, period, now)
    await session.flush()
    return Counted(len(found.new), len(found.back))


async def seal_month(session: AsyncSession, tenant_id: UUID, month: date, *, now: datetime) -> LedgerMonth:
    """The month is billed: nothing is booked in it any more. Does nothing when it is sealed already.

    Count it first, in the same transaction.
    """
    own = await _locked(session, tenant_id, month)
    if own.sealed_at is None:
        own.sealed_at, own.due_at = now, None
        await session.flush()
    return own


async def give_credit(session: AsyncSession, shop: Tenant, credit: Credit, *, now: datetime) -> Credit:
    """Give money back in the bill of ``credit.booked``.

    Raises:
        MonthSealed: that bill is written.
    """
    month = await _locked(session, shop.tenant_id, credit.booked)
    if month.sealed_at is not None:
        raise MonthSealed(month=words_for(shop.locale).month(credit.booked))
    credit.tenant_id, credit.made_at = shop.tenant_id, now
    session.add(credit)
    await session.flush()
    return credit


async def count_since(session: AsyncSession, tenant_id: UUID, first: date, *, now: datetime) -> None:
    """Let the worker count every month from that day's until the running one, or the day's own if later."""
    shop = await shop_by_id(session, tenant_id)
    month, this = first.replace(day=1), now.astimezone(ZoneInfo(shop.zone)).date().replace(day=1)
    await begin_counting(session, tenant_id, month, now=now)
    while month < this:
        month = after(month)
        await begin_counting(session, tenant_id, month, now=now)


async def begin_counting(session: AsyncSession, tenant_id: UUID, month: date, *, now: datetime) -> None:
    """Let the worker count the month from its beginning or from now on, unless it is billed."""
    shop = await shop_by_id(session, tenant_id)
    begins = Period.month(month.year, month.month, ZoneInfo(shop.zone)).starts_at
    own = await _locked(session, tenant_id, month)
    if own.sealed_at is None:
        own.due_at = max(now, begins)
        await session.flush()


async def _locked(session: AsyncSession, tenant_id: UUID, month: date) -> LedgerMonth:
    """The row of a month, made when missing, nobody else's until the transaction ends."""
    found = await ledger_month(session, tenant_id, month, locked=True)
    if found is not None:
        return found
    new = upsert(LedgerMonth).values(
        tenant_id=tenant_id, id=uuid7(), month=month, alerted_percent=0, summary={}
    )
    await session.execute(new.on_conflict_do_nothing(index_elements=["tenant_id", "month"]))
    found = await ledger_month(session, tenant_id, month, locked=True)
    if found is None:
        raise LookupError("a month that has just been stored cannot be seen")
    return found


def _next_count(own: LedgerMonth, period: Period, now: datetime) -> datetime | None:
    """Each hour while the month runs, each day while it may still be billed."""
    if own.sealed_at is not None or now - period.starts_at > COUNTED_FOR:
        return None
    return now + (AN_HOUR if now < period.ends_at else A_DAY)


async def _take_back(
    session: AsyncSession, tenant_id: UUID, lines: Sequence[Kept], *, booked: date, now: datetime
) -> None:
    if not lines:
        return
    one = UsageLine
    asked = select(one).where(one.tenant_id == tenant_id, one.id.in_([line.id for line in lines]))
    rows = [
        {name: getattr(line, name) for name in FACTS}
        | {
            "tenant_id": tenant_id, "id": uuid7(), "is_counter": True, "booked": booked,
            "quantity": -line.quantity, "written_at": now,
        }
        for line in await session.scalars(asked)
    ]  # fmt: skip
    await session.execute(insert(UsageLine), rows)


def _line(
    tenant_id: UUID, one: Judged, revision: int, month: date, *, booked: date, now: datetime
) -> dict[str, Any]:
    logged, contact, verdict = one.logged, one.logged.contact, one.verdict
    return {
        "tenant_id": tenant_id, "id": uuid7(), "interaction_id": logged.interaction_id,
        "meter": verdict.meter, "revision": revision, "is_counter": False, "month": month, "booked": booked,
        "at": logged.at,
        "agreement_id": one.agreement_id, "version_id": one.version_id, "rule": verdict.rule,
        "is_billed": verdict.is_billed, "quantity": verdict.quantity, "weight": verdict.weight,
        "number": logged.number, "desk_id": logged.desk_id, "channel": contact.channel,
        "direction": logged.direction, "party": contact.party, "outcome": contact.outcome,
        "nature": contact.nature, "talk_s": contact.talk_s, "handled_s": contact.handled_s,
        "is_first_of_case": contact.is_first_of_case, "answered_together": contact.answered_together,
        "is_part": contact.is_part,
        "written_at": now,
    }  # fmt: skip
