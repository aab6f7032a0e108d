"""Several new rows in one statement: a round trip is most of what a small insert costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeVar

from psycopg.types.json import Jsonb
from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import make_transient_to_detached

from nanori.db import Base

Model = TypeVar("Model", bound=Base)
Computed = tuple[tuple[str, str], ...]
Shape = tuple[type[Base], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to be stored: its values by attribute. No session knows of it."""

    model: type[Base]
    values: dict[str, Any]


def new_row(model: type[Base], **given: Any) -> NewRow:
    """A row with these values; what is left out takes its default.

    Raises:
        TypeError: the model has no such column.
    """
    columns = _columns(model)
    defaults = {key: default() for key, _, default, _ in columns if key not in given}
    if len(given) + len(defaults) > len(columns):
        raise TypeError(f"{model.__name__} has no {', '.join(given.keys() - {one.key for one in columns})}")
    return NewRow(model, given | defaults)


async def store_together(
    session: AsyncSession,
    rows: Sequence[NewRow],
    *,
    before: str = "",
    computed: Mapping[str, str] | None = None,
    params: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Insert rows that may refer to each other.

    Args:
        rows: the first one is the one that ``computed`` is about.
        before: common table expressions, ``name AS (…)``, that run with them; parameters as ``%(name)s``.
        computed: columns of the first row whose value is an SQL expression.
        params: for ``before`` and ``computed``.

    Returns the computed values.
    """
    expressions: Computed = tuple((computed or {}).items())
    values: dict[str, Any] = dict(params or {})
    shapes = []
    for number, row in enumerate(rows):
        names = []
        for key, name, _, wrap in _columns(row.model):
            value = row.values[key]
            if value is not None:
                names.append(name)
                values[f"r{number}_{name}"] = value if wrap is None else wrap(value)
        shapes.append((row.model, tuple(names)))
    connection = await session.connection()
    found = await connection.exec_driver_sql(_statement(tuple(shapes), before, expressions), values)
    return dict(found.mappings().one())


def attach(session: AsyncSession, model: type[Model], row: NewRow) -> Model:
    """A stored row as an object of the session, like any that was flushed. Reads nothing."""
    attached = model()
    attached.__dict__.update(row.values)
    make_transient_to_detached(attached)
    session.add(attached)
    return attached


class _Column(NamedTuple):
    key: str  # of the attribute
    name: str
    default: Callable[[], Any]
    wrap: Callable[[Any], Any] | None  # for the driver


@cache
def _columns(model: type[Base]) -> tuple[_Column, ...]:
    return tuple(
        _Column(
            one.key, column.name, _default(column.default), Jsonb if isinstance(column.type, JSONB) else None
        )
        for one in inspect(model).column_attrs
        for column in one.columns
    )


def _default(default: Any) -> Callable[[], Any]:
    if default is None:
        return lambda: None
    return (lambda: default.arg(None)) if default.is_callable else lambda: default.arg


@cache
def _statement(shapes: tuple[Shape, ...], before: str, computed: Computed) -> str:
    """Written once for each combination of tables and columns. Short: then the driver keeps it prepared."""
    parts = [before] if before else []
    columns = ", ".join(name for name, _ in computed) or "1"
    for number, (model, names) in enumerate(shapes):
        expressions = dict(computed) if number == 0 else {}
        returning = f" RETURNING {columns}" if number == 0 else ""
        parts.append(f"new{number} AS ({_insert(model, names, number, expressions)}{returning})")
    return f"WITH {', '.join(parts)} SELECT {columns} FROM new0"  # noqa: S608 - of our own tables' names


def _insert(model: type[Base], names: tuple[str, ...], number: int, computed: Mapping[str, str]) -> str:
    own = [name for name in names if name not in computed]
    listed = ", ".join(f'"{name}"' for name in [*own, *computed])
    values = ", ".join([*(f"%(r{number}_{name})s" for name in own), *computed.values()])
    return f'INSERT INTO "{model.__tablename__}" ({listed}) VALUES ({values})'  # noqa: S608 - see above
