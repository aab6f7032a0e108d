"""An agent takes a shop's quiz: questions are drawn, answers are judged, a certificate is given."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.errors import InvalidInput
from nanori.words import N_
from scripts_talk.quiz import queries
from scripts_talk.quiz.drawing import Choice, Question, draw, judge
from scripts_talk.quiz.errors import NoQuestions, NothingAsked, TooSoon
from scripts_talk.quiz.models import Certificate, QuizQuestion, QuizRules, QuizSitting

PAUSE = timedelta(minutes=10)
"""After a quiz that was not passed: guessing until it fits takes longer than reading."""
SHEET_HOLDS = timedelta(days=1)
"""A sheet that nobody answers for so long is drawn anew."""


async def begin(session: AsyncSession, tenant_id: UUID, agent_id: UUID, *, now: datetime) -> QuizSitting:
    """Draw a sheet, or go on with the one that is open: coming back does not change the questions.

    Raises:
        NoQuestions: there is nothing to ask.
        TooSoon: the last one was not passed, and that was just now.
    """
    last = await queries.last_sitting(session, tenant_id, agent_id)
    if last is not None and last.judged_at is None and last.drawn_at > now - SHEET_HOLDS:
        return last
    left = pause_left(last, now)
    if left:
        raise TooSoon(minutes=math.ceil(left / timedelta(minutes=1)))
    rules = await queries.rules_of(session, tenant_id)
    pool = [_drawable(one) for one in await queries.questions_to_ask(session, tenant_id)]
    if not pool:
        raise NoQuestions
    sitting_id = uuid7()
    sheet = [_as_json(one) for one in draw(pool, rules.questions, seed=sitting_id.int)]
    if last is not None and last.judged_at is None:
        last.sheet, last.drawn_at = sheet, now
        await session.flush()
        return last
    await session.execute(
        insert(QuizSitting)
        .values(tenant_id=tenant_id, id=sitting_id, agent_id=agent_id, sheet=sheet, drawn_at=now)
        .on_conflict_do_nothing()
    )
    return await _open(session, tenant_id, agent_id)


async def answer(
    session: AsyncSession,
    tenant_id: UUID,
    agent_id: UUID,
    chosen: Mapping[int, frozenset[int]],
    *,
    now: datetime,
) -> QuizSitting:
    """Judge the open sheet; who passes is certified for as long as the shop's rules say.

    Args:
        chosen: places of the choices by place of the question.

    Raises:
        InvalidInput: a question has no answer; the field is ``question-<place>``.
        NothingAsked: no sheet is open.
    """
    sitting = await _open(session, tenant_id, agent_id)
    asked = questions_on(sitting)
    missing = [place for place in range(len(asked)) if not chosen.get(place)]
    if missing:
        raise InvalidInput({f"question-{place}": N_("Please choose an answer.") for place in missing})
    rules = await queries.rules_of(session, tenant_id)
    result = judge(asked, chosen, pass_percent=rules.pass_percent)
    sitting.sheet = [one | {"chosen": sorted(chosen[place])} for place, one in enumerate(sitting.sheet)]
    sitting.judged_at, sitting.right_answers, sitting.passed = now, result.right, result.passed
    await session.flush()
    if result.passed:
        await _certify(session, sitting, rules, now=now)
    return sitting


def pause_left(last: QuizSitting | None, now: datetime) -> timedelta:
    """Until the agent may try again; nothing after a quiz that was passed."""
    if last is None or last.judged_at is None or last.passed:
        return timedelta()
    return max(timedelta(), last.judged_at + PAUSE - now)


def questions_on(sitting: QuizSitting) -> Sequence[Question]:
    """The sheet, read."""
    return [
        Question(
            question_id=UUID(one["question_id"]), article_id=UUID(one["article_id"]), asked=one["asked"],
            choices=_choices(one["choices"]), why=one["why"],
        )
        for one in sitting.sheet
    ]  # fmt: skip


async def _certify(session: AsyncSession, sitting: QuizSitting, rules: QuizRules, *, now: datetime) -> None:
    given = {
        "sitting_id": sitting.id,
        "passed_at": now,
        "expires_at": now + timedelta(days=rules.valid_days),
        "article_id": None,
    }
    await session.execute(
        insert(Certificate)
        .values(tenant_id=sitting.tenant_id, id=uuid7(), agent_id=sitting.agent_id, **given)
        .on_conflict_do_update(index_elements=[Certificate.tenant_id, Certificate.agent_id], set_=given)
    )


async def _open(session: AsyncSession, tenant_id: UUID, agent_id: UUID) -> QuizSitting:
    found: QuizSitting | None = await session.scalar(
        select(QuizSitting)
        .where(
            QuizSitting.tenant_id == tenant_id,
            QuizSitting.agent_id == agent_id,
            QuizSitting.judged_at.is_(None),
        )
        .with_for_update()
    )
    if found is None:
        raise NothingAsked
    return found


def _drawable(row: QuizQuestion) -> Question:
    return Question(
        question_id=row.id, article_id=row.article_id, asked=row.asked, choices=_choices(row.choices),
        why=row.why,
    )  # fmt: skip


def _choices(stored: Sequence[Mapping[str, Any]]) -> list[Choice]:
    return [Choice(one["text"], one["right"]) for one in stored]


def _as_json(one: Question) -> dict[str, Any]:
    return {
        "question_id": str(one.question_id),
        "article_id": str(one.article_id),
        "asked": one.asked,
        "choices": [{"text": choice.text, "right": choice.is_right} for choice in one.choices],
        "why": one.why,
        "chosen": [],
    }
