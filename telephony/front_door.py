"""Everything that decides how a ringing call is greeted, read in one statement."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.at_the_door import DeskMet, SeasonalDoor, There, joined, seasonal_door
from desks.at_the_door import columns as seasonal_columns
from desks.models import Desk, MenuOption
from desks.seasons import Phase
from desks.values import DeskKind, DeskState
from interactions.models import ShopperHandle
from interactions.values import HandleKind
from tenants import at_the_door
from tenants.errors import ShopNotFound
from tenants.hours import Calendar, is_open
from tenants.models import Tenant
from tenants.phrases import phrase_for
from tenants.values import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDoor:
    """A shop as a caller meets it."""

    shop: Tenant
    desk: DeskMet | None  # the one that the number leads to
    has_menu: bool
    is_open: bool
    greeting: str
    shopper_id: UUID | None  # the caller, when the shop knows the number
    told_first: str = ""  # the season has not begun, or is over
    is_only_told: bool = False  # and that is all


async def front_door(
    session: AsyncSession, tenant_id: UUID, from_number: str | None, to_number: str, *, now: datetime
) -> FrontDoor:
    """The shop that was called, by whom and under which number; ``from_number`` is None when withheld.

    Raises:
        ShopNotFound: not among the shops bound.
    """
    params: dict[str, Any] = {"shop": tenant_id, "caller": from_number, "line": to_number, "now": now}
    params |= at_the_door.around(now)
    row = (await session.execute(_asked(), params)).one_or_none()
    if row is None:
        raise ShopNotFound
    shop: Tenant = row.Tenant
    calendar = at_the_door.hours_now(row, shop.zone)
    desk = DeskMet(row.desk_id, row.menu_prompt) if row.desk_id else None
    phrase = phrase_for(at_the_door.wordings(row), Situation.NORMAL, now, calendar.zone)
    standing = FrontDoor(
        shop=shop,
        desk=desk,
        has_menu=bool(desk and desk.menu_prompt and row.has_keys),
        is_open=is_open(calendar, now),
        greeting=phrase.text if phrase else shop.brand_name,
        shopper_id=row.shopper_id,
    )
    there = seasonal_door(row, calendar.zone, now)
    if there is None or not there.is_its_own:
        return standing
    return _seasonal(standing, there, calendar, has_keys=row.there_has_keys, now=now)


def _seasonal(
    standing: FrontDoor, there: SeasonalDoor, calendar: Calendar, *, has_keys: bool, now: datetime
) -> FrontDoor:
    """A season's number: to its desk while it is open, else an announcement, or on to the standing desk."""
    desk = there.desk
    if there.phase is Phase.OPEN:
        return replace(
            standing,
            desk=desk,
            has_menu=bool(desk.menu_prompt and has_keys),
            is_open=is_open(there.calendar or calendar, now),
            greeting=there.greeting or standing.greeting,
        )
    if there.phase is Phase.PAUSED:
        return replace(standing, desk=desk, is_open=False)
    if there.forwards and standing.desk is not None:
        return replace(standing, told_first=there.told)
    return replace(standing, desk=desk, is_open=False, told_first=there.told, is_only_told=True)


@cache
def _asked() -> Select[Any]:
    """Built once: putting it together costs as much as running it."""
    oldest = (
        select(Desk.id)
        .where(
            Desk.tenant_id == Tenant.tenant_id, Desk.state == DeskState.OPEN,
            Desk.kind == DeskKind.STANDING,
        )
        .order_by(Desk.created_at, Desk.id)
        .limit(1)
        .correlate(Tenant)
        .scalar_subquery()
    )  # fmt: skip
    menu = exists().where(MenuOption.tenant_id == Desk.tenant_id, MenuOption.desk_id == Desk.id)
    keys = exists().where(MenuOption.tenant_id == There.tenant_id, MenuOption.desk_id == There.id)
    shopper = (
        select(ShopperHandle.shopper_id)
        .where(
            ShopperHandle.tenant_id == Tenant.tenant_id,
            ShopperHandle.kind == HandleKind.PHONE,
            ShopperHandle.value == bindparam("caller"),
        )
        .correlate(Tenant)
        .scalar_subquery()
    )
    asked = (
        select(
            Tenant, Desk.id.label("desk_id"), Desk.menu_prompt, menu.label("has_keys"),
            keys.label("there_has_keys"), shopper.label("shopper_id"),
            *at_the_door.columns(), *seasonal_columns(),
        )
        .outerjoin(Desk, and_(Desk.tenant_id == Tenant.tenant_id, Desk.id == oldest))
        .where(Tenant.tenant_id == bindparam("shop"))
    )  # fmt: skip
    return joined(asked)
