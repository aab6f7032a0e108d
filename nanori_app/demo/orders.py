"""What the demo's shoppers ordered lately, told as a shop's file would tell it."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction, Shopper, ShopperHandle
from interactions.orders.keeping import keep_orders, keep_parcels
from interactions.orders.values import (
    Item,
    OrderFacts,
    OrderState,
    ParcelCompany,
    ParcelFacts,
    ParcelState,
    Told,
)
from interactions.values import HandleKind
from nanori_app.demo.cast import ShopPart
from nanori_app.demo.shops import SET_UPS, ZONE
from tenants.models import Tenant

SUGGESTED = ("見本 花子", "+819000001001", "")
"""Whoever calls from the number that the demo's telephone suggests: the parcel could not be delivered."""
SHOPPERS = 50
AGAIN = 0.4
PLACES = (
    ("150-0001", "東京都渋谷区神宮前0-1-2"),
    ("530-0001", "大阪府大阪市北区梅田0-3-4"),
    ("980-0811", "宮城県仙台市青葉区一番町0-5"),
    ("810-0001", "福岡県福岡市中央区天神0-6-7"),
)
"""House number nought: nobody lives there."""
COMPANIES = (ParcelCompany.YAMATO, ParcelCompany.SAGAWA, ParcelCompany.JAPAN_POST)
TROUBLE = (ParcelState.ABSENT, ParcelState.MOVED, ParcelState.UNKNOWN_ADDRESS, ParcelState.HELD)
IN_TROUBLE = 0.15


async def tell_orders(session: AsyncSession, shop: Tenant, part: ShopPart, *, now: datetime) -> None:
    """One or two orders of each shopper who was there last; the newest are still on their way."""
    chance = random.Random(f"orders {part.slug}")  # noqa: S311 - a play
    orders, parcels = list[OrderFacts](), list[Told]()
    people = [SUGGESTED, *await _shoppers(session, shop)]
    for number, (name, phone, mail) in enumerate(people):
        for again in range(2 if chance.random() < AGAIN else 1):
            at = now - timedelta(days=chance.randint(0, 20) + again * 30, minutes=chance.randint(0, 600))
            order = _order(part, 20_000 + number * 7 + again, chance, at, (name, phone, mail))
            if not number:
                order = replace(order, state=OrderState.SHIPPED)
            orders.append(order)
            if order.state is not OrderState.PLACED:
                parcel = _parcel(order, chance, at, now)
                parcels.append(
                    Told(parcel if number else replace(parcel, state=ParcelState.ABSENT, delivered_on=None))
                )
    await keep_orders(session, shop.tenant_id, orders, now=now)
    await keep_parcels(session, shop.tenant_id, parcels, now=now)


async def _shoppers(session: AsyncSession, shop: Tenant) -> Sequence[tuple[str, str, str]]:
    """Name, phone and mail address of those who called or wrote last."""
    last = func.max(Interaction.arrived_at)
    handle = {
        kind: func.coalesce(func.max(ShopperHandle.value).filter(ShopperHandle.kind == kind), "")
        for kind in HandleKind
    }
    rows = await session.execute(
        select(Shopper.name, handle[HandleKind.PHONE], handle[HandleKind.MAIL])
        .join(Interaction, Interaction.shopper_id == Shopper.id)
        .join(ShopperHandle, ShopperHandle.shopper_id == Shopper.id)
        .where(
            Shopper.tenant_id == shop.tenant_id,
            Interaction.tenant_id == shop.tenant_id,
            ShopperHandle.tenant_id == shop.tenant_id,
        )
        .group_by(Shopper.tenant_id, Shopper.id)
        .order_by(last.desc(), Shopper.id)
        .limit(SHOPPERS)
    )
    return [(name, phone, mail) for name, phone, mail in rows]


def _order(
    part: ShopPart, number: int, chance: random.Random, at: datetime, who: tuple[str, str, str]
) -> OrderFacts:
    detail = SET_UPS[part.slug]
    wares = chance.sample(detail.wares, k=min(len(detail.wares), chance.randint(1, 2)))
    postal_code, address = chance.choice(PLACES)
    name, phone, mail = who
    return OrderFacts(
        number=f"{detail.order_prefix}-{number}",
        ordered_at=at.replace(second=0, microsecond=0),
        state=chance.choice((OrderState.PLACED, *[OrderState.SHIPPED] * 4)),
        name=name,
        phone=phone,
        mail=mail,
        postal_code=postal_code,
        address=address,
        total=chance.randint(8, 90) * 110,
        items=tuple(Item(ware, chance.choice((1, 1, 1, 2))) for ware in wares),
    )


def _parcel(order: OrderFacts, chance: random.Random, at: datetime, now: datetime) -> ParcelFacts:
    shipped = (at + timedelta(days=1)).astimezone(ZONE).date()
    days = (now.astimezone(ZONE).date() - shipped).days
    state = ParcelState.PREPARING if days < 0 else ParcelState.ON_ITS_WAY
    if days >= 2:  # noqa: PLR2004 -- as long as parcels take within Japan
        state = chance.choice(TROUBLE) if chance.random() < IN_TROUBLE else ParcelState.DELIVERED
    return ParcelFacts(
        order_number=order.number,
        number=f"0000{chance.randint(10_000_000, 99_999_999)}",
        company=chance.choice(COMPANIES),
        company_said="-",
        state=state,
        shipped_on=shipped if days >= 0 else None,
        delivered_on=shipped + timedelta(days=2) if state is ParcelState.DELIVERED else None,
    )
