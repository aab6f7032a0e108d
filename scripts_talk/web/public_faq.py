"""``/faq/<short name>``: a shop's answers for everybody, under its name and colour, when the shop wants that.

No account, no cookie, nothing about who works for the shop; the same bytes for all, so that they may be kept.
"""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import directory, files
from nanori.db import bind_tenants
from nanori.errors import NotFound
from nanori.installation import Installation
from nanori.web.access import anyone
from nanori.web.colour import brand_rules
from nanori.words import words_for
from scripts_talk.knowledge import queries
from scripts_talk.knowledge.markup import to_html
from scripts_talk.knowledge.models import KnowledgeRules
from scripts_talk.knowledge.view import KINDS
from tenants import queries as shops
from tenants.logo import MEDIA_TYPE
from tenants.models import Tenant

AnyRequest = Request[Any, Any, State]
KEPT = "public, max-age=300"
ONLY_SHOWN = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class PublicFaq(Controller):
    path = "/faq/{slug:str}"
    opt = anyone("the shop wants its answers to be read by everybody")

    @get()
    async def show_faq(self, slug: FromPath[str], session: NamedDependency[AsyncSession]) -> Template:
        """The articles marked as public, in the shop's language."""
        shop, rules = await _public_shop(session, slug)
        words = words_for(shop.locale)
        articles = [
            {
                "id": version.article_id,
                "kind": KINDS[kind],
                "title": version.title,
                "html": to_html(version.body),
            }
            for kind, version in await queries.public_articles(session, shop.tenant_id)
        ]
        robots = {} if rules.may_be_indexed else {"X-Robots-Tag": "noindex, nofollow"}
        return Template(
            "scripts_talk/knowledge/faq.html",
            context={
                "words": words,
                "shop": shop,
                "articles": articles,
                "kinds": list(dict.fromkeys(one["kind"] for one in articles)),
            },
            headers={"Cache-Control": KEPT, "Content-Security-Policy": ONLY_SHOWN, **robots},
        )

    @get("/brand.css")
    async def colours(self, slug: FromPath[str], session: NamedDependency[AsyncSession]) -> Response[str]:
        shop, _ = await _public_shop(session, slug)
        return Response(
            brand_rules(":root", shop.colour), media_type="text/css", headers={"Cache-Control": KEPT}
        )

    @get("/logo")
    async def logo(
        self,
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:
        """The picture as we drew it ourselves; no script in it could run."""
        shop, _ = await _public_shop(session, slug)
        if shop.logo_file_id is None:
            raise NotFound
        file = await files.find(session, shop.tenant_id, shop.logo_file_id, room="tenants")
        if not installation.files.has(shop.tenant_id, file.id):
            raise NotFound
        return Response(
            installation.files.read(shop.tenant_id, file.id),
            media_type=MEDIA_TYPE,
            headers={"Cache-Control": KEPT, "Content-Security-Policy": "default-src 'none'; sandbox"},
        )


async def _public_shop(session: AsyncSession, slug: str) -> tuple[Tenant, KnowledgeRules]:
    """The shop of that name, bound, if it has a public page; otherwise nothing tells that it exists.

    Raises:
        NotFound: no such shop, or one without a public page.
    """
    found = await directory.look_up(session, directory.Kind.SHOP, slug)
    if found is None:
        raise NotFound
    return await _bound(session, found.shop_id)


async def _bound(session: AsyncSession, tenant_id: UUID) -> tuple[Tenant, KnowledgeRules]:
    await bind_tenants(session, [tenant_id])
    rules = await queries.rules_of(session, tenant_id)
    if not rules.has_public_page:
        raise NotFound
    return await shops.shop(session, tenant_id), rules
