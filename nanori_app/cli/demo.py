"""The whole house on one machine, with invented shops and people in it."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from nanori.settings import Settings, load_settings
from nanori_app.cluster import Cluster
from nanori_app.demo.cast import LOGINS
from nanori_app.demo.load import load_demo
from nanori_app.errors import Stopped
from nanori_app.migrate import upgrade_database
from nanori_app.processes import Child, check_port, stop_on_sigterm, supervise
from nanori_app.setup.system_packages import listed, missing_needs
from nanori_app.wiring import connected


class MachineLacks(Stopped):
    message = "This machine lacks {what}. 'make setup' installs that, or says how."


@click.command()
def demo() -> None:
    """Start everything, with invented shops.

    Database, web, worker and a simulated telephone network run as one tree of processes.

    The first start makes the data; later ones find everything as it was left. Ctrl-C stops all of it.
    """
    stop_on_sigterm()
    settings = load_settings({**os.environ, "NANORI_DEMO": "true"})
    _check(settings)
    if settings.database_url is not None:
        _run(settings)
        return
    with Cluster(settings.data_dir / "postgres") as cluster:
        _run(settings.model_copy(update={"database_url": cluster.owner_url()}))


def _check(settings: Settings) -> None:
    """Everything that would stop the start half-way, told at once instead."""
    missing = missing_needs(for_tests=False)
    if missing:
        raise MachineLacks(what=listed(missing))
    check_port(settings.host, settings.port, setting="NANORI_PORT")
    check_port("127.0.0.1", settings.carrier_port, setting="NANORI_CARRIER_PORT")


def _run(settings: Settings) -> None:
    click.echo("Preparing the database …")
    upgrade_database(settings)
    asyncio.run(_load(settings))
    supervise(_children(settings), environ=_environ(settings), on_ready=lambda: _greet(settings))
    click.echo("Everything is stopped; nothing is lost.")


async def _load(settings: Settings) -> None:
    installation = connected(settings)
    try:
        if await load_demo(installation):
            click.echo("Loaded the demo: six shops, their people, and two months of calls and mails.")
    finally:
        await installation.close()


def _children(settings: Settings) -> list[Child]:
    """In the order in which they are stopped: first what takes in work, then what works it off."""
    nanori = [sys.executable, "-m", "nanori_app.cli"]
    return [
        Child("web", [*nanori, "serve"], port=settings.port),
        Child("carrier", [*nanori, "carrier"], port=settings.carrier_port),
        Child("worker", [*nanori, "worker"]),
    ]


def _environ(settings: Settings) -> Mapping[str, str]:
    return {
        **os.environ,
        "NANORI_DEMO": "true",
        "NANORI_DATABASE_URL": settings.owner_url(),
        "NANORI_SECRET_KEY": settings.secret_key,
        "NANORI_DATA_DIR": str(Path(settings.data_dir).resolve()),
        "PYTHONUNBUFFERED": "1",
    }


def _greet(settings: Settings) -> None:
    width = max(len(login) for _, login, _ in LOGINS)
    lines = ["", f"  Nanori runs at {settings.public_url}", ""]
    lines += [f"    {login.ljust(width)}  {password}  {label}" for label, login, password in LOGINS]
    lines += ["", f"  Call a shop: {settings.public_url}/demo/carrier", "  Ctrl-C stops all of it.", ""]
    click.echo("\n".join(lines))
