"""The log read page by page, newest first: by keys, not offsets, so that page 1,000 costs what page 1 does.

Each shop's newest rows come from its own index and are merged; nothing is counted, nothing is sorted that is
not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Row,
    Select,
    Uuid,
    and_,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from desks.models import Desk
from interactions.models import Case, Interaction, Reason, Shopper, ShopperHandle
from interactions.values import Channel, HandleKind, Outcome
from nanori.identity.models import Account

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where one row stands in the log."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which part of the log. ``shops`` are the only ones looked at; what is None is not asked for."""

    shops: frozenset[UUID]
    since: datetime | None = None
    until: datetime | None = None  # the first instant outside
    channel: Channel | None = None
    outcome: Outcome | None = None
    is_open: bool = False  # those that have no outcome yet
    reason_ids: frozenset[UUID] | None = None
    agent_id: UUID | None = None
    number: int | None = None
    case_number: int | None = None  # that case, and whatever is one with it
    shopper_id: UUID | None = None
    handle: tuple[HandleKind, str] | None = None  # as stored; only ever asked of one shop


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One interaction with the names that its row shows."""

    interaction: Interaction
    shopper: str
    handle: str | None  # number or address, by the channel
    reason_ja: str | None
    reason_en: str | None
    agent: str | None
    desk: str | None
    case_number: int | None
    goes_on_in: int | None  # the number of the case that this one is joined to
    part_of: int | None  # the number of the mail whose second question this is


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Rows from newest to oldest; a place is None where nothing lies beyond."""

    rows: Sequence[LogRow]
    newer: Place | None
    older: Place | None


async def log_page(
    session: AsyncSession,
    wanted: LogFilter,
    *,
    older_than: Place | None = None,
    newer_than: Place | None = None,
    size: int = PAGE_SIZE,
) -> LogPage:
    """One page of the log in one statement, and one before it for a shopper. Give at most one place.

    A way up that reaches the top gives the first page, in full.
    """
    if wanted.handle is not None:
        shopper_id = await _shopper(session, wanted.shops, *wanted.handle)
        if shopper_id is None:
            return LogPage(rows=[], newer=None, older=None)
        wanted = replace(wanted, handle=None, shopper_id=shopper_id)
    found = list(await session.execute(_page(wanted, older_than, newer_than, size + 1)))
    more, rows = len(found) > size, [_log_row(row) for row in found[:size]]
    if newer_than is not None:
        if not more:
            return await log_page(session, wanted, size=size)
        rows.reverse()
        return LogPage(rows=rows, newer=_place(rows[0]), older=_place(rows[-1]))
    return LogPage(
        rows=rows,
        newer=_place(rows[0]) if rows and older_than else None,
        older=_place(rows[-1]) if more else None,
    )


def _place(row: LogRow) -> Place:
    return Place(row.interaction.arrived_at, row.interaction.id)


def _page(
    wanted: LogFilter, older_than: Place | None, newer_than: Place | None, limit: int
) -> Select[*tuple[Any, ...]]:
    """The keys of the page, then the rows and names that belong to them."""
    keys = _keys(wanted, older_than, newer_than, limit).subquery()
    at, head, mail = Interaction, aliased(Case), aliased(Interaction)
    order = (at.arrived_at, at.id) if newer_than else (at.arrived_at.desc(), at.id.desc())
    return (
        select(
            Interaction,
            Shopper.name,
            _handle(),
            Reason.label_ja,
            Reason.label_en,
            Account.name,
            Desk.name,
            Case.number,
            head.number,
            mail.number,
        )
        .join(keys, and_(at.tenant_id == keys.c.tenant_id, at.id == keys.c.id))
        .outerjoin(Shopper, and_(Shopper.tenant_id == at.tenant_id, Shopper.id == at.shopper_id))
        .outerjoin(Reason, and_(Reason.tenant_id == at.tenant_id, Reason.id == at.reason_id))
        .outerjoin(Account, Account.id == at.agent_id)
        .outerjoin(Desk, and_(Desk.tenant_id == at.tenant_id, Desk.id == at.desk_id))
        .outerjoin(Case, and_(Case.tenant_id == at.tenant_id, Case.id == at.case_id))
        .outerjoin(head, and_(head.tenant_id == Case.tenant_id, head.id == Case.joined_to))
        .outerjoin(mail, and_(mail.tenant_id == at.tenant_id, mail.id == at.part_of))
        .order_by(*order)
    )


def _keys(
    wanted: LogFilter, older_than: Place | None, newer_than: Place | None, limit: int
) -> Select[UUID, UUID, datetime]:
    """At most ``limit`` keys of each shop, merged: a shop's index is read no further than the page needs."""
    shops = (
        func.unnest(literal(sorted(wanted.shops), ARRAY(Uuid)))
        .table_valued("tenant_id")
        .render_derived("bound")
    )
    at = Interaction
    order = (at.arrived_at, at.id) if newer_than else (at.arrived_at.desc(), at.id.desc())
    of_one = (
        select(at.tenant_id, at.id, at.arrived_at)
        .where(at.tenant_id == shops.c.tenant_id, *_conditions(wanted, older_than, newer_than))
        .order_by(*order)
        .limit(limit)
        .lateral("of_one")
    )
    columns = of_one.c
    merged = (
        (columns.arrived_at, columns.id) if newer_than else (columns.arrived_at.desc(), columns.id.desc())
    )
    return (
        select(columns.tenant_id, columns.id, columns.arrived_at)
        .select_from(shops)
        .join(of_one, true())
        .order_by(*merged)
        .limit(limit)
    )


def _conditions(
    wanted: LogFilter, older_than: Place | None, newer_than: Place | None
) -> list[ColumnElement[bool]]:
    at = Interaction
    equal = {
        at.channel: wanted.channel,
        at.outcome: wanted.outcome,
        at.agent_id: wanted.agent_id,
        at.number: wanted.number,
        at.shopper_id: wanted.shopper_id,
    }
    asked: list[ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value is not None
    ]
    if wanted.since is not None:
        asked.append(at.arrived_at >= wanted.since)
    if wanted.until is not None:
        asked.append(at.arrived_at < wanted.until)
    if wanted.is_open:
        asked.append(at.outcome.is_(None))
    if wanted.case_number is not None:
        asked.append(at.case_id.in_(_one_case(wanted.shops, wanted.case_number)))
    if wanted.reason_ids is not None:
        asked.append(at.reason_id.in_(wanted.reason_ids))
    return [*asked, *_beyond(older_than, newer_than)]


def _one_case(shops: frozenset[UUID], number: int) -> Select[UUID]:
    """Ids of these shops' cases of that number and of all that are joined with them, whichever way."""
    named, member = aliased(Case), aliased(Case)
    return (
        select(member.id)
        .join(named, and_(named.tenant_id == member.tenant_id, named.head_id == member.head_id))
        .where(named.tenant_id.in_(sorted(shops)), named.number == number)
    )


def _beyond(older_than: Place | None, newer_than: Place | None) -> list[ColumnElement[bool]]:
    row = tuple_(Interaction.arrived_at, Interaction.id)
    if older_than is not None:
        return [row < _there(older_than)]
    return [] if newer_than is None else [row > _there(newer_than)]


def _there(place: Place) -> ColumnElement[Any]:
    return tuple_(literal(place.at, DateTime(timezone=True)), literal(place.id, Uuid))


async def _shopper(
    session: AsyncSession, shops: frozenset[UUID], kind: HandleKind, value: str
) -> UUID | None:
    """Looked up by plain equality inside one shop: an index is used, and no two shops' shoppers ever meet."""
    (tenant_id,) = shops
    found: UUID | None = await session.scalar(
        select(ShopperHandle.shopper_id).where(
            ShopperHandle.tenant_id == tenant_id, ShopperHandle.kind == kind, ShopperHandle.value == value
        )
    )
    return found


def _handle() -> ColumnElement[str | None]:
    """The shopper's number for a call, address for a mail; one of them where there are several."""
    return (
        select(func.min(ShopperHandle.value))
        .where(
            ShopperHandle.tenant_id == Interaction.tenant_id,
            ShopperHandle.shopper_id == Interaction.shopper_id,
            ShopperHandle.kind == Interaction.channel,
        )
        .scalar_subquery()
    )


def _log_row(row: Row[*tuple[Any, ...]]) -> LogRow:
    interaction, shopper, handle, reason_ja, reason_en, agent, desk, case_number, goes_on_in, part_of = row
    return LogRow(
        interaction=interaction,
        shopper=shopper or "",
        handle=handle,
        reason_ja=reason_ja,
        reason_en=reason_en,
        agent=agent,
        desk=desk,
        case_number=case_number,
        goes_on_in=goes_on_in,
        part_of=part_of,
    )
