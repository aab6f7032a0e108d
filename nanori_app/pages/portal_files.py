"""``/portal/…/files/month.csv``, ``/portal/…/files/invoices/<id>.json``, …: what a shop sees, in files."""

import json
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.actors import Role
from nanori.errors import NotFound
from nanori.web.access import allow
from nanori.web.downloads import download
from nanori.web.page import context_of, installation_of
from nanori_app.pages.portal_asked import Asked
from nanori_app.pages.portal_documents import DOCUMENTS
from nanori_app.pages.portal_tables import TABLES
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]
BESIDE_THEIR_PAGES = ("/hours.csv", "/hours.json", "/contacts.csv", "/contacts.json")


class PortalFiles(Controller):
    path = "/portal/{tenant_id:uuid}"
    opt = allow(Role.MERCHANT)

    @get([*BESIDE_THEIR_PAGES])
    async def table_of_its_page(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Response[bytes]:
        """A table whose address is that of the page that shows it."""
        return await _table(request, session, tenant_id, request.url.path.rpartition("/")[2])

    @get("/files/{name:str}")
    async def table(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        name: FromPath[str],
        session: NamedDependency[AsyncSession],
        month: FromQuery[str] = "",
    ) -> Response[bytes]:
        """One of the tables of ``portal_tables`` as CSV or JSON, by its ending; ``month`` where it is of one.

        Raises:
            NotFound: no such table, ending or month.
        """
        return await _table(request, session, tenant_id, name, month)

    @get("/files/{what:str}/{name:str}")
    async def document(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        what: FromPath[str],
        name: FromPath[str],
        session: NamedDependency[AsyncSession],
    ) -> Response[bytes]:
        """One of the documents of ``portal_documents`` as JSON: ``name`` is its id with that ending.

        Raises:
            NotFound: no such document, or not for these people; nobody learns whose it is.
        """
        key = _id(name.removesuffix(".json"))
        if what not in DOCUMENTS or key is None or not name.endswith(".json"):
            raise NotFound
        try:
            asked = await _asked(request, session, tenant_id)
            told = await DOCUMENTS[what](asked, key)
        except NotFound as missing:
            raise NotFound from missing
        return await _handed_out(request, asked, f"{what}/{key}.json", _as_json(asked.document(told)))


async def _table(
    request: AnyRequest, session: AsyncSession, tenant_id: UUID, name: str, month: str = ""
) -> Response[bytes]:
    what, _, ending = name.rpartition(".")
    if what not in TABLES or ending not in ("csv", "json"):
        raise NotFound
    asked = await _asked(request, session, tenant_id, month)
    found = await TABLES[what](asked)
    body = found.table.as_csv() if ending == "csv" else _as_json(asked.document(found.as_json()))
    return await _handed_out(request, asked, name, body)


async def _asked(request: AnyRequest, session: AsyncSession, tenant_id: UUID, month: str = "") -> Asked:
    shop = await shop_by_id(session, tenant_id)
    return Asked.of(session, shop, context_of(request), installation_of(request).files, month)


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _as_json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


async def _handed_out(request: AnyRequest, asked: Asked, name: str, body: bytes) -> Response[bytes]:
    shop, detail = asked.shop, {"file": name}
    await audit.record(
        asked.session, context_of(request), "portal.downloaded", shop_id=shop.tenant_id, detail=detail
    )
    return download(body, f"{shop.slug}-{name.replace('/', '-')}")
