"""Copies of the shop's people that questions and calls keep: forgotten once they are not needed any more.

A policy is copied into a question when it is asked, and people into a call for help, so that what was tried
stays true while it runs. Afterwards only what became of it counts; names, numbers and addresses go with the
contact that they were copied from.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import EscalationRun, Interaction
from interactions.questions.models import QuestionReach, ShopQuestion
from interactions.questions.values import QuestionState
from interactions.values import RunState
from tenants.escalation.plan import Person, Plan
from tenants.queries import contacts_of

AT_ONCE = 500
"""Rows that one statement reads."""
NOBODY: frozenset[str] = frozenset()


async def forget_people(session: AsyncSession, tenant_id: UUID, *, desk_id: UUID | None = None) -> None:
    """Blank copies of people who are no contacts any more, in what is closed; of one desk all of them."""
    kept = await _places(session, tenant_id) if desk_id is None else NOBODY
    await _in_questions(session, tenant_id, desk_id, kept)
    await _in_runs(session, tenant_id, desk_id, kept)


async def forget_gone(session: AsyncSession, question: ShopQuestion) -> None:
    """The same in one question that is being closed."""
    await _forget_in(session, [question], await _places(session, question.tenant_id))


async def _places(session: AsyncSession, tenant_id: UUID) -> frozenset[str]:
    contacts = await contacts_of(session, tenant_id)
    return frozenset(place for one in contacts for place in (one.phone, one.mail) if place)


def without_people(plan: Plan, kept: Collection[str]) -> Plan:
    """The same policy in which nobody else than these can be recognised, by number or address."""
    steps = tuple(
        replace(step, people=tuple(_known(one, kept) for one in step.people)) for step in plan.steps
    )
    return replace(
        plan, steps=steps, duty=tuple(replace(one, person=_known(one.person, kept)) for one in plan.duty)
    )


def _known(person: Person, kept: Collection[str]) -> Person:
    if {person.phone, person.mail} & set(kept):
        return person
    return replace(person, name="", phone="", mail="")


async def _in_questions(
    session: AsyncSession, tenant_id: UUID, desk_id: UUID | None, kept: Collection[str]
) -> None:
    asked = select(ShopQuestion).where(
        ShopQuestion.tenant_id == tenant_id, ShopQuestion.state == QuestionState.CLOSED
    )
    if desk_id is not None:
        asked = asked.join(Interaction, Interaction.id == ShopQuestion.interaction_id).where(
            Interaction.tenant_id == tenant_id, Interaction.desk_id == desk_id
        )
    last: UUID | None = None
    while rows := (await session.scalars(_after(asked, ShopQuestion.id, last))).all():
        last = rows[-1].id
        await _forget_in(session, rows, kept)


async def _forget_in(session: AsyncSession, questions: Sequence[ShopQuestion], kept: Collection[str]) -> None:
    for row in questions:
        row.plan = msgspec.to_builtins(without_people(msgspec.convert(row.plan, Plan), kept))
    reaches = select(QuestionReach).where(
        QuestionReach.tenant_id == questions[0].tenant_id,
        QuestionReach.question_id.in_([row.id for row in questions]),
    )
    for reach in await session.scalars(reaches):
        reach.people = [one if one["to"] in kept else {**one, "name": "", "to": ""} for one in reach.people]
    await session.flush()


async def _in_runs(
    session: AsyncSession, tenant_id: UUID, desk_id: UUID | None, kept: Collection[str]
) -> None:
    asked = select(EscalationRun).where(
        EscalationRun.tenant_id == tenant_id, EscalationRun.state != RunState.RUNNING
    )
    if desk_id is not None:
        asked = asked.join(Interaction, Interaction.id == EscalationRun.interaction_id).where(
            Interaction.tenant_id == tenant_id, Interaction.desk_id == desk_id
        )
    last: UUID | None = None
    while rows := (await session.scalars(_after(asked, EscalationRun.id, last))).all():
        last = rows[-1].id
        for row in rows:
            row.contacts = [
                one if one["phone"] in kept else {**one, "name": "", "phone": ""} for one in row.contacts
            ]
        await session.flush()


def _after(asked: Any, key: Any, last: UUID | None) -> Any:
    beyond = asked if last is None else asked.where(key > last)
    return beyond.order_by(key).limit(AT_ONCE)
