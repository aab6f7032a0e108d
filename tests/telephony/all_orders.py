"""Every order of a call's reports, each told again wherever that may happen, in as few steps as prove it.

Depth first over savepoints: orders that begin alike share their beginning. Where two orders of the same
reports have led to the very same rows, what follows is the same too and is walked once. At each such point
every report that was told is told again, which must change nothing: so it may be repeated anywhere.
"""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nanori.db import ALL_SHOPS
from telephony.alarms import WEBHOOKS_REPEATED

ROWS = (
    "call", "leg", "recording", "callback", "interaction", "interaction_event", "case", "escalation_run",
    "escalation_attempt", "waiting", "offer", "engagement", "seat", "presence_interval", "alert",
)  # fmt: skip
"""What a call leaves behind; with the orders to the carrier, all that a later report could find."""
ON_THE_WAY = "carrier_order"
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
READ = text(
    " UNION ALL ".join(
        f"SELECT '{name}' AS of_table, to_jsonb(x) - 'seq' AS row FROM \"{name}\" x"  # noqa: S608 - our own
        for name in (*ROWS, ON_THE_WAY)
    )
)
"""Events keep no number: in which order they were told is what differs."""


@dataclass(kw_only=True)
class Walk:
    """``ends``: each different end, and the first order that led there."""

    connection: AsyncConnection
    tell: Callable[[str], Awaitable[None]]
    reports: tuple[str, ...]
    ends: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _known: dict[tuple[frozenset[str], str], int] = field(default_factory=dict)
    _names: frozenset[str] = frozenset()

    async def all_orders(self) -> int:
        """How many orders were proved. The clock must stand still."""
        await self.connection.execute(ALL_SHOPS)
        self._names = frozenset(UUIDS.findall(json.dumps(await self._rows())))
        return await self._from((), await self._state())

    async def _from(self, told: tuple[str, ...], state: str) -> int:
        key = (frozenset(told), state)
        if key in self._known:
            return self._known[key]
        for what in told:
            await self.tell(what)
        assert await self._state() == state, f"a repeat of {told} has changed something"
        orders = await self._on(told) if len(told) < len(self.reports) else self._end(told, state)
        self._known[key] = orders
        return orders

    def difference(self) -> str:
        """Two orders that ended differently, and in what; "" when there are none."""
        if len(self.ends) < 2:
            return ""
        (one, order), (other, other_order), *_ = self.ends.items()
        lines = unified_diff(one.splitlines(), other.splitlines(), str(order), str(other_order), n=0)
        return "\n".join(lines)

    async def _on(self, told: tuple[str, ...]) -> int:
        orders = 0
        for what in self.reports:
            if what in told:
                continue
            point = await self.connection.begin_nested()
            await self.tell(what)
            orders += await self._from((*told, what), await self._state())
            await point.rollback()
        return orders

    def _end(self, told: tuple[str, ...], state: str) -> int:
        rows = [line for line in state.splitlines() if not line.startswith(ON_THE_WAY)]
        self.ends.setdefault("\n".join(rows), told)
        return 1

    async def _state(self) -> str:
        """All rows; ids of rows that did not exist at the start are one like another."""
        lines = [
            f"{name} {json.dumps(row, sort_keys=True, ensure_ascii=False)}"
            for name, row in await self._rows()
        ]
        return "\n".join(sorted(UUIDS.sub(self._known_name, line) for line in lines))

    def _known_name(self, found: re.Match[str]) -> str:
        return found[0] if found[0] in self._names else "new"

    async def _rows(self) -> list[tuple[str, dict[str, Any]]]:
        rows = await self.connection.execute(READ)
        return [(one.of_table, one.row) for one in rows if one.row.get("kind") != WEBHOOKS_REPEATED.name]
