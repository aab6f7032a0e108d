"""Statements stay compiled from one test to the next, though each test has engines of its own."""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.util import LRUCache

COMPILED: LRUCache[object, object] = LRUCache(4000)


def share_compiled_statements() -> None:
    """As in a process that has run for a while. The cache tells dialects apart; ours are all the same one."""
    for name, law in (("__hash__", _hash_of_its_kind), ("__eq__", _is_of_its_kind)):
        setattr(PGDialectAsync_psycopg, name, law)
    event.listen(Engine, "engine_connect", _with_the_shared_cache)


def _hash_of_its_kind(dialect: object) -> int:
    return hash(type(dialect))


def _is_of_its_kind(dialect: object, other: object) -> bool:
    return type(dialect) is type(other)


def _with_the_shared_cache(connection: Connection) -> None:
    connection.execution_options(compiled_cache=COMPILED)
