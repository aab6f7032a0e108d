"""Files of a shop and of a room: whole or not there, and never by the name that somebody gave them."""

import hashlib
import os
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import files
from nanori.db import bind_tenants
from nanori.errors import NotFound
from nanori.files import File, FileStore
from tests.support.clock import START
from tests.support.people import a_shop

CONTENT = "請求書".encode()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


async def kept(session: AsyncSession, store: FileStore, tenant_id: UUID, name: str = "請求書.txt") -> File:
    return await files.keep(
        session, tenant_id, store=store, room="mailroom", name=name, media_type="text/plain",
        content=CONTENT, now=START,
    )  # fmt: skip


async def test_a_file_comes_back_with_what_is_known_of_it(session: AsyncSession, store: FileStore) -> None:
    shop = await a_shop(session)
    file = await kept(session, store, shop.tenant_id)
    found = await files.find(session, shop.tenant_id, file.id, room="mailroom")

    assert store.read(shop.tenant_id, found.id) == CONTENT
    assert (found.name, found.size) == ("請求書.txt", len(CONTENT))
    assert found.sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "\u202egpj.exe", "." * 300])
async def test_a_name_is_data_and_never_a_path(session: AsyncSession, store: FileStore, name: str) -> None:
    shop = await a_shop(session)
    file = await kept(session, store, shop.tenant_id, name)

    written = [path for path in store.folder.rglob("*") if path.is_file()]
    assert written == [store.folder / str(shop.tenant_id) / str(file.id)]


async def test_another_room_or_another_shop_finds_nothing(session: AsyncSession, store: FileStore) -> None:
    shop, other = await a_shop(session), await a_shop(session)
    file = await kept(session, store, shop.tenant_id)

    with pytest.raises(NotFound):
        await files.find(session, shop.tenant_id, file.id, room="telephony")
    with pytest.raises(NotFound):
        await files.find(session, other.tenant_id, file.id, room="mailroom")
    await bind_tenants(session, [other.tenant_id])
    session.expunge_all()
    with pytest.raises(NotFound):
        await files.find(session, shop.tenant_id, file.id, room="mailroom")


def test_a_write_that_breaks_off_leaves_the_old_bytes(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id, file_id = uuid7(), uuid7()
    store.write(tenant_id, file_id, b"old")

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        store.write(tenant_id, file_id, b"new")

    assert store.read(tenant_id, file_id) == b"old"


def test_the_folders_of_files_are_closed_to_everybody_else(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    tenant_id, file_id = uuid7(), uuid7()
    store.write(tenant_id, file_id, b"secret")

    modes = {
        folder.stat().st_mode & 0o777 for folder in (store.folder, store.path(tenant_id, file_id).parent)
    }
    assert modes == {0o700}
