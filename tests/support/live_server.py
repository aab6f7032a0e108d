"""A real web server on an installation's database, for tests that need a browser or two processes."""

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from nanori.installation import Port, connect
from nanori.settings import LoginKind, Settings
from nanori_app.asgi import borrowed_app
from nanori_app.background import Rounds, ticks
from nanori_app.post import build_post
from nanori_app.rooms import ROOMS

STARTS_WITHIN_SECONDS = 20


@contextmanager
def serving(
    settings: Settings, plugged: Mapping[Port[Any], Any] | None = None, *, dispatches: bool = False
) -> Generator[str]:
    """Serve in a thread with an event loop of its own, by the wall clock. Yields the address.

    ``dispatches``: urgent work is done as soon as it is announced, and each second what is due.
    The port of the settings is taken when it is not the ordinary one, otherwise any that is free.
    """
    wanted = settings.port if settings.port != Settings.model_fields["port"].default else 0
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", wanted))
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        own = settings.model_copy(update={"public_url": address})
        house = connect(own, build_post(own.url_for(LoginKind.STAFF)), plugged=plugged)
        ports = (plugged or {}).values()
        rounds = [ticks(house, ROOMS)] if dispatches else []
        with borrowed_app(house, listens=True, dispatches=dispatches) as app:
            server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
            with _in_a_thread(server, _serve(server, door, ports, rounds)):
                yield address


@contextmanager
def _in_a_thread(server: uvicorn.Server, serve: Coroutine[Any, Any, None]) -> Generator[None]:
    thread = threading.Thread(target=asyncio.run, args=(serve,), daemon=True)
    thread.start()
    try:
        _wait_for(server, thread)
        yield
    finally:
        server.should_exit = True
        thread.join(STARTS_WITHIN_SECONDS)


async def _serve(
    server: uvicorn.Server, door: socket.socket, plugged: Iterable[Any], rounds: Iterable[Rounds]
) -> None:
    """Until told to stop; what is plugged in lets go of its connections in the loop that made them.

    uvicorn cancels a stream that outlives its patience and leaves the socket open: closed here.
    """
    working = [asyncio.create_task(one.each_second()) for one in rounds]
    await server.serve(sockets=[door])
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    for connection in list(server.server_state.connections):
        connection.transport.abort()
    await asyncio.sleep(0)
    for one in plugged:
        if hasattr(one, "close"):
            await one.close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while not server.started:
        if time.monotonic() > end or not thread.is_alive():
            raise RuntimeError("the test server did not start")
        time.sleep(0.02)
