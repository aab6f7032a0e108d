"""Several new rows in one statement: a round trip is most of what a small insert costs."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import TextClause, bindparam, inspect, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import make_transient_to_detached

from nanori.db import Base

Computed = tuple[tuple[str, str], ...]
Shape = tuple[type[Base], tuple[str, ...]]


async def store_together(
    session: AsyncSession,
    rows: Sequence[Base],
    *,
    before: str = "",
    computed: Mapping[str, str] | None = None,
    params: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """Insert rows that may refer to each other; afterwards they are in the session like any that was flushed.

    Args:
        rows: the first one is the one that ``computed`` is about.
        before: a common table expression, ``name AS (…)``, that runs with them.
        computed: columns of the first row whose value is an SQL expression; they are read back into it.
        params: for ``before`` and ``computed``.

    Returns the computed values.
    """
    expressions: Computed = tuple(sorted((computed or {}).items()))
    values: dict[str, Any] = dict(params or {})
    shapes = []
    for number, row in enumerate(rows):
        skipped = {name for name, _ in expressions} if number == 0 else set()
        given = _complete(row, skipped)
        shapes.append((type(row), tuple(given)))
        values |= {f"r{number}_{name}": value for name, value in given.items()}
    statement = _statement(tuple(shapes), before, expressions)
    found = (await session.execute(statement, values)).mappings().one()
    for name, value in found.items():
        setattr(rows[0], name, value)
    for row in rows:
        make_transient_to_detached(row)
        session.add(row)
    return dict(found)


def _complete(row: Base, skipped: set[str]) -> dict[str, Any]:
    """Values by column, where there is one; what was left out takes its default, on the row too."""
    values = {}
    for attribute in inspect(type(row)).column_attrs:
        column = attribute.columns[0]
        if column.name in skipped:
            continue
        if attribute.key not in row.__dict__:
            row.__dict__[attribute.key] = _default(column.default)  # nobody has to be told: it is all new
        value = row.__dict__[attribute.key]
        if value is not None:
            values[column.name] = value
    return values


def _default(default: Any) -> Any:
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


@cache
def _statement(shapes: tuple[Shape, ...], before: str, computed: Computed) -> TextClause:
    """Written once for each combination of tables and columns. Short: then the driver keeps it prepared."""
    parts = [before] if before else []
    columns = ", ".join(name for name, _ in computed) or "1"
    kinds = []
    for number, (model, names) in enumerate(shapes):
        expressions = dict(computed) if number == 0 else {}
        returning = f" RETURNING {columns}" if number == 0 else ""
        parts.append(f"new{number} AS ({_insert(model, names, number, expressions)}{returning})")
        table = model.__table__
        kinds += [bindparam(f"r{number}_{name}", type_=table.c[name].type) for name in names]
    sql = text(f"WITH {', '.join(parts)} SELECT {columns} FROM new0")  # noqa: S608 - of our own tables' names
    return sql.bindparams(*kinds)


def _insert(model: type[Base], names: tuple[str, ...], number: int, computed: Mapping[str, str]) -> str:
    listed = ", ".join(f'"{name}"' for name in [*names, *computed])
    values = ", ".join([*(f":r{number}_{name}" for name in names), *computed.values()])
    return f'INSERT INTO "{model.__tablename__}" ({listed}) VALUES ({values})'  # noqa: S608 - see above
