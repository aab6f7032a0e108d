"""Reads of questions to a shop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.questions.debt import Debt, Decided, Proposal, debt, proposals
from interactions.questions.errors import QuestionNotFound
from interactions.questions.models import QuestionMove, QuestionReach, ShopQuestion
from interactions.questions.values import MoveKind, QuestionState
from tenants.escalation.queries import limits_for

LIST_SIZE = 100
LATEST = 500
"""As many decided questions are looked at for proposals."""


@dataclass(frozen=True, slots=True)
class Held:
    """A question and its clocks."""

    question: ShopQuestion
    debt: Debt


async def question_by_id(session: AsyncSession, tenant_id: UUID, question_id: UUID) -> ShopQuestion:
    """One question.

    Raises:
        QuestionNotFound: not among the shops bound.
    """
    found = await session.get(ShopQuestion, (tenant_id, question_id))
    if found is None:
        raise QuestionNotFound
    return found


async def open_question(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> ShopQuestion | None:
    """The question about this interaction that is not closed."""
    one = ShopQuestion
    found: ShopQuestion | None = await session.scalar(
        select(one).where(
            one.tenant_id == tenant_id,
            one.interaction_id == interaction_id,
            one.state != QuestionState.CLOSED,
        )
    )
    return found


async def questions_about(
    session: AsyncSession, tenant_id: UUID, interaction_ids: Iterable[UUID]
) -> Sequence[ShopQuestion]:
    """Every question about these interactions, the newest first."""
    one = ShopQuestion
    found = await session.scalars(
        select(one)
        .where(one.tenant_id == tenant_id, one.interaction_id.in_(list(interaction_ids)))
        .order_by(one.asked_at.desc(), one.id.desc())
    )
    return found.all()


async def open_questions(
    session: AsyncSession, *, now: datetime, limit: int = LIST_SIZE, of: UUID | None = None
) -> list[Held]:
    """What is open at the shops bound, or at one, the longest asked first, in two statements."""
    found = await session.scalars(
        _of(of)
        .where(ShopQuestion.state != QuestionState.CLOSED)
        .order_by(ShopQuestion.asked_at, ShopQuestion.id)
        .limit(limit)
    )
    return await held(session, found.all(), now=now)


async def closed_questions(
    session: AsyncSession, *, now: datetime, limit: int = 20, of: UUID | None = None
) -> list[Held]:
    """What was closed lately, the newest first."""
    found = await session.scalars(
        _of(of)
        .where(ShopQuestion.state == QuestionState.CLOSED)
        .order_by(ShopQuestion.asked_at.desc(), ShopQuestion.id.desc())
        .limit(limit)
    )
    return await held(session, found.all(), now=now)


def _of(tenant_id: UUID | None) -> Select[ShopQuestion]:
    asked = select(ShopQuestion)
    return asked if tenant_id is None else asked.where(ShopQuestion.tenant_id == tenant_id)


async def held(session: AsyncSession, questions: Sequence[ShopQuestion], *, now: datetime) -> list[Held]:
    """The clocks of these questions, in one statement."""
    keys = [(one.tenant_id, one.id) for one in questions]
    moves: dict[tuple[UUID, UUID], list[tuple[MoveKind, datetime]]] = {key: [] for key in keys}
    if keys:
        move = QuestionMove
        rows = await session.execute(
            select(move.tenant_id, move.question_id, move.kind, move.at)
            .where(tuple_(move.tenant_id, move.question_id).in_(keys))
            .order_by(move.seq)
        )
        for tenant_id, question_id, kind, at in rows:
            moves[tenant_id, question_id].append((kind, at))
    return [Held(one, debt(moves[one.tenant_id, one.id], now)) for one in questions]


async def moves_of(session: AsyncSession, question: ShopQuestion) -> Sequence[QuestionMove]:
    found = await session.scalars(
        select(QuestionMove)
        .where(QuestionMove.tenant_id == question.tenant_id, QuestionMove.question_id == question.id)
        .order_by(QuestionMove.seq)
    )
    return found.all()


async def reaches_of(session: AsyncSession, question: ShopQuestion) -> Sequence[QuestionReach]:
    """Every try so far, the oldest first."""
    found = await session.scalars(
        select(QuestionReach)
        .where(QuestionReach.tenant_id == question.tenant_id, QuestionReach.question_id == question.id)
        .order_by(QuestionReach.seq)
    )
    return found.all()


async def decided(session: AsyncSession, tenant_id: UUID) -> list[Decided]:
    """What the shop decided lately about amounts."""
    one = ShopQuestion
    rows = await session.execute(
        select(one.subject, one.amount_yen, one.verdict)
        .where(one.tenant_id == tenant_id, one.verdict.is_not(None), one.amount_yen.is_not(None))
        .order_by(one.asked_at.desc())
        .limit(LATEST)
    )
    return [Decided(subject, yen, verdict) for subject, yen, verdict in rows if verdict is not None]


async def proposals_for(session: AsyncSession, tenant_id: UUID) -> Sequence[Proposal]:
    """Limits that the shop might agree to, drawn from what it decided."""
    known = {one.subject: one.amount_yen for one in await limits_for(session, tenant_id, None)}
    return proposals(await decided(session, tenant_id), known)


async def due_questions(session: AsyncSession, *, now: datetime, limit: int = 50) -> list[tuple[UUID, UUID]]:
    """Questions to look at now, across shops."""
    one = ShopQuestion
    rows = await session.execute(
        select(one.tenant_id, one.id).where(one.due_at <= now).order_by(one.due_at).limit(limit)
    )
    return [(tenant_id, question_id) for tenant_id, question_id in rows]
