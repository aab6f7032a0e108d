"""An order of Shopify made into our facts, by the same rules as a row of a file. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from interactions.orders import cells
from interactions.orders.adapters.shopify_answers import Address, Fulfilment, Money, Order, Tracking
from interactions.orders.rows import A_DAY, LONGEST_TEXT, NOT_YET, PROBLEMS, UPSIDE_DOWN, Ground
from interactions.orders.values import (
    Column,
    Item,
    OrderFacts,
    OrderState,
    ParcelFacts,
    ParcelState,
    Problem,
    Told,
)
from interactions.orders.words_of_shops import parcel_company
from nanori.text import one_line

T = TypeVar("T")
HOME = "JP"
IN_TROUBLE = frozenset({"CANCELLED", "ERROR", "FAILURE"})
"""Fulfilments that came to nothing."""
NOT_SENT = frozenset(
    {"UNFULFILLED", "OPEN", "PENDING_FULFILLMENT", "IN_PROGRESS", "ON_HOLD", "SCHEDULED",
     "PARTIALLY_FULFILLED", "REQUEST_DECLINED"}
)  # fmt: skip
PARCEL_STATES: Mapping[str, ParcelState] = {
    "SUBMITTED": ParcelState.PREPARING,
    "CONFIRMED": ParcelState.PREPARING,
    "LABEL_PRINTED": ParcelState.PREPARING,
    "LABEL_PURCHASED": ParcelState.PREPARING,
    "FULFILLED": ParcelState.ON_ITS_WAY,
    "MARKED_AS_FULFILLED": ParcelState.ON_ITS_WAY,
    "CARRIER_PICKED_UP": ParcelState.ON_ITS_WAY,
    "IN_TRANSIT": ParcelState.ON_ITS_WAY,
    "DELAYED": ParcelState.ON_ITS_WAY,
    "OUT_FOR_DELIVERY": ParcelState.OUT_FOR_DELIVERY,
    "ATTEMPTED_DELIVERY": ParcelState.ABSENT,
    "READY_FOR_PICKUP": ParcelState.HELD,
    "PICKED_UP": ParcelState.DELIVERED,
    "DELIVERED": ParcelState.DELIVERED,
}
"""What is not here (a void label, a failure) is shown in Shopify's own words."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one order came to."""

    told: tuple[Told, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Refused(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, said: str, column: Column, typed: str) -> None:
        super().__init__(said)
        self.said, self.column, self.typed = said, column, typed


def read_order(order: Order, row: int, ground: Ground) -> Read:
    """The order and its parcels. One bad value, and nothing of the order is kept; a bad parcel goes alone."""
    try:
        facts = _order(order, ground)
    except _Refused as refused:
        return Read(problems=(_problem(order, row, refused),))
    told, problems = [Told(facts, (row,))], list[Problem]()
    for fulfilment in _standing(order.fulfillments):
        for tracking in fulfilment.tracking_info:
            try:
                told += [Told(one) for one in _parcel(facts.number, fulfilment, tracking, ground)]
            except _Refused as refused:
                problems.append(_problem(order, row, refused))
    return Read(tuple(told), tuple(problems[:1]))


def _problem(order: Order, row: int, refused: _Refused) -> Problem:
    typed = one_line(f"{order.name}: {refused.typed}")[:LONGEST_TEXT]
    return Problem(row=row, said=refused.said, column=refused.column, typed=typed)


def _read(column: Column, text: str | None, reader: Callable[[str], T]) -> T | None:
    """The value in its shape; None when there is none."""
    plain = _text(text)
    if not plain:
        return None
    try:
        return reader(plain)
    except ValueError as problem:
        raise _Refused(PROBLEMS[column], column, plain) from problem


def _order(order: Order, ground: Ground) -> OrderFacts:
    number = _read(Column.NUMBER, order.name, cells.order_number)
    if number is None:
        raise _Refused(PROBLEMS[Column.NUMBER], Column.NUMBER, "")
    if order.created_at > ground.now + A_DAY:
        raise _Refused(NOT_YET, Column.ORDERED_AT, order.created_at.isoformat())
    buyer, home = order.billing_address, order.shipping_address or Address()
    phone = order.phone or (buyer and buyer.phone) or home.phone
    money = order.total_price_set.shop_money
    is_ours = home.country_code_v2 == HOME
    return OrderFacts(
        number=number,
        ordered_at=order.created_at,
        state=_state(order),
        state_said=_words(order.display_fulfillment_status),
        name=_name(buyer) or _name(home),
        phone=_read(Column.PHONE, phone, cells.phone) or "",
        mail=_read(Column.MAIL, order.email, cells.mail) or "",
        postal_code=(_read(Column.POSTAL_CODE, home.zip, cells.postal_code) or "") if is_ours else "",
        address=_address(home, is_ours=is_ours),
        total=_minor_units(money),
        currency=money.currency_code,
        items=tuple(Item(_text(one.name), one.quantity) for one in order.line_items.nodes),
    )


def _state(order: Order) -> OrderState:
    if order.cancelled_at is not None:
        return OrderState.CANCELLED
    if order.return_status == "RETURNED":
        return OrderState.RETURNED
    if order.display_fulfillment_status in NOT_SENT:
        return OrderState.PLACED
    if order.display_fulfillment_status != "FULFILLED":
        return OrderState.OTHER
    sent = [one.display_status for one in _standing(order.fulfillments)]
    has_come = bool(sent) and all(PARCEL_STATES.get(one or "") is ParcelState.DELIVERED for one in sent)
    return OrderState.DELIVERED if has_come else OrderState.SHIPPED


def _parcel(number: str, fulfilment: Fulfilment, tracking: Tracking, ground: Ground) -> Iterable[ParcelFacts]:
    """The parcel, when it has a number by which it could be found."""
    parcel = _read(Column.PARCEL, tracking.number, cells.parcel_number)
    if parcel is None:
        return
    shipped = _day(fulfilment.in_transit_at or fulfilment.created_at, ground)
    delivered = _day(fulfilment.delivered_at, ground)
    if delivered and shipped and delivered < shipped:
        raise _Refused(UPSIDE_DOWN, Column.DELIVERED_ON, delivered.isoformat())
    said, company = fulfilment.display_status or "", _text(tracking.company)
    by_days = ParcelState.DELIVERED if delivered else ParcelState.ON_ITS_WAY
    yield ParcelFacts(
        order_number=number, number=parcel, company=parcel_company(company), company_said=company,
        state=PARCEL_STATES.get(said, ParcelState.OTHER) if said else by_days, state_said=_words(said),
        shipped_on=shipped, delivered_on=delivered,
    )  # fmt: skip


def _standing(fulfilments: Iterable[Fulfilment]) -> list[Fulfilment]:
    return [one for one in fulfilments if one.status not in IN_TROUBLE]


def _day(at: datetime | None, ground: Ground) -> date | None:
    return at.astimezone(ground.zone).date() if at else None


def _minor_units(money: Money) -> int:
    """Whole yen, hundredths of any other money."""
    try:
        amount = Decimal(money.amount) * (1 if money.currency_code == "JPY" else 100)
    except InvalidOperation as problem:
        raise _Refused(PROBLEMS[Column.TOTAL], Column.TOTAL, _text(money.amount)) from problem
    if not amount.is_finite() or amount != amount.to_integral_value() or amount < 0:
        raise _Refused(PROBLEMS[Column.TOTAL], Column.TOTAL, _text(money.amount))
    return int(amount)


def _name(address: Address | None) -> str:
    """Family name first where names are written without the Latin alphabet."""
    if address is None:
        return ""
    family, given = _text(address.last_name), _text(address.first_name)
    if family and given and not family.isascii():
        return f"{family} {given}"
    return _text(address.name) or f"{given} {family}".strip()


def _address(home: Address, *, is_ours: bool) -> str:
    """From the prefecture to the house in Japan, the other way round elsewhere."""
    if is_ours:
        parts = (home.province, home.city, home.address1, home.address2, home.company)
        return _text(
            "".join(_text(part) for part in parts[:2]) + " ".join(filter(None, map(_text, parts[2:])))
        )
    parts = (home.company, home.address1, home.address2, home.city, home.province)
    return _text(", ".join(filter(None, map(_text, (*parts, home.zip, home.country_code_v2)))))


def _words(code: str) -> str:
    """PARTIALLY_FULFILLED as people say it."""
    return code.replace("_", " ").capitalize()


def _text(text: str | None) -> str:
    return one_line(text or "")[:LONGEST_TEXT]
