"""What several families of commands need."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

import click
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.directory import Kind, look_up
from nanori.settings import Settings, load_settings
from nanori_app.cluster import database_of
from nanori_app.errors import Stopped
from nanori_app.migrate import is_current

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")


class NoSuchShop(Stopped):
    message = "There is no shop with the short name '{slug}'."


class SchemaOld(Stopped):
    message = "The database lacks the newest tables. Run 'nanori migrate' first."


@contextmanager
def database() -> Iterator[Settings]:
    """The environment's settings over a database that answers, whatever its tables are."""
    with database_of(load_settings()) as settings:
        yield settings


@contextmanager
def migrated_database() -> Iterator[Settings]:
    """The environment's settings over a database that has the newest tables.

    Raises:
        SchemaOld: it has older ones or none.
    """
    with database() as settings:
        check_schema(settings)
        yield settings


def check_schema(settings: Settings) -> None:
    """Refuse to work on a database of another version of the house."""
    engine = create_engine(settings.owner_url())
    try:
        with engine.connect() as connection:
            if not is_current(connection):
                raise SchemaOld
    finally:
        engine.dispose()


def print_json(value: Mapping[str, object]) -> None:
    """One object on one line, Japanese as it is written."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


async def shop_id_of(session: AsyncSession, slug: str) -> UUID:
    """The shop with this short name.

    Raises:
        NoSuchShop: nobody has it.
    """
    found = await look_up(session, Kind.SHOP, slug)
    if found is None:
        raise NoSuchShop(slug=slug)
    return found.shop_id
