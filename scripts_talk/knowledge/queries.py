"""Reads about articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.identity.models import Account
from nanori.identity.queries import agents_of
from scripts_talk.knowledge.errors import ArticleNotFound
from scripts_talk.knowledge.matching import words_of
from scripts_talk.knowledge.models import (
    Article,
    ArticleRemark,
    ArticleUse,
    ArticleVersion,
    KnowledgeRules,
    ReadReceipt,
)
from scripts_talk.knowledge.search import RECENT
from scripts_talk.knowledge.values import BEING_WRITTEN, ArticleKind, RemarkKind, VersionState

PAGE_SIZE = 50
MOST_NOTICES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """One article of the list: what is in force, or else what is being written."""

    article: Article
    version: ArticleVersion
    is_waiting: bool  # for the merchant's word
    has_draft: bool
    uses: int  # contacts of the last thirty days
    remark: str = ""  # what the shop would have different, while nothing newer was written


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """Which articles; what is None is not asked for."""

    shops: frozenset[UUID]
    kind: ArticleKind | None = None
    query: str = ""
    is_retired: bool = False
    is_to_be_read: bool = False  # only what agents have to confirm
    states: tuple[VersionState, ...] = ()  # that the reader may see; none: all
    older_than: tuple[datetime, UUID] | None = None


async def article_list(
    session: AsyncSession, wanted: ListFilter, *, now: datetime, size: int = PAGE_SIZE
) -> Sequence[ArticleRow]:
    """At most a page and one of articles, the newest wording first."""
    shown, written = ArticleVersion, func.bool_or(ArticleVersion.state.in_(BEING_WRITTEN))
    waiting = func.bool_or(ArticleVersion.state == VersionState.SUBMITTED)
    states = (
        select(
            ArticleVersion.tenant_id, ArticleVersion.article_id, written.label("written"),
            waiting.label("waiting"),
        )
        .where(ArticleVersion.tenant_id.in_(wanted.shops))
        .group_by(ArticleVersion.tenant_id, ArticleVersion.article_id)
        .subquery()
    )  # fmt: skip
    rows = await session.execute(
        select(Article, shown, states.c.waiting, states.c.written, _uses(wanted, now), _remark(wanted))
        .select_from(Article)
        .join(shown, and_(shown.tenant_id == Article.tenant_id, shown.id == _newest_shown(wanted)))
        .join(states, and_(states.c.tenant_id == Article.tenant_id, states.c.article_id == Article.id))
        .where(*_asked(wanted))
        .order_by(shown.created_at.desc(), shown.id.desc())
        .limit(size + 1)
    )
    return [
        ArticleRow(
            article=row[0], version=row[1], is_waiting=row[2], has_draft=row[3], uses=row[4],
            remark=row[5] or "",
        )
        for row in rows
    ]  # fmt: skip


def _remark(wanted: ListFilter) -> ColumnElement[str]:
    """The newest word of the shop about the newest version, unless it was a yes; for those who write."""
    if wanted.states:
        return literal("")
    newest = ArticleVersion.__table__.alias()
    latest = (
        select(func.max(newest.c.number))
        .where(newest.c.tenant_id == Article.tenant_id, newest.c.article_id == Article.id)
        .correlate(Article)
        .scalar_subquery()
    )
    about = ArticleVersion.__table__.alias()
    said = and_(about.c.tenant_id == ArticleRemark.tenant_id, about.c.id == ArticleRemark.version_id)
    return (
        select(case((ArticleRemark.kind == RemarkKind.APPROVED, ""), else_=ArticleRemark.text))
        .join(about, said)
        .where(
            about.c.tenant_id == Article.tenant_id, about.c.article_id == Article.id,
            about.c.number == latest,
        )
        .order_by(ArticleRemark.said_at.desc(), ArticleRemark.id.desc())
        .limit(1)
        .correlate(Article)
        .scalar_subquery()
    )  # fmt: skip


def _uses(wanted: ListFilter, now: datetime) -> ColumnElement[int]:
    """Counted for those only who see every state: a merchant's login may not look into the uses."""
    if wanted.states:
        return literal(0)
    return (
        select(func.count(ArticleUse.interaction_id.distinct()))
        .where(
            ArticleUse.tenant_id == Article.tenant_id,
            ArticleUse.article_id == Article.id,
            ArticleUse.at > now - RECENT,
        )
        .scalar_subquery()
    )


def _newest_shown(wanted: ListFilter) -> ColumnElement[UUID]:
    """What is in force before what is being written, before what was once in force."""
    version = ArticleVersion.__table__.alias()
    mine = and_(version.c.tenant_id == Article.tenant_id, version.c.article_id == Article.id)
    return (
        select(version.c.id)
        .where(mine, *([version.c.state.in_(wanted.states)] if wanted.states else []))
        .order_by(
            (version.c.state == VersionState.PUBLISHED).desc(),
            version.c.state.in_(BEING_WRITTEN).desc(),
            version.c.number.desc(),
        )
        .limit(1)
        .correlate(Article)
        .scalar_subquery()
    )


def _asked(wanted: ListFilter) -> list[ColumnElement[bool]]:
    version = ArticleVersion
    asked: list[ColumnElement[bool]] = [Article.tenant_id.in_(wanted.shops)]
    asked.append(Article.retired_at.is_not(None) if wanted.is_retired else Article.retired_at.is_(None))
    if wanted.kind is not None:
        asked.append(Article.kind == wanted.kind)
    if wanted.is_to_be_read:
        asked.append(to_be_read())
    asked += [func.strpos(version.searched, word) > 0 for word in words_of(wanted.query)]
    if wanted.older_than is not None:
        asked.append(tuple_(version.created_at, version.id) < tuple_(*wanted.older_than))
    return asked


async def article(session: AsyncSession, tenant_id: UUID, article_id: UUID) -> Article:
    """One article.

    Raises:
        ArticleNotFound: not among the shops bound.
    """
    found = await session.get(Article, (tenant_id, article_id))
    if found is None:
        raise ArticleNotFound
    return found


async def versions_of(session: AsyncSession, article: Article) -> Sequence[ArticleVersion]:
    """Every version, the newest first."""
    found = await session.scalars(
        select(ArticleVersion)
        .where(ArticleVersion.tenant_id == article.tenant_id, ArticleVersion.article_id == article.id)
        .order_by(ArticleVersion.number.desc())
    )
    return found.all()


async def published_version(session: AsyncSession, tenant_id: UUID, article_id: UUID) -> ArticleVersion:
    """What is in force.

    Raises:
        ArticleNotFound: nothing, or not among the shops bound.
    """
    found = await session.scalar(
        select(ArticleVersion).where(
            ArticleVersion.tenant_id == tenant_id,
            ArticleVersion.article_id == article_id,
            ArticleVersion.state == VersionState.PUBLISHED,
        )
    )
    if found is None:
        raise ArticleNotFound
    return found


async def rules_of(session: AsyncSession, tenant_id: UUID) -> KnowledgeRules:
    """How the shop wants it; a shop that has said nothing gets the defaults."""
    found = await session.get(KnowledgeRules, tenant_id)
    return found or KnowledgeRules(
        tenant_id=tenant_id, approves=False, has_public_page=False, may_be_indexed=False
    )


async def remarks_of(session: AsyncSession, article: Article) -> Sequence[tuple[ArticleRemark, int]]:
    """What the merchant said about the article's versions, with the version's number, newest first."""
    rows = await session.execute(
        select(ArticleRemark, ArticleVersion.number)
        .join(
            ArticleVersion,
            and_(
                ArticleVersion.tenant_id == ArticleRemark.tenant_id,
                ArticleVersion.id == ArticleRemark.version_id,
            ),
        )
        .where(ArticleVersion.tenant_id == article.tenant_id, ArticleVersion.article_id == article.id)
        .order_by(ArticleRemark.said_at.desc(), ArticleRemark.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


async def is_approved(session: AsyncSession, version: ArticleVersion) -> bool:
    """Was the merchant's last yes or no to this version, as submitted, a yes?"""
    last = await session.scalar(
        select(ArticleRemark.kind)
        .where(
            ArticleRemark.tenant_id == version.tenant_id,
            ArticleRemark.version_id == version.id,
            ArticleRemark.kind != RemarkKind.COMMENT,
        )
        .order_by(ArticleRemark.said_at.desc(), ArticleRemark.id.desc())
        .limit(1)
    )
    return version.state is VersionState.SUBMITTED and last is RemarkKind.APPROVED


def to_be_read() -> ColumnElement[bool]:
    """Articles that each agent of the shop confirms to have read: notices, and whose author asks for it."""
    return or_(Article.kind == ArticleKind.NOTICE, Article.asks_readers)


def is_to_be_read(article: Article) -> bool:
    """The same of one article."""
    return article.kind is ArticleKind.NOTICE or article.asks_readers


async def unread_notices(
    session: AsyncSession, agent_id: UUID, shops: frozenset[UUID]
) -> Sequence[ArticleVersion]:
    """What is to be read, in force and not confirmed by the agent; the oldest first."""
    read = exists().where(
        ReadReceipt.tenant_id == ArticleVersion.tenant_id,
        ReadReceipt.version_id == ArticleVersion.id,
        ReadReceipt.agent_id == agent_id,
    )
    found = await session.scalars(
        select(ArticleVersion)
        .join(
            Article,
            and_(Article.tenant_id == ArticleVersion.tenant_id, Article.id == ArticleVersion.article_id),
        )
        .where(
            Article.tenant_id.in_(shops),
            to_be_read(),
            Article.retired_at.is_(None),
            ArticleVersion.state == VersionState.PUBLISHED,
            ~read,
        )
        .order_by(ArticleVersion.published_at, ArticleVersion.id)
        .limit(MOST_NOTICES)
    )
    return found.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """An agent of the shop, and when the version was read; None: not yet."""

    agent: Account
    at: datetime | None


async def readers_of(session: AsyncSession, version: ArticleVersion) -> Sequence[Reader]:
    """Every agent of the shop, those first who have not read it."""
    agents = await agents_of(session, version.tenant_id)
    read = await session.execute(
        select(ReadReceipt.agent_id, ReadReceipt.at).where(
            ReadReceipt.tenant_id == version.tenant_id, ReadReceipt.version_id == version.id
        )
    )
    at = {row.agent_id: row.at for row in read}
    readers = [Reader(agent=agent, at=at.get(agent.id)) for agent in agents]
    return sorted(readers, key=lambda reader: (reader.at is not None, reader.agent.name))


async def uses_of(session: AsyncSession, article: Article, *, now: datetime) -> tuple[int, int]:
    """Contacts of the last thirty days and of all time in which the article was opened or sent."""
    contacts = func.count(ArticleUse.interaction_id.distinct())
    row = (
        await session.execute(
            select(contacts.filter(ArticleUse.at > now - RECENT), contacts).where(
                ArticleUse.tenant_id == article.tenant_id, ArticleUse.article_id == article.id
            )
        )
    ).one()
    return row[0], row[1]


async def public_articles(
    session: AsyncSession, tenant_id: UUID
) -> Sequence[tuple[ArticleKind, ArticleVersion]]:
    """What the shop's public page shows, by title."""
    rows = await session.execute(
        select(Article.kind, ArticleVersion)
        .join(
            ArticleVersion,
            and_(ArticleVersion.tenant_id == Article.tenant_id, ArticleVersion.article_id == Article.id),
        )
        .where(
            Article.tenant_id == tenant_id,
            Article.is_public,
            Article.kind != ArticleKind.NOTICE,
            Article.retired_at.is_(None),
            ArticleVersion.state == VersionState.PUBLISHED,
        )
        .order_by(Article.kind, ArticleVersion.title, ArticleVersion.id)
    )
    return [(row[0], row[1]) for row in rows]


async def submitted_articles(session: AsyncSession, *, limit: int = PAGE_SIZE) -> Sequence[ArticleVersion]:
    """Wordings that wait for their shop's word, over all shops bound; the oldest first."""
    one = ArticleVersion
    asked = select(one).where(one.state == VersionState.SUBMITTED).order_by(one.created_at, one.id)
    return (await session.scalars(asked.limit(limit))).all()
