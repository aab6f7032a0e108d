"""Add a change, withdraw it, hold it back. They flush and never commit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import live
from nanori.errors import InvalidInput
from nanori.words import N_
from tenants import contacts
from tenants.changes.errors import ChangeNotFound, TooLate
from tenants.changes.models import ALONE, ChangedSpan, ChangeKind, ChangeState, ShopChange
from tenants.changes.people import kept
from tenants.changes.rules import Today, check_first_day, check_last_day, midnight
from tenants.commands import check_hours
from tenants.contacts import ContactPerson
from tenants.hours import Span
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

LONGEST = 500
NEWS = "wish"
"""What browsers hear when a change was added or decided; wishes are on the same pages."""


async def change_week(
    session: AsyncSession,
    shop: Tenant,
    week: Mapping[int, tuple[Span, ...]],
    *,
    holds_from: date | None,
    today: Today,
    now: datetime,
) -> ShopChange:
    """Let other weekly hours hold from a day on, until the next such change.

    Raises:
        InvalidInput: at ``day-<weekday>`` or ``holds_from``.
    """
    check_hours(week)
    first = check_first_day(holds_from, today)
    change = ShopChange(kind=ChangeKind.WEEK, holds_from=first)
    spans = [(weekday, span) for weekday, spans in week.items() for span in sorted(spans)]
    return await _add(session, shop, change, spans, now=now)


async def change_days(
    session: AsyncSession,
    shop: Tenant,
    spans: tuple[Span, ...],
    *,
    first: date | None,
    last: date | None,
    label: str,
    today: Today,
    now: datetime,
) -> ShopChange:
    """Close a run of days, or give each of them other hours. ``last`` None: one day.

    Raises:
        InvalidInput: at ``times``, ``holds_from`` or ``holds_until``.
    """
    try:
        check_hours({0: spans})
    except InvalidInput as wrong:
        raise InvalidInput({"times": wrong.fields["day-0"]}) from wrong
    begins = check_first_day(first, today)
    check_last_day(begins, last or begins)
    change = ShopChange(kind=ChangeKind.DAYS, holds_from=begins, holds_until=last or begins, label=label[:60])
    return await _add(session, shop, change, [(None, span) for span in sorted(spans)], now=now)


async def change_contacts(
    session: AsyncSession,
    shop: Tenant,
    people: Sequence[ContactPerson],
    *,
    holds_from: date | None,
    today: Today,
    now: datetime,
) -> ShopChange:
    """Let other people be reached from a day on, in this order.

    Raises:
        InvalidInput: at ``contacts`` or ``holds_from``; somebody is left out whom a policy names.
    """
    if not people:
        raise InvalidInput({"contacts": N_("At least one person has to be reachable.")})
    first = check_first_day(holds_from, today)
    try:
        await contacts.check_replaceable(session, shop.tenant_id, people, now=now)
    except InvalidInput as named:
        said = N_("{name} is in an escalation policy or on call. Ask the desk to take them out first.")
        raise InvalidInput({"contacts": said}, **named.params) from named
    change = ShopChange(kind=ChangeKind.CONTACTS, holds_from=first, people=kept(people))
    return await _add(session, shop, change, (), now=now)


async def withdraw(session: AsyncSession, tenant_id: UUID, change_id: UUID, *, now: datetime) -> ShopChange:
    """The shop thinks better of it, before its day.

    Raises:
        ChangeNotFound, TooLate: there is nothing to withdraw.
    """
    change = await _coming(session, tenant_id, change_id, now=now)
    change.state, change.due_at = ChangeState.WITHDRAWN, now  # the desk's notice goes, too
    return await _decided(session, change, now=now)


async def hold_back(
    session: AsyncSession, tenant_id: UUID, change_id: UUID, *, reason: str, now: datetime
) -> ShopChange:
    """The desk keeps a change from coming into force, and says why.

    Raises:
        ChangeNotFound, TooLate: there is nothing to hold back.
        InvalidInput: at ``reason``: there is none.
    """
    change = await _coming(session, tenant_id, change_id, now=now)
    if not reason:
        raise InvalidInput({"reason": N_("Please say why: the shop reads it.")})
    change.state, change.reason, change.due_at = ChangeState.HELD, reason[:LONGEST], now
    return await _decided(session, change, now=now)


async def _add(
    session: AsyncSession,
    shop: Tenant,
    change: ShopChange,
    spans: Sequence[tuple[int | None, Span]],
    *,
    now: datetime,
) -> ShopChange:
    """Store the change with its hours, and have the desk told."""
    change.tenant_id, change.id, change.state = shop.tenant_id, uuid7(), ChangeState.STANDS
    change.asked_at = change.due_at = now
    try:
        async with session.begin_nested():
            session.add(change)
    except IntegrityError as refused:
        if ALONE not in str(refused.orig):
            raise
        said = N_("Another change stands for this day. Withdraw that one first.")
        raise InvalidInput({"holds_from": said}) from refused
    session.add_all(
        ChangedSpan(
            tenant_id=shop.tenant_id, change_id=change.id, weekday=day, opens=span.opens, closes=span.closes
        )
        for day, span in spans
    )
    await session.flush()
    await _announce(session, change)
    return change


async def _coming(session: AsyncSession, tenant_id: UUID, change_id: UUID, *, now: datetime) -> ShopChange:
    change = await session.get(ShopChange, (tenant_id, change_id), with_for_update=True)
    if change is None:
        raise ChangeNotFound
    shop = await shop_by_id(session, tenant_id)
    if change.state is not ChangeState.STANDS or midnight(change.holds_from, ZoneInfo(shop.zone)) <= now:
        raise TooLate
    return change


async def _decided(session: AsyncSession, change: ShopChange, *, now: datetime) -> ShopChange:
    change.decided_at, change.people = now, None
    await session.flush()
    await _announce(session, change)
    return change


async def _announce(session: AsyncSession, change: ShopChange) -> None:
    await live.announce(session, f"shop:{change.tenant_id}", NEWS, shop=change.tenant_id)
    await live.announce(session, live.FLOOR, NEWS, shop=change.tenant_id)
    await live.announce(session, live.WORK, "change")
