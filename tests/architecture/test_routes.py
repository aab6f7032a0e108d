"""Every route of the route table, as everybody: who gets in, and what the others are told.

The table of who gets in is ``route_cases.py``.
"""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest
from httpx import Response
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler
from litestar.testing import AsyncTestClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker
from uuid_utils.compat import uuid7

from nanori.actors import Role
from nanori.db import bind_all_shops
from nanori.files import FileStore
from nanori.installation import Installation, connect, plain_url
from nanori.live import Hub
from nanori.messages import Post
from nanori.settings import LoginKind, Settings
from nanori.web.access import AccessUndeclared, check_declared, declared
from nanori.web.access import Door as DoorKind
from nanori_app.asgi import build_app
from nanori_app.post import build_post
from nanori_app.tables import METADATA
from telephony.ports import SIMULATED_PHONE
from tests.architecture.doors import Case
from tests.architecture.route_cases import ROUTES
from tests.support.clock import START, TestClock
from tests.support.world import Who, World, build_world, play

PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ROWS = """
    SELECT '{name}', md5(string_agg(t::text, ',' ORDER BY t::text))
    FROM "{name}" AS t WHERE tenant_id = :tenant
"""
ALL_ROWS = " UNION ALL ".join(
    ROWS.format(name=name) for name, table in METADATA.tables.items() if "tenant_id" in table.columns
)
NOT_SIGNED_IN = {Who.ANONYMOUS, Who.DISABLED, Who.EXPIRED}
FOREIGN = {Who.FOREIGN_AGENT: Who.AGENT, Who.FOREIGN_MERCHANT: Who.MERCHANT}
ROLE_OF = {
    Who.AGENT: Role.AGENT, Who.SUPERVISOR: Role.SUPERVISOR, Who.OPERATOR: Role.OPERATOR,
    Who.MERCHANT: Role.MERCHANT,
}  # fmt: skip


def routes_of(app: Litestar) -> dict[str, HTTPRouteHandler]:
    """``GET /path/{id}`` by handler; HEAD and OPTIONS are answered along with GET."""
    found: dict[str, HTTPRouteHandler] = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in sorted(set(handler.http_methods) - {"OPTIONS", "HEAD"}):
                found[f"{method} {route.path_format}"] = handler
    return dict(sorted(found.items()))  # parallel processes must list the same tests


def app_without_database() -> Litestar:
    settings = Settings(
        database_url="postgresql://nobody@localhost/none", secret_key="x" * 40, vendor_dir=Path("var/vendor")
    )
    return build_app(connect(settings, build_post(settings.url_for(LoginKind.STAFF))), listens=False)


HANDLERS = routes_of(app_without_database())


def ids_in(route: str) -> list[str]:
    """Names of the ids that the address of a route carries."""
    parts = [ROUTES[route].values.get(name, f"{{{name}}}") for name in PARAMETER.findall(route)]
    return [name for part in parts for name in PARAMETER.findall(part)]


KNOWN = [route for route in HANDLERS if route in ROUTES]
WITH_IDS = [route for route in KNOWN if ids_in(route) and ROUTES[route].allowed]
WITH_SEVERAL = [route for route in WITH_IDS if "tenant_id" in ids_in(route) and len(ids_in(route)) > 1]


@dataclass(frozen=True, slots=True)
class Walk:
    """The application over a world in one transaction; each step is undone after it."""

    client: AsyncTestClient[Litestar]
    connection: AsyncConnection
    sessions: async_sessionmaker[AsyncSession]
    world: World

    @asynccontextmanager
    async def step(self, case: Case) -> AsyncGenerator[tuple[dict[str, UUID], dict[str, UUID]]]:
        """The scene is played on both sides; their ids, mine first. Whatever happens is undone."""
        async with self.connection.begin_nested() as nothing_happened:
            mine, other = dict(self.world.mine.ids), dict(self.world.other.ids)
            if case.scene:
                async with self.sessions.begin() as session:
                    await bind_all_shops(session)
                    mine |= await play(session, self.world.mine, case.scene, now=START)
                    other |= await play(session, self.world.other, case.scene, now=START)
            yield mine, other
            await nothing_happened.rollback()

    async def rows_of(self, tenant_id: UUID) -> set[tuple[str, str | None]]:
        """A digest of every table's rows of a shop: whoever changed one of them changed this."""
        async with self.sessions() as session:
            await bind_all_shops(session)
            rows = await session.execute(text(ALL_ROWS), {"tenant": tenant_id})
            return {(name, digest) for name, digest in rows}

    async def ask(self, route: str, case: Case, who: Who, ids: Mapping[str, UUID]) -> Response:
        method, template = route.split(" ", 1)
        known = {name: str(value) for name, value in ids.items()}
        texts = {name: said.format(**known) for name, said in case.values.items()}
        path = PARAMETER.sub(lambda found: quote(texts.get(found[1]) or known[found[1]]), template)
        form = {name: said.format(**known) for name, said in case.form.items()}
        self.client.cookies.clear()
        return await self.client.request(
            method, path, headers=dict(self.world.headers[who]), data=form if method == "POST" else None,
            follow_redirects=False,
        )  # fmt: skip


class DeadPhone:
    """A simulated telephone on which nothing happens."""

    async def connect(self, identity: str, leg: str) -> None: ...

    async def disconnect(self, identity: str) -> None: ...


@pytest.fixture(scope="module")
async def walk(staff_engine: AsyncEngine, post: Post, shared_settings: Settings) -> AsyncGenerator[Walk]:
    async with staff_engine.connect() as connection, connection.begin() as transaction:
        sessions = async_sessionmaker(
            connection, class_=AsyncSession, expire_on_commit=False,
            join_transaction_mode="create_savepoint", info={"post": post},
        )  # fmt: skip
        house = Installation(
            settings=shared_settings, clock=TestClock(START), staff=sessions, merchant=sessions,
            worker=sessions, files=FileStore(shared_settings.data_dir / "files"),
            hub=Hub(plain_url(shared_settings.url_for(LoginKind.STAFF))),
            plugged={SIMULATED_PHONE: DeadPhone()},
        )  # fmt: skip
        async with sessions.begin() as session:
            world = await build_world(session, shared_settings)
        app = build_app(house, listens=False)
        async with AsyncTestClient(app, base_url="http://testserver.local") as client:
            yield Walk(client, connection, sessions, world)
        await transaction.rollback()


def random_ids(ids: Mapping[str, UUID]) -> dict[str, UUID]:
    return {name: uuid7() for name in ids}


def without_ids(answer: Response) -> tuple[int, str]:
    """What is left to tell answers apart when ids and request numbers are taken out."""
    return answer.status_code, ID.sub("…", answer.text)


def test_every_route_has_its_entry_and_no_entry_is_stale() -> None:
    missing, stale = sorted(set(HANDLERS) - set(ROUTES)), sorted(set(ROUTES) - set(HANDLERS))
    assert not missing, f"add to route_cases.py who gets in: {missing}"
    assert not stale, f"take out of route_cases.py: {stale}"


@pytest.mark.parametrize("route", KNOWN)
def test_a_handler_declares_the_roles_that_its_entry_names(route: str) -> None:
    access, case = declared(HANDLERS[route]), ROUTES[route]
    if case.everybody is not None:
        assert access.door is not DoorKind.ROLES
        assert access.why
    elif case.allowed:
        assert access.roles == {ROLE_OF[who] for who in case.allowed}


def test_the_application_does_not_start_with_a_handler_that_names_nobody() -> None:
    @get("/forgotten")
    async def forgotten() -> None: ...

    with pytest.raises(AccessUndeclared, match="forgotten"):
        check_declared(Litestar([forgotten], openapi_config=None))


@pytest.mark.parametrize("route", KNOWN)
async def test_only_those_of_the_entry_get_in(walk: Walk, route: str) -> None:
    case = ROUTES[route]
    told, wanted = {}, {}
    for who in Who:
        wanted[who] = expected(route, case, who)
        if case.stream and wanted[who] == case.allowed.get(FOREIGN.get(who, who)):
            told[who] = wanted[who]
            continue
        async with walk.step(case) as (mine, _):
            answer = await walk.ask(route, case, who, mine)
        told[who] = answer.status_code
        if who in NOT_SIGNED_IN and case.everybody is None:
            assert answer.headers["location"].startswith("/login")

    assert told == wanted


def expected(route: str, case: Case, who: Who) -> int:
    if case.everybody is not None:
        if route == "GET /login" and who not in NOT_SIGNED_IN:
            return 303
        return case.everybody
    if who in NOT_SIGNED_IN:
        return 303
    if who in FOREIGN and not ids_in(route):
        return case.allowed.get(FOREIGN[who], 404)
    return case.allowed.get(who, 404)


@pytest.mark.parametrize("route", WITH_IDS)
async def test_a_foreign_id_answers_like_a_random_one(walk: Walk, route: str) -> None:
    case = ROUTES[route]
    async with walk.step(case) as (mine, other):
        random, in_mine = random_ids(mine), {"tenant_id": mine["tenant_id"]}
        before = await walk.rows_of(other["tenant_id"])
        tries = {
            "all foreign": other,
            "foreign in my shop": other | in_mine,
            "random in my shop": random | in_mine,
        }
        if len(ids_in(route)) == 1:
            tries = {"foreign": other}
        for who in set(case.allowed) & {Who.AGENT, Who.MERCHANT}:
            never = without_ids(await walk.ask(route, case, who, random))
            assert never[0] == 404
            for name, ids in tries.items():
                assert without_ids(await walk.ask(route, case, who, ids)) == never, (who, name)
        assert await walk.rows_of(other["tenant_id"]) == before


@pytest.mark.parametrize("route", WITH_SEVERAL)
async def test_a_shops_thing_under_another_shops_address_does_not_exist(walk: Walk, route: str) -> None:
    """Supervisors and operators see both shops; even for them the two ids must belong together."""
    case = ROUTES[route]
    async with walk.step(case) as (mine, other):
        before = await walk.rows_of(other["tenant_id"])
        in_mine = {"tenant_id": mine["tenant_id"]}
        for who in set(case.allowed) & {Who.SUPERVISOR, Who.OPERATOR}:
            seen = without_ids(await walk.ask(route, case, who, other | in_mine))
            assert seen == without_ids(await walk.ask(route, case, who, random_ids(mine) | in_mine))
            assert seen[0] == (case.allowed[who] if case.repeatable else 404)
        assert await walk.rows_of(other["tenant_id"]) == before
