"""Writes about a shop's questions and its rules. They flush and never commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.errors import InvalidInput
from nanori.words import N_
from scripts_talk.knowledge.queries import published_version
from scripts_talk.quiz.drawing import Choice
from scripts_talk.quiz.models import QuizQuestion, QuizRules
from scripts_talk.quiz.queries import question_by_id
from tenants.commands import lock_shop

LONGEST_ASKED, LONGEST_CHOICE, LONGEST_WHY = 300, 200, 500
FEWEST_CHOICES, MOST_CHOICES = 2, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """What is typed of a question."""

    article_id: UUID
    asked: str
    choices: Sequence[Choice]
    why: str


async def write_question(
    session: AsyncSession, tenant_id: UUID, draft: QuestionDraft, *, by: UUID, now: datetime
) -> QuizQuestion:
    """One more question about an article in force.

    Raises:
        InvalidInput: something is missing, too long, or there is nothing to decide.
        ArticleNotFound: not in force, or not among the shops bound.
    """
    check(draft)
    await published_version(session, tenant_id, draft.article_id)
    question = QuizQuestion(tenant_id=tenant_id, id=uuid7(), written_by=by, created_at=now, **_columns(draft))
    session.add(question)
    await session.flush()
    return question


async def change_question(
    session: AsyncSession, tenant_id: UUID, question_id: UUID, draft: QuestionDraft, *, by: UUID
) -> None:
    """Ask it like this from now on, also if it waited for a look; sheets that were drawn keep their words.

    Raises:
        InvalidInput, ArticleNotFound: as for a new one.
        QuizQuestionNotFound: not among the shops bound.
    """
    check(draft)
    question = await question_by_id(session, tenant_id, question_id)
    await published_version(session, tenant_id, draft.article_id)
    for name, value in _columns(draft).items():
        setattr(question, name, value)
    question.written_by, question.doubtful_since, question.retired_at = by, None, None
    await session.flush()


async def confirm_question(session: AsyncSession, tenant_id: UUID, question_id: UUID) -> None:
    """It is right although its article changed a lot: ask it again.

    Raises:
        QuizQuestionNotFound: not among the shops bound.
    """
    question = await question_by_id(session, tenant_id, question_id)
    question.doubtful_since = None
    await session.flush()


async def retire_question(
    session: AsyncSession, tenant_id: UUID, question_id: UUID, *, now: datetime
) -> None:
    """Nobody is asked it any more.

    Raises:
        QuizQuestionNotFound: not among the shops bound.
    """
    question = await question_by_id(session, tenant_id, question_id)
    question.retired_at = question.retired_at or now
    await session.flush()


async def set_rules(
    session: AsyncSession, tenant_id: UUID, *, pass_percent: int, questions: int, valid_days: int
) -> None:
    """How agents are certified from now on; certificates that were given stay as they are.

    Raises:
        ShopNotFound: not among the tenants bound.
    """
    await lock_shop(session, tenant_id)
    values = {"pass_percent": pass_percent, "questions": questions, "valid_days": valid_days}
    await session.execute(
        insert(QuizRules)
        .values(tenant_id=tenant_id, **values)
        .on_conflict_do_update(index_elements=[QuizRules.tenant_id], set_=values)
    )


def check(draft: QuestionDraft) -> None:
    """Nothing, when somebody can be asked this.

    Raises:
        InvalidInput: with a sentence at each field.
    """
    wrong = {}
    if not draft.asked:
        wrong["asked"] = N_("Please write the question.")
    if not draft.why:
        wrong["why"] = N_("Please write why: whoever is wrong reads it.")
    texts = [one.text for one in draft.choices]
    right = sum(one.is_right for one in draft.choices)
    if len(texts) < FEWEST_CHOICES:
        wrong["choices"] = N_("Please write at least two choices.")
    elif len(set(texts)) < len(texts):
        wrong["choices"] = N_("Two choices say the same.")
    elif not right:
        wrong["choices"] = N_("Please mark the choice that is right.")
    elif right == len(texts):
        wrong["choices"] = N_("If every choice is right there is nothing to decide.")
    if wrong:
        raise InvalidInput(wrong)


def _columns(draft: QuestionDraft) -> dict[str, object]:
    choices = [{"text": one.text, "right": one.is_right} for one in draft.choices]
    return {"article_id": draft.article_id, "asked": draft.asked, "choices": choices, "why": draft.why}
