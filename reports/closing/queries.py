"""Reads of closed months: whether one is closed, what it says, and the records behind a figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, cast, exists, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.db import among
from reports.closing.errors import FigureUnknown
from reports.closing.frozen import moment_of, record_of, thaw
from reports.closing.models import ClosedFact, ClosedMonth, MonthClose
from reports.closing.snapshot import Record, content_hash, places
from reports.closing.values import SETTLED, MonthState, Standing
from reports.month import MonthFacts, MonthFigures
from reports.queries import facts_of_month
from reports.sources import Source, known_facts, sources
from tenants import queries as shops
from tenants.models import Tenant

PAGE = 100
GRACE = timedelta(days=2, hours=4)
"""After midnight of the first: the third, four in the morning. Until then agents may still set reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """One call or mail behind a figure. ``above``, ``below``: where in the figure's fraction it counts."""

    number: int
    is_mail: bool
    at: datetime  # of arrival
    outcome: str  # an ``interactions.values.Outcome``; "" while there was none
    reason: str  # in the shop's language; "" for none
    answered_at: datetime | None  # by a person: the call, or the first reply
    talk_ms: int
    hold_ms: int
    acw_ms: int
    above: bool
    below: bool
    part_of: int | None  # the number of the mail whose second question it is
    joined_with: int | None  # the number of the mail that began the matter, in a case joined with its own
    took: Sequence[int] | None  # milliseconds of its settled matter: with us, with the shop, with the shopper


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Lines by number; ``after`` asks for the next page, None on the last one."""

    lines: Sequence[RecordLine]
    after: int | None


async def is_closed(session: AsyncSession, tenant_id: UUID, month: date) -> bool:
    """Whether the month's figures stand for good; one that was reopened has to be closed again first."""
    one = MonthClose
    wanted = (one.tenant_id == tenant_id, one.month == month, one.state.in_(SETTLED))
    return bool(await session.scalar(select(exists().where(*wanted))))


async def closed_before(session: AsyncSession, tenant_id: UUID) -> date | None:
    """The first day after the last closed month of a shop; None while none is closed."""
    one = MonthClose
    asked = select(func.max(one.month)).where(one.tenant_id == tenant_id, one.state.in_(SETTLED))
    last: date | None = await session.scalar(asked)
    return None if last is None else (last + timedelta(days=31)).replace(day=1)


async def closes_of(
    session: AsyncSession, tenant_ids: Iterable[UUID], month: date
) -> dict[UUID, tuple[MonthClose, ClosedMonth | None]]:
    """How far each shop's month has come, with what was frozen last; shops not in it are open."""
    asked = (
        select(MonthClose, ClosedMonth)
        .outerjoin(ClosedMonth, _is_last_edition())
        .where(among(MonthClose.tenant_id, tenant_ids), MonthClose.month == month)
    )
    return {close.tenant_id: (close, closed) for close, closed in await session.execute(asked)}


async def editions_of(session: AsyncSession, tenant_id: UUID, month: date) -> list[ClosedMonth]:
    """Everything that was ever frozen of a month, the first first."""
    asked = select(ClosedMonth).where(ClosedMonth.tenant_id == tenant_id, ClosedMonth.month == month)
    return list(await session.scalars(asked.order_by(ClosedMonth.edition)))


async def standing_of(
    session: AsyncSession, tenant_id: UUID, month: date
) -> tuple[Standing | None, MonthFigures | None]:
    """Where a month's figures come from, and the frozen ones where they do; nothing for one never closed."""
    found = (await closes_of(session, [tenant_id], month)).get(tenant_id)
    close, closed = found or (None, None)
    if close is None or closed is None:
        return None, None
    return _standing(close, closed), thaw(closed.figures) if close.state in SETTLED else None


async def records_of(
    session: AsyncSession, tenant_id: UUID, month: date, figure_key: str, *, after: int = 0, limit: int = PAGE
) -> RecordPage:
    """The records behind one figure, by number: the frozen ones of a closed month, else those of the log.

    Raises:
        FigureUnknown: the month has no such figure.
        ShopNotFound: not among the tenants bound.
    """
    found = (await closes_of(session, [tenant_id], month)).get(tenant_id)
    if found is not None and found[1] is not None and found[0].state in SETTLED:
        return await _frozen_records(session, found[1], figure_key, after=after, limit=limit)
    facts, business_time = await facts_of_month(session, await shops.shop(session, tenant_id), month)
    source = sources(facts, business_time).get(figure_key)
    if source is None:
        raise FigureUnknown
    return _live_records(facts, source, after=after, limit=limit)


async def is_as_frozen(session: AsyncSession, closed: ClosedMonth) -> bool:
    """Whether what is stored still has the hash that it had when it was frozen."""
    one = ClosedFact
    rows = await session.execute(
        select(one.number, one.pattern, one.fact).where(_of(closed)).order_by(one.number)
    )
    stored = content_hash(closed.formulas, closed.figures, closed.patterns, (Record(*row) for row in rows))
    return stored == closed.content_hash


async def _frozen_records(
    session: AsyncSession, closed: ClosedMonth, key: str, *, after: int, limit: int
) -> RecordPage:
    if key not in {figure["key"] for figure in closed.figures["figures"]}:
        raise FigureUnknown
    one, wanted = ClosedFact, places(closed.patterns, key)
    rows = await session.execute(
        select(one.number, one.pattern, one.fact)
        .where(_of(closed), one.pattern.in_(wanted), one.number > after)
        .order_by(one.number)
        .limit(limit + 1)
    )
    lines = [
        record_line(number, fact, key in closed.patterns[at]["above"], key in closed.patterns[at]["below"])
        for number, at, fact in rows
    ]
    return record_page(lines, limit)


def _live_records(facts: MonthFacts, source: Source, *, after: int, limit: int) -> RecordPage:
    above, below = set(source.above), set(source.below)
    wanted = sorted(number for number in above | below if number > after)[: limit + 1]
    known = known_facts(facts)
    return record_page(
        [
            record_line(number, record_of(known[number]), number in above, number in below)
            for number in wanted
        ],
        limit,
    )


def record_page(lines: Sequence[RecordLine], limit: int) -> RecordPage:
    if len(lines) <= limit:
        return RecordPage(lines, None)
    return RecordPage(lines[:limit], lines[limit - 1].number)


def record_line(number: int, fact: dict[str, Any], above: bool, below: bool) -> RecordLine:
    is_mail = "received_at" in fact
    return RecordLine(
        number=number,
        is_mail=is_mail,
        at=datetime.fromisoformat(fact["received_at" if is_mail else "arrived_at"]),
        outcome=fact.get("outcome", ""),
        reason=fact.get("reason", ""),
        answered_at=moment_of(fact, "first_reply_at" if is_mail else "answered_at"),
        talk_ms=fact.get("talk_ms", 0),
        hold_ms=fact.get("hold_ms", 0),
        acw_ms=fact.get("acw_ms", 0),
        above=above,
        below=below,
        part_of=fact.get("part_of"),
        joined_with=fact.get("joined_with"),
        took=fact.get("took"),
    )


def _standing(close: MonthClose, closed: ClosedMonth) -> Standing:
    settled = close.state in SETTLED
    return Standing(
        state=close.state if settled else MonthState.REOPENED,
        edition=closed.edition,
        closed_at=closed.closed_at,
        reopened_at=close.reopened_at,
        reason=close.reason,
        content_hash=closed.content_hash if settled else "",
        formulas=closed.formulas,
        changed=tuple(one["key"] for one in closed.changes),
    )


def due_months(now: datetime) -> Select[UUID, date]:
    """The next month of each shop that is due: the one after the last that was ever closed or tried."""
    return select(Tenant.tenant_id, cast(_next_month(), Date)).where(due_at() <= now)


def due_at() -> ColumnElement[datetime]:
    """When a shop's next month is closed by itself."""
    over = _next_month() + text("interval '1 month'")
    moment: ColumnElement[datetime] = func.timezone(Tenant.zone, over + literal(GRACE))
    return moment


def _next_month() -> ColumnElement[Any]:
    last = select(func.max(MonthClose.month)).where(MonthClose.tenant_id == Tenant.tenant_id)
    begun = func.date_trunc("month", func.timezone(Tenant.zone, Tenant.created_at))
    return func.coalesce(last.scalar_subquery() + text("interval '1 month'"), begun)


def _is_last_edition() -> ColumnElement[bool]:
    return and_(
        ClosedMonth.tenant_id == MonthClose.tenant_id,
        ClosedMonth.month == MonthClose.month,
        ClosedMonth.edition == MonthClose.edition,
    )


def _of(closed: ClosedMonth) -> ColumnElement[bool]:
    one = ClosedFact
    return and_(one.tenant_id == closed.tenant_id, one.month == closed.month, one.edition == closed.edition)
