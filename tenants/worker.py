"""What belongs to every shop and is done after the commit."""

import asyncio

from nanori.db import unit_of_work
from nanori.files import File, FileRemoved
from nanori.installation import Installation
from nanori.messages import works_on


@works_on(FileRemoved)
async def delete_bytes(house: Installation, news: FileRemoved) -> None:
    """Delete the bytes of a file whose row says that it is removed; again changes nothing."""
    async with unit_of_work(house.worker, [news.tenant_id]) as session:
        file = await session.get(File, (news.tenant_id, news.file_id))
        if file is None or file.removed_at is None:
            return
    await asyncio.to_thread(house.files.delete, news.tenant_id, news.file_id)
