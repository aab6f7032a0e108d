"""Files that belong to a tenant and to a room: attachments, recordings, logos, reports.

Bytes lie under the data folder by tenant and id; the row tells what they are. There is no generic
route to a file: the owning room's page decides who may have it. A file that is removed keeps its row;
its bytes go as soon as the removal is committed.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from uuid_utils.compat import uuid7

from nanori import audit
from nanori.context import Context
from nanori.db import Base, BigInt, TenantOwned
from nanori.errors import NotFound
from nanori.messages import Message, send
from nanori.words import N_


class File(TenantOwned, Base):
    """What one stored file is. Its content never changes."""

    __tablename__ = "file"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),)

    room: Mapped[str]
    name: Mapped[str]  # as given by whoever sent it: data, never a path
    media_type: Mapped[str]
    size: Mapped[BigInt]
    sha256: Mapped[str]
    stored_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # its bytes are gone, or go in a moment


class FileIsGone(NotFound):
    """It was removed: on the shop's word, or with the season that it belonged to."""

    message = N_("This file has been deleted.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRemoved(Message):
    """The row says so: the bytes may go."""

    file_id: UUID


@dataclass(frozen=True, slots=True)
class FileStore:
    """A local folder that keeps the bytes."""

    folder: Path

    def path(self, tenant_id: UUID, file_id: UUID) -> Path:
        return self.folder / str(tenant_id) / str(file_id)

    def write(self, tenant_id: UUID, file_id: UUID, content: bytes) -> None:
        """Store bytes so that a crash leaves either the whole file or none."""
        target = self.path(tenant_id, file_id)
        for folder in (self.folder, target.parent):  # for nobody else on this machine
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = target.with_suffix(".part")
        with half.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        half.replace(target)

    def read(self, tenant_id: UUID, file_id: UUID) -> bytes:
        return self.path(tenant_id, file_id).read_bytes()

    def read_part(self, tenant_id: UUID, file_id: UUID, first: int, last: int) -> bytes:
        """Bytes from ``first`` until ``last``, both included."""
        with self.path(tenant_id, file_id).open("rb") as stream:
            stream.seek(first)
            return stream.read(last - first + 1)

    def is_whole(self, file: File) -> bool:
        """Are as many bytes there as were stored?"""
        path = self.path(file.tenant_id, file.id)
        return path.is_file() and path.stat().st_size == file.size

    def delete(self, tenant_id: UUID, file_id: UUID) -> None:
        """Let go of the bytes; without any nothing happens."""
        self.path(tenant_id, file_id).unlink(missing_ok=True)

    def has(self, tenant_id: UUID, file_id: UUID) -> bool:
        """Are the bytes still there?"""
        return self.path(tenant_id, file_id).is_file()


async def keep(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    store: FileStore,
    room: str,
    name: str,
    media_type: str,
    content: bytes,
    now: datetime,
) -> File:
    """Store ``content`` for a tenant and return its row; a roll-back leaves only an unnamed file."""
    file = File(
        tenant_id=tenant_id,
        id=uuid7(),
        room=room,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_at=now,
    )
    store.write(tenant_id, file.id, content)
    session.add(file)
    await session.flush()
    return file


async def find(session: AsyncSession, tenant_id: UUID, file_id: UUID, *, room: str) -> File:
    """The row of one file of that room.

    Raises:
        NotFound: no such file of that room among the tenants bound.
        FileIsGone: it was removed.
    """
    file = await session.get(File, (tenant_id, file_id))
    if file is None or file.room != room:
        raise NotFound
    if file.removed_at is not None:
        raise FileIsGone
    return file


async def remove(session: AsyncSession, context: Context, removed: Sequence[File], *, why: str) -> None:
    """Let files go for good, each with its row in the audit trail; those that are gone stay so.

    The worker deletes the bytes after the commit: a roll-back keeps them.
    """
    for file in removed:
        if file.removed_at is not None:
            continue
        file.removed_at = context.now
        detail = {"room": file.room, "bytes": file.size, "why": why}
        await audit.record(
            session, context, "file.removed", shop_id=file.tenant_id, subject_id=file.id, detail=detail
        )
        await send(session, FileRemoved(tenant_id=file.tenant_id, file_id=file.id))
    await session.flush()
