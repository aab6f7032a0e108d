"""Which seasonal desk a number leads to, and when that is open: columns of one statement about the shop."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, Select, and_, bindparam, case, exists, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from desks.models import Desk, MenuOption
from desks.season_models import DeskDay, DeskSpan, Season
from desks.seasons import During, Phase, phase
from desks.values import DeskState, Outside
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
    has_keys: bool

    @property
    def has_menu(self) -> bool:
        return bool(self.menu_prompt) and self.has_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonalDoor:
    """A seasonal desk as the caller of one of its numbers meets it."""

    desk: DeskMet
    state: DeskState
    during: During
    greeting: str
    before_message: str
    after_message: str
    forwards: bool  # and then led on to the standing desk
    calendar: Calendar | None  # None: the shop's hours
    from_pool: bool

    def phase_at(self, now: datetime) -> Phase:
        return phase(self.state, self.during, now)

    def is_its_own(self, now: datetime) -> bool:
        """The number leads here even when the desk is not open; one of the shop's own leads back there."""
        return self.from_pool or self.phase_at(now) in {Phase.OPEN, Phase.PAUSED}

    def told_at(self, now: datetime) -> str:
        """What the caller is told while the desk is not open."""
        return self.before_message if self.phase_at(now) is Phase.BEFORE else self.after_message


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


def _next_edge() -> ColumnElement[datetime | None]:
    """When the next promise of ``line`` begins or ends: until then the same one counts."""
    one, now = LinePromise, bindparam("now", type_=DateTime(timezone=True))
    begins, ends = (func.min(edge).filter(edge > now) for edge in (one.starts_at, one.ends_at))
    return (
        select(func.least(begins, ends))
        .where(
            one.tenant_id == Tenant.tenant_id, one.line == bindparam("line"), one.returned_at.is_(None)
        )
        .correlate(Tenant)
        .scalar_subquery()
    )  # fmt: skip


def menu_of(desk: type[Desk]) -> ColumnElement[bool]:
    """Whether the desk's menu has keys."""
    return exists().where(MenuOption.tenant_id == desk.tenant_id, MenuOption.desk_id == desk.id)


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
        menu_of(There).label("there_has_keys"), Season.opens_at, Season.closes_at, Season.own_hours,
        Season.outside, Season.greeting, Season.before_message, Season.after_message, PROMISED.c.from_pool,
        _next_edge().label("promised_until"), _beside(spans, "desk_week"), _beside(days, "desk_days"),
    )  # fmt: skip


def joined(asked: Select[Any]) -> Select[Any]:
    """With the seasonal desk that the line leads to, if any."""
    tenant = Tenant.tenant_id
    return (
        asked.outerjoin(PROMISED, PROMISED.c.desk_id.is_not(None))
        .outerjoin(There, and_(There.tenant_id == tenant, There.id == PROMISED.c.desk_id))
        .outerjoin(Season, and_(Season.tenant_id == tenant, Season.desk_id == PROMISED.c.desk_id))
    )


def seasonal_door(row: Any, zone: ZoneInfo) -> SeasonalDoor | None:
    """What the row says; None when the number leads to the shop as ever."""
    if row.there_id is None or row.opens_at is None:
        return None
    return SeasonalDoor(
        desk=DeskMet(row.there_id, row.there_prompt, row.there_has_keys),
        state=row.there_state,
        during=During(row.opens_at, row.closes_at),
        greeting=row.greeting,
        before_message=row.before_message,
        after_message=row.after_message,
        forwards=row.outside is Outside.FORWARD,
        calendar=calendar_from(zone, row.desk_week or (), row.desk_days or ()) if row.own_hours else None,
        from_pool=row.from_pool,
    )


def _all(*columns: Any) -> ColumnElement[Any]:
    return func.jsonb_agg(func.jsonb_build_array(*columns))


def _beside(asked: Select[Any], name: str) -> ColumnElement[Any]:
    return asked.correlate(There).scalar_subquery().label(name)
