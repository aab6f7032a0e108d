"""The whole past of matters that were settled: mails, settlings and questions, across joined cases."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.heads import Joining
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
class Circle:
    """Cases of which each was once joined with another of them, or one alone.

    ``logged``: by case, everything that settled it or kept it open until now.
    """

    joins: Joins
    logged: Mapping[UUID, Sequence[Step]] = field(default_factory=dict)

    def settled_at(self, moment: datetime) -> list[Settled]:
        """Every settling, as matters stood then; what happened at that moment or later is not in it."""
        return [
            one
            for cases in self._matters(moment)
            for one in settlements(
                (step for step in self._steps(cases) if step.at < moment), partial(self._together, cases)
            )
        ]

    def _matters(self, moment: datetime) -> Iterable[Collection[UUID]]:
        groups = self.joins.at(moment)
        found: dict[UUID, list[UUID]] = {}
        for case_id in self.logged:
            found.setdefault(groups.heads.get(case_id, case_id), []).append(case_id)
        return found.values()

    def _steps(self, cases: Collection[UUID]) -> list[Step]:
        """Of these cases, and what settled them while they were joined with others."""
        own = [step for case_id in cases for step in self.logged[case_id]]
        others = (step for case_id in self.logged.keys() - cases for step in self.logged[case_id])
        return own + [
            step._replace(of=case_id, number=max(one.number for one in self.logged[case_id]))
            for step in others
            if step.kind is Happened.SOLVED
            for case_id in self._together(cases, step.of, step.at)
        ]

    def _together(self, cases: Collection[UUID], case_id: UUID, at: datetime) -> Collection[UUID]:
        """Those of a matter's cases that were joined with one of the circle at a moment, or are that one."""
        groups = self.joins.at(at)
        return [one for one in cases if groups.matter(one) == groups.matter(case_id)]


async def histories_of(
    session: AsyncSession, tenant_id: UUID, case_ids: Iterable[UUID], joins: Joins
) -> list[Circle]:
    """Of these cases and of all that were ever joined with them, in two statements; none for no cases."""
    found = circles(case_ids, joins)
    wanted = {case_id for members, _ in found for case_id in members}
    if not wanted:
        return []
    logged: dict[UUID, list[Step]] = {}
    for case_id, step in await _mails(session, tenant_id, wanted) + await _moves(session, tenant_id, wanted):
        logged.setdefault(case_id, []).append(step)
    return [
        Circle(of_these, {one: logged[one] for one in members if one in logged})
        for members, of_these in found
    ]


def circles(case_ids: Iterable[UUID], joins: Joins) -> list[tuple[set[UUID], Joins]]:
    """Each case with all that were ever joined with it, directly or through others, and their joins."""
    beside: dict[UUID, set[UUID]] = {}
    for one, into in ((joining.case_id, joining.into_id) for _, joining in joins.told):
        if into is not None:
            beside.setdefault(one, set()).add(into)
            beside.setdefault(into, set()).add(one)
    place_of: dict[UUID, int] = {}
    found: list[set[UUID]] = []
    for case_id in case_ids:
        if case_id not in place_of:
            members = _reached(case_id, beside)
            place_of |= dict.fromkeys(members, len(found))
            found.append(members)
    told: list[list[tuple[datetime, Joining]]] = [[] for _ in found]
    for at, joining in joins.told:
        if joining.case_id in place_of:
            told[place_of[joining.case_id]].append((at, joining))
    return [(members, Joins(of_these)) for members, of_these in zip(found, told, strict=True)]


def _reached(case_id: UUID, beside: Mapping[UUID, Iterable[UUID]]) -> set[UUID]:
    found, left = set[UUID](), [case_id]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += beside.get(one, ())
    return found


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
