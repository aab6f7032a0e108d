"""The end of a season's data: handed over or deleted, and what the close gate asks of it."""

from io import BytesIO
from uuid import UUID
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.season_models import Season
from desks.values import DataEnd, DeskState
from interactions.orders import readings
from interactions.orders.readings import NewFile
from interactions.orders.table import read_table
from interactions.orders.values import FileKind
from nanori import files
from nanori.actors import SYSTEM
from nanori.audit import AuditEntry
from nanori.context import Context
from nanori.db import bind_all_shops
from nanori.files import File, FileIsGone, FileStore
from nanori_app.pages.season.data import sent_archive
from tenants.models import Tenant
from tenants.worker import delete_bytes
from tests.support.clock import START
from tests.support.people import signed_in
from tests.support.season_pages import Stand, a_stand, missing, scheduled, supervisor, the_season

ORDERS = "注文番号,注文日\nA-1,2026/11/01\n".encode()


@pytest.fixture
async def stand(session: AsyncSession) -> Stand:
    return await a_stand(session)


async def test_the_close_gate_names_what_is_left_and_lets_the_finished_desk_go(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        base = await scheduled(client, stand)
        desk, season = await the_season(session)
        desk.state = DeskState.CLOSING
        await session.commit()
        assert missing((await client.get(base)).text) == {"memo", "data", "report"}
        assert (await client.post(f"{base}/moves", data={"to": "closed"})).status_code == 422
        await client.post(f"{base}/memo", data={"memo": "来年は1名多く。", "data_end": "deleted"})
        assert missing((await client.get(base)).text) == {"data", "report"}
        house = app.state.installation
        file = await _uploaded(session, stand.shop, season, house.files, stand.agents[0].id, desk.id)
        kept = await _uploaded(session, stand.shop, season, house.files, stand.agents[0].id)
        archive = await client.post(f"{base}/data/archive")
        assert missing((await client.get(base)).text) == {"data", "report"}
        await client.post(f"{base}/data/deletion")
        under_way = (await client.get(base)).text
        assert missing(under_way) == {"data", "report"}
        assert "0/1" in under_way
        assert "1件の受注データ" in under_way
        for _ in range(2):
            await delete_bytes(house, START)
        assert missing((await client.get(base)).text) == {"report"}

    with ZipFile(BytesIO(archive.content)) as packed:
        assert packed.namelist() == ["log.csv", "interactions/00001-orders.csv"]
        assert packed.read("interactions/00001-orders.csv") == ORDERS
    assert (await the_season(session))[1].memo == "来年は1名多く。"
    assert not house.files.has(file.tenant_id, file.id)
    await session.refresh(file)
    with pytest.raises(FileIsGone):
        await files.find(session, file.tenant_id, file.id, room=readings.ROOM)
    assert await files.find(session, kept.tenant_id, kept.id, room=readings.ROOM)
    told = select(AuditEntry.detail).where(AuditEntry.action == "season.data_deleted")
    assert (await session.scalars(told)).all() == [{"files": 1, "bytes": len(ORDERS)}]


async def test_the_data_is_returned_when_the_archive_has_been_sent_and_not_before(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        await client.post(stand.new, data={**stand.plan, "then": "draft"})
    desk, season = await the_season(session)
    desk.state, season.data_end = DeskState.CLOSING, DataEnd.RETURNED
    await session.commit()
    context = Context(
        actor=SYSTEM, name="", roles=frozenset(), shops=frozenset(), locale="ja", zone=ZoneInfo("Asia/Tokyo"),
        now=START, request_id=uuid7(),
    )  # fmt: skip
    address = (stand.shop.tenant_id, season.id)

    broken_off = sent_archive(app.state.installation, context, address, [], b"log")
    assert (await anext(broken_off)).startswith(b"PK")
    await broken_off.aclose()
    assert (await the_season(session))[1].data_ended_at is None

    assert [one async for one in sent_archive(app.state.installation, context, address, [], b"log")]
    assert (await the_season(session))[1].data_ended_at == START


async def _uploaded(
    session: AsyncSession,
    shop: Tenant,
    season: Season,
    store: FileStore,
    by: UUID,
    desk_id: UUID | None = None,
) -> File:
    """A table of orders that came on the season's first day, for its desk or for none."""
    file = await files.keep(
        session, shop.tenant_id, store=store, room=readings.ROOM, name="orders.csv", media_type="text/csv",
        content=ORDERS, now=season.opens_at,
    )  # fmt: skip
    new = NewFile(
        file_id=file.id, name=file.name, kind=FileKind.ORDERS, table=read_table(ORDERS), desk_id=desk_id
    )
    await readings.take_file(session, shop.tenant_id, new, by=by, now=season.opens_at)
    await session.commit()
    await bind_all_shops(session)
    return file
