"""The files of an invoice, for whoever may see it; each one handed out is written down."""

from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from billing.invoices.errors import InvoiceNotFound, PaperLost, PaperNotReady
from billing.invoices.filing import ROOM
from billing.invoices.models import InvoicePaper
from billing.invoices.queries import paper_of
from billing.web.invoices.pages import readable
from billing.web.invoices.policy import READERS
from nanori import audit, files
from nanori.context import Context
from nanori.installation import Installation
from nanori.web.access import allow

FILES = {
    "invoice.pdf": lambda paper: paper.pdf_file_id,
    "invoice.xml": lambda paper: paper.xml_file_id,
    "statement.csv": lambda paper: paper.statement_file_id,
}


class InvoiceFiles(Controller):
    path = "/invoices/{tenant_id:uuid}/{invoice_id:uuid}"

    @get("/{name:str}", opt=allow(*READERS))
    async def hand_out(
        self, tenant_id: FromPath[UUID], invoice_id: FromPath[UUID], name: FromPath[str],
        session: NamedDependency[AsyncSession], context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:  # fmt: skip
        """The file under a name with its day, amount and counterparty.

        Raises:
            InvoiceNotFound: no such invoice or kind of file for whoever asks.
            PaperNotReady, PaperLost: it is not drawn yet, or its bytes are gone.
        """
        invoice = await readable(session, context, tenant_id, invoice_id)
        if name not in FILES:
            raise InvoiceNotFound
        paper = await paper_of(session, invoice)
        if paper is None:
            raise PaperNotReady
        file = await files.find(session, tenant_id, _file_id(paper, name), room=ROOM)
        try:
            content = installation.files.read(tenant_id, file.id)
        except FileNotFoundError as gone:
            raise PaperLost from gone
        await audit.record(
            session, context, "invoice.downloaded", shop_id=tenant_id, subject_id=invoice_id,
            detail={"as": name},
        )  # fmt: skip
        return Response(
            content, media_type=file.media_type, headers=_headers(file.name, str(invoice.number), name)
        )


def _file_id(paper: InvoicePaper, name: str) -> UUID:
    file_id: UUID = FILES[name](paper)
    return file_id


def _headers(name: str, number: str, kind: str) -> dict[str, str]:
    plain = f"{number}.{kind.rpartition('.')[2]}"
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
