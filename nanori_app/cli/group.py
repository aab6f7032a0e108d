import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from nanori_app.errors import EXPECTED, Stopped, in_words

REFUSED = 1
INTERRUPTED = 130
MODULES = {
    "serve": "serving:serve",
    "worker": "serving:worker",
    "carrier": "carrier:carrier",
    "demo": "demo:demo",
    "migrate": "database:migrate",
    "audit": "database:audit",
    "user": "users:user",
    "numbers": "numbers:numbers",
    "fallback-document": "numbers:fallback_document",
    "staffing": "staffing:staffing",
    "pool": "pool:pool",
    "forecast": "forecasts:forecast",
    "report": "reports:report",
    "invoice": "invoices:invoice",
    "month": "months:month",
    "mail": "mail:mail",
    "rehearse": "rehearsal:rehearse",
}
"""Command to ``module:name``. A pipe that stores a mail need not wait for what draws a PDF."""


class Families(click.Group):
    """Loads a family of commands when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click calls it
        if cmd_name not in MODULES:
            return None
        module, name = MODULES[cmd_name].split(":")
        command = getattr(importlib.import_module(f"nanori_app.cli.{module}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{MODULES[cmd_name]} is no command")
        return command


@click.group(cls=Families, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="nanori", prog_name="nanori")
def nanori() -> None:
    """Shared agents answer phone calls and mails under each client shop's own name.

    Settings come from the environment (NANORI_…). Without NANORI_DATABASE_URL the embedded PostgreSQL in
    NANORI_DATA_DIR (var) is used: the one that the demo runs, or one that runs as long as the command.
    """


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave: 0 done, 1 refused or failed with the reason, 2 wrong words, 130 stopped."""
    sys.exit(run(words))


def run(words: Sequence[str] | None) -> int:
    """The same without leaving; returns the exit code."""
    try:
        code = nanori.main(args=words, prog_name="nanori", standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except EXPECTED as refusal:
        click.echo(in_words(refusal), err=True)
        return refusal.exit_code if isinstance(refusal, Stopped) else REFUSED
    return code if isinstance(code, int) else 0
