"""Reads what has been asked for, batch by batch; cut off anywhere, it goes on behind the last batch kept."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from interactions.orders.adapters.table_file import TableFile
from interactions.orders.jobs import ReadOrders
from interactions.orders.keeping import keep_batch
from interactions.orders.models import OrderReading
from interactions.orders.ports import OrderSource
from interactions.orders.readings import (
    ROOM,
    UNEXPECTED,
    end_reading,
    locked_reading,
    send_queued,
    stored_mapping,
)
from interactions.orders.rows import Ground, plain_name
from interactions.orders.values import Batch, ReadingState
from nanori import files
from nanori.db import across_shops, unit_of_work
from nanori.errors import NotFound
from nanori.installation import Installation
from nanori.messages import works_on
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

UNDER_WAY = frozenset({ReadingState.QUEUED, ReadingState.RUNNING, ReadingState.FAILED})

log = structlog.get_logger()


async def send_waiting(installation: Installation, now: datetime) -> None:
    """Each second: what has been asked for becomes a job."""
    async with across_shops(installation.worker) as session:
        await send_queued(session, now=now)


@works_on(ReadOrders)
async def read_orders(house: Installation, wanted: ReadOrders) -> None:
    """Everything that the source has to tell. After a failure the queue tries again, behind what is kept."""
    source = await _begin(house, wanted)
    if source is None:
        return
    cursor, source_of_orders = source
    try:
        async for batch in source_of_orders.batches(cursor):
            if not await _keep(house, wanted, batch, after=cursor):
                return
            cursor = batch.cursor
    except Exception:
        await _end(house, wanted, failure=UNEXPECTED)
        raise
    await _end(house, wanted)


async def _begin(house: Installation, wanted: ReadOrders) -> tuple[str, OrderSource] | None:
    """Where to go on and with what; None when it is over already."""
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        reading = await locked_reading(session, wanted.tenant_id, wanted.reading_id)
        if reading.state not in UNDER_WAY:
            return None
        shop = await shop_by_id(session, wanted.tenant_id)
        if reading.file_id is None:
            raise NotFound
        file = await files.find(session, wanted.tenant_id, reading.file_id, room=ROOM)
        reading.state = ReadingState.RUNNING
        content = house.files.read(wanted.tenant_id, file.id)
        return reading.cursor, source_of(reading, shop, content, now=house.clock.now())


def source_of(reading: OrderReading, shop: Tenant, content: bytes, *, now: datetime) -> TableFile:
    """The file of a reading, with what it means."""
    return TableFile(
        content=content,
        kind=reading.kind,
        mapped=stored_mapping(reading.mapping),
        ground=ground_of(shop, now),
    )


def ground_of(shop: Tenant, now: datetime) -> Ground:
    """Whose rows may be in a file of this shop."""
    names = (shop.brand_name, shop.brand_reading, shop.legal_name, shop.slug)
    return Ground(
        shop_names=frozenset(plain_name(name) for name in names if name), zone=ZoneInfo(shop.zone), now=now
    )


async def _keep(house: Installation, wanted: ReadOrders, batch: Batch, *, after: str) -> bool:
    """False when another worker has gone on meanwhile."""
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        reading = await locked_reading(session, wanted.tenant_id, wanted.reading_id)
        if reading.cursor != after or reading.state is not ReadingState.RUNNING:
            return False
        await keep_batch(session, reading, batch, now=house.clock.now())
        return True


async def _end(house: Installation, wanted: ReadOrders, *, failure: str = "") -> None:
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        reading = await locked_reading(session, wanted.tenant_id, wanted.reading_id)
        end_reading(reading, now=house.clock.now(), failure=failure)
        log.info(
            "orders.read", shop_id=str(wanted.tenant_id), rows=reading.rows_read, refused=reading.refused,
            failed=bool(failure),
        )  # fmt: skip
