"""Many files go at once: one statement, and a worker that may be stopped anywhere."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import files
from nanori.db import bind_all_shops
from nanori.files import File, FileStore
from tenants import worker
from tests.nanori_app.pages.floor.test_board import statements
from tests.support.clock import START
from tests.support.people import a_shop

MANY, BATCH = 25, 10


def stored_in(store: FileStore) -> int:
    return len(list(store.folder.glob("*/*")))


class Stopped(BaseException):
    """The process is killed."""


class Killed(FileStore):
    """Stops in the middle of a batch."""

    def delete(self, tenant_id: UUID, file_id: UUID) -> None:
        if stored_in(self) == MANY - BATCH - 3:
            raise Stopped
        super().delete(tenant_id, file_id)


async def test_a_removal_is_one_statement_and_a_worker_that_is_killed_goes_on_where_it_was(
    app: Litestar, session: AsyncSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AT_ONCE", BATCH)
    shop, removal_id = (await a_shop(session)).tenant_id, uuid7()
    house = replace(app.state.installation, files=FileStore(tmp_path))
    for number in range(MANY):
        await files.keep(
            session, shop, store=house.files, room="telephony", name=f"{number}.wav", media_type="audio/wav",
            content=b"12", now=START,
        )  # fmt: skip
    with statements(session) as said:
        gone = await files.remove(session, File.tenant_id == shop, removal_id=removal_id, now=START)
    assert (gone.count, gone.size) == (MANY, 2 * MANY)
    assert len(said) == 1
    again = await files.remove(session, File.tenant_id == shop, removal_id=uuid7(), now=START)
    assert again.count == 0
    await session.commit()

    await worker.delete_bytes(house, START)
    with pytest.raises(Stopped):
        await worker.delete_bytes(replace(house, files=Killed(tmp_path)), START)
    await bind_all_shops(session)
    assert await files.still_to_delete(session, shop, removal_id) == MANY - BATCH
    while await files.still_to_delete(session, shop, removal_id):
        await worker.delete_bytes(house, START)
        await bind_all_shops(session)

    assert stored_in(house.files) == 0
    rows = await session.scalars(select(File).execution_options(populate_existing=True))
    assert {(one.removed_at, one.removal_id, one.deleted_at) for one in rows} == {(START, removal_id, START)}


async def test_a_file_that_cannot_be_deleted_keeps_no_other(
    app: Litestar, session: AsyncSession, tmp_path: Path
) -> None:
    shop, removal_id = (await a_shop(session)).tenant_id, uuid7()
    house = replace(app.state.installation, files=FileStore(tmp_path))
    stuck, other = [
        await files.keep(
            session, shop, store=house.files, room="telephony", name="1.wav", media_type="audio/wav",
            content=b"12", now=START,
        )
        for _ in range(2)
    ]  # fmt: skip
    await files.remove(session, File.tenant_id == shop, removal_id=removal_id, now=START)
    await session.commit()
    house.files.delete(shop, stuck.id)
    house.files.path(shop, stuck.id).mkdir()

    await worker.delete_bytes(house, START)

    await bind_all_shops(session)
    assert await files.still_to_delete(session, shop, removal_id) == 1
    assert not house.files.has(shop, other.id)
