"""Reads about orders, of the shops that the transaction is bound to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.orders import cells
from interactions.orders.errors import OrderNotFound, ReadingNotFound
from interactions.orders.models import OrderProblem, OrderReading, Parcel, ShopOrder
from interactions.orders.rows import plain_name
from interactions.orders.values import ReadingState, Source
from nanori.db import among

PAGE_SIZE = 50
READINGS_SHOWN = 20
PROBLEMS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where an order stands among its shop's, newest first."""

    at: datetime
    id: UUID


async def orders_page(
    session: AsyncSession, tenant_id: UUID, *, asked: str = "", after: Place | None = None
) -> Sequence[ShopOrder]:
    """One shop's orders, newest first, one more than a page shows when there are more.

    ``asked``: an order number, a parcel number, a phone number, a mail address or a full name.
    """
    wanted = select(ShopOrder).where(ShopOrder.tenant_id == tenant_id)
    if asked:
        wanted = wanted.where(_named(tenant_id, asked))
    if after is not None:
        wanted = wanted.where(tuple_(ShopOrder.ordered_at, ShopOrder.id) < tuple_(after.at, after.id))
    found = await session.scalars(
        wanted.order_by(ShopOrder.ordered_at.desc(), ShopOrder.id.desc()).limit(PAGE_SIZE + 1)
    )
    return found.all()


async def orders_of(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    phones: Sequence[str],
    mails: Sequence[str],
    numbers: Sequence[str],
    limit: int,
) -> Sequence[ShopOrder]:
    """What somebody who is known by these has ordered from one shop, newest first."""
    known = [
        column.in_(values)
        for column, values in (
            (ShopOrder.phone, phones),
            (ShopOrder.mail, mails),
            (ShopOrder.number, numbers),
        )
        if values
    ]
    if not known:
        return []
    found = await session.scalars(
        select(ShopOrder)
        .where(ShopOrder.tenant_id == tenant_id, or_(*known))
        .order_by(ShopOrder.ordered_at.desc(), ShopOrder.id.desc())
        .limit(limit)
    )
    return found.all()


async def parcels_of(session: AsyncSession, tenant_id: UUID, orders: Sequence[ShopOrder]) -> Sequence[Parcel]:
    """Their parcels, the oldest first."""
    if not orders:
        return []
    found = await session.scalars(
        select(Parcel)
        .where(Parcel.tenant_id == tenant_id, among(Parcel.order_id, [order.id for order in orders]))
        .order_by(Parcel.shipped_on.nulls_last(), Parcel.number)
    )
    return found.all()


async def order_by_id(session: AsyncSession, tenant_id: UUID, order_id: UUID) -> ShopOrder:
    """Raises ``OrderNotFound`` when it is not among the shops bound."""
    found = await session.get(ShopOrder, (tenant_id, order_id))
    if found is None:
        raise OrderNotFound
    return found


async def reading_by_id(session: AsyncSession, tenant_id: UUID, reading_id: UUID) -> OrderReading:
    """Raises ``ReadingNotFound`` when it is not among the shops bound."""
    found = await session.get(OrderReading, (tenant_id, reading_id), populate_existing=True)
    if found is None:
        raise ReadingNotFound
    return found


async def readings_of(session: AsyncSession, tenant_id: UUID) -> Sequence[OrderReading]:
    """A shop's last readings, newest first; without the regular ones that found nothing new."""
    is_quiet = and_(
        OrderReading.asked_by.is_(None), OrderReading.state == ReadingState.DONE,
        OrderReading.added + OrderReading.changed + OrderReading.refused == 0,
    )  # fmt: skip
    found = await session.scalars(
        select(OrderReading)
        .where(OrderReading.tenant_id == tenant_id, not_(is_quiet))
        .order_by(OrderReading.asked_at.desc(), OrderReading.id.desc())
        .limit(READINGS_SHOWN)
    )
    return found.all()


async def last_readings(session: AsyncSession) -> dict[UUID, OrderReading]:
    """The newest reading of each shop."""
    found = await session.scalars(
        select(OrderReading)
        .ext(distinct_on(OrderReading.tenant_id))
        .order_by(OrderReading.tenant_id, OrderReading.asked_at.desc(), OrderReading.id.desc())
    )
    return {reading.tenant_id: reading for reading in found}


async def last_visit(session: AsyncSession, tenant_id: UUID) -> OrderReading | None:
    """The newest reading of the shop's own system."""
    found: OrderReading | None = await session.scalar(
        select(OrderReading)
        .where(OrderReading.tenant_id == tenant_id, OrderReading.source == Source.SHOPIFY)
        .order_by(OrderReading.asked_at.desc(), OrderReading.id.desc())
        .limit(1)
    )
    return found


async def problems_of(
    session: AsyncSession, reading: OrderReading, *, limit: int | None = PROBLEMS_SHOWN
) -> Sequence[OrderProblem]:
    """Rows that were not kept, in the order of the file; all of them without a limit."""
    found = await session.scalars(
        select(OrderProblem)
        .where(OrderProblem.tenant_id == reading.tenant_id, OrderProblem.reading_id == reading.id)
        .order_by(OrderProblem.row_number)
        .limit(limit)
    )
    return found.all()


def _named(tenant_id: UUID, asked: str) -> ColumnElement[bool]:
    """Orders that a searcher may mean; each way of naming one has its index."""
    ways: list[ColumnElement[bool]] = [ShopOrder.name_key == plain_name(asked)]
    for column, reader in (
        (ShopOrder.number, cells.order_number),
        (ShopOrder.phone, cells.phone),
        (ShopOrder.mail, cells.mail),
    ):
        if value := cells.or_nothing(reader, asked):
            ways.append(column == value)
    if number := cells.or_nothing(cells.parcel_number, asked):
        parcels = select(Parcel.order_id).where(Parcel.tenant_id == tenant_id, Parcel.number == number)
        ways.append(ShopOrder.id.in_(parcels))
    return or_(*ways)
