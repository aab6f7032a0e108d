"""Reads about quizzes and certificates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.identity.models import Account
from nanori.identity.queries import agents_of
from scripts_talk.knowledge.models import Article, ArticleVersion
from scripts_talk.knowledge.values import VersionState
from scripts_talk.quiz.errors import QuizQuestionNotFound
from scripts_talk.quiz.models import Certificate, QuizQuestion, QuizRules, QuizSitting

_Statement = TypeVar("_Statement", bound=Select[*tuple[Any, ...]])
MOST_ARTICLES = 1000
"""Of one shop, to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An agent of the shop, with the certificate and the last quiz that was judged; None: there is none."""

    agent: Account
    certificate: Certificate | None
    sitting: QuizSitting | None


async def rules_of(session: AsyncSession, tenant_id: UUID) -> QuizRules:
    """How the shop certifies; a shop that has said nothing gets the defaults."""
    found = await session.get(QuizRules, tenant_id)
    return found or QuizRules(tenant_id=tenant_id, pass_percent=80, questions=10, valid_days=180)


async def question_by_id(session: AsyncSession, tenant_id: UUID, question_id: UUID) -> QuizQuestion:
    """One question, retired ones included.

    Raises:
        QuizQuestionNotFound: not among the shops bound.
    """
    found = await session.get(QuizQuestion, (tenant_id, question_id))
    if found is None:
        raise QuizQuestionNotFound
    return found


async def questions_of(session: AsyncSession, tenant_id: UUID) -> Sequence[tuple[QuizQuestion, str]]:
    """Every question that is not retired, with its article's title in force, article by article."""
    rows = await session.execute(
        _with_articles(select(QuizQuestion, ArticleVersion.title))
        .where(QuizQuestion.tenant_id == tenant_id, QuizQuestion.retired_at.is_(None))
        .order_by(ArticleVersion.title, QuizQuestion.article_id, QuizQuestion.created_at, QuizQuestion.id)
    )
    return [(row[0], row[1]) for row in rows]


async def questions_to_ask(session: AsyncSession, tenant_id: UUID) -> Sequence[QuizQuestion]:
    """Those about articles in force that nobody has to look at first."""
    found = await session.scalars(
        _with_articles(select(QuizQuestion)).where(QuizQuestion.tenant_id == tenant_id, *_ASKED)
    )
    return found.all()


async def quizzes(session: AsyncSession, tenant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many questions each of these shops can ask; shops without one are left out."""
    rows = await session.execute(
        _with_articles(select(QuizQuestion.tenant_id, func.count()))
        .where(QuizQuestion.tenant_id.in_(list(tenant_ids)), *_ASKED)
        .group_by(QuizQuestion.tenant_id)
    )
    return {row[0]: row[1] for row in rows}


async def articles_to_ask_about(session: AsyncSession, tenant_id: UUID) -> Sequence[tuple[UUID, str]]:
    """The shop's articles in force and their titles."""
    rows = await session.execute(
        select(ArticleVersion.article_id, ArticleVersion.title)
        .where(ArticleVersion.tenant_id == tenant_id, ArticleVersion.state == VersionState.PUBLISHED)
        .order_by(ArticleVersion.title, ArticleVersion.article_id)
        .limit(MOST_ARTICLES)
    )
    return [(row[0], row[1]) for row in rows]


async def titles_of(session: AsyncSession, tenant_id: UUID, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Titles in force; an article that is retired is left out."""
    rows = await session.execute(
        select(ArticleVersion.article_id, ArticleVersion.title).where(
            ArticleVersion.tenant_id == tenant_id,
            ArticleVersion.article_id.in_(set(ids)),
            ArticleVersion.state == VersionState.PUBLISHED,
        )
    )
    return {row[0]: row[1] for row in rows}


async def certificate_of(session: AsyncSession, tenant_id: UUID, agent_id: UUID) -> Certificate | None:
    """The agent's last one, whether it still holds or not."""
    found: Certificate | None = await session.scalar(
        select(Certificate).where(Certificate.tenant_id == tenant_id, Certificate.agent_id == agent_id)
    )
    return found


async def certificates_of(session: AsyncSession, tenant_id: UUID) -> dict[UUID, Certificate]:
    """Every agent's last one, whether it still holds or not."""
    held = await session.scalars(select(Certificate).where(Certificate.tenant_id == tenant_id))
    return {one.agent_id: one for one in held}


async def last_sitting(session: AsyncSession, tenant_id: UUID, agent_id: UUID) -> QuizSitting | None:
    """What the agent began last, judged or not."""
    found: QuizSitting | None = await session.scalar(
        select(QuizSitting)
        .where(QuizSitting.tenant_id == tenant_id, QuizSitting.agent_id == agent_id)
        .order_by(QuizSitting.drawn_at.desc(), QuizSitting.id.desc())
        .limit(1)
    )
    return found


async def candidates(session: AsyncSession, tenant_id: UUID) -> Sequence[Candidate]:
    """Every agent of the shop, by name."""
    agents = await agents_of(session, tenant_id)
    certificates = await certificates_of(session, tenant_id)
    judged = await session.scalars(
        select(QuizSitting)
        .where(QuizSitting.tenant_id == tenant_id, QuizSitting.judged_at.is_not(None))
        .ext(distinct_on(QuizSitting.agent_id))
        .order_by(QuizSitting.agent_id, QuizSitting.drawn_at.desc())
    )
    sittings = {one.agent_id: one for one in judged}
    return [
        Candidate(agent=one, certificate=certificates.get(one.id), sitting=sittings.get(one.id))
        for one in agents
    ]


async def holders(session: AsyncSession, tenant_id: UUID, agents: Sequence[UUID], at: datetime) -> int:
    """How many of these agents hold the shop's certificate at that time."""
    asked = select(func.count(Certificate.agent_id.distinct())).where(
        Certificate.tenant_id == tenant_id, Certificate.agent_id.in_(agents), Certificate.expires_at > at
    )
    return await session.scalar(asked) or 0


def holds(certificate: Certificate | None, now: datetime) -> bool:
    return certificate is not None and certificate.expires_at > now


_ASKED: list[ColumnElement[bool]] = [
    QuizQuestion.retired_at.is_(None),
    QuizQuestion.doubtful_since.is_(None),
]


def _with_articles(statement: _Statement) -> _Statement:
    """Joined to the wording in force of the article that is not retired."""
    return (
        statement.select_from(QuizQuestion)
        .join(
            Article,
            and_(Article.tenant_id == QuizQuestion.tenant_id, Article.id == QuizQuestion.article_id),
        )
        .join(
            ArticleVersion,
            and_(
                ArticleVersion.tenant_id == QuizQuestion.tenant_id,
                ArticleVersion.article_id == QuizQuestion.article_id,
            ),
        )
        .where(Article.retired_at.is_(None), ArticleVersion.state == VersionState.PUBLISHED)
    )
