"""The simulated carrier; in a file of its own, since it needs nothing of the house."""

import asyncio

import click

from nanori.logs import set_up_logs
from nanori.settings import load_settings
from nanori_app.carrier import HOST, serve_carrier
from nanori_app.processes import check_port, stop_on_sigterm


@click.command()
def carrier() -> None:
    """Play the telephone network, for the demo.

    A simulated carrier in real time: sends signed webhooks as Twilio does, and serves its REST calls.
    """
    stop_on_sigterm()
    settings = load_settings()
    set_up_logs(settings)
    check_port(HOST, settings.carrier_port, setting="NANORI_CARRIER_PORT")
    asyncio.run(serve_carrier(settings))
