"""The panel of orders beside a call or a mail: the contact's own at once, others by one search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.orders.contacts import FoundOrder, orders_named, orders_of_contact
from interactions.orders.models import Parcel
from interactions.orders.policy import IN_CONTACT
from interactions.orders.values import OrderState, ParcelCompany, ParcelState
from interactions.orders.wording import COMPANIES, PARCEL_STATES, state_in
from interactions.queries import interaction_by_id
from interactions.web.order_view import OrderRow, address_of, order_row
from nanori import audit
from nanori.context import Context
from nanori.text import one_line, phone_for_people
from nanori.web.access import allow
from nanori.web.page import render, words_of
from nanori.words import N_, Words
from tenants import queries as shops
from tenants.models import Tenant

AnyRequest = Request[Any, Any, State]
ARRIVED = frozenset({ParcelState.PREPARING, ParcelState.RETURNED})
"""Of these nothing has to be looked for; what is told as delivered may not have been."""
MAY_BE_LOST = frozenset({OrderState.SHIPPED, OrderState.DELIVERED, OrderState.OTHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLine:
    """One parcel; ``inquiry`` is the address of the open investigation."""

    id: UUID
    inquiry: str
    may_be_lost: bool
    number: str
    company: str
    state: str
    badge: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One order with what identifies the shopper, and its parcels."""

    id: UUID
    row: OrderRow
    inquiry: str  # of the order itself, when it has no parcel that we know
    may_be_lost: bool
    phone: str
    address: str
    parcels: Sequence[ParcelLine]


class OrdersInContact(Controller):
    """``interaction_id`` is the call or the mail in hand; its shop's orders are the only ones looked at."""

    path = "/orders/{tenant_id:uuid}/contacts/{interaction_id:uuid}"

    @get("/found", opt=allow(*IN_CONTACT))
    async def find(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        """The contact's orders; with ``q`` those that it names. Whose data were shown is on the trail."""
        interaction = await interaction_by_id(session, tenant_id, interaction_id)
        shop = await shops.shop(session, tenant_id)
        asked = one_line(request.query_params.get("q", ""))[:100]
        found = await (
            orders_named(session, interaction, asked) if asked else orders_of_contact(session, interaction)
        )
        detail = {"orders": [str(one.order.id) for one in found], "searched": bool(asked)}
        if found or asked:
            await audit.record(
                session, context, "orders.read", shop_id=tenant_id, subject_id=interaction_id, detail=detail
            )
        base = f"/orders/{tenant_id}/contacts/{interaction_id}"
        lines = [_line(one, shop, words_of(request)) for one in found]
        return render(request, "interactions/orders/_found.html", lines=lines, asked=asked, base=base)


def _line(found: FoundOrder, shop: Tenant, words: Words) -> OrderLine:
    order = found.order
    inquiries = {one.parcel_id: f"/inquiries/{one.tenant_id}/{one.id}" for one in found.inquiries}
    return OrderLine(
        id=order.id,
        inquiry=inquiries.get(None, ""),
        may_be_lost=not found.parcels and order.state in MAY_BE_LOST,
        row=order_row(order, shop, words),
        phone=phone_for_people(order.phone),
        address=address_of(order),
        parcels=[_parcel(parcel, inquiries.get(parcel.id, ""), words) for parcel in found.parcels],
    )


def _parcel(parcel: Parcel, inquiry: str, words: Words) -> ParcelLine:
    is_other = parcel.state is ParcelState.OTHER
    state, badge = state_in(words, PARCEL_STATES[parcel.state], parcel.state_said, is_other=is_other)
    company = words.gettext(COMPANIES[parcel.company])
    if parcel.company is ParcelCompany.OTHER and parcel.company_said:
        company = parcel.company_said
    return ParcelLine(
        id=parcel.id, inquiry=inquiry, may_be_lost=parcel.state not in ARRIVED,
        number=parcel.number, company=company, state=state, badge=badge,
        when=_when(parcel.shipped_on, parcel.delivered_on, words),
    )  # fmt: skip


def _when(shipped: date | None, delivered: date | None, words: Words) -> str:
    if delivered:
        return words.gettext(N_("delivered {day}"), day=words.day(delivered))
    return words.gettext(N_("shipped {day}"), day=words.day(shipped)) if shipped else ""
