"""Files that belong to a tenant and to a room: attachments, recordings, logos, reports.

Bytes lie under the data folder by tenant and id; the row tells what they are. There is no generic
route to a file: the owning room's page decides who may have it.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from uuid_utils.compat import uuid7

from nanori.db import Base, BigInt, TenantOwned
from nanori.errors import NotFound


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
    """
    file = await session.get(File, (tenant_id, file_id))
    if file is None or file.room != room:
        raise NotFound
    return file
