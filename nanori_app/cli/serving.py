"""The long-running processes: web, worker and the simulated carrier."""

import signal
import sys
from types import FrameType

import click
import uvicorn
from litestar import Litestar

from nanori.installation import connect
from nanori.settings import LoginKind, Settings
from nanori_app.asgi import build_app
from nanori_app.cli.shared import migrated_database
from nanori_app.errors import Stopped
from nanori_app.post import build_post
from nanori_app.processes import check_port

LAST_REQUESTS_SECONDS = 3
"""Pages that are open hold a stream of news, which never ends by itself."""


class NotServed(Stopped):
    message = "The web process could not start; the reason stands above."


@click.command()
@click.option("--host", help="Address to listen on; default NANORI_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default NANORI_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages, the webhooks of the carrier and the live news.

    Any number of these may run on one database. Stop with Ctrl-C or SIGTERM: requests under way are answered.
    """
    stop_on_sigterm()
    with migrated_database() as settings:
        host, port = host or settings.host, port or settings.port
        check_port(host, port, setting="NANORI_PORT")
        _listen(_application(settings), host=host, port=port)


def stop_on_sigterm() -> None:
    """Leave by the front door, so that every ``with`` on the way out is honoured."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _application(settings: Settings) -> Litestar:
    return build_app(connect(settings, build_post(settings.url_for(LoginKind.STAFF))))


def _listen(app: Litestar, *, host: str, port: int) -> None:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise NotServed
