"""One shop's monthly report, as a file and the figures beside it."""

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from nanori.installation import Installation, connect
from nanori.pdf import PdfFailed
from nanori.settings import LoginKind, Settings
from nanori_app.cli.shared import as_json, migrated_database, print_json, shop_id_of
from nanori_app.errors import Stopped
from nanori_app.post import build_post
from reports.commands import Made
from reports.making import Workshop, make_report
from reports.values import month_text, parse_month


class FolderMissing(Stopped):
    message = "There is no folder '{folder}' to put the report into."


class NotAFileName(Stopped):
    message = "'{path}' is a folder: name a file in it, like --out {path}/report.pdf"


class NotWritten(Stopped):
    message = "The report could not be written to '{path}': {reason}."


class NotDrawn(Stopped):
    message = "The report could not be drawn: {reason}."


@dataclass(frozen=True, slots=True)
class Files:
    """Where a report goes: the paper, and its figures beside it under the same name."""

    pdf: Path

    @property
    def figures(self) -> Path:
        return self.pdf.with_suffix(".json")

    def check(self) -> None:
        """Refuse now what would fail after all the work.

        Raises:
            FolderMissing, NotAFileName: no report can be put there.
        """
        if self.pdf.is_dir():
            raise NotAFileName(path=self.pdf)
        if not self.pdf.parent.is_dir():
            raise FolderMissing(folder=self.pdf.parent)

    def write(self, made: Made) -> None:
        """Write both files.

        Raises:
            NotWritten: the disk is full, or the folder may not be written to.
        """
        for path, content in ((self.pdf, made.pdf), (self.figures, made.figures)):
            try:
                path.write_bytes(content)
            except OSError as problem:
                raise NotWritten(path=path, reason=problem.strerror) from problem


@click.command(short_help="Write a shop's monthly report as PDF.")
@click.option("--tenant", "slug", required=True, metavar="SLUG", help="Short name of the shop.")
@click.option("--month", "text", required=True, metavar="YYYY-MM", help="The month; one that runs, so far.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE.pdf", help="Default: SLUG-YYYY-MM.pdf")
@as_json
def report(*, slug: str, text: str, out: Path | None, as_json: bool) -> None:
    """Write a shop's monthly report as PDF, and beside it a .json with the same figures."""
    month = parse_month(text)
    files = Files(out or Path(f"{slug}-{month_text(month)}.pdf"))
    files.check()
    with migrated_database() as settings:
        made = asyncio.run(_make(settings, slug, month))
    files.write(made)
    if as_json:
        print_json({"tenant": slug, "month": text, "pdf": files.pdf, "figures": files.figures})
    else:
        click.echo(f"{files.pdf} and {files.figures} are written.")


async def _make(settings: Settings, slug: str, month: date) -> Made:
    installation = connect(settings, build_post(settings.url_for(LoginKind.WORKER)))
    try:
        return await _report(installation, slug, month)
    finally:
        await installation.close()


async def _report(house: Installation, slug: str, month: date) -> Made:
    async with house.worker() as session:
        shop_id = await shop_id_of(session, slug)
    workshop = Workshop(
        sessions=house.worker, files=house.files, operator=house.settings.operator_name,
        public_url=house.settings.public_url,
    )  # fmt: skip
    try:
        return await make_report(workshop, shop_id, month, now=house.clock.now())
    except PdfFailed as failure:
        raise NotDrawn(reason=str(failure).rstrip(".")) from failure
