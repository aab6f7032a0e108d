"""What supervisors do with an article: write, submit, publish, give up, retire."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from scripts_talk.knowledge import commands, queries
from scripts_talk.knowledge.models import Article
from scripts_talk.knowledge.values import BEING_WRITTEN
from scripts_talk.web.article_forms import ArticleForm
from scripts_talk.web.article_view import remark_line
from scripts_talk.web.articles import LEADERS
from tenants import queries as shops
from tenants.models import Tenant

AnyRequest = Request[Any, Any, State]


class ArticleWriting(Controller):
    path = "/knowledge/{tenant_id:uuid}"
    opt = allow(*LEADERS)

    @get("/new")
    async def begin(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        shop = await shops.shop(session, tenant_id)
        return await _page(request, session, shop, ArticleForm(words=words_of(request)))

    @post("/new")
    async def add(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Keep the first draft, and go on as the button says."""
        shop = await shops.shop(session, tenant_id)
        posted = await request.form()
        form = ArticleForm(posted, words=words_of(request))
        if not form.validate():
            return await _page(request, session, shop, form, status=422)
        draft = await commands.add_article(
            session, tenant_id, form.article_kind, form.wording, by=context.account_id, now=context.now
        )
        return await _then(request, session, context, tenant_id, draft.article_id, form)

    @get("/{article_id:uuid}/draft")
    async def edit(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        article_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """What is being written; else what is in force, to begin with."""
        article = await queries.article(session, tenant_id, article_id)
        versions = await queries.versions_of(session, article)
        written = [one for one in versions if one.state in BEING_WRITTEN]
        in_force = [one for one in versions if one.published_at]
        shown = [*written, *in_force, *versions][0]
        form = ArticleForm(
            words=words_of(request), kind=article.kind.value, title=shown.title, body=shown.body,
            keywords=shown.keywords, is_public=article.is_public, asks_readers=article.asks_readers,
        )  # fmt: skip
        shop = await shops.shop(session, tenant_id)
        return await _page(request, session, shop, form, article=article, has_draft=bool(written))

    @post("/{article_id:uuid}/draft")
    async def save(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        article_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        article = await queries.article(session, tenant_id, article_id)
        form = ArticleForm(await request.form(), words=words_of(request))
        if not form.validate():
            shop = await shops.shop(session, tenant_id)
            return await _page(request, session, shop, form, article=article, status=422)
        await commands.save_draft(
            session, tenant_id, article_id, form.wording, by=context.account_id, now=context.now
        )
        return await _then(request, session, context, tenant_id, article_id, form)

    @post("/{article_id:uuid}/publication")
    async def publish(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        article_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Put into force what the shop has approved."""
        await commands.publish_draft(session, tenant_id, article_id, now=context.now)
        return await _done(request, session, context, tenant_id, article_id, "article.published")

    @post("/{article_id:uuid}/discarding")
    async def discard(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        article_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await commands.discard_draft(session, tenant_id, article_id)
        return await _done(request, session, context, tenant_id, article_id, "article.draft_discarded")

    @post("/{article_id:uuid}/retirement")
    async def retire(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        article_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await commands.retire_article(session, tenant_id, article_id, now=context.now)
        return await _done(request, session, context, tenant_id, article_id, "article.retired")


SAID = {
    "article.saved": N_("The draft is saved. Agents see it when it is published."),
    "article.submitted": N_("The shop is asked for its word."),
    "article.published": N_("Published. Agents find it from now on."),
    "article.draft_discarded": N_("The draft is given up."),
    "article.retired": N_("Nobody finds this article any more."),
}


async def _then(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    tenant_id: UUID,
    article_id: UUID,
    form: ArticleForm,
) -> Redirect:
    """Save, submit or publish: what the pressed button says."""
    await commands.set_kind(
        session, tenant_id, article_id, kind=form.article_kind, is_public=bool(form.is_public.data),
        asks_readers=bool(form.asks_readers.data),
    )  # fmt: skip
    action = (await request.form()).get("then")
    if action == "submit":
        await commands.submit_draft(session, tenant_id, article_id)
        return await _done(request, session, context, tenant_id, article_id, "article.submitted")
    if action == "publish":
        await commands.publish_draft(session, tenant_id, article_id, now=context.now)
        return await _done(request, session, context, tenant_id, article_id, "article.published")
    return await _done(request, session, context, tenant_id, article_id, "article.saved")


async def _done(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    tenant_id: UUID,
    article_id: UUID,
    action: str,
) -> Redirect:
    await audit.record(session, context, action, shop_id=tenant_id, subject_id=article_id)
    return go(request, f"/knowledge/{tenant_id}/{article_id}", notice=SAID[action])


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    form: ArticleForm,
    *,
    article: Article | None = None,
    has_draft: bool = False,
    status: int = 200,
) -> Template:
    address, words = f"/knowledge/{shop.tenant_id}", words_of(request)
    remarks = await queries.remarks_of(session, article) if article else []
    return render(
        request,
        "scripts_talk/knowledge/write.html",
        status=status,
        shop=shop,
        form=form,
        action=f"{address}/{article.id}/draft" if article else f"{address}/new",
        back=f"{address}/{article.id}" if article else f"/knowledge?shop={shop.tenant_id}",
        is_new=article is None,
        base=f"{address}/{article.id}" if article else "",
        has_draft=has_draft,
        remarks=[remark_line(one, number, words, shop.zone) for one, number in remarks],
        rules=await queries.rules_of(session, shop.tenant_id),
    )
