"""Connections that wait in a pool: seen to be alive when they are taken, mostly without asking the server."""

import select
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

SURE_FOR_SECONDS = 30.0
"""A connection that has lain longer is asked: a network in between may have forgotten it in silence."""
STATEMENTS_KEPT = 500
"""More than the statements of the whole application: the server reads and plans each once a connection."""
USED_AT = "used_at"


def watch_connections(engine: AsyncEngine) -> None:
    """Replace a connection that died, with its server or alone, before anybody uses it.

    A server that goes away closes the connection, which then has something to read although nothing was
    asked: that is seen at the socket. Only a connection with such news, or one that has lain for
    ``SURE_FOR_SECONDS``, is asked whether it lives.
    """
    pool, dialect = engine.sync_engine.pool, engine.dialect

    @event.listens_for(engine.sync_engine, "connect")
    def keep_statements(connection: Any, _: Any) -> None:
        connection.driver_connection.prepared_max = STATEMENTS_KEPT

    @event.listens_for(pool, "checkin")
    def note(_: Any, record: Any) -> None:
        record.info[USED_AT] = time.monotonic()

    @event.listens_for(pool, "checkout")
    def look(connection: Any, record: Any, _: Any) -> None:
        used_at = record.info.get(USED_AT)
        if used_at is None:
            return  # it was made just now
        if time.monotonic() - used_at < SURE_FOR_SECONDS and not _has_news(connection.driver_connection):
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as gone:
            raise DisconnectionError from gone


def _has_news(connection: Any) -> bool:
    """There is something to read, or nothing to read from."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
