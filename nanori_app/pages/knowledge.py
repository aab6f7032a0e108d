"""A shop's knowledge beside a call or a mail: searched, opened, sent, and missed, as the contact's own."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.queries import interaction_by_id
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import NotFound
from nanori.text import one_line
from nanori.web.access import allow
from nanori.web.page import render
from scripts_talk.knowledge import commands, queries, usage
from scripts_talk.knowledge.search import find_articles
from scripts_talk.knowledge.values import UseKind
from scripts_talk.knowledge.view import found_line, reading
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]
WHO = (Role.AGENT, Role.SUPERVISOR)


class KnowledgeInContact(Controller):
    """``interaction_id`` is the call or the mail in hand; its shop's articles are the only ones looked at."""

    path = "/knowledge/{tenant_id:uuid}/contacts/{interaction_id:uuid}"

    @get("/found", opt=allow(*WHO))
    async def find(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        """The list under the search field, while somebody types."""
        await interaction_by_id(session, tenant_id, interaction_id)
        query = request.query_params.get("q", "")
        found = await find_articles(session, tenant_id, query, now=context.now)
        lines = [found_line(one, query) for one in found]
        return render(request, "scripts_talk/knowledge/_found.html", found=lines, query=one_line(query))

    @post("/uses", opt=allow(*WHO))
    async def use(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        """The article to read; that it was opened or sent in this contact is counted."""
        posted = await request.form()
        await interaction_by_id(session, tenant_id, interaction_id)
        version = await queries.published_version(session, tenant_id, _id(posted.get("article")))
        how = UseKind.INSERTED if posted.get("how") == UseKind.INSERTED.value else UseKind.OPENED
        await usage.count_use(
            session, version, interaction_id=interaction_id, agent_id=context.account_id, how=how,
            now=context.now,
        )  # fmt: skip
        article = await queries.article(session, tenant_id, version.article_id)
        shop = await shop_by_id(session, tenant_id)
        return render(
            request, "scripts_talk/knowledge/_reading.html", article=reading(article, version, shop, context)
        )

    @post("/questions", opt=allow(*WHO))
    async def miss(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        """Nobody has written an answer yet: kept for the supervisor."""
        posted = await request.form()
        await interaction_by_id(session, tenant_id, interaction_id)
        await usage.collect_question(
            session, tenant_id, one_line(str(posted.get("asked", ""))), interaction_id=interaction_id,
            agent_id=context.account_id, now=context.now,
        )  # fmt: skip
        return render(request, "scripts_talk/knowledge/_collected.html")


class Notices(Controller):
    path = "/knowledge/{tenant_id:uuid}/notices/{article_id:uuid}"

    @post("/reading", opt=allow(Role.AGENT), status_code=204)
    async def confirm(
        self,
        tenant_id: FromPath[UUID],
        article_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        """The agent has read it as it stands now."""
        article = await queries.article(session, tenant_id, article_id)
        if not queries.is_to_be_read(article):
            raise NotFound
        version = await queries.published_version(session, tenant_id, article_id)
        await commands.confirm_read(session, version, agent_id=context.account_id, now=context.now)
        await audit.record(session, context, "notice.read", shop_id=tenant_id, subject_id=version.id)


def _id(typed: object) -> UUID:
    try:
        return UUID(str(typed))
    except ValueError as problem:
        raise NotFound from problem
