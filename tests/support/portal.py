"""A shop's people at the portal, asking for what it hands out."""

import csv
import io
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy import event, select

from nanori.audit import AuditEntry
from nanori.db import across_shops
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from tests.support.world import Who, World, build_world


@dataclass
class PortalHouse:
    """The application over two shops; each question is asked by its own browser."""

    client: AsyncTestClient[Litestar]
    house: Installation
    world: World

    async def file(self, name: str, who: Who = Who.MERCHANT, *, theirs: bool = False) -> tuple[int, bytes]:
        """Status and content of a file of my shop, or of the other one."""
        side = self.world.other if theirs else self.world.mine
        self.client.cookies.clear()
        place = f"/portal/{side.ids['tenant_id']}/files/{name}"
        found = await self.client.get(place, headers=dict(self.world.headers[who]))
        return found.status_code, found.content

    async def told(self, name: str) -> dict[str, Any]:
        status, body = await self.file(f"{name}.json")
        assert status == 200
        found: dict[str, Any] = json.loads(body)
        return found

    async def rows(self, name: str) -> list[dict[str, str]]:
        status, body = await self.file(f"{name}.csv")
        assert status == 200
        return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))

    async def page(self, place: str, who: Who = Who.MERCHANT) -> tuple[int, str]:
        self.client.cookies.clear()
        found = await self.client.get(place, headers=dict(self.world.headers[who]))
        return found.status_code, found.text

    async def handed_out(self) -> list[str]:
        """What the audit trail says was handed out, in order of its name."""
        asked = select(AuditEntry.detail).where(AuditEntry.action == "portal.downloaded")
        async with across_shops(self.house.staff) as session:
            return sorted([one["file"] for one in await session.scalars(asked)])

    def statements(self) -> Callable[[], int]:
        """From now on; the answer says how many."""
        said: list[str] = []
        for engine in self.house.engines:
            event.listen(engine.sync_engine, "before_cursor_execute", lambda *news: said.append(news[2]))
        return lambda: len(said)


@asynccontextmanager
async def portal_house(clone: Installation) -> AsyncGenerator[PortalHouse]:
    async with across_shops(clone.staff) as session:
        world = await build_world(session, clone.settings)
    with borrowed_app(clone) as app:
        async with AsyncTestClient(app, base_url="http://testserver.local") as client:
            yield PortalHouse(client, clone, world)
