"""What the log says of a month's contacts, as far as a bill asks: two SELECTs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, and_, case, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from billing.plans.judging import Contact
from billing.plans.values import Nature
from interactions.models import Case, Interaction, Reason
from interactions.values import Channel, Direction, Outcome
from reports.facts import Period

A_SECOND = 1000
HANDLED = (Outcome.ANSWERED, Outcome.REPLIED)
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
    joined = await _over_joined_cases(session, tenant_id)
    return [_logged(row, period.zone, joined) for row in rows]


def _logged(row: Row[*tuple[Any, ...]], zone: ZoneInfo, joined: Mapping[UUID, tuple[bool, bool]]) -> Logged:
    (
        key, number, desk_id, at, channel, direction, party, outcome, talk, hold, acw, code, first, together,
        part_of,
    ) = row  # fmt: skip
    first, together = joined.get(key, (first, together))
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
    earlier = exists().where(_earlier_of_case(other), _handled(other))
    return case((~_handled(one), False), (one.case_id.is_(None), True), else_=~earlier)


def _answered_together() -> ColumnElement[bool]:
    """The reply that answered it answered an earlier mail of the same case, too; a part is no mail."""
    one, other = Interaction, aliased(Interaction)
    earlier = exists().where(
        _earlier_of_case(other),
        other.channel == Channel.MAIL,
        other.part_of.is_(None),
        other.first_reply_at == one.first_reply_at,
    )
    is_answered_mail = and_(one.channel == Channel.MAIL, one.first_reply_at.is_not(None))
    return case((is_answered_mail, earlier), else_=False)


def _earlier_of_case(other: type[Interaction]) -> ColumnElement[bool]:
    one = Interaction
    return and_(
        other.tenant_id == one.tenant_id,
        other.case_id == one.case_id,
        tuple_(other.arrived_at, other.id) < tuple_(one.arrived_at, one.id),
    )


async def _over_joined_cases(session: AsyncSession, tenant_id: UUID) -> dict[UUID, tuple[bool, bool]]:
    """The same two, first and together, of the contacts of joined cases: these are one case."""
    one = Interaction
    heads = select(Case.joined_to).where(Case.tenant_id == tenant_id, Case.joined_to.is_not(None))
    rows = await session.execute(
        select(one.id, Case.head_id, one.channel, one.outcome, one.first_reply_at, one.part_of)
        .join(Case, and_(Case.tenant_id == one.tenant_id, Case.id == one.case_id))
        .where(Case.tenant_id == tenant_id, Case.head_id.in_(heads))
        .order_by(Case.head_id, one.arrived_at, one.id)
    )
    found: dict[UUID, tuple[bool, bool]] = {}
    for _, contacts in groupby(rows, key=lambda row: row.head_id):
        is_handled, replies = False, set[datetime]()
        for row in contacts:
            handles = row.outcome in HANDLED
            found[row.id] = (handles and not is_handled, row.first_reply_at in replies)
            is_handled = is_handled or handles
            if row.first_reply_at and row.channel is Channel.MAIL and row.part_of is None:
                replies.add(row.first_reply_at)
    return found


def _handled(one: Any) -> ColumnElement[bool]:
    return and_(one.outcome.is_not(None), one.outcome.in_(HANDLED))
