"""A house for one rehearsal: a database of its own on the configured server, gone afterwards."""

import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings
from nanori_app.errors import Stopped
from nanori_app.migrate import upgrade_database
from nanori_app.post import build_post
from nanori_app.rehearse.carrier import SimulatorClock

NAME = "nanori_rehearsal"
ADDRESS = "http://rehearsal.example"


class NoDatabase(Stopped):
    message = "The rehearsal needs a database of its own, which the server refuses: {reason}"


@contextmanager
def throw_away(settings: Settings) -> Generator[Settings]:
    """Settings of an empty, migrated database with login roles of its own, on the configured server.

    Nothing of the configured installation is touched, and no address of the outside world is kept.

    Raises:
        NoDatabase: the server does not let us make one.
    """
    name = f"{NAME}_{uuid4().hex[:10]}"
    server = make_url(settings.owner_url())
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        try:
            connection.execute(text(f"CREATE DATABASE {name}"))
        except ProgrammingError as refused:
            raise NoDatabase(reason=str(refused.orig).strip()) from refused
    url = server.set(database=name).render_as_string(hide_password=False)
    try:
        with tempfile.TemporaryDirectory(prefix=NAME) as folder:
            mine = _simulated(settings, url, Path(folder))
            upgrade_database(mine)
            yield mine
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            for kind in LoginKind:
                connection.execute(text(f'DROP ROLE IF EXISTS "{_role(settings, url, kind)}"'))
        admin.dispose()


@asynccontextmanager
async def installation(settings: Settings, start: datetime) -> AsyncGenerator[Installation]:
    """The house in virtual time."""
    post = build_post(settings.url_for(LoginKind.STAFF))
    house = connect(settings, post, SimulatorClock(start))
    try:
        async with post.queue.open_async():
            yield house
    finally:
        await house.close()


def _simulated(settings: Settings, url: str, folder: Path) -> Settings:
    return Settings(
        secret_key=settings.secret_key,
        database_url=url,
        data_dir=folder,
        vendor_dir=settings.vendor_dir,
        public_url=ADDRESS,
        locale=settings.locale,
        zone=settings.zone,
        log_level="error",
    )


def _role(settings: Settings, url: str, kind: LoginKind) -> str:
    return _simulated(settings, url, Path()).role_for(kind)
