"""What the log says of a month's contacts, as far as a bill asks: one SELECT."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, case, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from billing.plans.judging import Contact
from billing.plans.values import Nature
from interactions.models import Case, Interaction, Reason
from interactions.values import Channel, Direction, Outcome
from reports.facts import Period

A_SECOND = 1000
NATURES: Mapping[str, Nature] = {one.value: one for one in Nature}
"""By the codes of the shop's reasons."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A contact and whose it is."""

    interaction_id: UUID
    number: int
    desk_id: UUID | None
    at: datetime
    direction: Direction
    contact: Contact


async def contacts_in(session: AsyncSession, tenant_id: UUID, period: Period) -> list[Logged]:
    """Every call and mail that arrived in the period, in the order of time."""
    one = Interaction
    rows = await session.execute(
        select(
            one.id, one.number, one.desk_id, one.arrived_at, one.channel, one.direction, one.party,
            one.outcome, one.talk_ms, one.hold_ms, one.acw_ms, Reason.code,
            _is_first_of_case().label("first"), _answered_together().label("together"),
            one.part_of,
        )
        .outerjoin(Reason, and_(Reason.tenant_id == one.tenant_id, Reason.id == one.reason_id))
        .where(one.tenant_id == tenant_id)
        .where(one.arrived_at >= period.starts_at, one.arrived_at < period.ends_at)
        .where(or_(one.channel == Channel.PHONE, one.direction == Direction.INBOUND))
        .order_by(one.arrived_at, one.id)
    )  # fmt: skip
    return [_logged(row, period.zone) for row in rows]


def _logged(row: Row[*tuple[Any, ...]], zone: ZoneInfo) -> Logged:
    (
        key, number, desk_id, at, channel, direction, party, outcome, talk, hold, acw, code, first, together,
        part_of,
    ) = row  # fmt: skip
    contact = Contact(
        arrived=at.astimezone(zone), channel=channel, inbound=direction is Direction.INBOUND, party=party,
        outcome=outcome, nature=NATURES.get(code or ""), talk_s=_seconds(talk + hold),
        handled_s=_seconds(talk + hold + acw), is_first_of_case=first, answered_together=together,
        is_part=part_of is not None,
    )  # fmt: skip
    return Logged(key, number, desk_id, at, direction, contact)


def _seconds(milliseconds: int) -> int:
    """Begun seconds count."""
    return -(-milliseconds // A_SECOND)


def _is_first_of_case() -> ColumnElement[bool]:
    """Somebody handled it, and nobody an earlier one of its case; without a case it is one of its own."""
    one, other = Interaction, aliased(Interaction)
    earlier = _earlier_of_matter(other).where(_handled(other)).exists()
    return case((~_handled(one), False), (one.case_id.is_(None), True), else_=~earlier)


def _answered_together() -> ColumnElement[bool]:
    """The reply that answered it answered an earlier mail of the same case, too; a part is no mail."""
    one, other = Interaction, aliased(Interaction)
    together = _earlier_of_matter(other).where(
        other.channel == Channel.MAIL,
        other.part_of.is_(None),
        other.first_reply_at == one.first_reply_at,
    )
    is_answered_mail = and_(one.channel == Channel.MAIL, one.first_reply_at.is_not(None))
    return case((is_answered_mail, together.exists()), else_=False)


def _earlier_of_matter(other: type[Interaction]) -> Select[UUID]:
    """Earlier contacts of the same case, and of those that go on in the same case."""
    one, own, its = Interaction, aliased(Case), aliased(Case)
    return (
        select(other.id)
        .join(its, and_(its.tenant_id == other.tenant_id, its.id == other.case_id))
        .join(own, and_(own.tenant_id == its.tenant_id, own.head_id == its.head_id))
        .where(own.tenant_id == one.tenant_id, own.id == one.case_id)
        .where(tuple_(other.arrived_at, other.id) < tuple_(one.arrived_at, one.id))
        .correlate(one)
    )


def _handled(one: Any) -> ColumnElement[bool]:
    return and_(one.outcome.is_not(None), one.outcome.in_([Outcome.ANSWERED, Outcome.REPLIED]))
