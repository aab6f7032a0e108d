"""What agents did with the knowledge in a contact: articles that helped, questions without an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.errors import InvalidInput
from nanori.words import N_
from scripts_talk.knowledge.commands import Wording, add_article
from scripts_talk.knowledge.errors import QuestionNotFound
from scripts_talk.knowledge.matching import grouped
from scripts_talk.knowledge.models import ArticleUse, ArticleVersion, OpenQuestion
from scripts_talk.knowledge.values import ArticleKind, UseKind

MOST_OPEN = 500
LONGEST_QUESTION = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGroup:
    """Open questions of one shop in similar words, the oldest first."""

    questions: Sequence[OpenQuestion]

    @property
    def first(self) -> OpenQuestion:
        return self.questions[0]


async def count_use(
    session: AsyncSession,
    version: ArticleVersion,
    *,
    interaction_id: UUID,
    agent_id: UUID,
    how: UseKind,
    now: datetime,
) -> None:
    """The article helped in this contact. Once counts, however often it is opened."""
    await session.execute(
        insert(ArticleUse)
        .values(
            tenant_id=version.tenant_id, id=uuid7(), article_id=version.article_id, version_id=version.id,
            interaction_id=interaction_id, agent_id=agent_id, how=how, at=now,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip


async def collect_question(
    session: AsyncSession,
    tenant_id: UUID,
    asked: str,
    *,
    interaction_id: UUID | None,
    agent_id: UUID,
    now: datetime,
) -> OpenQuestion:
    """Keep what nobody could answer. The same words in the same contact are kept once.

    Raises:
        InvalidInput: nothing was asked.
    """
    asked = asked[:LONGEST_QUESTION]
    if not asked:
        raise InvalidInput({"asked": N_("Please write what was asked.")})
    there: OpenQuestion | None = await session.scalar(
        select(OpenQuestion).where(
            OpenQuestion.tenant_id == tenant_id,
            OpenQuestion.interaction_id == interaction_id,
            OpenQuestion.asked == asked,
        )
    )
    if there is not None:
        return there
    question = OpenQuestion(
        tenant_id=tenant_id, id=uuid7(), asked=asked, interaction_id=interaction_id, agent_id=agent_id,
        asked_at=now,
    )  # fmt: skip
    session.add(question)
    await session.flush()
    return question


async def open_questions(session: AsyncSession, shops: frozenset[UUID]) -> Sequence[QuestionGroup]:
    """What waits for an answer, asked most often first; at most the oldest 500 are looked at."""
    found = await session.scalars(
        select(OpenQuestion)
        .where(OpenQuestion.tenant_id.in_(shops), OpenQuestion.settled_at.is_(None))
        .order_by(OpenQuestion.asked_at, OpenQuestion.id)
        .limit(MOST_OPEN)
    )
    by_shop: dict[UUID, list[OpenQuestion]] = {}
    for question in found:
        by_shop.setdefault(question.tenant_id, []).append(question)
    groups = [
        QuestionGroup(questions=group)
        for questions in by_shop.values()
        for group in grouped((question.asked, question) for question in questions)
    ]
    return sorted(groups, key=lambda group: (-len(group.questions), group.first.asked_at))


async def group_of(session: AsyncSession, tenant_id: UUID, question_id: UUID) -> QuestionGroup:
    """The open questions in words similar to this one's.

    Raises:
        QuestionNotFound: settled, or not among the shops bound.
    """
    for group in await open_questions(session, frozenset([tenant_id])):
        if any(question.id == question_id for question in group.questions):
            return group
    raise QuestionNotFound


async def answer_questions(
    session: AsyncSession, tenant_id: UUID, question_id: UUID, *, by: UUID, now: datetime
) -> ArticleVersion:
    """Begin an article with the question as its title; the similar ones are settled by it.

    Raises:
        QuestionNotFound: settled, or not among the shops bound.
    """
    group = await group_of(session, tenant_id, question_id)
    asked = list(dict.fromkeys(question.asked for question in group.questions))
    wording = Wording(
        title=asked[0][:120], body="\n".join(f"- {one}" for one in asked), keywords=" ".join(asked[1:])[:500]
    )
    draft = await add_article(session, tenant_id, ArticleKind.FAQ, wording, by=by, now=now)
    await _settle(session, group, by=by, now=now, article_id=draft.article_id)
    return draft


async def dismiss_questions(
    session: AsyncSession, tenant_id: UUID, question_id: UUID, *, by: UUID, now: datetime
) -> None:
    """No article is needed for these.

    Raises:
        QuestionNotFound: settled, or not among the shops bound.
    """
    await _settle(session, await group_of(session, tenant_id, question_id), by=by, now=now, article_id=None)


async def _settle(
    session: AsyncSession, group: QuestionGroup, *, by: UUID, now: datetime, article_id: UUID | None
) -> None:
    for question in group.questions:
        question.article_id, question.settled_at, question.settled_by = article_id, now, by
    await session.flush()
