"""The files of an issued invoice: PDF, XML and the statement of its month. Drawn by workers and commands."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from billing.invoices.document import Document
from billing.invoices.models import InvoicePaper
from billing.invoices.paper.sheet import FONTS, paper_pdf
from billing.invoices.peppol import invoice_xml
from billing.invoices.queries import document_of, invoice_by_id, paper_of
from billing.invoices.sheets import Cell, file_name, written
from billing.invoices.statement import shops_on, statement_rows
from nanori import files
from nanori.db import Sessions, unit_of_work
from nanori.files import FileStore
from nanori.pdf import PdfLimits, PdfPress, PdfRoom
from nanori.words import Words, register_catalogues, words_for
from reports.making import CATALOGUES

ROOM = "billing"
PDF, XML, CSV = "application/pdf", "application/xml", "text/csv"
SECONDS = 60
"""What drawing one invoice may take; an ordinary one needs less than one."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The bytes of an invoice."""

    pdf: bytes
    xml: bytes
    statement: bytes


class DrawingBoard(PdfRoom):
    """Where all invoices of a process are drawn."""

    def __init__(self) -> None:
        super().__init__(PdfPress(limits=PdfLimits(seconds=SECONDS), fonts=FONTS))

    def draw(self, document: Document, statement: Sequence[Sequence[Cell]]) -> Drawn:
        """All files of an issued invoice. Blocks: call it from a thread.

        Raises:
            nanori.pdf.PdfFailed: or a subclass, see ``PdfPress.print``.
        """
        with self.engine() as press:
            return drawn(document, statement, press)


def drawn(document: Document, statement: Sequence[Sequence[Cell]], press: PdfPress) -> Drawn:
    """All files of an issued invoice, in the payer's language.

    Raises:
        nanori.pdf.PdfFailed: or a subclass, see ``PdfPress.print``.
    """
    words = _words(document)
    return Drawn(
        pdf=paper_pdf(document, words, press), xml=invoice_xml(document), statement=written(statement)
    )


def _words(document: Document) -> Words:
    register_catalogues((*CATALOGUES, ROOM))
    return words_for(document.payer.locale)


async def file_invoice(
    sessions: Sessions, store: FileStore, board: DrawingBoard, tenant_id: UUID, invoice_id: UUID,
    *, now: datetime,
) -> None:  # fmt: skip
    """Draw an invoice and keep its files, once; no transaction is open meanwhile.

    Raises:
        InvoiceNotFound: none lies with that shop.
        nanori.pdf.PdfFailed: it cannot be drawn.
    """
    async with unit_of_work(sessions, [tenant_id]) as session:
        invoice = await invoice_by_id(session, tenant_id, invoice_id)
        if await paper_of(session, invoice) is not None:
            return
        document = await document_of(session, invoice)
    async with unit_of_work(sessions, shops_on(document)) as session:
        statement = await statement_rows(session, document, _words(document))
    made = await asyncio.to_thread(board.draw, document, statement)
    async with unit_of_work(sessions, [tenant_id]) as session:
        invoice = await invoice_by_id(session, tenant_id, invoice_id, locked=True)
        if await paper_of(session, invoice) is None:
            await _keep(session, store, invoice_id, tenant_id, document, made, now=now)


async def _keep(
    session: AsyncSession, store: FileStore, invoice_id: UUID, tenant_id: UUID, document: Document,
    made: Drawn, *, now: datetime,
) -> None:  # fmt: skip
    kept = []
    for ending, media_type, content in (
        ("pdf", PDF, made.pdf),
        ("xml", XML, made.xml),
        ("csv", CSV, made.statement),
    ):
        file = await files.keep(
            session, tenant_id, store=store, room=ROOM, name=file_name(document, ending),
            media_type=media_type, content=content, now=now,
        )  # fmt: skip
        kept.append(file.id)
    session.add(
        InvoicePaper(
            tenant_id=tenant_id, id=uuid7(), invoice_id=invoice_id, pdf_file_id=kept[0],
            xml_file_id=kept[1], statement_file_id=kept[2], drawn_at=now,
        )
    )  # fmt: skip
    await session.flush()
