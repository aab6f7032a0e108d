"""A shop's colour and logo, for every page that shows the shop."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import files
from nanori.errors import NotFound
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.colour import brand_rules
from tenants import queries
from tenants.logo import INITIAL_TYPE, MEDIA_TYPE, initial
from tenants.models import Tenant
from tenants.policy import EVERYBODY

AnyRequest = Request[Any, Any, State]
ROOM = "tenants"


class BrandFiles(Controller):
    path = "/brand"

    @get("/all.css", opt=allow(*EVERYBODY))
    async def all_colours(self, session: NamedDependency[AsyncSession]) -> Response[str]:
        """The colours of every shop that the reader may see."""
        return _stylesheet("".join(rules_of(shop) for shop in await queries.shops(session)))

    @get("/{sheet:str}", opt=allow(*EVERYBODY))
    async def colours(self, sheet: FromPath[str], session: NamedDependency[AsyncSession]) -> Response[str]:
        """``<shop's id>.css``: a path part that Litestar cannot type as a whole."""
        name, _, ending = sheet.partition(".")
        try:
            tenant_id = UUID(name)
        except ValueError as problem:
            raise NotFound from problem
        if ending != "css":
            raise NotFound
        return _stylesheet(rules_of(await queries.shop(session, tenant_id)))

    @get("/{tenant_id:uuid}/logo", opt=allow(*EVERYBODY))
    async def logo(
        self,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:
        """The picture as we drew it ourselves, in its place the shop's initial when the file is lost."""
        shop = await queries.shop(session, tenant_id)
        if shop.logo_file_id is None:
            raise NotFound
        file = await files.find(session, tenant_id, shop.logo_file_id, room=ROOM)
        if not installation.files.has(tenant_id, file.id):
            return _picture(initial(shop.brand_name, shop.colour), INITIAL_TYPE, "no-cache")
        return _picture(installation.files.read(tenant_id, file.id), MEDIA_TYPE, "max-age=3600")


def _picture(content: bytes, media_type: str, kept: str) -> Response[bytes]:
    """No script in it could run."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Cache-Control": f"private, {kept}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": "inline",
        },
    )


def rules_of(shop: Tenant) -> str:
    """Custom properties for whatever carries the shop's ``data-shop``."""
    return brand_rules(f'[data-shop="{shop.tenant_id}"]', shop.colour)


def _stylesheet(rules: str) -> Response[str]:
    return Response(rules, media_type="text/css", headers={"Cache-Control": "private, no-cache"})
