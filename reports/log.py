"""From the log's rows to facts: SELECTs over a stretch of time, of one shop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from interactions.models import Interaction, InteractionEvent, Reason
from interactions.values import Channel, Direction, EventKind, Fault, Outcome, PartyKind
from nanori.db import among, plain_rows
from reports.facts import EscalationFact, MailFact, PhoneFact, Worked
from reports.histories import Circle, histories_of
from reports.joined import Groups, Joins, joins_until
from reports.resolutions import Settled
from reports.surveyed import as_surveyed, asked_until, surveyed_since
from reports.threads import REOPENED_WITHIN
from tenants.models import Tenant

CLOSED = "out_of_hours"
"""What the log says of a call that met a closed desk (``guidance_ended``, ``why``)."""

_OF_REASON = and_(Reason.tenant_id == Interaction.tenant_id, Reason.id == Interaction.reason_id)
_ESCALATION_KINDS = (
    EventKind.ESCALATED,
    EventKind.ESCALATION_ACKNOWLEDGED,
    EventKind.CONNECTED_CONTACT,
    EventKind.CLIENT_ANSWERED,
)
AnyRow = Row[*tuple[Any, ...]]
Only = ColumnElement[bool]
ANSWERS = (EventKind.FIRST_REPLY, EventKind.REPLIED)
MARKS = (*ANSWERS, EventKind.SOLVED, EventKind.REOPENED)
"""The events of a mail for which there is an index by time (``interactions.models``)."""


class Mark(NamedTuple):
    """One of ``MARKS``; ``worked_ms`` only where an agent's work ended with it."""

    kind: EventKind
    at: datetime
    worked_ms: int | None


Marks = list[Mark]
_ANSWERS = (EventKind.CONNECTED_CONTACT, EventKind.CLIENT_ANSWERED)


@dataclass(frozen=True, slots=True)
class LoggedMails:
    """Mails as the log has them now; a month sees them as they stood at the month's end."""

    facts: Sequence[MailFact]  # ``matter`` is the mail's own case
    joins: Joins
    histories: Sequence[Circle]

    def seen_at(self, moment: datetime) -> list[MailFact]:
        """The mails that there were then, before anything that happened from ``moment`` on."""
        groups = self.joins.at(moment)
        return [_seen(fact, moment, groups) for fact in self.facts if fact.is_known_at(moment)]

    def settled_at(self, moment: datetime) -> list[Settled]:
        """What had been settled then, beside one of these mails."""
        numbers = {fact.number for fact in self.facts}
        settled = (one for circle in self.histories for one in circle.settled_at(moment))
        return [one for one in settled if one.number in numbers]


def _seen(now: MailFact, moment: datetime, groups: Groups) -> MailFact:
    fact = replace(
        asked_until(now, moment),
        replies=_until(now.replies, moment),
        solved=_until(now.solved, moment),
        reopened=_until(now.reopened, moment),
        worked=tuple(one for one in now.worked if one.at < moment),
        matter=groups.matter(now.matter),
        opens_matter=now.opens_matter and groups.opens(now.matter),
        joined_with=groups.joined_with(now.matter),
    )
    if fact.outcome is None or (fact.closed_at is not None and fact.closed_at < moment):
        return fact
    return replace(fact, outcome=None)


async def calls_between(
    session: AsyncSession, shop: Tenant, start: datetime, end: datetime, *only: Only
) -> list[PhoneFact]:
    """Every call, in or out, that began in ``[start, end)``; of those that ``only`` lets through."""
    one = Interaction
    rows = await plain_rows(
        session,
        select(
            one.number, one.arrived_at, one.outcome, one.queued_at, one.answered_at, one.abandoned_at,
            one.ended_at, one.wrapped_up_at, one.talk_ms, one.hold_ms, one.acw_ms, one.escalated,
            one.transferred, one.offers, one.offers_missed, one.name_confirmed_at, one.direction, one.party,
            one.shopper_id, one.case_id, one.faults,
            _reason(shop).label("reason"),
            met_closed_desk().label("met_closed_desk"),
            _never_queued_and(EventKind.VOICEMAIL_LEFT).label("left_message"),
        )
        .outerjoin(Reason, _OF_REASON)
        .where(one.tenant_id == shop.tenant_id, one.channel == Channel.PHONE)
        .where(one.arrived_at >= start, one.arrived_at < end, *only)
        .order_by(one.arrived_at, one.id)
    )  # fmt: skip
    return [_phone_fact(row) for row in rows]


async def mails_around(
    session: AsyncSession, shop: Tenant, since: datetime, start: datetime, end: datetime, *only: Only
) -> LoggedMails:
    """Mails from people received before ``end``, without those that were settled long before ``start``.

    ``since`` is so early that what came before it fell due before ``start``, and was no contact that one of
    the period repeats; of those, the ones still open then, and those answered, settled or taken up again
    since ``start`` less the days that a matter may rest, are needed all the same.
    """
    one, mail = Interaction, aliased(Interaction)
    marks = await _marks(session, shop, start - REOPENED_WITHIN, end)
    rows = await plain_rows(
        session,
        select(
            one.id, one.number, one.arrived_at, one.outcome, one.first_reply_at, one.ended_at, one.escalated,
            one.shopper_id, one.case_id, _opens_matter().label("opens_matter"), _reason(shop).label("reason"),
            one.split_at, mail.number.label("part_of"),
        )
        .outerjoin(Reason, _OF_REASON)
        .outerjoin(mail, and_(mail.tenant_id == one.tenant_id, mail.id == one.part_of))
        .where(one.tenant_id == shop.tenant_id, one.channel == Channel.MAIL)
        .where(one.direction == Direction.INBOUND, one.party == PartyKind.HUMAN)
        .where(one.arrived_at < end, *only)
        .where(
            or_(
                one.arrived_at >= since, one.ended_at.is_(None), one.ended_at >= start, among(one.id, marks),
            )
        )
        .order_by(one.arrived_at, one.id)
    )  # fmt: skip
    surveyed = await surveyed_since(session, shop.tenant_id, start, end)
    facts = [as_surveyed(_mail_fact(row, marks.get(row.id, [])), surveyed.get(row.id)) for row in rows]
    joins = await joins_until(session, shop.tenant_id, end)
    cases = {fact.matter for fact in facts if fact.solved and fact.matter}
    return LoggedMails(facts, joins, await histories_of(session, shop.tenant_id, cases, joins))


async def _marks(session: AsyncSession, shop: Tenant, start: datetime, end: datetime) -> dict[UUID, Marks]:
    """When mails were answered, and their matters settled or taken up again, by interaction."""
    event = InteractionEvent
    kinds: BindParameter[Any] = bindparam("kinds", list(MARKS), expanding=True, literal_execute=True)
    rows = await plain_rows(
        session,
        select(event.interaction_id, event.kind, event.at, event.data["worked_ms"].as_integer())
        .where(event.tenant_id == shop.tenant_id, event.at >= start, event.at < end, event.kind.in_(kinds))
        .order_by(event.at, event.seq),
    )
    found: dict[UUID, Marks] = {}
    for interaction_id, kind, at, worked_ms in rows:
        found.setdefault(interaction_id, []).append(Mark(kind, at, worked_ms))
    return found


def _opens_matter() -> ColumnElement[bool]:
    """Whether no mail of a person came to the same case before."""
    one, other = Interaction, aliased(Interaction)
    return ~exists().where(
        other.tenant_id == one.tenant_id, other.case_id == one.case_id, other.channel == Channel.MAIL,
        other.direction == Direction.INBOUND, other.party == PartyKind.HUMAN,
        tuple_(other.arrived_at, other.id) < tuple_(one.arrived_at, one.id),
    )  # fmt: skip


async def escalations_between(
    session: AsyncSession, shop: Tenant, start: datetime, end: datetime, *only: Only
) -> list[EscalationFact]:
    """Each time the shop was asked to decide, from ``start`` until ``end``, and when it took it up."""
    event = InteractionEvent
    rows = await plain_rows(
        session,
        select(Interaction.id, Interaction.number, event.kind, event.at, _reason(shop).label("reason"))
        .join(event, and_(event.tenant_id == Interaction.tenant_id, event.interaction_id == Interaction.id))
        .outerjoin(Reason, _OF_REASON)
        .where(Interaction.tenant_id == shop.tenant_id, Interaction.escalated)
        .where(Interaction.arrived_at < end, event.kind.in_(_ESCALATION_KINDS), *only)
        .order_by(Interaction.id, event.seq),
    )
    asked: list[EscalationFact] = []
    for _, events in groupby(rows, key=_interaction_id):
        asked += _escalations(list(events))
    return [one for one in asked if start <= one.started_at < end]


async def interaction_ids(session: AsyncSession, tenant_id: UUID, numbers: Sequence[int]) -> dict[int, UUID]:
    """Ids by the numbers that readers quote."""
    one = Interaction
    rows = await plain_rows(
        session, select(one.number, one.id).where(one.tenant_id == tenant_id, one.number.in_(numbers))
    )
    return {row.number: row.id for row in rows}


def met_closed_desk() -> ColumnElement[bool]:
    """Whether a call that never queued was told that the shop is closed."""
    return _never_queued_and(EventKind.GUIDANCE_ENDED, InteractionEvent.data["why"].astext == CLOSED)


def _never_queued_and(kind: EventKind, also: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Whether a call that never queued has an event of this kind; the events of others are not looked at."""
    event = InteractionEvent
    found = exists().where(
        event.tenant_id == Interaction.tenant_id, event.interaction_id == Interaction.id, event.kind == kind
    )
    wanted = found if also is None else found.where(also)
    return case((Interaction.queued_at.is_(None), wanted), else_=False)


def _reason(shop: Tenant) -> ColumnElement[str]:
    """The reason's label in the shop's language, the other one where it has none."""
    first, second = Reason.label_ja, Reason.label_en
    if shop.locale == "en":
        first, second = second, first
    return func.coalesce(func.nullif(first, ""), func.nullif(second, ""), Reason.code)


def _phone_fact(row: AnyRow) -> PhoneFact:
    """In the order of the SELECT: looking columns up by name would cost more than all else."""
    (
        number, arrived_at, outcome, queued_at, answered_at, abandoned_at, ended_at, wrapped_up_at,
        talk_ms, hold_ms, acw_ms, escalated, transferred, offers, missed, confirmed_at, direction, party,
        shopper, case_id, faults, reason, met_closed_desk, left_message,
    ) = row  # fmt: skip
    return PhoneFact(
        number=number, arrived_at=arrived_at, outcome=outcome,
        within_hours=outcome is not Outcome.OUT_OF_HOURS and not met_closed_desk,
        queued_at=queued_at, answered_at=answered_at, abandoned_at=abandoned_at, ended_at=ended_at,
        wrapped_up_at=wrapped_up_at, talk_ms=talk_ms, hold_ms=hold_ms, acw_ms=acw_ms, reason=reason,
        escalated=escalated, transferred=transferred, offers_made=offers, offers_missed=missed,
        name_confirmed=confirmed_at is not None, left_message=left_message,
        inbound=direction is Direction.INBOUND, party=party, shopper=shopper,
        in_case=case_id is not None,
        faults=None if faults is None else tuple(map(Fault, faults.split())),
    )  # fmt: skip


def _mail_fact(row: AnyRow, marks: Marks) -> MailFact:
    fact = MailFact(
        number=row.number,
        received_at=row.arrived_at,
        outcome=row.outcome,
        first_reply_at=row.first_reply_at,
        closed_at=row.ended_at,
        reason=row.reason,
        escalated=row.escalated,
        shopper=row.shopper_id,
        matter=row.case_id,
        opens_matter=row.opens_matter,
        part_of=row.part_of,
        split_at=row.split_at,
    )
    return _marked(fact, marks) if marks else fact


def _marked(fact: MailFact, marks: Marks) -> MailFact:
    return replace(
        fact,
        replies=_times(marks, *ANSWERS),
        solved=_times(marks, EventKind.SOLVED),
        reopened=_times(marks, EventKind.REOPENED),
        worked=tuple(
            Worked(one.at, one.worked_ms, one.kind in ANSWERS) for one in marks if one.worked_ms is not None
        ),
    )


def _times(marks: Marks, *kinds: EventKind) -> tuple[datetime, ...]:
    return tuple(one.at for one in marks if one.kind in kinds)


def _until(moments: Sequence[datetime], end: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in moments if at < end)


def _interaction_id(row: AnyRow) -> UUID:
    found: UUID = row.id
    return found


def _escalations(events: Sequence[AnyRow]) -> list[EscalationFact]:
    """The escalations of one interaction; what follows one, up to the next, belongs to it."""
    starts = [place for place, event in enumerate(events) if event.kind is EventKind.ESCALATED]
    ends = [*starts[1:], len(events)]
    return [
        EscalationFact(
            number=events[start].number,
            started_at=events[start].at,
            reason=events[start].reason,
            acknowledged_at=_first(events[start:end], [EventKind.ESCALATION_ACKNOWLEDGED]),
            answered_at=_first(events[start:end], _ANSWERS),
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _first(events: Iterable[AnyRow], kinds: Sequence[EventKind]) -> datetime | None:
    found: datetime | None = next((event.at for event in events if event.kind in kinds), None)
    return found
