"""Keeps what a source told: orders by number, parcels by order and number. The same again changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningInsert
from uuid_utils.compat import uuid7

from interactions.orders.models import OrderProblem, OrderReading, Parcel, ShopOrder
from interactions.orders.rows import UNKNOWN_ORDER, plain_name
from interactions.orders.values import (
    Batch,
    Column,
    OrderFacts,
    ParcelFacts,
    Problem,
    Told,
)

TEXTS = ("state_said", "name", "name_key", "phone", "mail", "postal_code", "address", "company_said")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What came of some facts: how many were new, told differently, or known already."""

    added: int = 0
    changed: int = 0
    same: int = 0
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            added=self.added + other.added, changed=self.changed + other.changed, same=self.same + other.same,
            problems=self.problems + other.problems,
        )  # fmt: skip


async def keep_batch(session: AsyncSession, reading: OrderReading, batch: Batch, *, now: datetime) -> None:
    """Store a batch and how far the reading is now. The caller has locked the reading."""
    tenant_id = reading.tenant_id
    orders = [one.fact for one in batch.told if isinstance(one.fact, OrderFacts)]
    kept = await keep_orders(session, tenant_id, orders, now=now)
    kept += await keep_parcels(session, tenant_id, batch.told, now=now)
    problems = (*batch.problems, *kept.problems)
    await _keep_problems(session, reading, problems)
    reading.cursor = batch.cursor
    reading.rows_read += batch.rows
    reading.added += kept.added
    reading.changed += kept.changed
    reading.same += kept.same
    reading.refused += len(problems)
    await session.flush()


async def keep_orders(
    session: AsyncSession, tenant_id: UUID, orders: Sequence[OrderFacts], *, now: datetime
) -> Kept:
    """New orders are added; known ones take what is told differently. What is not told stays as it was."""
    rows = [_order_row(tenant_id, order, now) for order in {one.number: one for one in orders}.values()]
    if not rows:
        return Kept()
    keys = (ShopOrder.tenant_id, ShopOrder.number)
    return await _upsert(session, ShopOrder, rows, keys)


async def keep_parcels(
    session: AsyncSession, tenant_id: UUID, told: Iterable[Told], *, now: datetime
) -> Kept:
    """Parcels of orders that this shop has; the rows about others are told."""
    parcels = [(one.fact, one.rows) for one in told if isinstance(one.fact, ParcelFacts)]
    if not parcels:
        return Kept()
    known = await _orders_by_number(session, tenant_id, {fact.order_number for fact, _ in parcels})
    problems = tuple(
        Problem(row=row, said=UNKNOWN_ORDER, column=Column.NUMBER, typed=fact.order_number)
        for fact, rows in parcels
        if fact.order_number not in known
        for row in rows
    )
    rows = {
        (fact.order_number, fact.number): _parcel_row(tenant_id, known[fact.order_number], fact, now)
        for fact, _ in parcels
        if fact.order_number in known
    }
    keys = (Parcel.tenant_id, Parcel.order_id, Parcel.number)
    kept = await _upsert(session, Parcel, list(rows.values()), keys) if rows else Kept()
    return replace(kept, problems=problems)


async def _orders_by_number(
    session: AsyncSession, tenant_id: UUID, numbers: Iterable[str]
) -> Mapping[str, UUID]:
    found = await session.execute(
        select(ShopOrder.number, ShopOrder.id).where(
            ShopOrder.tenant_id == tenant_id, ShopOrder.number.in_(list(numbers))
        )
    )
    return {row.number: row.id for row in found}


async def _upsert(
    session: AsyncSession,
    model: type[ShopOrder] | type[Parcel],
    rows: Sequence[Mapping[str, Any]],
    keys: Sequence[Any],
) -> Kept:
    """One statement; rows that would not change are left alone, their ``told_at`` too."""
    table = model.metadata.tables[model.__tablename__]
    statement = insert(table)
    merged = {
        name: _merged(table.c[name], statement)
        for name in rows[0]
        if name not in {"tenant_id", "id", "told_at", *(key.key for key in keys)}
    }
    differs = tuple_(*(table.c[name] for name in merged)).is_distinct_from(tuple_(*merged.values()))
    told: ReturningInsert[Any] = statement.on_conflict_do_update(
        index_elements=keys, set_=merged | {"told_at": statement.excluded.told_at}, where=differs
    ).returning(literal_column("(xmax = 0)"))
    answers = [bool(is_new) for (is_new,) in await session.execute(told, list(rows))]
    added = sum(answers)
    return Kept(added=added, changed=len(answers) - added, same=len(rows) - len(answers))


def _merged(column: Any, statement: Insert) -> ColumnElement[Any]:
    """What is told, or what was there when nothing is told."""
    new = statement.excluded[column.name]
    if column.name in TEXTS:
        return func.coalesce(func.nullif(new, ""), column)
    if column.name == "items":
        return case((func.jsonb_array_length(new) == 0, column), else_=new)
    if column.name == "state":
        untold = (new == "other") & (statement.excluded["state_said"] == "")
        return case((untold, column), else_=new)
    if column.name == "company":
        return case((statement.excluded["company_said"] == "", column), else_=new)
    return func.coalesce(new, column)


def _order_row(tenant_id: UUID, order: OrderFacts, now: datetime) -> dict[str, Any]:
    row = {name: getattr(order, name) for name in OrderFacts.__dataclass_fields__}
    return row | {
        "tenant_id": tenant_id, "id": uuid7(), "told_at": now, "name_key": plain_name(order.name),
        "items": [asdict(item) for item in order.items], "ordered_at": order.ordered_at or now,
    }  # fmt: skip


def _parcel_row(tenant_id: UUID, order_id: UUID, fact: ParcelFacts, now: datetime) -> dict[str, Any]:
    row = {name: getattr(fact, name) for name in ParcelFacts.__dataclass_fields__ if name != "order_number"}
    return row | {"tenant_id": tenant_id, "id": uuid7(), "order_id": order_id, "told_at": now}


async def _keep_problems(session: AsyncSession, reading: OrderReading, problems: Sequence[Problem]) -> None:
    if not problems:
        return
    rows = [
        {
            "tenant_id": reading.tenant_id, "id": uuid7(), "reading_id": reading.id, "row_number": one.row,
            "said": one.said, "about": one.column, "typed": one.typed,
        }
        for one in problems
    ]  # fmt: skip
    table = OrderProblem.metadata.tables[OrderProblem.__tablename__]
    await session.execute(insert(table).on_conflict_do_nothing(), rows)
