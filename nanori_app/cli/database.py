"""The database: bring it to the newest tables, audit its walls between shops."""

import click

from nanori_app import rls_audit
from nanori_app.cli.shared import as_json, database, migrated_database, print_json
from nanori_app.migrate import upgrade_database


@click.command()
def migrate() -> None:
    """Bring the database to the newest tables.

    Sets up the login roles, too. Again and again does no harm.
    """
    with database() as settings:
        upgrade_database(settings)
    click.echo("The database has the newest tables.")


@click.group()
def audit() -> None:
    """Look for what should not be."""


@audit.command()
@as_json
def rls(as_json: bool) -> int:
    """Audit row-level security on the connected database, for each login role.

    Prints what a shop could use to see or touch another shop's rows, after an allow-list with reasons.
    Exits 1 on any finding.
    """
    with migrated_database() as settings:
        findings = rls_audit.audit(settings)
    if as_json:
        print_json({"findings": [finding.as_dict() for finding in findings]})
    else:
        for finding in findings:
            click.echo(
                f"{finding.check}: {finding.subject} ({finding.role or 'any role'}) {finding.detail}".rstrip()
            )
        click.echo(f"{len(findings)} finding(s).")
    return 1 if findings else 0
