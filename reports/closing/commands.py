"""Writes of the close: ask for it, freeze a month, open it again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import live
from nanori.alerts import raise_alert, settle_alert
from nanori.messages import send
from reports.alarms import MONTH_NOT_CLOSED
from reports.closing.errors import MonthNotClosed, ReasonMissing
from reports.closing.frozen import canonical, thaw
from reports.closing.jobs import CloseMonth
from reports.closing.models import ClosedMonth, MonthClose
from reports.closing.snapshot import Record, Snapshot, changes, snapshot_of
from reports.closing.values import FORMULAS, PATIENCE, SETTLED, MonthState, check_over, check_quiet
from reports.queries import facts_of_month
from reports.values import month_text
from tenants import queries as shops
from tenants.models import Tenant

AT_ONCE = 5000
"""Records written with one statement."""
_ADD_RECORDS = text("""
    INSERT INTO closed_fact (tenant_id, month, edition, number, pattern, fact)
    SELECT :shop, :month, :edition, number, pattern, fact::jsonb
    FROM unnest(CAST(:numbers AS integer[]), CAST(:patterns AS integer[]), CAST(:facts AS text[]))
        AS one (number, pattern, fact)
""")


@dataclass(frozen=True, slots=True)
class Closing:
    """What a close came to. ``anew``: this one froze it; otherwise it was frozen before."""

    closed: ClosedMonth
    anew: bool


async def ask_close(
    session: AsyncSession, tenant_id: UUID, month: date, *, now: datetime, asked_by: UUID | None = None
) -> bool:
    """Have the worker close a month. False when it is closed already, or about to be.

    Raises:
        ShopNotFound: not among the tenants bound.
        MonthNotOver: it still runs by the shop's clock.
    """
    shop = await shops.shop(session, tenant_id)
    check_over(month, ZoneInfo(shop.zone), now)
    close = await _locked(session, tenant_id, month)
    if close.state in SETTLED or is_under_way(close, now):
        return False
    close.state, close.asked_at, close.failure = MonthState.CLOSING, now, None
    await session.flush()
    await send(session, CloseMonth(tenant_id=tenant_id, month=month, asked_by=asked_by))
    await _tell(session, close)
    return True


async def close_month(
    session: AsyncSession, tenant_id: UUID, month: date, *, now: datetime, closed_by: UUID | None = None
) -> Closing:
    """Freeze a month in this transaction: all of it or nothing. A second worker waits, and finds it done.

    Raises:
        ShopNotFound: not among the tenants bound.
        MonthNotOver: it still runs by the shop's clock.
        MonthBusy: a call of the month still goes on.
    """
    shop = await shops.shop(session, tenant_id)
    check_over(month, ZoneInfo(shop.zone), now)
    close = await _locked(session, tenant_id, month)
    last = await _last_edition(session, tenant_id, month)
    if close.state in SETTLED and last is not None:
        return Closing(last, anew=False)
    snapshot = await _taken(session, shop, month, now=now)
    closed = _frozen(shop, month, snapshot, last, reason=close.reason)
    closed.closed_at, closed.closed_by = now, closed_by
    await _write(session, closed, snapshot.records)
    close.state = MonthState.RESTATED if last else MonthState.CLOSED
    close.edition, close.asked_at, close.failure = closed.edition, None, None
    await session.flush()
    await _tell(session, close)
    await settle_alert(session, MONTH_NOT_CLOSED, _alerted(tenant_id, month), now=now)
    return Closing(closed, anew=True)


async def reopen_month(
    session: AsyncSession, tenant_id: UUID, month: date, *, why: str, now: datetime, by: UUID | None = None
) -> MonthClose:
    """Let the log speak again until the month is closed anew; what was frozen stays as it is.

    Raises:
        ReasonMissing: ``why`` is empty.
        MonthNotClosed: there is nothing to reopen.
    """
    if not why.strip():
        raise ReasonMissing
    close = await _locked(session, tenant_id, month)
    if close.state not in SETTLED:
        raise MonthNotClosed
    close.state, close.reason = MonthState.REOPENED, why.strip()
    close.reopened_at, close.reopened_by = now, by
    await session.flush()
    await _tell(session, close)
    return close


async def fail_close(session: AsyncSession, tenant_id: UUID, month: date, why: str, *, now: datetime) -> None:
    """Say why a close came to nothing (a msgid), on the month and to operators; it can be asked for again."""
    close = await _locked(session, tenant_id, month)
    if close.state is not MonthState.CLOSING:
        return
    close.state = MonthState.OPEN if close.edition is None else MonthState.REOPENED
    close.asked_at, close.failure = None, why
    await session.flush()
    await _tell(session, close)
    subject = _alerted(tenant_id, month)
    await raise_alert(session, MONTH_NOT_CLOSED, subject, now=now, shop_id=tenant_id, detail=why)


def is_under_way(close: MonthClose, now: datetime) -> bool:
    """Whether a worker will close it soon; no longer when that has lasted too long."""
    asked_at = close.asked_at
    return close.state is MonthState.CLOSING and asked_at is not None and now - asked_at < PATIENCE


async def _taken(session: AsyncSession, shop: Tenant, month: date, *, now: datetime) -> Snapshot:
    facts, business_time = await facts_of_month(session, shop, month)
    check_quiet(facts.calls, now)
    return await asyncio.to_thread(snapshot_of, facts, business_time)


def _frozen(
    shop: Tenant, month: date, snapshot: Snapshot, last: ClosedMonth | None, *, reason: str
) -> ClosedMonth:
    return ClosedMonth(
        tenant_id=shop.tenant_id,
        month=month,
        edition=last.edition + 1 if last else 1,
        zone=shop.zone,
        formulas=FORMULAS,
        figures=snapshot.document,
        patterns=list(snapshot.patterns),
        records=len(snapshot.records),
        content_hash=snapshot.content_hash,
        reason=reason if last else "",
        changes=changes(thaw(last.figures), snapshot.figures) if last else [],
    )


async def _write(session: AsyncSession, closed: ClosedMonth, records: Sequence[Record]) -> None:
    """The records before their month: once it is there, the database takes no further one."""
    for start in range(0, len(records), AT_ONCE):
        some = records[start : start + AT_ONCE]
        values = {
            "shop": closed.tenant_id,
            "month": closed.month,
            "edition": closed.edition,
            "numbers": [one.number for one in some],
            "patterns": [one.pattern for one in some],
            "facts": [canonical(one.fact).decode() for one in some],
        }
        await session.execute(_ADD_RECORDS, values)
    session.add(closed)
    await session.flush()


async def _last_edition(session: AsyncSession, tenant_id: UUID, month: date) -> ClosedMonth | None:
    asked = select(ClosedMonth).where(ClosedMonth.tenant_id == tenant_id, ClosedMonth.month == month)
    found: ClosedMonth | None = await session.scalar(asked.order_by(ClosedMonth.edition.desc()).limit(1))
    return found


async def _locked(session: AsyncSession, tenant_id: UUID, month: date) -> MonthClose:
    """The month's row, made if there was none, until the transaction ends."""
    new = {"tenant_id": tenant_id, "id": uuid7(), "month": month, "state": MonthState.OPEN, "reason": ""}
    await session.execute(
        insert_once(MonthClose)
        .values(new)
        .on_conflict_do_nothing(index_elements=[MonthClose.tenant_id, MonthClose.month])
    )
    asked = select(MonthClose).where(MonthClose.tenant_id == tenant_id, MonthClose.month == month)
    return (await session.scalars(asked.with_for_update().execution_options(populate_existing=True))).one()


def _alerted(tenant_id: UUID, month: date) -> str:
    return f"{tenant_id}/{month_text(month)}"


async def _tell(session: AsyncSession, close: MonthClose) -> None:
    for audience in (f"shop:{close.tenant_id}", "floor"):
        await live.announce(
            session, audience, "month", shop=close.tenant_id, month=month_text(close.month),
            state=close.state.value,
        )  # fmt: skip
