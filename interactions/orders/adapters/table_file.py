"""Orders and shipments out of a file that somebody of the shop, or one of us, has chosen."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from interactions.orders.columns import Mapped
from interactions.orders.rows import Ground, Rows, in_batches, read_rows
from interactions.orders.table import read_table
from interactions.orders.values import Batch, FileKind

BATCH_SIZE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """``mapped`` says which headings hold what. The cursor counts batches."""

    content: bytes
    kind: FileKind
    mapped: Mapped
    ground: Ground

    async def batches(self, after: str) -> AsyncIterator[Batch]:
        rows = await asyncio.to_thread(self._read)
        done = int(after or 0)
        for number, (told, problems) in enumerate(in_batches(rows, BATCH_SIZE), start=1):
            if number > done:
                yield Batch(
                    told=tuple(told),
                    problems=tuple(problems),
                    rows=sum(len(one.rows) for one in told) + len(problems),
                    cursor=str(number),
                )

    def _read(self) -> Rows:
        return read_rows(read_table(self.content), self.kind, self.mapped, self.ground)
