"""Reads what has been asked for, batch by batch; cut off anywhere, it goes on behind the last batch kept."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from interactions.alarms import SHOPIFY_REFUSED, SHOPIFY_UNCLEAR
from interactions.orders.adapters.table_file import TableFile
from interactions.orders.connections import ask_due, login_of, note_told, put_off
from interactions.orders.errors import SourceAway, SourceRefused, SourceUnclear
from interactions.orders.jobs import ReadOrders
from interactions.orders.keeping import keep_batch
from interactions.orders.models import OrderReading
from interactions.orders.ports import SHOPIFY, OrderSource
from interactions.orders.readings import (
    AWAY,
    ROOM,
    UNEXPECTED,
    end_reading,
    locked_reading,
    send_queued,
    stored_mapping,
)
from interactions.orders.rows import Ground, plain_name
from interactions.orders.values import Batch, ReadingState, Source
from nanori import files
from nanori.alerts import raise_alert, settle_alert
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


async def visit_shops(house: Installation, now: datetime) -> None:
    """Every few minutes: whatever is new in the systems that are connected is asked for."""
    every = timedelta(minutes=house.settings.shopify_every_minutes)
    async with across_shops(house.worker) as session:
        await ask_due(session, every=every, now=now)


@works_on(ReadOrders)
async def read_orders(house: Installation, wanted: ReadOrders) -> None:
    """Everything that the source has to tell. After a failure the queue tries again, behind what is kept.

    Where a person has to act first it does not: the reading says who and how, and an alert is raised.
    """
    try:
        begun = await _begin(house, wanted)
        if begun is None or not await _read(house, wanted, *begun):
            return
    except SourceRefused as refusal:
        await _end(house, wanted, failure=refusal.said)
        await _tell_refusal(house, wanted.tenant_id, refusal)
        return
    except SourceAway:
        await _end(house, wanted, failure=AWAY)
        raise
    except Exception:
        await _end(house, wanted, failure=UNEXPECTED)
        raise
    await _end(house, wanted)


async def _read(house: Installation, wanted: ReadOrders, cursor: str, source: OrderSource) -> bool:
    """False when another worker has gone on meanwhile."""
    async for batch in source.batches(cursor):
        if not await _keep(house, wanted, batch, after=cursor):
            return False
        cursor = batch.cursor
    return True


async def _begin(house: Installation, wanted: ReadOrders) -> tuple[str, OrderSource] | None:
    """Where to go on and with what; None when it is over already."""
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        reading = await locked_reading(session, wanted.tenant_id, wanted.reading_id)
        if reading.state not in UNDER_WAY:
            return None
        reading.state = ReadingState.RUNNING
        shop = await shop_by_id(session, wanted.tenant_id)
        now = house.clock.now()
        if reading.source is Source.SHOPIFY:
            login = await login_of(session, wanted.tenant_id, secret_key=house.settings.secret_key)
            system = house.port(SHOPIFY)
            return reading.cursor, system.orders(login, ground_of(shop, now), since=reading.since)
        if reading.file_id is None:
            raise NotFound
        file = await files.find(session, wanted.tenant_id, reading.file_id, room=ROOM)
        content = house.files.read(wanted.tenant_id, file.id)
        return reading.cursor, source_of(reading, shop, content, now=now)


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
        if batch.told_to is not None:
            await note_told(session, reading, to=batch.told_to)
        return True


async def _tell_refusal(house: Installation, tenant_id: UUID, refusal: SourceRefused) -> None:
    now = house.clock.now()
    alarm, detail = SHOPIFY_REFUSED, ""
    if isinstance(refusal, SourceUnclear):
        alarm, detail = SHOPIFY_UNCLEAR, refusal.detail
    async with unit_of_work(house.worker, [tenant_id]) as session:
        await put_off(session, tenant_id, now=now)
        await raise_alert(session, alarm, str(tenant_id), now=now, shop_id=tenant_id, detail=detail)


async def _end(house: Installation, wanted: ReadOrders, *, failure: str = "") -> None:
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        reading = await locked_reading(session, wanted.tenant_id, wanted.reading_id)
        end_reading(reading, now=house.clock.now(), failure=failure)
        log.info(
            "orders.read", shop_id=str(wanted.tenant_id), rows=reading.rows_read, refused=reading.refused,
            failed=bool(failure),
        )  # fmt: skip
        if reading.source is Source.SHOPIFY and not failure:
            for alarm in (SHOPIFY_REFUSED, SHOPIFY_UNCLEAR):
                await settle_alert(session, alarm, str(wanted.tenant_id), now=house.clock.now())
