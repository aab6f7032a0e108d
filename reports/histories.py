"""The whole past of matters that were settled: mails, settlings and questions, across joined cases."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.heads import Joining
from interactions.models import Interaction, InteractionEvent
from interactions.questions.debt import TURN_AFTER
from interactions.questions.models import QuestionMove, ShopQuestion
from interactions.values import Channel, Direction, EventKind, PartyKind
from nanori.db import among, plain_rows
from reports.joined import Joins
from reports.resolutions import Happened, Settled, Step, settlements


@dataclass(frozen=True, slots=True)
class Circle:
    """Cases of which each was once joined with another of them, or one alone.

    ``logged``: by case, everything that settled it or kept it open until now.
    """

    joins: Joins
    logged: Mapping[UUID, Sequence[Step]] = field(default_factory=dict)

    def settled_at(self, moment: datetime) -> list[Settled]:
        """Every settling, as matters stood then; what happened at that moment or later is not in it."""
        if not self.joins.told:
            return [one for case_id, steps in self.logged.items() for one in _alone(case_id, steps, moment)]
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
            step._replace(of=case_id, number=self._latest(case_id, step.at))
            for step in others
            if step.kind is Happened.SOLVED
            for case_id in self._together(cases, step.of, step.at)
        ]

    def _latest(self, case_id: UUID, at: datetime) -> int:
        """The number of the case's latest mail then."""
        return max((one.number for one in self.logged[case_id] if one.at <= at), default=0)

    def _together(self, cases: Collection[UUID], case_id: UUID, at: datetime) -> Collection[UUID]:
        """Those of a matter's cases that were joined with one of the circle at a moment, or are that one."""
        groups = self.joins.at(at)
        return [one for one in cases if groups.matter(one) == groups.matter(case_id)]


def _alone(case_id: UUID, steps: Iterable[Step], moment: datetime) -> list[Settled]:
    """Of a case that was never joined with another."""
    return settlements((step for step in steps if step.at < moment), lambda _of, _at: (case_id,))


async def histories_of(
    session: AsyncSession, tenant_id: UUID, case_ids: Iterable[UUID], joins: Joins
) -> list[Circle]:
    """Of these cases and of all that were ever joined with them, in three statements; none for no cases.

    They go by ids, and join nothing large: where nothing was analysed yet, a join by guess costs minutes.
    """
    found = circles(case_ids, joins)
    wanted = {case_id for members, _ in found for case_id in members}
    if not wanted:
        return []
    contacts = await _contacts(session, tenant_id, wanted)
    mails = {one.id: one for one in contacts.values() if one.is_mail}
    logged: dict[UUID, list[Step]] = {case_id: [] for case_id in wanted}
    for mail in mails.values():
        logged[mail.case_id].append(Step(mail.arrived_at, Happened.CAME, mail.case_id, mail.number))
    for mail_id, at in await _settlings(session, tenant_id, mails):
        mail = mails[mail_id]
        logged[mail.case_id].append(Step(at, Happened.SOLVED, mail.case_id, mail.number))
    for contact_id, step in await _moves(session, tenant_id, contacts):
        logged[contacts[contact_id].case_id].append(step)
    return [Circle(theirs, {one: logged[one] for one in members}) for members, theirs in found]


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


class Contact(NamedTuple):
    """A contact of a case. ``is_mail``: a mail of a person, which opens a matter."""

    id: UUID
    case_id: UUID
    number: int
    arrived_at: datetime
    is_mail: bool


async def _contacts(
    session: AsyncSession, tenant_id: UUID, case_ids: Collection[UUID]
) -> dict[UUID, Contact]:
    one = Interaction
    is_mail = and_(
        one.channel == Channel.MAIL, one.direction == Direction.INBOUND, one.party == PartyKind.HUMAN
    )
    rows = await plain_rows(
        session,
        select(one.id, one.case_id, one.number, one.arrived_at, is_mail)
        .where(one.tenant_id == tenant_id, among(one.case_id, case_ids))
    )  # fmt: skip
    return {
        contact_id: Contact(contact_id, case_id, number, arrived_at, is_mail_of_a_person)
        for contact_id, case_id, number, arrived_at, is_mail_of_a_person in rows
        if case_id is not None
    }


async def _settlings(
    session: AsyncSession, tenant_id: UUID, mail_ids: Iterable[UUID]
) -> list[tuple[UUID, datetime]]:
    """When the log says beside a mail that its matter was settled."""
    event = InteractionEvent
    rows = await plain_rows(
        session,
        select(event.interaction_id, event.at)
        .where(event.tenant_id == tenant_id, among(event.interaction_id, mail_ids))
        .where(event.kind == EventKind.SOLVED),
    )
    return [(mail_id, at) for mail_id, at in rows]


async def _moves(
    session: AsyncSession, tenant_id: UUID, contact_ids: Iterable[UUID]
) -> list[tuple[UUID, Step]]:
    """Whose turn each question was, whichever contact of the case it was put from."""
    asked, move = ShopQuestion, QuestionMove
    rows = await plain_rows(
        session,
        select(asked.interaction_id, asked.id, move.kind, move.at)
        .join(move, and_(move.tenant_id == asked.tenant_id, move.question_id == asked.id))
        .where(asked.tenant_id == tenant_id, among(asked.interaction_id, contact_ids))
        .order_by(asked.id, move.seq),
    )
    return [
        (contact_id, Step(at, Happened.MOVED, question_id, holder=TURN_AFTER[kind]))
        for contact_id, question_id, kind, at in rows
    ]
