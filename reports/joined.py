"""Which mails are of one matter at a moment: joins of cases, and their undoing, as the log tells them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.heads import Joining, heads
from interactions.models import Interaction, InteractionEvent
from interactions.values import Channel, Direction, EventKind, PartyKind
from nanori.db import among, plain_rows

KINDS = (EventKind.MERGED_INTO, EventKind.MERGE_UNDONE)
"""The events for which there is an index by time (``interactions.models.JOINING``)."""


@dataclass(frozen=True, slots=True)
class Joins:
    """Every join and undoing in the order of time; when each of these cases was first written to.

    ``firsts``: the number of each case's first mail.
    """

    told: Sequence[tuple[datetime, Joining]] = ()
    begun: Mapping[UUID, datetime] = field(default_factory=dict)
    firsts: Mapping[UUID, int] = field(default_factory=dict)

    def at(self, moment: datetime) -> "Groups":
        """As it stood then: what happened before counts, what happened at that moment does not."""
        found = heads(one for at, one in self.told if at < moment)
        members: dict[UUID, list[UUID]] = {}
        for case_id in {*found, *found.values()}:
            members.setdefault(found.get(case_id, case_id), []).append(case_id)
        openers = {
            head: min(group, key=lambda one: (self.begun[one], one))
            for head, ids in members.items()
            if (group := [one for one in ids if one in self.begun])
        }
        return Groups(heads=found, openers=openers, firsts=self.firsts)


@dataclass(frozen=True, slots=True)
class Groups:
    """``openers``: of each group of joined cases, by its head, the one that was written to first."""

    heads: Mapping[UUID, UUID]
    openers: Mapping[UUID, UUID]
    firsts: Mapping[UUID, int] = field(default_factory=dict)

    def matter(self, case_id: UUID | None) -> UUID | None:
        return self.heads.get(case_id, case_id) if case_id else None

    def opens(self, case_id: UUID | None) -> bool:
        """Whether the first mail of this case is the first of its matter."""
        is_alone = case_id not in self.heads and case_id not in self.heads.values()
        return is_alone or case_id in self.openers.values()

    def joined_with(self, case_id: UUID | None) -> int | None:
        """The number of the mail that began the matter, for a case joined with the one that it came to."""
        if case_id is None or self.opens(case_id):
            return None
        opener = self.openers.get(self.heads.get(case_id, case_id))
        return self.firsts.get(opener) if opener else None


async def joins_until(session: AsyncSession, tenant_id: UUID, end: datetime) -> Joins:
    """What the log says of a shop's joins; a second statement only where there are any."""
    event = InteractionEvent
    kinds: BindParameter[Any] = bindparam("kinds", list(KINDS), expanding=True, literal_execute=True)
    rows = await plain_rows(
        session,
        select(event.at, event.kind, event.data["case"].astext, event.data["into"].astext)
        .where(event.tenant_id == tenant_id, event.at < end, event.kind.in_(kinds))
        .order_by(event.at, event.id),
    )
    told = [(at, _joining(kind, case_id, into_id)) for at, kind, case_id, into_id in rows]
    ids = {one for _, joining in told for one in (joining.case_id, joining.into_id) if one}
    return Joins(told, *await _begun(session, tenant_id, ids)) if told else Joins()


def _joining(kind: EventKind, case_id: str, into_id: str) -> Joining:
    return Joining(UUID(case_id), UUID(into_id) if kind is EventKind.MERGED_INTO else None)


async def _begun(
    session: AsyncSession, tenant_id: UUID, case_ids: Iterable[UUID]
) -> tuple[dict[UUID, datetime], dict[UUID, int]]:
    """When the first mail of a person came to each case, and its number."""
    one = Interaction
    rows = await plain_rows(
        session,
        select(one.case_id, one.arrived_at, one.number)
        .where(one.tenant_id == tenant_id, among(one.case_id, case_ids))
        .where(one.channel == Channel.MAIL, one.direction == Direction.INBOUND)
        .where(one.party == PartyKind.HUMAN)
        .order_by(one.case_id, one.arrived_at, one.id)
        .ext(distinct_on(one.case_id)),
    )
    found = [row for row in rows if row.case_id is not None]
    return {row.case_id: row.arrived_at for row in found}, {row.case_id: row.number for row in found}
