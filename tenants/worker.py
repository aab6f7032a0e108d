"""What belongs to every shop and is done by itself."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select, update

from nanori import live
from nanori.db import across_shops, among
from nanori.files import TO_DELETE, File, FileStore
from nanori.installation import Installation

AT_ONCE = 500
"""Files whose bytes go in one round: callers wait for other rounds of this worker."""

log = structlog.get_logger()


async def delete_bytes(house: Installation, now: datetime) -> None:
    """Each second: the bytes of the next files that were removed. Cut off anywhere, the rest is still due."""
    async with across_shops(house.worker) as session:
        asked = select(File.tenant_id, File.id).where(TO_DELETE).order_by(File.removed_at, File.id)
        found = (await session.execute(asked.limit(AT_ONCE))).all()
    due = [(row.tenant_id, row.id) for row in found]
    gone = await asyncio.to_thread(_delete, house.files, due)
    async with across_shops(house.worker) as session:
        await session.execute(
            update(File)
            .where(
                among(File.tenant_id, {shop for shop, _ in gone}),
                among(File.id, [file_id for _, file_id in gone]),
            )
            .values(deleted_at=now)
            .execution_options(synchronize_session=False)
        )
        await live.announce(session, live.FLOOR, "season")


def _delete(store: FileStore, due: Sequence[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
    """Those that are gone now; one that cannot be deleted keeps no other."""
    gone = []
    for tenant_id, file_id in due:
        try:
            store.delete(tenant_id, file_id)
        except OSError as problem:
            log.warning("files.not_deleted", file_id=str(file_id), error=type(problem).__name__)
        else:
            gone.append((tenant_id, file_id))
    return gone
