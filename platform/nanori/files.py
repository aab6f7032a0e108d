"""Files that belong to a tenant and to a room: attachments, recordings, logos, reports.

Bytes lie under the data folder by tenant and id; the row tells what they are. There is no generic
route to a file: the owning room's page decides who may have it. A file that is removed keeps its row;
its bytes go within seconds of the commit.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from uuid_utils.compat import uuid7

from nanori.db import Base, BigInt, TenantOwned
from nanori.errors import NotFound
from nanori.words import N_


class File(TenantOwned, Base):
    """What one stored file is. Its content never changes."""

    __tablename__ = "file"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        Index(
            "ix_file_to_delete", "removed_at",
            postgresql_where="removed_at IS NOT NULL AND deleted_at IS NULL",
        ),
        Index("ix_file_removal", "tenant_id", "removal_id", postgresql_where="removal_id IS NOT NULL"),
    )  # fmt: skip

    room: Mapped[str]
    name: Mapped[str]  # as given by whoever sent it: data, never a path
    media_type: Mapped[str]
    size: Mapped[BigInt]
    sha256: Mapped[str]
    stored_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # nobody gets it any more; its bytes go in a moment
    removal_id: Mapped[UUID | None]  # with what it was removed: a season, say
    deleted_at: Mapped[datetime | None]  # its bytes are gone


TO_DELETE = and_(File.removed_at.is_not(None), File.deleted_at.is_(None))
"""Files whose bytes are still there although nobody may have them."""


class FileIsGone(NotFound):
    """It was removed: on the shop's word, or with the season that it belonged to."""

    message = N_("This file has been deleted.")


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal took."""

    count: int
    size: int  # bytes


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


async def remove(
    session: AsyncSession, which: ColumnElement[bool], *, removal_id: UUID, now: datetime
) -> Removed:
    """Let files go for good, however many, in one statement; those that are gone stay so.

    The worker deletes the bytes after the commit (a roll-back keeps them); how far it is can be counted by
    ``removal_id``. The caller writes the audit trail.
    """
    gone = (
        update(File)
        .where(which, File.removed_at.is_(None))
        .values(removed_at=now, removal_id=removal_id)
        .returning(File.size)
        .cte()
    )
    count, size = (
        await session.execute(select(func.count(), func.coalesce(func.sum(gone.c.size), 0)).select_from(gone))
    ).one()
    return Removed(count, int(size))


async def still_to_delete(session: AsyncSession, tenant_id: UUID, removal_id: UUID) -> int:
    """Files of a removal whose bytes are still there."""
    found = await session.scalar(
        select(func.count()).where(File.tenant_id == tenant_id, File.removal_id == removal_id, TO_DELETE)
    )
    return found or 0
