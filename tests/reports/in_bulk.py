"""Facts written into the log in a few statements: months of thousands of calls for tests and benchmarks."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.models import Case, Interaction, InteractionEvent, Reason
from interactions.values import CaseState, Channel, Direction, EventKind, Outcome, PartyKind
from nanori.actors import ActorKind
from reports.facts import EscalationFact, MailFact, PhoneFact
from reports.month import MonthFacts
from tests.reports.months import own_case

Row = dict[str, Any]
CHUNK = 1000


async def write_month(
    session: AsyncSession, tenant_id: UUID, facts: MonthFacts, *, reasons: dict[str, UUID] | None = None
) -> dict[str, UUID]:
    """Write a month as the rooms would have; returns the shop's reasons for the next month."""
    known = dict(reasons or {})
    told: list[PhoneFact | MailFact] = [*facts.calls, *facts.mails]
    wanted = {one.reason for one in told if one.reason}
    fresh = [_reason(tenant_id, label, place) for place, label in enumerate(sorted(wanted - set(known)))]
    known |= {row["label_ja"]: row["id"] for row in fresh}
    ids = {one.number: uuid7() for one in told}
    calls = [_call_row(tenant_id, ids[call.number], call, known) for call in facts.calls]
    mails = [_mail_row(tenant_id, ids, mail, known) for mail in facts.mails]
    mails.sort(key=lambda row: row["part_of"] is not None)
    cases = [_case_row(tenant_id, mail) for mail in facts.mails if mail.matter]
    cases.sort(key=lambda row: row["joined_to"] is not None)
    asked = {one.number: one for one in facts.escalations}
    events = [
        event
        for call in facts.calls
        for event in _events(tenant_id, ids[call.number], call, asked.get(call.number))
    ]
    events += [event for mail in facts.mails for event in _case_events(tenant_id, ids, mail)]
    tables = ((Reason, fresh), (Case, cases), (Interaction, [*calls, *mails]), (InteractionEvent, events))
    for table, rows in tables:
        for start in range(0, len(rows), CHUNK):
            await session.execute(insert(table), rows[start : start + CHUNK])
    return known


def _reason(tenant_id: UUID, label: str, place: int) -> Row:
    return {
        "tenant_id": tenant_id, "id": uuid7(), "code": label, "label_ja": label, "label_en": "",
        "position": place, "retired_at": None,
    }  # fmt: skip


def _call_row(tenant_id: UUID, row_id: UUID, call: PhoneFact, reasons: dict[str, UUID]) -> Row:
    return _interaction(tenant_id, row_id, call.number, reasons.get(call.reason or "")) | {
        "channel": Channel.PHONE,
        "direction": Direction.INBOUND if call.inbound else Direction.OUTBOUND,
        "party": call.party,
        "outcome": call.outcome,
        "arrived_at": call.arrived_at,
        "queued_at": call.queued_at,
        "answered_at": call.answered_at,
        "abandoned_at": call.abandoned_at,
        "ended_at": call.ended_at or (call.arrived_at if call.outcome else None),
        "wrapped_up_at": call.wrapped_up_at,
        "talk_ms": call.talk_ms,
        "hold_ms": call.hold_ms,
        "acw_ms": call.acw_ms,
        "escalated": call.escalated,
        "transferred": call.transferred,
        "offers": call.offers_made,
        "offers_missed": call.offers_missed,
        "name_confirmed_at": call.answered_at if call.name_confirmed else None,
    }


def _mail_row(tenant_id: UUID, ids: dict[int, UUID], mail: MailFact, reasons: dict[str, UUID]) -> Row:
    return _interaction(tenant_id, ids[mail.number], mail.number, reasons.get(mail.reason or "")) | {
        "channel": Channel.MAIL,
        "direction": Direction.INBOUND,
        "party": PartyKind.HUMAN,
        "outcome": mail.outcome,
        "arrived_at": mail.received_at,
        "first_reply_at": mail.first_reply_at,
        "ended_at": mail.closed_at,
        "escalated": mail.escalated,
        "case_id": own_case(mail.number) if mail.matter else None,
        "part_of": ids[mail.part_of] if mail.part_of else None,
        "split_at": mail.split_at,
    }


def _case_row(tenant_id: UUID, mail: MailFact) -> Row:
    own = own_case(mail.number)
    joined_to = mail.matter if mail.matter != own else None
    return {
        "tenant_id": tenant_id, "id": own, "number": mail.number, "subject": "",
        "state": CaseState.JOINED if joined_to else CaseState.DONE, "shopper_id": None, "version": 1,
        "worked_ms": 0,
        "opened_at": mail.split_at or mail.received_at, "due_at": None, "closed_at": mail.received_at,
        "assigned_to": None, "joined_to": joined_to,
    }  # fmt: skip


def _case_events(tenant_id: UUID, ids: dict[int, UUID], mail: MailFact) -> Iterator[Row]:
    """The split; the join, done at once and, of every third case that stands, undone; answer and settling."""
    if not mail.matter:
        return
    own, at = own_case(mail.number), mail.split_at or mail.received_at
    into = mail.matter if mail.matter != own else own_case(mail.number + 1)
    story: list[tuple[EventKind, datetime, Row]] = [(EventKind.RECEIVED, at, {})]
    if mail.part_of:
        story = [(EventKind.SPLIT_FROM, at, {"arrived_at": mail.received_at.isoformat()})]
    joined = (EventKind.MERGED_INTO, at, {"case": str(own), "into": str(into)})
    if mail.matter != own:
        story.append(joined)
    elif mail.number % 3 == 0:
        story += [joined, (EventKind.MERGE_UNDONE, at, {"case": str(own)})]
    story += [(EventKind.FIRST_REPLY, replied, {}) for replied in mail.replies]
    story += [(EventKind.SOLVED, solved, {}) for solved in mail.solved]
    for seq, (kind, moment, data) in enumerate(story, start=1):
        yield {
            "tenant_id": tenant_id, "id": uuid7(), "interaction_id": ids[mail.number], "seq": seq,
            "kind": kind, "at": moment, "actor_kind": ActorKind.SYSTEM, "actor_id": None, "data": data,
        }  # fmt: skip


def _interaction(tenant_id: UUID, row_id: UUID, number: int, reason_id: UUID | None) -> Row:
    empty = dict.fromkeys(
        ("queued_at", "answered_at", "abandoned_at", "wrapped_up_at", "first_reply_at", "name_confirmed_at")
    )
    sums = dict.fromkeys(("talk_ms", "hold_ms", "acw_ms", "offers", "offers_missed"), 0)
    return {
        "tenant_id": tenant_id, "id": row_id, "number": number, "reason_id": reason_id, "notes": "",
        "captured": {}, "transferred": False, "case_id": None, "part_of": None, "split_at": None,
        **empty, **sums,
    }  # fmt: skip


def _events(
    tenant_id: UUID, interaction_id: UUID, call: PhoneFact, asked: EscalationFact | None
) -> Iterator[Row]:
    """The events that a report looks at besides the interaction itself, and the arrival."""
    story: list[tuple[EventKind, datetime, dict[str, Any]]] = [(EventKind.ARRIVED, call.arrived_at, {})]
    if not call.within_hours:
        story.append((EventKind.GUIDANCE_ENDED, call.arrived_at, {"why": "out_of_hours"}))
        if call.left_message or call.outcome is Outcome.VOICEMAIL:
            story.append((EventKind.VOICEMAIL_LEFT, call.arrived_at + timedelta(seconds=20), {}))
    if asked is not None:
        story += _asked(asked)
    for seq, (kind, moment, data) in enumerate(story, start=1):
        yield {
            "tenant_id": tenant_id, "id": uuid7(), "interaction_id": interaction_id, "seq": seq,
            "kind": kind, "at": moment, "actor_kind": ActorKind.SYSTEM, "actor_id": None, "data": data,
        }  # fmt: skip


def _asked(asked: EscalationFact) -> Iterable[tuple[EventKind, datetime, dict[str, Any]]]:
    yield EventKind.ESCALATED, asked.started_at, {}
    if asked.acknowledged_at:
        yield EventKind.ESCALATION_ACKNOWLEDGED, asked.acknowledged_at, {}
    if asked.answered_at:
        yield EventKind.CLIENT_ANSWERED, asked.answered_at, {}
