"""Writes about articles. They flush and never commit."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import live
from nanori.errors import InvalidInput
from nanori.identity.queries import agents_of
from nanori.words import N_
from scripts_talk.knowledge import queries
from scripts_talk.knowledge.errors import ArticleNotFound, NotApproved, NothingWritten
from scripts_talk.knowledge.matching import searchable
from scripts_talk.knowledge.models import (
    Article,
    ArticleRemark,
    ArticleVersion,
    KnowledgeRules,
    ReadReceipt,
)
from scripts_talk.knowledge.values import BEING_WRITTEN, ArticleKind, RemarkKind, VersionState
from scripts_talk.quiz.changing import article_changed
from tenants.commands import lock_shop

LONGEST_TITLE, LONGEST_BODY, LONGEST_KEYWORDS = 120, 20_000, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What an article says."""

    title: str
    body: str
    keywords: str = ""

    @property
    def searched_title(self) -> str:
        return searchable(f"{self.title} {self.keywords}")

    @property
    def searched(self) -> str:
        return searchable(f"{self.title} {self.keywords} {self.body}")


async def add_article(
    session: AsyncSession, tenant_id: UUID, kind: ArticleKind, wording: Wording, *, by: UUID, now: datetime
) -> ArticleVersion:
    """A new article with its first draft.

    Raises:
        InvalidInput: title or text is missing or too long.
        ShopNotFound: not among the tenants bound.
    """
    _check(wording)
    await lock_shop(session, tenant_id)
    article = Article(tenant_id=tenant_id, id=uuid7(), kind=kind, created_at=now)
    session.add(article)
    await session.flush()
    return await _write(session, article, wording, by=by, now=now)


async def save_draft(
    session: AsyncSession, tenant_id: UUID, article_id: UUID, wording: Wording, *, by: UUID, now: datetime
) -> ArticleVersion:
    """Keep the wording as the article's draft. What was submitted to the merchant is a draft again.

    Raises:
        InvalidInput: title or text is missing or too long.
        ArticleNotFound: not among the shops bound.
    """
    _check(wording)
    article = await _locked(session, tenant_id, article_id)
    return await _write(session, article, wording, by=by, now=now)


async def submit_draft(session: AsyncSession, tenant_id: UUID, article_id: UUID) -> ArticleVersion:
    """Ask the merchant for a word about the draft.

    Raises:
        ArticleNotFound, NothingWritten.
    """
    article = await _locked(session, tenant_id, article_id)
    draft = await _written(session, article)
    draft.state = VersionState.SUBMITTED
    await session.flush()
    return draft


async def publish_draft(
    session: AsyncSession, tenant_id: UUID, article_id: UUID, *, now: datetime
) -> ArticleVersion:
    """Put the draft into force and retire the version before it; a retired article is there again.

    Raises:
        ArticleNotFound, NothingWritten.
        NotApproved: the shop wants to approve it first.
    """
    article = await _locked(session, tenant_id, article_id)
    draft = await _written(session, article)
    rules = await queries.rules_of(session, tenant_id)
    if rules.approves and not await queries.is_approved(session, draft):
        raise NotApproved
    before = await _retire_published(session, article)
    draft.state, draft.published_at = VersionState.PUBLISHED, now
    article.retired_at = None
    await session.flush()
    if before is not None:
        await article_changed(session, article, before.body, draft.body, now=now)
    if queries.is_to_be_read(article):
        readers = await agents_of(session, tenant_id)
        await live.announce_all(session, [live.payload(live.agent(one.id), "desk") for one in readers])
    return draft


async def discard_draft(session: AsyncSession, tenant_id: UUID, article_id: UUID) -> None:
    """Give up the draft; without one nothing happens.

    Raises:
        ArticleNotFound: not among the shops bound.
    """
    article = await _locked(session, tenant_id, article_id)
    draft = await _version_in(session, article, *BEING_WRITTEN)
    if draft is not None:
        draft.state = VersionState.RETIRED
        await session.flush()


async def retire_article(session: AsyncSession, tenant_id: UUID, article_id: UUID, *, now: datetime) -> None:
    """Nobody finds it any more; its versions stay.

    Raises:
        ArticleNotFound: not among the shops bound.
    """
    article = await _locked(session, tenant_id, article_id)
    await _retire_published(session, article)
    article.retired_at = article.retired_at or now
    await session.flush()


async def set_kind(
    session: AsyncSession,
    tenant_id: UUID,
    article_id: UUID,
    *,
    kind: ArticleKind,
    is_public: bool,
    asks_readers: bool = False,
) -> None:
    """What the article is, whether it is public (a notice never), and whether every agent has to read it.

    Raises:
        ArticleNotFound: not among the shops bound.
    """
    article = await _locked(session, tenant_id, article_id)
    article.kind, article.is_public = kind, is_public and kind is not ArticleKind.NOTICE
    article.asks_readers = asks_readers
    await session.flush()


async def set_rules(
    session: AsyncSession, tenant_id: UUID, *, approves: bool, has_public_page: bool, may_be_indexed: bool
) -> None:
    """How the shop's knowledge is handled from now on.

    Raises:
        ShopNotFound: not among the tenants bound.
    """
    await lock_shop(session, tenant_id)
    values = {
        "approves": approves,
        "has_public_page": has_public_page,
        "may_be_indexed": may_be_indexed and has_public_page,
    }
    await session.execute(
        insert(KnowledgeRules)
        .values(tenant_id=tenant_id, **values)
        .on_conflict_do_update(index_elements=[KnowledgeRules.tenant_id], set_=values)
    )


async def say(
    session: AsyncSession, version: ArticleVersion, kind: RemarkKind, text: str, *, by: UUID, now: datetime
) -> None:
    """Keep what the merchant says about a version.

    Raises:
        InvalidInput: a comment or a no without words; or an answer to what is not submitted any more.
    """
    if kind is not RemarkKind.APPROVED and not text:
        raise InvalidInput({"text": N_("Please write what should be different.")})
    if kind is not RemarkKind.COMMENT and version.state is not VersionState.SUBMITTED:
        raise InvalidInput(
            {"text": N_("This version waits for no approval any more. Please look at it anew.")}
        )
    remark = ArticleRemark(
        tenant_id=version.tenant_id, id=uuid7(), version_id=version.id, kind=kind, text=text, said_by=by,
        said_at=now,
    )  # fmt: skip
    session.add(remark)
    await session.flush()


async def confirm_read(
    session: AsyncSession, version: ArticleVersion, *, agent_id: UUID, now: datetime
) -> None:
    """The agent has read it. The first time counts."""
    await session.execute(
        insert(ReadReceipt)
        .values(tenant_id=version.tenant_id, id=uuid7(), version_id=version.id, agent_id=agent_id, at=now)
        .on_conflict_do_nothing()
    )


def _check(wording: Wording) -> None:
    wrong = {}
    if not wording.title:
        wrong["title"] = N_("Please write a title.")
    elif len(wording.title) > LONGEST_TITLE:
        wrong["title"] = N_("Please shorten the title to 120 characters.")
    if not wording.body:
        wrong["body"] = N_("Please write what agents answer.")
    elif len(wording.body) > LONGEST_BODY:
        wrong["body"] = N_("Please shorten the text to 20,000 characters, or make two articles of it.")
    if len(wording.keywords) > LONGEST_KEYWORDS:
        wrong["keywords"] = N_("Please name fewer words.")
    if wrong:
        raise InvalidInput(wrong)


async def _write(
    session: AsyncSession, article: Article, wording: Wording, *, by: UUID, now: datetime
) -> ArticleVersion:
    draft = await _version_in(session, article, *BEING_WRITTEN)
    if draft is None:
        draft = ArticleVersion(
            tenant_id=article.tenant_id, id=uuid7(), article_id=article.id,
            number=await _latest(session, article) + 1, created_at=now,
        )  # fmt: skip
        session.add(draft)
    draft.state = VersionState.DRAFT
    draft.title, draft.body, draft.keywords = wording.title, wording.body, wording.keywords
    draft.searched_title, draft.searched = wording.searched_title, wording.searched
    draft.written_by = by
    await session.flush()
    return draft


async def _locked(session: AsyncSession, tenant_id: UUID, article_id: UUID) -> Article:
    found = await session.get(Article, (tenant_id, article_id), with_for_update=True, populate_existing=True)
    if found is None:
        raise ArticleNotFound
    return found


async def _written(session: AsyncSession, article: Article) -> ArticleVersion:
    draft = await _version_in(session, article, *BEING_WRITTEN)
    if draft is None:
        raise NothingWritten
    return draft


async def _retire_published(session: AsyncSession, article: Article) -> ArticleVersion | None:
    """What was in force until now."""
    before = await _version_in(session, article, VersionState.PUBLISHED)
    if before is not None:
        before.state = VersionState.RETIRED
        await session.flush()
    return before


async def _version_in(
    session: AsyncSession, article: Article, *states: VersionState
) -> ArticleVersion | None:
    found: ArticleVersion | None = await session.scalar(
        select(ArticleVersion).where(
            ArticleVersion.tenant_id == article.tenant_id,
            ArticleVersion.article_id == article.id,
            ArticleVersion.state.in_(states),
        )
    )
    return found


async def _latest(session: AsyncSession, article: Article) -> int:
    of_article = and_(ArticleVersion.tenant_id == article.tenant_id, ArticleVersion.article_id == article.id)
    return await session.scalar(select(func.max(ArticleVersion.number)).where(of_article)) or 0
