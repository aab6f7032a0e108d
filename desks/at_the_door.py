"""Which seasonal desk a number leads to, and when that is open: columns of one statement about the shop."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from desks.models import Desk
from desks.season_models import DeskDay, DeskSpan, Season
from desks.seasons import During, Phase, phase
from desks.values import Outside
from tenants.calendars import calendar_from
from tenants.hours import Calendar
from tenants.models import LinePromise, Tenant

There = aliased(Desk, name="there")
"""The seasonal desk beside the shop's standing one."""


@dataclass(frozen=True, slots=True)
class DeskMet:
    """As much of a desk as its caller meets at once."""

    id: UUID
    menu_prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonalDoor:
    """A seasonal desk as the caller of one of its numbers meets it."""

    desk: DeskMet
    phase: Phase
    greeting: str
    told: str  # what the caller is told while the desk is not open
    forwards: bool  # and then led on to the standing desk
    calendar: Calendar | None  # None: the shop's hours
    from_pool: bool

    @property
    def is_its_own(self) -> bool:
        """The number leads here even when the desk is not open; one of the shop's own leads back there."""
        return self.from_pool or self.phase in {Phase.OPEN, Phase.PAUSED}


def _promise() -> LateralFromClause:
    """The promise of ``line`` that counts at ``now``: the one that runs, else the last one, else the next."""
    one, now = LinePromise, bindparam("now", type_=DateTime(timezone=True))
    runs = and_(one.starts_at <= now, one.ends_at > now)
    order = case((runs, 0), (one.ends_at <= now, 1), else_=2)
    since = func.extract("epoch", one.starts_at)
    nearest = case((one.ends_at <= now, -since), else_=since)
    return (
        select(one.desk_id, one.from_pool)
        .where(
            one.tenant_id == Tenant.tenant_id, one.line == bindparam("line"), one.returned_at.is_(None),
            one.from_pool | runs,
        )
        .order_by(order, nearest)
        .limit(1)
        .lateral("promised")
    )  # fmt: skip


PROMISED = _promise()


def columns() -> tuple[Any, ...]:
    """To be selected beside ``Tenant``, joined by :func:`joined`."""
    spans = select(_all(DeskSpan.weekday, DeskSpan.opens, DeskSpan.closes)).where(
        DeskSpan.tenant_id == There.tenant_id, DeskSpan.desk_id == There.id
    )
    days = select(_all(DeskDay.on, DeskDay.opens, DeskDay.closes)).where(
        DeskDay.tenant_id == There.tenant_id, DeskDay.desk_id == There.id,
        DeskDay.on.between(bindparam("yesterday"), bindparam("tomorrow")),
    )  # fmt: skip
    return (
        There.id.label("there_id"), There.menu_prompt.label("there_prompt"), There.state.label("there_state"),
        Season.opens_at, Season.closes_at, Season.own_hours, Season.outside,
        Season.greeting, Season.before_message, Season.after_message,
        PROMISED.c.from_pool, _beside(spans, "desk_week"), _beside(days, "desk_days"),
    )  # fmt: skip


def joined(asked: Select[Any]) -> Select[Any]:
    """With the seasonal desk that the line leads to, if any."""
    tenant = Tenant.tenant_id
    return (
        asked.outerjoin(PROMISED, PROMISED.c.desk_id.is_not(None))
        .outerjoin(There, and_(There.tenant_id == tenant, There.id == PROMISED.c.desk_id))
        .outerjoin(Season, and_(Season.tenant_id == tenant, Season.desk_id == PROMISED.c.desk_id))
    )


def seasonal_door(row: Any, zone: ZoneInfo, now: datetime) -> SeasonalDoor | None:
    """What the row says; None when the number leads to the shop as ever."""
    if row.there_id is None or row.opens_at is None:
        return None
    at = phase(row.there_state, During(row.opens_at, row.closes_at), now)
    return SeasonalDoor(
        desk=DeskMet(row.there_id, row.there_prompt),
        phase=at,
        greeting=row.greeting,
        told=row.before_message if at is Phase.BEFORE else row.after_message,
        forwards=row.outside is Outside.FORWARD,
        calendar=calendar_from(zone, row.desk_week or (), row.desk_days or ()) if row.own_hours else None,
        from_pool=row.from_pool,
    )


def _all(*columns: Any) -> ColumnElement[Any]:
    return func.jsonb_agg(func.jsonb_build_array(*columns))


def _beside(asked: Select[Any], name: str) -> ColumnElement[Any]:
    return asked.correlate(There).scalar_subquery().label(name)
