"""Mail as it comes from a mail transfer agent's pipe. Exit codes are those of sysexits.h."""

import asyncio
import sys
from typing import Any

import click
import structlog

from mailroom.receiving import ExitCode, Receipt, receive
from nanori.logs import set_up_logs
from nanori.settings import Settings
from nanori_app.cli.shared import as_json, migrated_database, print_json
from nanori_app.errors import EXPECTED, in_words
from nanori_app.wiring import connected

log = structlog.get_logger()


class PipedCommand(click.Command):
    """Called with wrong words it says so as a mail transfer agent understands."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as wrong:
            click.echo(f"{wrong.format_message()} See 'nanori mail receive --help'.", err=True)
            raise click.exceptions.Exit(ExitCode.USAGE) from wrong


@click.group()
def mail() -> None:
    """Mail to and from shops."""


@mail.command("receive", cls=PipedCommand)
@click.option(
    "--to", "envelope_to", metavar="ADDRESS", help="Address on the envelope; default: asked of the headers."
)
@as_json
def receive_mail(envelope_to: str | None, *, as_json: bool) -> int:
    """Take in one mail from standard input, exactly once.

    Without --to the headers Delivered-To, X-Original-To, To and Cc are asked in that order.

    Exit codes: 0 stored (or stored before), 64 wrong words, 65 no mail or too large, 67 no shop has this
    address, 75 not now: keep the mail and try again.
    """
    raw = sys.stdin.buffer.read()
    receipt = _received(raw, envelope_to)
    if as_json:
        print_json(
            {
                "exit_code": receipt.exit_code,
                "said": receipt.said,
                "tenant_id": receipt.tenant_id,
                "raw_id": receipt.raw_id,
                "is_new": receipt.is_new,
            }
        )
    else:
        click.echo(receipt.said, err=receipt.exit_code is not ExitCode.OK)
    return int(receipt.exit_code)


def _received(raw: bytes, envelope_to: str | None) -> Receipt:
    """Whatever goes wrong on our side, the sender must keep the mail: any other code would make it bounce."""
    try:
        with migrated_database() as settings:
            set_up_logs(settings)
            return asyncio.run(_receive(settings, raw, envelope_to))
    except EXPECTED as problem:
        return Receipt(exit_code=ExitCode.TEMPORARY, said=in_words(problem))
    except Exception as bug:
        log.exception("mail.not_taken")
        return Receipt(exit_code=ExitCode.TEMPORARY, said=f"Not now: {type(bug).__name__}")


async def _receive(settings: Settings, raw: bytes, envelope_to: str | None) -> Receipt:
    installation = connected(settings)
    try:
        return await receive(installation, raw, envelope_to=envelope_to)
    finally:
        await installation.close()
