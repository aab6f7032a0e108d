"""Writes about questions to a shop. They flush and never commit.

Staff and jobs lock the interaction first, then the question; the shop's own login knows the question only.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions import commands as log
from interactions.models import Interaction
from interactions.questions.errors import AlreadyAsked, NotYourTurn, QuestionNotFound
from interactions.questions.forgetting import forget_gone
from interactions.questions.jobs import ReachByMail, ReachByTelephone
from interactions.questions.models import QuestionMove, QuestionReach, ShopQuestion
from interactions.questions.queries import moves_of, open_question, question_by_id, reaches_of
from interactions.questions.values import MoveKind, QuestionState, Verdict
from interactions.values import EventKind
from nanori.actors import SYSTEM, Actor, ActorKind
from nanori.errors import InvalidInput
from nanori.messages import send
from nanori.words import N_
from tenants.escalation.plan import Plan, Reach, Tried, Wait, decide
from tenants.escalation.queries import plan_for, plan_without_policy
from tenants.escalation.values import Medium

STATE_AFTER = {
    MoveKind.ASKED: QuestionState.ASKED,
    MoveKind.ACKNOWLEDGED: QuestionState.ACKNOWLEDGED,
    MoveKind.ANSWERED: QuestionState.ANSWERED,
    MoveKind.ASKED_AGAIN: QuestionState.ASKED,
    MoveKind.CLOSED: QuestionState.CLOSED,
}
JOBS = {
    Medium.MAIL: ReachByMail, Medium.PHONE: ReachByTelephone, Medium.SMS: ReachByTelephone,
}  # fmt: skip
"""Who is asked to reach somebody; the shop's own page needs nobody."""
LOGGED_AS = {
    MoveKind.ACKNOWLEDGED: EventKind.ESCALATION_ACKNOWLEDGED,
    MoveKind.ANSWERED: EventKind.CLIENT_ANSWERED,
}
ASKING = frozenset({MoveKind.ASKED, MoveKind.ASKED_AGAIN})
WITH_SHOP = frozenset({QuestionState.ASKED, QuestionState.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the shop is asked."""

    subject: str
    text: str
    amount_yen: int | None = None


async def ask(
    session: AsyncSession, interaction: Interaction, asked: Asked, *, actor: Actor, now: datetime
) -> ShopQuestion:
    """Put a question to the shop; its policy is copied, and followed from now on.

    Raises:
        InvalidInput: nothing is asked.
        AlreadyAsked: a question about this interaction is open.
    """
    wrong = {name: N_("This field is required.") for name in ("subject", "text") if not getattr(asked, name)}
    if wrong:
        raise InvalidInput(wrong)
    interaction = await log.locked(session, interaction.tenant_id, interaction.id)
    tenant_id = interaction.tenant_id
    if await open_question(session, tenant_id, interaction.id) is not None:
        raise AlreadyAsked
    question = ShopQuestion(
        tenant_id=tenant_id, id=uuid7(), interaction_id=interaction.id, number=interaction.number,
        subject=asked.subject, amount_yen=asked.amount_yen, text=asked.text, state=QuestionState.ASKED,
        asked_at=now, plan=await _copied_plan(session, interaction, now=now), due_at=now,
    )  # fmt: skip
    session.add(question)
    await session.flush()
    await _move(session, question, MoveKind.ASKED, actor=actor, now=now, logged=True)
    await log.record(session, interaction, EventKind.ESCALATED, actor=actor, at=now, question=question.id)
    return question


async def acknowledge(
    session: AsyncSession, tenant_id: UUID, question_id: UUID, *, actor: Actor, now: datetime
) -> None:
    """Somebody at the shop has seen it: the policy is not followed any further. Twice is no error."""
    question = await _locked(session, tenant_id, question_id)
    if question.state is QuestionState.ASKED:
        await _move(session, question, MoveKind.ACKNOWLEDGED, actor=actor, now=now)


async def answer(
    session: AsyncSession,
    tenant_id: UUID,
    question_id: UUID,
    verdict: Verdict | None,
    text: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """The shop's word; then it is the desk's turn.

    Raises:
        InvalidInput: neither yes nor no, or other words without words.
        NotYourTurn: it was answered or closed meanwhile.
    """
    if verdict is None:
        raise InvalidInput({"verdict": N_("Please choose an answer.")})
    if verdict is Verdict.OTHER and not text:
        raise InvalidInput({"text": N_("Please write what should be done.")})
    question = await _locked(session, tenant_id, question_id)
    if question.state not in WITH_SHOP:
        raise NotYourTurn
    question.verdict, question.answer = verdict, text
    await _move(session, question, MoveKind.ANSWERED, actor=actor, now=now)


async def ask_again(
    session: AsyncSession, tenant_id: UUID, question_id: UUID, text: str, *, actor: Actor, now: datetime
) -> None:
    """The answer left something open: the shop is asked once more, by its policy as it is now.

    Raises:
        InvalidInput: nothing is asked.
        NotYourTurn: the shop has not answered yet, or it was closed meanwhile.
    """
    if not text:
        raise InvalidInput({"text": N_("This field is required.")})
    known = await question_by_id(session, tenant_id, question_id)
    interaction = await log.locked(session, tenant_id, known.interaction_id)
    question = await _locked(session, tenant_id, question_id)
    if question.state is not QuestionState.ANSWERED:
        raise NotYourTurn
    question.plan = await _copied_plan(session, interaction, now=now)
    question.text = f"{question.text}\n\n{text}"
    question.exhausted_at = None
    await _move(session, question, MoveKind.ASKED_AGAIN, actor=actor, now=now, logged=True)
    await log.record(session, interaction, EventKind.ESCALATED, actor=actor, at=now, question=question.id)


async def close_question(
    session: AsyncSession, tenant_id: UUID, question_id: UUID, *, actor: Actor, now: datetime
) -> None:
    """Nothing more is needed. Twice is no error."""
    question = await _locked(session, tenant_id, question_id)
    if question.state is not QuestionState.CLOSED:
        await _move(session, question, MoveKind.CLOSED, actor=actor, now=now)
        await forget_gone(session, question)


async def advance(session: AsyncSession, tenant_id: UUID, question_id: UUID, *, now: datetime) -> None:
    """Bring the interaction's log up to date, and follow the policy while nobody has acknowledged."""
    known = await session.get(ShopQuestion, (tenant_id, question_id))
    if known is None:
        return
    interaction = await log.locked(session, tenant_id, known.interaction_id)
    question = await _locked(session, tenant_id, question_id)
    if question.due_at is None or question.due_at > now:
        return
    await _log_moves(session, interaction, question)
    question.due_at = None
    if question.state is QuestionState.ASKED and question.exhausted_at is None:
        await _follow(session, question, now=now)
    await session.flush()


async def _follow(session: AsyncSession, question: ShopQuestion, *, now: datetime) -> None:
    plan = msgspec.convert(question.plan, Plan)
    asked_at = max(one.at for one in await moves_of(session, question) if one.kind in ASKING)
    tried = await reaches_of(session, question)
    history = [Tried(one.step, one.at) for one in tried if one.at >= asked_at]
    match decide(plan, history, now):
        case Wait(until):
            question.due_at = until
        case Reach() as reach:
            row = QuestionReach(
                tenant_id=question.tenant_id, id=uuid7(), question_id=question.id, seq=len(tried) + 1,
                step=reach.step, time=reach.time, medium=reach.medium, at=now, until=now + reach.wait,
                people=[
                    {"name": one.name, "to": one.mail if reach.medium is Medium.MAIL else one.phone}
                    for one in reach.people
                ],
            )  # fmt: skip
            session.add(row)
            question.due_at = row.until
            await session.flush()
            if job := JOBS.get(reach.medium):
                await send(session, job(tenant_id=question.tenant_id, reach_id=row.id))
        case _:
            question.exhausted_at = now


async def note_reached(
    session: AsyncSession, reach: QuestionReach, position: int, how: str, *, failed: bool
) -> None:
    """Write down how far one person of a try was reached; a try that reaches nobody is a failure."""
    people = [dict(one) for one in reach.people]
    people[position] |= {"how": how, "failed": failed}
    reach.people = people
    if all(one.get("failed") for one in people):
        reach.failure = "nobody_reached"
    await session.flush()


async def _log_moves(session: AsyncSession, interaction: Interaction, question: ShopQuestion) -> None:
    for move in await moves_of(session, question):
        if move.logged:
            continue
        kind = LOGGED_AS.get(move.kind)
        if kind is not None:
            actor = Actor(kind=move.actor_kind) if move.actor_kind is ActorKind.MERCHANT else SYSTEM
            await log.record(session, interaction, kind, actor=actor, at=move.at, question=question.id)
        move.logged = True
    await session.flush()


async def _move(
    session: AsyncSession,
    question: ShopQuestion,
    kind: MoveKind,
    *,
    actor: Actor,
    now: datetime,
    logged: bool = False,
) -> None:
    """Add a fact; the worker looks at the question next."""
    seq = len(await moves_of(session, question)) + 1
    session.add(
        QuestionMove(
            tenant_id=question.tenant_id, id=uuid7(), question_id=question.id, seq=seq, kind=kind, at=now,
            actor_kind=actor.kind, logged=logged,
        )
    )  # fmt: skip
    question.state, question.due_at = STATE_AFTER[kind], now
    question.closed_at = now if kind is MoveKind.CLOSED else None
    await session.flush()


async def _locked(session: AsyncSession, tenant_id: UUID, question_id: UUID) -> ShopQuestion:
    """The question, nobody else writing to it until the transaction ends.

    Raises:
        QuestionNotFound: not among the shops bound.
    """
    key = (tenant_id, question_id)
    found = await session.get(ShopQuestion, key, with_for_update=True, populate_existing=True)
    if found is None:
        raise QuestionNotFound
    return found


async def _copied_plan(
    session: AsyncSession, interaction: Interaction, *, now: datetime
) -> dict[str, object]:
    plan = await plan_for(session, interaction.tenant_id, interaction.desk_id, now=now)
    copied: dict[str, object] = msgspec.to_builtins(
        plan or await plan_without_policy(session, interaction.tenant_id)
    )
    return copied
