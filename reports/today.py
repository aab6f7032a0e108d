"""Every desk's calls of today, counted by the database: the report's definitions, for boards that look often.

A call counts as answered as soon as an agent has answered it; the report waits for its end.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Uuid,
    and_,
    column,
    func,
    or_,
    select,
    values,
)
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import Values

from interactions.models import Interaction
from interactions.values import Channel, Direction, Outcome, PartyKind
from reports.facts import NEVER_OFFERED, Terms
from reports.figures import Figure
from reports.log import met_closed_desk
from reports.service_level import AnswerCounts, service_level
from reports.tally import LISTED_BY_OUTCOME


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopDay:
    """Whose calls to count, from when on, and by which contract."""

    tenant_id: UUID
    since: datetime
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounts:
    """Calls of one desk: what :class:`reports.tally.Tally` says under the same names."""

    answered: int = 0
    abandoned: int = 0
    lost_otherwise: int = 0
    answered_within: int = 0
    abandoned_within: int = 0
    abandoned_short: int = 0
    out_of_hours: int = 0  # counted only where the contract puts them into the base

    @property
    def offered(self) -> int:
        return self.answered + self.abandoned + self.lost_otherwise + self.out_of_hours

    def service_level(self, terms: Terms) -> Figure:
        counts = AnswerCounts(
            answered=self.answered, abandoned=self.abandoned, answered_within=self.answered_within,
            abandoned_within=self.abandoned_within, abandoned_short=self.abandoned_short,
            lost_out_of_hours=self.out_of_hours,
        )  # fmt: skip
        return service_level(counts, terms.service_level)

    def __add__(self, other: "DayCounts") -> "DayCounts":
        return DayCounts(**{name: getattr(self, name) + getattr(other, name) for name in _SUMS})


_SUMS = tuple(one.name for one in fields(DayCounts))
KEPT = timedelta(seconds=3)
ONE_HOUR = timedelta(hours=1)
Hour = int
"""Full hours since the shop's day began."""
Desk = tuple[UUID, UUID | None]
"""Shop and desk; calls that never came to a desk have none."""


async def counted_today(session: AsyncSession, days: Sequence[ShopDay]) -> dict[Desk, dict[Hour, DayCounts]]:
    """Each desk's counts by the hour of arrival, in one statement. A desk without a call is not in it."""
    if not days:
        return {}
    day, one = _asked(days), Interaction
    hour = func.date_bin(ONE_HOUR, one.arrived_at, day.c.since)
    rows = await session.execute(
        select(one.tenant_id, one.desk_id, hour, *_counts(day))
        .join(day, day.c.tenant_id == one.tenant_id)
        .where(
            one.arrived_at >= day.c.since,
            one.channel == Channel.PHONE,
            one.direction == Direction.INBOUND,
            one.party == PartyKind.HUMAN,
        )
        .group_by(one.tenant_id, one.desk_id, hour)
    )
    began = {day.tenant_id: day.since.astimezone(UTC) for day in days}
    found: dict[Desk, dict[Hour, DayCounts]] = {}
    for tenant_id, desk_id, at, *counts in rows:
        of_desk = found.setdefault((tenant_id, desk_id), {})
        of_desk[(at - began[tenant_id]) // ONE_HOUR] = DayCounts(**dict(zip(_SUMS, counts, strict=True)))
    return found


class RecentCounts:
    """The counts of every desk, kept for a few seconds: however many look, a process counts once.

    Only for readers who are bound to every shop, since all of them are given the same.
    """

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._asked: tuple[Sequence[ShopDay], datetime] | None = None
        self._found: dict[Desk, dict[Hour, DayCounts]] = {}

    async def today(
        self, session: AsyncSession, days: Sequence[ShopDay], *, now: datetime
    ) -> dict[Desk, dict[Hour, DayCounts]]:
        """As :func:`counted_today`, at most ``KEPT`` old."""
        async with self._one_at_a_time:
            if self._asked is None or self._asked[0] != days or now - self._asked[1] >= KEPT:
                self._found = await counted_today(session, days)
                self._asked = (days, now)
            return self._found


def _asked(days: Sequence[ShopDay]) -> Values:
    listed = [
        (
            day.tenant_id,
            day.since,
            timedelta(seconds=day.terms.answer_within_s),
            timedelta(seconds=day.terms.short_abandon_s),
            day.terms.out_of_hours_count_as_offered,
        )
        for day in days
    ]
    return values(
        column("tenant_id", Uuid()),
        column("since", DateTime(timezone=True)),
        column("within", INTERVAL()),
        column("short", INTERVAL()),
        column("outside", Boolean()),
        name="day",
    ).data(listed)


def _counts(day: Values) -> list[ColumnElement[int]]:
    """In the order of the fields of :class:`DayCounts`."""
    one = Interaction
    offered = and_(
        one.queued_at.is_not(None),
        or_(
            one.outcome.not_in(NEVER_OFFERED),
            and_(one.outcome.is_(None), one.answered_at.is_not(None)),
        ),
    )
    answered = and_(
        offered,
        one.answered_at.is_not(None),
        func.coalesce(one.outcome, Outcome.ANSWERED) == Outcome.ANSWERED,
    )
    abandoned = and_(offered, one.outcome == Outcome.ABANDONED, one.abandoned_at.is_not(None))
    waited = func.coalesce(one.answered_at, one.abandoned_at) - one.queued_at
    outside = and_(
        day.c.outside,
        one.outcome.not_in(LISTED_BY_OUTCOME),
        or_(one.outcome == Outcome.OUT_OF_HOURS, met_closed_desk()),
    )
    lost = and_(offered, ~func.coalesce(answered, False), ~func.coalesce(abandoned, False))
    conditions: list[Any] = [
        answered,
        abandoned,
        lost,
        and_(answered, waited <= day.c.within),
        and_(abandoned, waited <= day.c.within),
        and_(abandoned, waited <= day.c.short),
        outside,
    ]
    return [func.count().filter(condition) for condition in conditions]
