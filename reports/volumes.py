"""Calls counted by the database: of desks by date and half hour for forecasts, and of all shops."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Function,
    Integer,
    Select,
    and_,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from desks.staffing.history import HALF_HOURS, History, dates
from desks.staffing.patience import Patience, estimate
from interactions.models import Interaction
from interactions.values import Channel, Direction, Outcome, PartyKind
from nanori.db import among, plain_rows
from reports.facts import NEVER_OFFERED
from tenants.models import Tenant

SATURDAY = 6  # of ISO's week


@dataclass(slots=True, kw_only=True)
class Worked:
    """Answered calls and the work on them."""

    answered: int = 0
    worked_ms: int = 0

    @property
    def handling(self) -> float | None:
        """Seconds of talk, hold and after-call work of one call in the mean; None without one."""
        return self.worked_ms / self.answered / 1000 if self.answered else None


@dataclass(slots=True, kw_only=True)
class Counted(Worked):
    """Calls that were offered, as the report counts them, and the work on those that were answered.

    A date on which nothing at all happened is absent until ``history`` fills it in.
    """

    days: dict[date, list[int]] = field(default_factory=dict)
    gave_up: int = 0
    waited_seconds: float = 0.0  # of all, those who were answered too

    @property
    def patience(self) -> Patience | None:
        """How long callers wait before they give up; None while too few have."""
        return estimate(self.gave_up, self.waited_seconds)

    def history(self, zone: ZoneInfo, until: date) -> History:
        """From the day of the first call on: before it nobody counted. ``until`` is left out."""
        first = min(self.days, default=until)
        days = dates(first, until - timedelta(days=1))
        return History(zone, {day: self.days.get(day, [0] * HALF_HOURS) for day in days})

    def add(self, other: "Counted") -> None:
        """The calls of one more desk."""
        for day, calls in other.days.items():
            mine = self.days.setdefault(day, [0] * HALF_HOURS)
            mine[:] = [one + more for one, more in zip(mine, calls, strict=True)]
        self.answered += other.answered
        self.worked_ms += other.worked_ms
        self.gave_up += other.gave_up
        self.waited_seconds += other.waited_seconds


@dataclass(slots=True, kw_only=True)
class Weekdays(Worked):
    """A month's offered calls from Monday to Friday; answered and worked are those of all its days."""

    hours: list[int] = field(default_factory=lambda: [0] * 24)  # by the hour of the shop's clock


async def counted_calls(
    session: AsyncSession,
    tenant_ids: Iterable[UUID],
    since: datetime,
    until: datetime,
    *,
    desk_ids: Iterable[UUID] | None = None,
) -> Mapping[tuple[UUID, UUID | None], Counted]:
    """By shop and desk: the calls that began in ``[since, until)``, by the wall clock of each shop.

    One statement; None is the desk of calls that never came to one.
    """
    one = Interaction
    wanted = [
        among(one.tenant_id, tenant_ids), one.channel == Channel.PHONE,
        one.arrived_at >= since, one.arrived_at < until,
    ]  # fmt: skip
    if desk_ids is not None:
        wanted.append(among(one.desk_id, desk_ids))
    rows = await plain_rows(
        session, _counting().join(Tenant, Tenant.tenant_id == one.tenant_id).where(*wanted)
    )
    found: dict[tuple[UUID, UUID | None], Counted] = {}
    for tenant_id, desk_id, on, at, calls, taken, worked, gave_up, waited in rows:
        counted = found.setdefault((tenant_id, desk_id), Counted())
        counted.days.setdefault(on, [0] * HALF_HOURS)[at] += calls
        counted.answered += taken
        counted.worked_ms += int(worked or 0)
        counted.gave_up += gave_up
        counted.waited_seconds += float(waited or 0)
    return found


def _counting() -> Select[UUID, UUID | None, date, int, int, int, int, int, int]:
    """Offered and answered calls, and the work on them, by desk, date and half hour of the shop's clock."""
    one = Interaction
    local = func.timezone(Tenant.zone, one.arrived_at)
    minutes = func.extract("hour", local) * 60 + func.extract("minute", local)
    half_hour = cast(func.floor(minutes / literal(30)), Integer).label("half_hour")
    day = cast(local, Date).label("day")
    left_at = func.coalesce(one.answered_at, one.abandoned_at, one.ended_at)
    waited = func.sum(func.extract("epoch", left_at - one.queued_at)).filter(_offered())
    return select(
        one.tenant_id, one.desk_id, day, half_hour,
        func.count().filter(_offered()), func.count().filter(_offered(), _answered()),
        _worked().filter(_offered(), _answered()),
        func.count().filter(_offered(), one.abandoned_at.is_not(None)), waited,
    ).group_by(one.tenant_id, one.desk_id, day, half_hour)  # fmt: skip


async def weekday_calls(session: AsyncSession, first: date, end: date) -> Mapping[UUID, Weekdays]:
    """By shop: the calls that began in ``[first, end)`` by its own clock; none without one that was offered.

    One statement, with a row for each hour of the day: a million calls are counted by the database.
    """
    one = Interaction
    local = func.timezone(Tenant.zone, one.arrived_at)
    hour = cast(func.extract("hour", local), Integer).label("hour")
    statement = select(
        one.tenant_id, hour,
        func.count().filter(func.extract("isodow", local) < SATURDAY),
        func.count().filter(_answered()), _worked().filter(_answered()),
    ).join(Tenant, Tenant.tenant_id == one.tenant_id).where(
        one.channel == Channel.PHONE, _offered(),
        one.arrived_at >= _midnight(first), one.arrived_at < _midnight(end),
    ).group_by(one.tenant_id, hour)  # fmt: skip
    found: dict[UUID, Weekdays] = {}
    for tenant_id, at, calls, taken, worked in await plain_rows(session, statement):
        counted = found.setdefault(tenant_id, Weekdays())
        counted.hours[at] = calls
        counted.answered += taken
        counted.worked_ms += int(worked or 0)
    return found


def _midnight(day: date) -> ColumnElement[datetime]:
    """When the day begins by the shop's clock."""
    return func.timezone(Tenant.zone, cast(day, DateTime(timezone=False)))


def _offered() -> ColumnElement[bool]:
    one = Interaction
    return and_(
        one.direction == Direction.INBOUND, one.party == PartyKind.HUMAN, one.queued_at.is_not(None),
        one.outcome.is_not(None), one.outcome.not_in(NEVER_OFFERED),
    )  # fmt: skip


def _answered() -> ColumnElement[bool]:
    """Of those that were offered."""
    return and_(Interaction.outcome == Outcome.ANSWERED, Interaction.answered_at.is_not(None))


def _worked() -> Function[int]:
    """Milliseconds of talk, hold and after-call work."""
    return func.sum(Interaction.talk_ms + Interaction.hold_ms + Interaction.acw_ms)


def of_shop(found: Mapping[tuple[UUID, UUID | None], Counted], tenant_id: UUID) -> Counted:
    """All desks of a shop together."""
    total = Counted()
    for (shop, _), counted in found.items():
        if shop == tenant_id:
            total.add(counted)
    return total
