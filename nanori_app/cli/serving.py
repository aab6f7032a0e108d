"""The long-running processes: web and worker."""

import asyncio

import click
import uvicorn
from litestar import Litestar

from nanori.logs import set_up_logs
from nanori_app.asgi import build_app
from nanori_app.cli.shared import migrated_database
from nanori_app.errors import Stopped
from nanori_app.processes import check_port, stop_on_sigterm
from nanori_app.wiring import connected
from nanori_app.worker import work

LAST_REQUESTS_SECONDS = 3
"""Pages that are open hold a stream of news, which never ends by itself."""


class NotServed(Stopped):
    message = "The web process could not start; the reason stands above."


@click.command()
@click.option("--host", help="Address to listen on; default NANORI_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default NANORI_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Serve pages, webhooks and live news.

    Any number of these may run on one database. Stop with Ctrl-C or SIGTERM: requests under way are answered.
    """
    stop_on_sigterm()
    with migrated_database() as settings:
        host, port = host or settings.host, port or settings.port
        check_port(host, port, setting="NANORI_PORT")
        set_up_logs(settings)
        _listen(build_app(connected(settings), dispatches=True), host=host, port=port)


@click.command()
def worker() -> None:
    """Work off the queue and fire timers.

    Each second it does what is due: timers, orders to the carrier, mail to send.

    Any number of these may run on one database. Stop with Ctrl-C or SIGTERM: running jobs get a few seconds.
    """
    stop_on_sigterm()
    with migrated_database() as settings:
        set_up_logs(settings)
        asyncio.run(work(settings))


def _listen(app: Litestar, *, host: str, port: int) -> None:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise NotServed
