"""The walls between shops, tried on every table under every login role, and each wall's absence noticed."""

import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import NullPool, Table, create_engine, make_url, text
from uuid_utils.compat import uuid7

from nanori.installation import plain_url
from nanori.settings import LoginKind, Settings
from nanori_app.grants import GRANTS
from nanori_app.migrate import check
from nanori_app.tables import METADATA
from tests.conftest import SERVER, settings_for
from tests.support.one_of_each import TENANT_OWNED, Row, copy_of, fill
from tests.support.server import database, give_roles

BOUND = "tenant_id = ANY (current_setting('nanori.tenants')::uuid[])"
HOLES = {
    "policy dropped": (
        'DROP POLICY tenant_isolation ON "{table}"',
        f'CREATE POLICY tenant_isolation ON "{{table}}" USING ({BOUND}) WITH CHECK ({BOUND})',
    ),
    "policy opened": (
        'ALTER POLICY tenant_isolation ON "{table}" USING (true) WITH CHECK (true)',
        f'ALTER POLICY tenant_isolation ON "{{table}}" USING ({BOUND}) WITH CHECK ({BOUND})',
    ),
    "security switched off": (
        'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
    ),
}
"""What a migration could do wrong, and how the test mends it again."""

by_table = pytest.mark.parametrize("table", TENANT_OWNED, ids=[table.name for table in TENANT_OWNED])


@dataclass(frozen=True, slots=True)
class TwoShops:
    """A database in which two shops have one row in each table."""

    settings: Settings
    mine: dict[str, Row]
    other: dict[str, Row]

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(plain_url(self.settings.owner_url()), autocommit=True) as connection:
            yield connection

    @contextmanager
    def as_role(self, kind: LoginKind, *bound: UUID) -> Iterator[psycopg.Connection]:
        """A connection of that login with these shops bound; nothing of what it does stays."""
        with psycopg.connect(plain_url(self.settings.url_for(kind))) as connection:
            if bound:
                listed = "{" + ",".join(map(str, bound)) + "}"
                connection.execute("SELECT set_config('nanori.tenants', %s, true)", [listed])
            yield connection
            connection.rollback()


@pytest.fixture(scope="module")
def two_shops(template: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[TwoShops]:
    with database(os.environ[SERVER], template) as url:
        settings = settings_for(url, tmp_path_factory.mktemp("schema"))
        give_roles(settings)
        mine, other = uuid7(), uuid7()
        engine = create_engine(make_url(url), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(
                text("SELECT set_config('nanori.tenants', :both, true)"), {"both": f"{{{mine},{other}}}"}
            )
            rows = [fill(connection, shop) for shop in (mine, other)]
        yield TwoShops(settings, *rows)


def cracks(shops: TwoShops, table: Table, kind: LoginKind) -> list[str]:
    """What a login bound to one shop can do that it must not, or cannot do that it must."""
    mine, other = shops.mine[table.name], shops.other[table.name]
    may = GRANTS[table.name].get(kind, "")
    found: list[str] = []
    with shops.as_role(kind, mine["tenant_id"]) as connection:
        rows = _counts(connection, table, mine, other)
        found += ["own rows are out of sight"] * (rows[0] == 0)
        found += ["another shop's rows are in sight"] * (rows[1] != 0)
        for verb in ("UPDATE", "DELETE"):
            if verb in may and _touches(connection, table, other, verb, column=_changeable(may)):
                found.append(f"another shop's rows yield to {verb}")
    if "INSERT" in may:
        with shops.as_role(kind, mine["tenant_id"]) as connection:
            found += ["a row can be planted with another shop"] * _plants(connection, table, other)
    return found


def _counts(connection: psycopg.Connection, table: Table, mine: Row, other: Row) -> tuple[int, int]:
    asked = sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s").format(sql.Identifier(table.name))
    found = [connection.execute(asked, [row["tenant_id"]]).fetchone() for row in (mine, other)]
    return tuple(row[0] if row else 0 for row in found)  # type: ignore[return-value]  # two rows, two counts


def _changeable(may: str) -> str:
    """A column that the login may change: all of them, or the first of those that its grant names."""
    named = re.search(r"UPDATE \((\w+)", may)
    return named[1] if named else "tenant_id"


def _touches(connection: psycopg.Connection, table: Table, other: Row, verb: str, *, column: str) -> bool:
    name, changed = sql.Identifier(table.name), sql.Identifier(column)
    change = {
        "UPDATE": sql.SQL("UPDATE {0} SET {1} = {1} WHERE tenant_id = %s"),
        "DELETE": sql.SQL("DELETE FROM {0} WHERE tenant_id = %s"),
    }[verb]
    connection.execute("SAVEPOINT before")
    try:
        return connection.execute(change.format(name, changed), [other["tenant_id"]]).rowcount != 0
    except psycopg.errors.ForeignKeyViolation:
        return True  # it saw the row and began
    finally:
        connection.execute("ROLLBACK TO before")


def _plants(connection: psycopg.Connection, table: Table, other: Row) -> bool:
    """True unless the policy refuses; that the row also breaks a key means that it had got past it."""
    row = copy_of(table, other)
    values = [psycopg.types.json.Jsonb(one) if isinstance(one, dict | list) else one for one in row.values()]
    change = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )
    try:
        connection.execute(change, values)
    except psycopg.errors.InsufficientPrivilege:
        return False
    except psycopg.errors.IntegrityError:
        return True
    return True


def test_models_and_migrations_agree(template: str) -> None:
    with (
        database(os.environ[SERVER], template) as url,
        create_engine(make_url(url), poolclass=NullPool).connect() as connection,
    ):
        check(connection)


def test_every_table_says_who_may_do_what_and_no_other_is_named() -> None:
    assert set(GRANTS) == set(METADATA.tables)


@by_table
def test_every_key_of_a_shops_table_starts_with_the_shop(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "tenant_id"


@by_table
@pytest.mark.parametrize("kind", LoginKind)
def test_a_login_bound_to_one_shop_reaches_that_shop_only(
    two_shops: TwoShops, table: Table, kind: LoginKind
) -> None:
    if kind not in GRANTS[table.name] or "SELECT" not in GRANTS[table.name][kind]:
        mine, other = two_shops.mine[table.name], two_shops.other[table.name]
        with (
            two_shops.as_role(kind, mine["tenant_id"]) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            _counts(connection, table, mine, other)
        return
    assert cracks(two_shops, table, kind) == []


@by_table
def test_a_login_that_has_bound_nothing_gets_an_error_and_no_rows(two_shops: TwoShops, table: Table) -> None:
    with two_shops.as_role(LoginKind.STAFF) as connection, pytest.raises(psycopg.Error):
        _counts(connection, table, two_shops.mine[table.name], two_shops.other[table.name])


@by_table
@pytest.mark.parametrize("hole", HOLES)
def test_each_missing_wall_is_noticed(two_shops: TwoShops, table: Table, hole: str) -> None:
    """The test above turns red for every table whose policy is dropped, opened or switched off."""
    breach, repair = (statement.format(table=table.name) for statement in HOLES[hole])
    with two_shops.owner() as owner:
        owner.execute(breach.encode())
        try:
            noticed = cracks(two_shops, table, LoginKind.STAFF)
        finally:
            owner.execute(repair.encode())

    assert noticed != []
    assert cracks(two_shops, table, LoginKind.STAFF) == []


@by_table
def test_the_owner_is_bound_by_the_walls_too(two_shops: TwoShops, table: Table) -> None:
    with two_shops.owner() as owner:
        walls = owner.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
            [f'"{table.name}"'],
        ).fetchone()

    assert walls == (True, True)
