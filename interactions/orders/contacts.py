"""The orders of whoever calls or writes: by number, address and order number, inside the one shop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from interactions.orders import cells
from interactions.orders.inquiries import open_inquiries_of
from interactions.orders.models import Parcel, ParcelInquiry, ShopOrder
from interactions.orders.queries import orders_of, orders_page, parcels_of
from interactions.queries import handles_of
from interactions.values import HandleKind

SHOWN = 5
SHORTEST_NUMBER = 3


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """``inquiries``: what is being looked for of it."""

    order: ShopOrder
    parcels: Sequence[Parcel]
    inquiries: Sequence[ParcelInquiry]


async def orders_of_contact(session: AsyncSession, interaction: Interaction) -> list[FoundOrder]:
    """What the shopper of a call or a mail has ordered, and what the captured fields name; newest first."""
    tenant_id, shopper_id = interaction.tenant_id, interaction.shopper_id
    handles = await handles_of(session, tenant_id, shopper_id) if shopper_id else []
    found = await orders_of(
        session,
        tenant_id,
        phones=[one.value for one in handles if one.kind is HandleKind.PHONE],
        mails=[one.value for one in handles if one.kind is HandleKind.MAIL],
        numbers=numbers_among((interaction.captured or {}).values()),
        limit=SHOWN,
    )
    return await _with_parcels(session, tenant_id, found)


async def orders_named(session: AsyncSession, interaction: Interaction, asked: str) -> list[FoundOrder]:
    """The orders of the same shop that ``asked`` names."""
    found = await orders_page(session, interaction.tenant_id, asked=asked)
    return await _with_parcels(session, interaction.tenant_id, found[:SHOWN])


def numbers_among(values: Iterable[object]) -> list[str]:
    """What of the captured texts may be an order number: something with a figure, and not just a choice."""
    numbers = (cells.or_nothing(cells.order_number, str(value)) for value in values)
    return [
        number
        for number in numbers
        if len(number) >= SHORTEST_NUMBER and any(letter.isdigit() for letter in number)
    ]


async def _with_parcels(
    session: AsyncSession, tenant_id: UUID, orders: Sequence[ShopOrder]
) -> list[FoundOrder]:
    parcels = await parcels_of(session, tenant_id, orders)
    inquiries = await open_inquiries_of(session, tenant_id, orders)
    return [
        FoundOrder(
            order,
            [parcel for parcel in parcels if parcel.order_id == order.id],
            [inquiry for inquiry in inquiries if inquiry.order_id == order.id],
        )
        for order in orders
    ]
