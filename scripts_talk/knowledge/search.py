"""The search of one shop's articles: complete by reading every text, ranked by place and by use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from scripts_talk.knowledge.matching import words_of
from scripts_talk.knowledge.models import Article, ArticleUse, ArticleVersion
from scripts_talk.knowledge.values import ArticleKind, VersionState

MOST_SHOWN = 20
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One published article."""

    article_id: UUID
    version_id: UUID
    kind: ArticleKind
    title: str
    body: str
    uses: int  # contacts of the last thirty days in which it was opened or sent


async def find_articles(
    session: AsyncSession, tenant_id: UUID, query: str, *, now: datetime, limit: int = MOST_SHOWN
) -> Sequence[Found]:
    """Published articles of the shop that hold every word of the query, the most likely first.

    Words in the title or among the keywords go before words in the text, then what helped most of late, then
    the newest. Without a word: what helped most of late.
    """
    words = words_of(query)
    uses = _uses(tenant_id, now)
    version = ArticleVersion
    in_title = and_(*[_holds(version.searched_title, word) for word in words]) if words else literal(True)
    rows = await session.execute(
        select(
            version.article_id, version.id, Article.kind, version.title, version.body,
            func.coalesce(uses.c.times, 0).label("times"),
        )
        .join(Article, and_(Article.tenant_id == version.tenant_id, Article.id == version.article_id))
        .outerjoin(uses, uses.c.article_id == version.article_id)
        .where(
            version.tenant_id == tenant_id,
            version.state == VersionState.PUBLISHED,
            Article.retired_at.is_(None),
            *[_holds(version.searched, word) for word in words],
        )
        .order_by(
            in_title.desc(),
            func.coalesce(uses.c.times, 0).desc(),
            version.published_at.desc(),
            version.id.desc(),
        )
        .limit(limit)
    )  # fmt: skip
    return [
        Found(article_id=row[0], version_id=row[1], kind=row[2], title=row[3], body=row[4], uses=row[5])
        for row in rows
    ]


def _holds(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return func.strpos(column, word) > 0


def _uses(tenant_id: UUID, now: datetime) -> Subquery:
    return (
        select(ArticleUse.article_id, func.count(ArticleUse.interaction_id.distinct()).label("times"))
        .where(ArticleUse.tenant_id == tenant_id, ArticleUse.at > now - RECENT)
        .group_by(ArticleUse.article_id)
        .subquery()
    )
