"""Everything that decides how a ringing call is greeted, read in one statement."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk, MenuOption
from desks.values import DeskState
from interactions.models import ShopperHandle
from interactions.values import HandleKind
from tenants import at_the_door
from tenants.errors import ShopNotFound
from tenants.hours import is_open
from tenants.models import Tenant
from tenants.phrases import phrase_for
from tenants.values import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDoor:
    """A shop as a caller meets it."""

    shop: Tenant
    desk: Desk | None  # the standing desk
    has_menu: bool
    is_open: bool
    greeting: str
    shopper_id: UUID | None  # the caller, when the shop knows the number


async def front_door(
    session: AsyncSession, tenant_id: UUID, from_number: str | None, *, now: datetime
) -> FrontDoor:
    """The shop that was called, by whom; ``from_number`` is None when withheld.

    Raises:
        ShopNotFound: not among the shops bound.
    """
    params = {"shop": tenant_id, "caller": from_number, **at_the_door.around(now)}
    row = (await session.execute(_asked(), params)).one_or_none()
    if row is None:
        raise ShopNotFound
    shop: Tenant = row.Tenant
    calendar = at_the_door.hours_now(row, shop.zone)
    phrase = phrase_for(at_the_door.wordings(row), Situation.NORMAL, now, calendar.zone)
    return FrontDoor(
        shop=shop,
        desk=row.Desk,
        has_menu=bool(row.Desk and row.Desk.menu_prompt and row.has_keys),
        is_open=is_open(calendar, now),
        greeting=phrase.text if phrase else shop.brand_name,
        shopper_id=row.shopper_id,
    )


@cache
def _asked() -> Select[Any]:
    """Built once: putting it together costs as much as running it."""
    oldest = (
        select(Desk.id)
        .where(Desk.tenant_id == Tenant.tenant_id, Desk.state == DeskState.OPEN)
        .order_by(Desk.created_at, Desk.id)
        .limit(1)
        .correlate(Tenant)
        .scalar_subquery()
    )
    menu = exists().where(MenuOption.tenant_id == Desk.tenant_id, MenuOption.desk_id == Desk.id)
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
    return (
        select(Tenant, Desk, menu.label("has_keys"), shopper.label("shopper_id"), *at_the_door.columns())
        .outerjoin(Desk, and_(Desk.tenant_id == Tenant.tenant_id, Desk.id == oldest))
        .where(Tenant.tenant_id == bindparam("shop"))
    )
