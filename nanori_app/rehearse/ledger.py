"""What the house has written down, as plain rows: read once when the play is over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Engagement, Offer, Waiting
from interactions.models import Interaction, InteractionEvent, Reason
from mailroom.models import MailMessage, Outgoing, RawMessage
from nanori.audit import AuditEntry
from nanori.db import Base
from telephony.labels import conference_name
from telephony.models import Call, Callback, CarrierOrder, Leg

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Rows of all shops by column name; events by interaction, in the order of their numbers."""

    interactions: Sequence[Row]
    events: Mapping[UUID, Sequence[Row]]
    reasons: Mapping[UUID, Row]
    calls: Sequence[Row]
    legs: Sequence[Row]
    orders: Sequence[Row]
    waiting: Sequence[Row]
    offers: Sequence[Row]
    engagements: Sequence[Row]
    callbacks: Sequence[Row]
    audit: Sequence[Row]
    raw_mails: Sequence[Row]
    messages: Sequence[Row]
    outbox: Sequence[Row]

    @property
    def by_id(self) -> dict[UUID, Row]:
        return {row["id"]: row for row in self.interactions}

    def call_in(self, conference: str) -> Row | None:
        """The call that a conference of ours belongs to."""
        return next((call for call in self.calls if conference_name(call["id"]) == conference), None)


async def read_ledger(session: AsyncSession) -> Ledger:
    """Read everything; the session is bound to all shops."""
    events: dict[UUID, list[Row]] = defaultdict(list)
    for event in sorted(await _rows(session, InteractionEvent), key=lambda row: int(row["seq"])):
        events[event["interaction_id"]].append(event)
    return Ledger(
        interactions=await _rows(session, Interaction),
        events=events,
        reasons={row["id"]: row for row in await _rows(session, Reason)},
        calls=await _rows(session, Call),
        legs=await _rows(session, Leg),
        orders=await _rows(session, CarrierOrder),
        waiting=await _rows(session, Waiting),
        offers=await _rows(session, Offer),
        engagements=await _rows(session, Engagement),
        callbacks=await _rows(session, Callback),
        audit=await _rows(session, AuditEntry),
        raw_mails=await _rows(session, RawMessage),
        messages=await _rows(session, MailMessage),
        outbox=await _rows(session, Outgoing),
    )


async def _rows(session: AsyncSession, model: type[Base]) -> list[Row]:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table")
    found = await session.execute(select(*table.columns).order_by(*table.primary_key.columns))
    return [dict(row) for row in found.mappings()]
