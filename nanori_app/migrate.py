"""Bring a database to the newest schema, with its login roles and their grants."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from nanori.settings import LoginKind, Settings, role_password
from nanori_app.grants import GRANTS, QUEUE_GRANTS

LOCK = 0x6E616E6F7269  # "nanori": two migrations that start at once take turns


def upgrade_database(settings: Settings) -> None:
    """Migrate the owner's database and set up its login roles. Repeating it changes nothing.

    Raises:
        sqlalchemy.exc.OperationalError: the database cannot be reached.
    """
    engine = create_engine(make_url(settings.owner_url()))
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            connection.commit()
            upgrade(connection)
            set_up_roles(connection, settings)
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
            connection.commit()
    finally:
        engine.dispose()


def upgrade(connection: Connection) -> None:
    """Run every revision that the database has not seen."""
    command.upgrade(_config(connection), "head")


def check(connection: Connection) -> None:
    """Fail when models and migrations disagree."""
    command.check(_config(connection))


def is_current(connection: Connection) -> bool:
    """True when no revision is waiting."""
    head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def set_up_roles(connection: Connection, settings: Settings) -> None:
    """Create the login roles of this database and give each exactly its grants."""
    for kind in LoginKind:
        _create_role(connection, settings.role_for(kind), settings.secret_key)
    connection.execute(text("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
    for kind in LoginKind:
        role = settings.role_for(kind)
        connection.execute(text(f'GRANT USAGE ON SCHEMA public TO "{role}"'))
        connection.execute(text(f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"'))
        for rights, tables in _rights_of(kind).items():
            connection.execute(text(f'GRANT {rights} ON {", ".join(tables)} TO "{role}"'))
    for kind in QUEUE_GRANTS:
        _grant_queue(connection, settings.role_for(kind))
    connection.commit()


def _rights_of(kind: LoginKind) -> dict[str, list[str]]:
    """Quoted tables by what this login may do to them."""
    found: dict[str, list[str]] = {}
    for table, grants in GRANTS.items():
        if kind in grants:
            found.setdefault(grants[kind], []).append(f'"{table}"')
    return found


def _create_role(connection: Connection, role: str, secret_key: str) -> None:
    known = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    verb = "ALTER" if known else "CREATE"
    password = role_password(secret_key, role)  # hexadecimal digits only
    connection.execute(text(f"{verb} ROLE \"{role}\" LOGIN PASSWORD '{password}'"))


def _grant_queue(connection: Connection, role: str) -> None:
    """Sending a message and working it off need the queue's tables and sequences."""
    tables = connection.scalars(
        text(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'procrastinate%'"
        )
    )
    for table in tables.all():
        connection.execute(text(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{role}"'))
    connection.execute(text(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"'))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "nanori_app:migrations")
    config.attributes["connection"] = connection
    return config
