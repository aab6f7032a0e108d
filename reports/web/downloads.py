"""The files of a report, for whoever may see the shop; each one handed out is written down."""

import re
from datetime import date
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit, files
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.words import N_, words_for
from reports.commands import JSON, PDF, ROOM
from reports.delivery.commands import note_opened
from reports.errors import ReportFileLost, ReportNotFound
from reports.policy import READERS, may_make
from reports.queries import report_by_month
from reports.values import parse_month
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_TITLES = {"pdf": N_("Monthly report"), "json": N_("Figures")}


class ReportFiles(Controller):
    path = "/reports/{tenant_id:uuid}/{month:str}"

    @get("/report.pdf", opt=allow(*READERS))
    async def paper(
        self,
        tenant_id: FromPath[UUID],
        month: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:
        handing = _Handing(session, context, installation)
        return await handing.out(tenant_id, month, ending="pdf", media_type=PDF)

    @get("/figures.json", opt=allow(*READERS))
    async def figures(
        self,
        tenant_id: FromPath[UUID],
        month: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:
        handing = _Handing(session, context, installation)
        return await handing.out(tenant_id, month, ending="json", media_type=JSON)


class _Handing:
    """One request for one file."""

    def __init__(self, session: AsyncSession, context: Context, installation: Installation) -> None:
        self.session, self.context, self.store = session, context, installation.files

    async def out(self, tenant_id: UUID, month: str, *, ending: str, media_type: str) -> Response[bytes]:
        """The file with a name that says what it is.

        Raises:
            ReportNotFound: no such shop, month or report for whoever asks; all look the same.
            ReportFileLost: the bytes are gone.
        """
        report = await report_by_month(self.session, tenant_id, _month_of(month))
        file_id = report.pdf_file_id if ending == "pdf" else report.figures_file_id
        if file_id is None:
            raise ReportNotFound
        file = await files.find(self.session, tenant_id, file_id, room=ROOM)
        try:
            content = self.store.read(tenant_id, file.id)
        except FileNotFoundError as gone:
            raise ReportFileLost from gone
        shop = await shop_by_id(self.session, tenant_id)
        if ending == "pdf" and not may_make(self.context):
            await note_opened(self.session, tenant_id, report.month, now=self.context.now)
        await audit.record(
            self.session,
            self.context,
            "report.downloaded",
            shop_id=tenant_id,
            subject_id=file.id,
            detail={"month": month, "as": ending},
        )
        return Response(content, media_type=media_type, headers=_headers(shop, month, ending))


def _month_of(text: str) -> date:
    try:
        return parse_month(text)
    except InvalidInput as wrong:
        raise ReportNotFound from wrong


def _headers(shop: Tenant, month: str, ending: str) -> dict[str, str]:
    """Saved under the shop's brand and the month; the short name for browsers that know ASCII only."""
    title = words_for(shop.locale).gettext(_TITLES[ending])
    name = _NOT_IN_NAMES.sub("_", f"{shop.brand_name}_{title}_{month}.{ending}")
    plain = f"{shop.slug}-{month}.{ending}"
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
