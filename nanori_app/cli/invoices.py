"""``nanori invoice``: preview, issue, correct and show, for one shop or all."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import click

from billing.invoices import gathering, runs
from billing.invoices.document import Document
from billing.invoices.errors import AlreadyBilled
from billing.invoices.filing import DrawingBoard, file_invoice
from billing.invoices.parties import billings
from billing.invoices.queries import document_of, invoice_by_number, paper_of
from nanori.db import across_shops, bind_tenants, unit_of_work
from nanori.errors import Error
from nanori.installation import Installation, connect
from nanori.pdf import PdfFailed
from nanori.settings import LoginKind
from nanori.words import DASH
from nanori_app.cli.shared import as_json, migrated_database, print_json, shop_id_of
from nanori_app.errors import Stopped
from nanori_app.post import build_post
from reports.values import parse_month
from tenants.queries import shops

month_option = click.option("--month", "text", required=True, metavar="YYYY-MM", help="A month that is over.")
shop_option = click.option("--tenant", "slug", metavar="SLUG", help="Short name of one shop; default: all.")


class NotDrawn(Stopped):
    message = "The invoice {number} is issued, but its files could not be drawn: {reason}."


class SomeRefused(Stopped):
    message = "{count} of {all} could not be done; the others are. Run it again when that is mended."


@dataclass(frozen=True, slots=True)
class Lead:
    """A shop with whose account a payer's invoices lie, and all shops on them."""

    slug: str
    shop_id: UUID
    shops: tuple[UUID, ...]


@click.group()
def invoice() -> None:
    """Invoices of a month, from the usage ledger."""


@invoice.command()
@month_option
@shop_option
@as_json
def preview(*, text: str, slug: str | None, as_json: bool) -> None:
    """Say what a month's invoices would be. Nothing is stored."""
    asyncio.run(_for_each(text, slug, _previewed, as_json=as_json))


@invoice.command()
@month_option
@shop_option
@as_json
def issue(*, text: str, slug: str | None, as_json: bool) -> None:
    """Issue a month's invoices and draw their files. What is issued already is left alone."""
    asyncio.run(_for_each(text, slug, _issued, as_json=as_json))


@invoice.command()
@click.argument("number")
@click.option("--reason", required=True, help="Why; it is printed.")
@as_json
def correct(*, number: str, reason: str, as_json: bool) -> None:
    """Issue an invoice in the place of NUMBER, as payer, plan and ledger say the month now."""
    asyncio.run(_correct(number, reason, as_json=as_json))


@invoice.command()
@click.argument("number")
@as_json
def show(*, number: str, as_json: bool) -> None:
    """Print an issued invoice and where its files are."""
    asyncio.run(_show(number, as_json=as_json))


Deed = Callable[[Installation, DrawingBoard, Lead, date], Awaitable[dict[str, Any]]]


async def _for_each(text: str, slug: str | None, deed: Deed, *, as_json: bool) -> None:
    """One payer after the other, each in transactions of its own; a refusal is told and the next one is next.

    Raises:
        SomeRefused: at least one was.
    """
    month, done, refused = parse_month(text), [], 0
    async with _house() as house:
        leads = await _leads(house, slug)
        with DrawingBoard() as board:
            for number, lead in enumerate(leads, start=1):
                try:
                    found = await deed(house, board, lead, month)
                except Error as refusal:
                    refused += 1
                    found = {"refused": refusal.message.format(**refusal.params)}
                found = {"tenant": lead.slug} | found
                done.append(found)
                if not as_json:
                    click.echo(f"{number}/{len(leads)} {_in_a_line(found)}")
    if as_json:
        print_json({"month": text, "invoices": done, "refused": refused})
    if refused:
        raise SomeRefused(count=refused, all=len(leads))


async def _previewed(house: Installation, _board: DrawingBoard, lead: Lead, month: date) -> dict[str, Any]:
    """Counts the ledger, too, and forgets all of it: the transaction is never committed."""
    async with house.worker() as session:
        await bind_tenants(session, lead.shops)
        document = await gathering.gathered(session, lead.shop_id, month, now=house.clock.now())
    return document.as_json()


async def _issued(house: Installation, board: DrawingBoard, lead: Lead, month: date) -> dict[str, Any]:
    now = house.clock.now()
    try:
        async with unit_of_work(house.worker, lead.shops) as session:
            draft = await gathering.prepare(session, lead.shop_id, month, now=now)
            made = await gathering.issue_draft(session, lead.shop_id, draft.id, by=None, now=now)
            document = await document_of(session, made)
    except AlreadyBilled as before:
        return {"number": before.params["number"], "was_issued_before": True}
    await _file(house, board, lead.shop_id, made.id, str(made.number))
    return document.as_json()


async def _correct(number: str, reason: str, *, as_json: bool) -> None:
    async with _house() as house:
        now = house.clock.now()
        async with across_shops(house.worker) as session:
            old = await invoice_by_number(session, number)
            draft = await gathering.correct(session, old, reason=reason, now=now)
            made = await gathering.issue_draft(session, old.tenant_id, draft.id, by=None, now=now)
            document = await document_of(session, made)
        await _file(house, DrawingBoard(), made.tenant_id, made.id, str(made.number))
    _print(document, {}, as_json=as_json)


async def _show(number: str, *, as_json: bool) -> None:
    async with _house() as house, across_shops(house.worker) as session:
        found = await invoice_by_number(session, number)
        document, paper = await document_of(session, found), await paper_of(session, found)
        files = {}
        if paper is not None:
            kept = {"pdf": paper.pdf_file_id, "xml": paper.xml_file_id, "csv": paper.statement_file_id}
            files = {name: str(house.files.path(found.tenant_id, one)) for name, one in kept.items()}
    _print(document, files, as_json=as_json)


async def _file(
    house: Installation, board: DrawingBoard, tenant_id: UUID, invoice_id: UUID, number: str
) -> None:
    now = house.clock.now()
    try:
        await file_invoice(house.worker, house.files, board, tenant_id, invoice_id, now=now)
    except PdfFailed as failure:
        raise NotDrawn(number=number, reason=str(failure).rstrip(".")) from failure


def _print(document: Document, files: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        print_json(document.as_json() | {"files": files})
        return
    click.echo(_in_a_line(document.as_json()))
    for line in document.lines:
        click.echo(f"  {line.shop}  {line.label}  {line.first} to {line.last}  {line.amount:,} yen")
    for one in document.summary.rates:
        click.echo(f"  {one.percent}%: {one.net:,} + {one.tax:,} = {one.gross:,} yen")
    for name, path in files.items():
        click.echo(f"  {name}: {path}")


def _in_a_line(found: dict[str, Any]) -> str:
    said = [str(found[key]) for key in ("tenant", "number") if found.get(key)]
    if "refused" in found:
        return f"{' '.join(said)}: not done. {found['refused']}"
    if "total" not in found:
        return f"{' '.join(said)}: issued before."
    return f"{' '.join(said)}: {found['total']:,} yen with tax, due {found['due_on'] or DASH}"


async def _leads(house: Installation, slug: str | None) -> Sequence[Lead]:
    """The shops that are billed, or the one with this short name."""
    async with across_shops(house.worker) as session:
        found = await billings(session)
        slugs = {one.tenant_id: one.slug for one in await shops(session)}
        chosen = [await shop_id_of(session, slug)] if slug else await runs.leads(session)
    return [Lead(slugs[one], one, tuple(found[one].shop_ids) if one in found else (one,)) for one in chosen]


@asynccontextmanager
async def _house() -> AsyncGenerator[Installation]:
    with migrated_database() as settings:
        post = build_post(settings.url_for(LoginKind.WORKER))
        house = connect(settings, post)
        try:
            async with post.queue.open_async():
                yield house
        finally:
            await house.close()
