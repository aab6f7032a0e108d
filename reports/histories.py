"""The whole past of matters that were settled: mails, settlings and questions, across joined cases."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Case, Interaction, InteractionEvent
from interactions.questions.debt import TURN_AFTER
from interactions.questions.models import QuestionMove, ShopQuestion
from interactions.values import Channel, Direction, EventKind, PartyKind
from nanori.db import among
from reports.joined import Joins
from reports.resolutions import Happened, Settled, Step, settlements

_OF_CASE = and_(Case.tenant_id == Interaction.tenant_id, Case.id == Interaction.case_id)
OfCase = tuple[UUID, Step]


@dataclass(frozen=True, slots=True)
class Histories:
    """``logged``: by case, everything that settled or kept it open until now."""

    joins: Joins
    logged: Mapping[UUID, list[Step]] = field(default_factory=dict)

    def settled_at(self, moment: datetime) -> list[Settled]:
        """Every settling, as matters stood then; what happened at that moment or later is not in it."""
        groups = self.joins.at(moment)
        matters: dict[UUID, list[UUID]] = {}
        for case_id in self.logged:
            matters.setdefault(groups.heads.get(case_id, case_id), []).append(case_id)
        return [
            one
            for cases in matters.values()
            for one in settlements(
                (step for step in self._steps(cases) if step.at < moment), partial(self._together, cases)
            )
        ]

    def _steps(self, cases: list[UUID]) -> list[Step]:
        """Of these cases, and what settled them while they were joined with others."""
        own = [step for case_id in cases for step in self.logged[case_id]]
        others = self.joins.ever_with(cases).difference(cases)
        for step in (step for other in others for step in self.logged.get(other, ())):
            with_it = self._together(cases, step.of, step.at) if step.kind is Happened.SOLVED else ()
            number = max((one.number for one in own if one.at <= step.at and one.of in with_it), default=0)
            own += [step._replace(of=case_id, number=number) for case_id in with_it if number]
        return own

    def _together(self, cases: Collection[UUID], case_id: UUID, at: datetime) -> Collection[UUID]:
        """Those of a matter's cases that were joined with one of the shop's at a moment."""
        if len(cases) == 1 and case_id in cases:
            return cases
        groups = self.joins.at(at)
        return [one for one in cases if groups.matter(one) == groups.matter(case_id)]


async def histories_of(
    session: AsyncSession, tenant_id: UUID, case_ids: Iterable[UUID], joins: Joins
) -> Histories:
    """Of these cases and of all that were ever joined with them, in two statements; none for no cases."""
    wanted = joins.ever_with(case_ids)
    if not wanted:
        return Histories(joins)
    logged: dict[UUID, list[Step]] = {}
    for found in (await _mails(session, tenant_id, wanted), await _moves(session, tenant_id, wanted)):
        for case_id, one in found:
            logged.setdefault(case_id, []).append(one)
    return Histories(joins, logged)


async def _mails(session: AsyncSession, tenant_id: UUID, case_ids: Collection[UUID]) -> list[OfCase]:
    """When mails of people came, and when the log says beside one that its matter was settled."""
    one, event = Interaction, InteractionEvent
    is_settled_by = and_(
        event.tenant_id == one.tenant_id, event.interaction_id == one.id, event.kind == EventKind.SOLVED
    )
    rows = await session.execute(
        select(one.id, Case.id, one.number, one.arrived_at, event.at)
        .join(Case, _OF_CASE)
        .outerjoin(event, is_settled_by)
        .where(Case.tenant_id == tenant_id, among(Case.id, case_ids), one.channel == Channel.MAIL)
        .where(one.direction == Direction.INBOUND, one.party == PartyKind.HUMAN)
    )
    came, solved = dict[UUID, OfCase](), list[OfCase]()
    for mail_id, case_id, number, arrived_at, solved_at in rows:
        came[mail_id] = case_id, Step(arrived_at, Happened.CAME, case_id, number)
        if solved_at is not None:
            solved.append((case_id, Step(solved_at, Happened.SOLVED, case_id, number)))
    return [*came.values(), *solved]


async def _moves(session: AsyncSession, tenant_id: UUID, case_ids: Collection[UUID]) -> list[OfCase]:
    """Whose turn each question was, whichever contact of the case it was put from."""
    one, asked, move = Interaction, ShopQuestion, QuestionMove
    rows = await session.execute(
        select(Case.id, asked.id, move.kind, move.at)
        .join(one, _OF_CASE)
        .join(asked, and_(asked.tenant_id == one.tenant_id, asked.interaction_id == one.id))
        .join(move, and_(move.tenant_id == asked.tenant_id, move.question_id == asked.id))
        .where(Case.tenant_id == tenant_id, among(Case.id, case_ids))
        .order_by(asked.id, move.seq)
    )
    return [
        (case_id, Step(at, Happened.MOVED, asked_id, holder=TURN_AFTER[kind]))
        for case_id, asked_id, kind, at in rows
    ]
