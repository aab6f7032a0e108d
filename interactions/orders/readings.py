"""Readings of orders: a file is taken in, its columns are given a meaning, the worker reads it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.orders.columns import Mapped, missing, remembered
from interactions.orders.errors import ReadingBegun, ReadingNotFound
from interactions.orders.jobs import ReadOrders
from interactions.orders.models import ColumnMapping, OrderReading
from interactions.orders.table import Table, read_table
from interactions.orders.values import Column, FileKind, ReadingState, Source
from nanori import files
from nanori.errors import InvalidInput, NotFound
from nanori.files import FileStore
from nanori.messages import send
from nanori.words import N_

ROOM = "interactions"
"""Whose the files are that are read."""
NO_COLUMN = N_("Please choose the column of the file that holds this.")
TWICE = N_("This column of the file is chosen twice.")
CHANGEABLE = frozenset({ReadingState.MAPPING, ReadingState.FAILED})
AWAY = N_("The shop's system does not answer at the moment. What was read is kept; it goes on later.")
UNEXPECTED = N_("Something went wrong. What had been read until then is kept. Please start it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file that has been stored and can be read as a table."""

    file_id: UUID
    name: str
    kind: FileKind
    table: Table
    desk_id: UUID | None = None  # the seasonal desk that it is for


async def take_file(
    session: AsyncSession, tenant_id: UUID, new: NewFile, *, by: UUID, now: datetime
) -> OrderReading:
    """Begin with a file: its columns mean what they meant the last time, or what their headings say."""
    before = await session.get(ColumnMapping, (tenant_id, new.kind))
    mapped = remembered(new.kind, new.table.headings, stored_mapping(before.mapping if before else {}))
    reading = OrderReading(
        tenant_id=tenant_id, id=uuid7(), source=Source.FILE, kind=new.kind, file_id=new.file_id,
        file_name=new.name, desk_id=new.desk_id, encoding=new.table.encoding, mapping=told_mapping(mapped),
        state=ReadingState.MAPPING, rows_total=len(new.table.lines), asked_by=by, asked_at=now,
    )  # fmt: skip
    session.add(reading)
    await session.flush()
    return reading


async def start_reading(
    session: AsyncSession, tenant_id: UUID, reading_id: UUID, mapped: Mapped, *, now: datetime
) -> OrderReading:
    """Have the file read with this mapping, and remember it for the shop's next one.

    Raises:
        InvalidInput: a column is missing or chosen twice; nothing is stored.
        ReadingBegun: it is read already, or has been.
    """
    reading = await locked_reading(session, tenant_id, reading_id)
    check_mapping(reading.kind, mapped)
    if reading.state not in CHANGEABLE:
        raise ReadingBegun
    reading.mapping = told_mapping(mapped)
    await _remember(session, reading, now=now)
    queue_reading(reading)
    await session.flush()
    return reading


def queue_reading(reading: OrderReading) -> None:
    """For the worker, who looks each second: a merchant's login may not send jobs."""
    reading.state = ReadingState.QUEUED
    reading.failure = ""
    reading.sent_at = None
    reading.ended_at = None


def check_mapping(kind: FileKind, mapped: Mapped) -> None:
    """Raises ``InvalidInput`` with a sentence for each column that is wrong."""
    wrong = {meaning.column.value: NO_COLUMN for meaning in missing(kind, mapped)}
    chosen = [heading for parts in mapped.values() for heading in parts]
    for column, parts in mapped.items():
        if any(chosen.count(part) > 1 for part in parts):
            wrong[column.value] = TWICE
    if wrong:
        raise InvalidInput(wrong)


async def send_queued(session: AsyncSession, *, now: datetime) -> int:
    """Give the worker what has been asked for. The transaction is bound to every shop."""
    waiting = await session.scalars(
        select(OrderReading)
        .where(OrderReading.state == ReadingState.QUEUED, OrderReading.sent_at.is_(None))
        .order_by(OrderReading.asked_at)
        .limit(20)
        .with_for_update(skip_locked=True)
    )
    readings = waiting.all()
    for reading in readings:
        reading.sent_at = now
        await send(session, ReadOrders(tenant_id=reading.tenant_id, reading_id=reading.id))
    return len(readings)


async def locked_reading(session: AsyncSession, tenant_id: UUID, reading_id: UUID) -> OrderReading:
    """The reading, nobody else going on with it until the transaction ends.

    Raises:
        ReadingNotFound: not among the shops bound.
    """
    found = await session.get(
        OrderReading, (tenant_id, reading_id), with_for_update=True, populate_existing=True
    )
    if found is None:
        raise ReadingNotFound
    return found


async def table_of(session: AsyncSession, store: FileStore, reading: OrderReading) -> Table:
    """The file of a reading, taken apart.

    Raises:
        NotFound: it has none: a visit to a shop's system.
        FileIsGone: it was removed, as with a season.
    """
    if reading.file_id is None:
        raise NotFound
    file = await files.find(session, reading.tenant_id, reading.file_id, room=ROOM)
    return await asyncio.to_thread(read_table, store.read(reading.tenant_id, file.id))


def end_reading(reading: OrderReading, *, now: datetime, failure: str = "") -> None:
    """It is over: everything was told, or ``failure`` (a msgid) says why it went no further."""
    reading.state = ReadingState.FAILED if failure else ReadingState.DONE
    reading.failure = failure
    reading.ended_at = now


def stored_mapping(stored: Mapping[str, object]) -> dict[Column, tuple[str, ...]]:
    """A mapping out of the database; columns that there are no more are dropped."""
    known = {column.value for column in Column}
    return {
        Column(name): tuple(str(part) for part in parts)
        for name, parts in stored.items()
        if name in known and isinstance(parts, list)
    }


def told_mapping(mapped: Mapped) -> dict[str, list[str]]:
    return {column.value: list(parts) for column, parts in mapped.items() if parts}


async def _remember(session: AsyncSession, reading: OrderReading, *, now: datetime) -> None:
    values = {"mapping": reading.mapping, "saved_at": now}
    await session.execute(
        insert(ColumnMapping)
        .values(tenant_id=reading.tenant_id, kind=reading.kind, **values)
        .on_conflict_do_update(index_elements=[ColumnMapping.tenant_id, ColumnMapping.kind], set_=values)
    )
