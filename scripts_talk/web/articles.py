"""``/knowledge``: a shop's articles to find and to read, for everybody as far as it is theirs."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import one_line, tidied
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_
from scripts_talk.knowledge import commands, queries
from scripts_talk.knowledge.errors import ArticleNotFound
from scripts_talk.knowledge.models import Article, ArticleVersion
from scripts_talk.knowledge.queries import PAGE_SIZE, ListFilter
from scripts_talk.knowledge.values import ArticleKind, RemarkKind, VersionState
from scripts_talk.knowledge.view import KINDS, reading
from scripts_talk.web.article_view import article_line, compared, reader_line, remark_line, version_line
from tenants import queries as shops

AnyRequest = Request[Any, Any, State]
EVERYBODY = (Role.AGENT, Role.SUPERVISOR, Role.OPERATOR, Role.MERCHANT)
LEADERS = (Role.SUPERVISOR, Role.OPERATOR)
SEEN = {
    Role.AGENT: (VersionState.PUBLISHED,),
    Role.MERCHANT: (VersionState.PUBLISHED, VersionState.SUBMITTED),
}


class ArticlePages(Controller):
    path = "/knowledge"

    @get("/", opt=allow(*EVERYBODY))
    async def list_articles(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """The articles of the reader's shops, the newest wording first; ``?q=`` finds words in them."""
        asked = request.query_params
        by_id = {shop.tenant_id: shop for shop in await shops.shops(session)}
        wanted = _filter(request, frozenset(by_id))
        rows = list(await queries.article_list(session, wanted, now=context.now))
        more = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
        return render(
            request,
            "scripts_talk/knowledge/list.html",
            rows=[article_line(row, by_id, wanted, context) for row in rows[:PAGE_SIZE]],
            shops=list(by_id.values()),
            shop_choices=[(str(shop.tenant_id), shop.brand_name) for shop in by_id.values()],
            chosen_shops=[by_id[one] for one in wanted.shops] if len(wanted.shops) == 1 else [],
            kinds=[(kind.value, words_of(request).gettext(said)) for kind, said in KINDS.items()],
            asked=asked,
            more=_further(asked, more.version) if more else "",
            leads=context.may(*LEADERS),
            takes_quiz=context.may(Role.AGENT),
        )

    @get("/{tenant_id:uuid}/{article_id:uuid}", opt=allow(*EVERYBODY))
    async def show_article(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        article_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        article = await queries.article(session, tenant_id, article_id)
        return await show(request, session, article)

    @post("/{tenant_id:uuid}/{article_id:uuid}/remarks", opt=allow(Role.MERCHANT))
    async def remark(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        article_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """The merchant's word about the version that was on the page."""
        article = await queries.article(session, tenant_id, article_id)
        posted = await request.form()
        kind, text = _remark_kind(posted.get("kind")), tidied(str(posted.get("text", "")))
        version = await _version(session, article, str(posted.get("version", "")), context)
        try:
            await commands.say(session, version, kind, text, by=context.account_id, now=context.now)
        except InvalidInput as refusal:
            return await show(request, session, article, wrong=refusal.fields, typed=text)
        await audit.record(
            session, context, f"article.{kind.value}", shop_id=tenant_id, subject_id=version.id
        )
        return go(request, f"/knowledge/{tenant_id}/{article_id}", notice=N_("Thank you. The desk sees it."))


async def show(
    request: AnyRequest,
    session: AsyncSession,
    article: Article,
    *,
    wrong: dict[str, str] | None = None,
    typed: str = "",
) -> Template:
    """One article as whoever asks may see it."""
    context, words = context_of(request), words_of(request)
    shop = await shops.shop(session, article.tenant_id)
    leads = context.may(*LEADERS)
    versions = [one for one in await queries.versions_of(session, article) if _is_seen(one, context)]
    if not versions:
        raise ArticleNotFound
    shown = _asked_version(request, versions)
    hears_shop = context.may(*LEADERS, Role.MERCHANT)
    remarks = await queries.remarks_of(session, article) if hears_shop else []
    return render(
        request,
        "scripts_talk/knowledge/article.html",
        status=422 if wrong else 200,
        shop=shop,
        base=f"/knowledge/{article.tenant_id}/{article.id}",
        article=reading(article, shown, shop, context),
        version=version_line(shown, words, shop.zone),
        versions=[version_line(one, words, shop.zone) for one in versions],
        compared=compared(shown, versions) if "compare" in request.query_params else None,
        remarks=[remark_line(one, number, words, shop.zone) for one, number in remarks],
        readers=await _readers(request, session, article, shown),
        uses=await queries.uses_of(session, article, now=context.now) if leads else None,
        is_approved=hears_shop and await queries.is_approved(session, shown),
        is_public=article.is_public,
        is_retired=article.retired_at is not None,
        leads=leads,
        remarks_open=context.may(Role.MERCHANT),
        wrong=wrong or {},
        typed=typed,
    )


async def _readers(
    request: AnyRequest, session: AsyncSession, article: Article, shown: ArticleVersion
) -> list[dict[str, object]]:
    """To leaders: who has read what is to be read and in force, and who has not."""
    is_asked = queries.is_to_be_read(article) and shown.state is VersionState.PUBLISHED
    if not is_asked or not context_of(request).may(*LEADERS):
        return []
    zone = (await shops.shop(session, article.tenant_id)).zone
    return [reader_line(one, words_of(request), zone) for one in await queries.readers_of(session, shown)]


def _filter(request: AnyRequest, bound: frozenset[UUID]) -> ListFilter:
    asked, context = request.query_params, context_of(request)
    shop = next((one for one in bound if str(one) == asked.get("shop", "")), None)
    kind = asked.get("kind", "")
    leads = context.may(*LEADERS)
    role = Role.MERCHANT if context.may(Role.MERCHANT) else Role.AGENT
    return ListFilter(
        shops=frozenset([shop]) if shop else bound,
        kind=ArticleKind(kind) if kind in set(ArticleKind) else None,
        query=one_line(asked.get("q", "")),
        is_retired=leads and asked.get("retired") == "1",
        is_to_be_read=asked.get("toread") == "1",
        states=() if leads else SEEN[role],
        older_than=_place(asked.get("before", "")),
    )


def _further(asked: Any, last: ArticleVersion) -> str:
    """Where the list goes on, with the same filter."""
    kept = {name: asked[name] for name in ("shop", "kind", "q", "retired", "toread") if asked.get(name)}
    return urlencode(kept | {"before": f"{last.created_at.isoformat()}_{last.id}"})


def _place(typed: str) -> tuple[datetime, UUID] | None:
    at, _, version_id = typed.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(version_id)
    except ValueError:
        return None


def _is_seen(version: ArticleVersion, context: Context) -> bool:
    """An agent sees what is in force."""
    if context.may(*LEADERS):
        return True
    if context.may(Role.MERCHANT):
        return version.is_for_the_shop
    return version.state is VersionState.PUBLISHED


def _asked_version(request: AnyRequest, versions: list[ArticleVersion]) -> ArticleVersion:
    """The version asked for; else what waits for a word, then what is in force, then the newest."""
    number = request.query_params.get("version", "")
    asked = [one for one in versions if str(one.number) == number]
    waiting = [one for one in versions if one.state is VersionState.SUBMITTED]
    in_force = [one for one in versions if one.state is VersionState.PUBLISHED]
    first = [*asked, *waiting, *in_force, *versions]
    return first[0]


async def _version(
    session: AsyncSession, article: Article, version_id: str, context: Context
) -> ArticleVersion:
    for one in await queries.versions_of(session, article):
        if str(one.id) == version_id and _is_seen(one, context):
            return one
    raise ArticleNotFound


def _remark_kind(typed: object) -> RemarkKind:
    return next((kind for kind in RemarkKind if kind.value == typed), RemarkKind.COMMENT)
