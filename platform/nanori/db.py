"""The database: one declarative base, one way to bind tenants, one way to open a transaction."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Enum,
    MetaData,
    Result,
    Select,
    Uuid,
    any_,
    literal,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column
from uuid_utils.compat import uuid7

Sessions = async_sessionmaker[AsyncSession]
Columns = TypeVarTuple("Columns")

BigInt = Annotated[int, mapped_column(BigInteger)]
"""A count or a duration in milliseconds."""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def among(
    column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], ids: Iterable[UUID]
) -> ColumnElement[bool]:
    """``column = ANY(ids)``: one parameter however many ids there are, and one statement for all lengths."""
    return column == any_(literal(list(ids), ARRAY(Uuid)))


async def plain_rows(session: AsyncSession, statement: Select[*Columns]) -> Result[*Columns]:
    """Rows of columns, without what a session does for objects: for statements that give thousands."""
    await session.flush()
    return await (await session.connection()).execute(statement)


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


def stored_as_text(kind: type[StrEnum], name: str | None = None) -> Enum:
    """A column type holding the enum's values as text that the database checks.

    ``name`` tells the checks of two columns of one kind in one table apart.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name or kind.__name__.lower(),
        values_callable=_values,
    )


class TenantOwned:
    """Mixin for every row that belongs to one tenant.

    The key starts with the tenant, so that foreign keys and unique keys can carry it: without that
    they would leak across row-level security.
    """

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


async def bind_tenants(session: AsyncSession, tenant_ids: Iterable[UUID]) -> None:
    """Make row-level security show this transaction the rows of these tenants only.

    A transaction that binds nothing gets an error from the first tenant-owned table that it
    touches, never rows.
    """
    listed = "{" + ",".join(str(tenant_id) for tenant_id in tenant_ids) + "}"
    await session.execute(text("SELECT set_config('nanori.tenants', :listed, true)"), {"listed": listed})


@asynccontextmanager
async def unit_of_work(sessions: Sessions, tenant_ids: Iterable[UUID]) -> AsyncGenerator[AsyncSession]:
    """Open one transaction for these tenants: commit on success, roll back on any exception."""
    async with sessions.begin() as session:
        await bind_tenants(session, tenant_ids)
        yield session


ALL_SHOPS = text(
    "SELECT set_config('nanori.tenants',"
    " (SELECT coalesce(array_agg(shop_id), '{}')::text FROM directory WHERE kind = 'shop'), true)"
)
ALL_SHOPS_FOR_GOOD = text(ALL_SHOPS.text.replace("true)", "false)"))
"""For a whole connection, which whoever asks throws away afterwards."""


async def bind_all_shops(session: AsyncSession) -> None:
    """Bind every shop: for routing, timers and the operator's work, never for one shop's pages."""
    await session.execute(ALL_SHOPS)


@asynccontextmanager
async def across_shops(sessions: Sessions) -> AsyncGenerator[AsyncSession]:
    """Open one transaction over every shop; see :func:`bind_all_shops` for who may."""
    async with sessions.begin() as session:
        await bind_all_shops(session)
        yield session
