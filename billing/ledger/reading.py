"""Reads for people: the ledger page by page, all shops of a month, and what other plans would say of it."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.compare import Quote, quotes
from billing.ledger.lines import Key
from billing.ledger.models import LedgerMonth, UsageLine
from billing.plans.bill import Agreed, Segment, stretches
from billing.plans.judging import Contact
from billing.plans.models import Agreement
from billing.plans.pricing import after
from billing.plans.queries import Held, agreements_of, in_force, plans, versions_of
from billing.plans.stored import read
from billing.plans.wording import Printed
from interactions.values import Direction
from nanori.words import words_for
from tenants.models import Tenant

PAGE_SIZE = 50
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one line stands."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class LinePage:
    """Lines from newest to oldest; ``older`` is None where nothing lies beyond."""

    rows: Sequence[UsageLine]
    older: Place | None


async def lines_page(
    session: AsyncSession, tenant_id: UUID, booked: date, *, billed: bool | None = None,
    older_than: Place | None = None, size: int = PAGE_SIZE,
) -> LinePage:  # fmt: skip
    """One page of what is booked in a month, by keys: page 200 costs what page 1 does."""
    one = UsageLine
    asked = select(one).where(one.tenant_id == tenant_id, one.booked == booked)
    if billed is not None:
        asked = asked.where(one.is_billed.is_(billed))
    if older_than is not None:
        asked = asked.where(tuple_(one.at, one.id) < (older_than.at, older_than.id))
    rows = list(await session.scalars(asked.order_by(one.at.desc(), one.id.desc()).limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    return LinePage(rows, Place(rows[-1].at, rows[-1].id) if more else None)


async def months_of_shops(session: AsyncSession, month: date) -> Mapping[UUID, LedgerMonth]:
    """What was counted of a month, of every shop bound."""
    found = await session.scalars(select(LedgerMonth).where(LedgerMonth.month == month))
    return {one.tenant_id: one for one in found}


async def contacts_seen(
    session: AsyncSession, tenant_id: UUID, month: date, zone: ZoneInfo
) -> Mapping[UUID | None, list[Contact]]:
    """The month's contacts as the ledger knows them, each once, by the agreement that they fall under."""
    one = UsageLine
    rows = await session.execute(
        select(
            one.interaction_id, one.meter, one.revision, one.is_counter, one.agreement_id, one.at,
            one.channel, one.direction, one.party, one.outcome, one.nature, one.talk_s, one.handled_s,
            one.is_first_of_case, one.answered_together, one.is_part,
        )
        .where(one.tenant_id == tenant_id, one.month == month)
        .order_by(one.at, one.id)
    )  # fmt: skip
    kept = list(rows)
    back = {(*Key(row.interaction_id, row.meter), row.revision) for row in kept if row.is_counter}
    seen: set[UUID] = set()
    found: dict[UUID | None, list[Contact]] = {}
    for row in kept:
        is_live = not row.is_counter and (row.interaction_id, row.meter, row.revision) not in back
        if not is_live or row.interaction_id in seen:
            continue
        seen.add(row.interaction_id)
        contact = Contact(
            arrived=row.at.astimezone(zone), channel=row.channel,
            inbound=row.direction is Direction.INBOUND, party=row.party, outcome=row.outcome,
            nature=row.nature, talk_s=row.talk_s, handled_s=row.handled_s,
            is_first_of_case=row.is_first_of_case, answered_together=row.answered_together,
            is_part=row.is_part,
        )  # fmt: skip
        found.setdefault(row.agreement_id, []).append(contact)
    return found


def billed_until(sealed: Sequence[date], agreements: Sequence[Held]) -> date | None:
    """The first day of a shop that no bill has reached, fees in advance included; None: nothing is billed."""
    if not sealed:
        return None
    following = after(sealed[-1])
    in_advance = any(one.agreed().is_in_advance and one.end > following for one in agreements)
    return after(following) if in_advance else following


async def billed_until_of_plan(session: AsyncSession, plan_id: UUID) -> date | None:
    """The same over every shop that has or had the plan, the latest of them."""
    one = Agreement
    asked = select(LedgerMonth.tenant_id, func.max(LedgerMonth.month)).where(
        LedgerMonth.sealed_at.is_not(None),
        LedgerMonth.tenant_id.in_(select(one.tenant_id).where(one.plan_id == plan_id)),
    )
    found = []
    for tenant_id, month in await session.execute(asked.group_by(LedgerMonth.tenant_id)):
        found.append(billed_until([month], await agreements_of(session, tenant_id)))
    return max((one for one in found if one is not None), default=None)


async def shops_with_plan(session: AsyncSession, day: date) -> Mapping[UUID, Sequence[UUID]]:
    """Which shops bound have which plan on that day."""
    one = Agreement
    rows = await session.execute(
        select(one.plan_id, one.tenant_id)
        .where(one.valid_from <= day, or_(one.valid_until.is_(None), one.valid_until > day))
        .distinct()
        .order_by(one.plan_id, one.tenant_id)
    )
    found: dict[UUID, list[UUID]] = {}
    for plan_id, tenant_id in rows:
        found.setdefault(plan_id, []).append(tenant_id)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One agreement's month on every plan; without an agreement what each would have cost."""

    desk: str | None
    plan: str | None
    plan_id: UUID | None
    quotes: Sequence[Quote]
    is_shown: bool = False  # to the shop, too

    def as_json(self) -> dict[str, Any]:
        """Yen as whole numbers; which plan is the shop's own."""
        return {
            "desk": self.desk,
            "plan": self.plan,
            "quotes": [
                {
                    "plan": one.plan.name,
                    "yen_with_tax": one.yen,
                    "billed": one.billed,
                    "is_own": one.plan_id == self.plan_id,
                }
                for one in self.quotes
            ],
        }


async def quotes_of(session: AsyncSession, shop: Tenant, month: date) -> list[Compared]:
    """What a shop's month would have cost on each plan offered, by agreement, at its last day's prices.

    Reckoned beside the event loop: thousands of contacts on several plans take a moment.
    """
    say = Printed(words_for(shop.locale))
    contacts = await contacts_seen(session, shop.tenant_id, month, ZoneInfo(shop.zone))
    agreements = await agreements_of(session, shop.tenant_id)
    offered = {row.id for row in await plans(session) if row.retired_at is None}
    used = {one.row.plan_id for one in agreements}
    versions = await versions_of(session, offered | used)
    last_day = after(month) - A_DAY
    there = {key: read(in_force(rows, last_day).terms) for key, rows in versions.items()}
    held = [one for one in agreements if stretches(one.agreed(), month)]
    if not held and contacts and there:
        agreed = Agreed(segments=(Segment(next(iter(there.values())), month, after(month)),))
        found = await to_thread(quotes, contacts.get(None, []), agreed, there, month, say)
        return [Compared(desk=None, plan=None, plan_id=None, quotes=found)]
    compared = []
    for one in held:
        own = {key: plan for key, plan in there.items() if key in offered or key == one.row.plan_id}
        found = await to_thread(quotes, contacts.get(one.row.id, []), one.agreed(), own, month, say)
        desk, plan = one.desk.name if one.desk else None, one.versions[-1].plan.name
        compared.append(
            Compared(
                desk=desk, plan=plan, plan_id=one.row.plan_id, quotes=found, is_shown=one.row.shows_others
            )
        )  # fmt: skip
    return compared
