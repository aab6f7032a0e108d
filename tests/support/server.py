"""The PostgreSQL server of one test run, and databases cloned from a migrated template."""

from collections.abc import Generator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from nanori.settings import LoginKind, Settings, role_name
from nanori_app.migrate import set_up_roles, upgrade

SECRET = "a secret that only tests know, forty long"


@contextmanager
def database(server_url: str, template: str | None = None) -> Generator[str]:
    """A database of its own on the server, empty or cloned; gone afterwards. Yields the owner's URL."""
    name = f"nanori_test_{uuid4().hex[:10]}"
    admin = create_engine(make_url(server_url), isolation_level="AUTOCOMMIT")
    source = f" TEMPLATE {template}" if template else ""
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}{source}"))
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            for kind in LoginKind:
                connection.execute(text(f'DROP ROLE IF EXISTS "{role_name(name, kind)}"'))
        admin.dispose()


def migrate(owner_url: str) -> None:
    """Newest schema, without the login roles: those are made per clone."""
    engine = create_engine(make_url(owner_url))
    with engine.connect() as connection:
        upgrade(connection)
    engine.dispose()


def give_roles(settings: Settings) -> None:
    engine = create_engine(make_url(settings.owner_url()))
    with engine.connect() as connection:
        set_up_roles(connection, settings)
    engine.dispose()
