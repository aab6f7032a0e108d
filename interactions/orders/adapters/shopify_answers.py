"""What we ask of Shopify's Admin API, and what it answers, as its documentation describes both."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

API_VERSION = "2026-10"
"""Each version is served for a year at least; then Shopify answers as the oldest one it still serves."""
PAGE_SIZE, ITEMS, FULFILMENTS, PARCELS = 20, 15, 5, 3
"""One question may cost 1,000 points, an object one: 20 x (5 + 15 + 5 x (1 + 3)) = 800."""

QUERY = f"""
query NanoriOrders($first: Int!, $after: String, $query: String) {{
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{
      name createdAt updatedAt cancelledAt displayFulfillmentStatus returnStatus email phone
      totalPriceSet {{ shopMoney {{ amount currencyCode }} }}
      billingAddress {{ firstName lastName name phone }}
      shippingAddress {{
        firstName lastName name phone company address1 address2 city province zip countryCodeV2
      }}
      lineItems(first: {ITEMS}) {{ nodes {{ name quantity }} }}
      fulfillments(first: {FULFILMENTS}) {{
        status displayStatus createdAt inTransitAt deliveredAt
        trackingInfo(first: {PARCELS}) {{ company number }}
      }}
    }}
  }}
}}
"""

T = TypeVar("T")
Moment = Annotated[datetime, Meta(tz=True)]


class Money(Struct, rename="camel"):
    """``amount``: a decimal number as text, in whole units: "3980.0"."""

    amount: str
    currency_code: str


class MoneySet(Struct, rename="camel"):
    shop_money: Money


class Address(Struct, rename="camel"):
    """All of it is optional, and written as the shopper typed it."""

    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None
    phone: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province: str | None = None
    zip: str | None = None
    country_code_v2: str | None = None


class LineItem(Struct, rename="camel"):
    name: str
    quantity: int


class Tracking(Struct, rename="camel"):
    company: str | None
    number: str | None


class Fulfilment(Struct, rename="camel"):
    """What was sent together, in one parcel or in several."""

    status: str
    display_status: str | None
    created_at: Moment
    in_transit_at: Moment | None
    delivered_at: Moment | None
    tracking_info: list[Tracking]


class Nodes(Struct, Generic[T], rename="camel"):
    nodes: list[T]


class Order(Struct, rename="camel"):
    name: str
    created_at: Moment
    updated_at: Moment
    cancelled_at: Moment | None
    display_fulfillment_status: str
    return_status: str
    email: str | None
    phone: str | None
    total_price_set: MoneySet
    billing_address: Address | None
    shipping_address: Address | None
    line_items: Nodes[LineItem]
    fulfillments: list[Fulfilment]


class PageInfo(Struct, rename="camel"):
    has_next_page: bool
    end_cursor: str | None


class OrderPage(Struct, rename="camel"):
    page_info: PageInfo
    nodes: list[Order]


class Data(Struct):
    orders: OrderPage


class ThrottleStatus(Struct, rename="camel"):
    """Points: what is left of the bucket, and what flows back each second."""

    currently_available: float
    restore_rate: float


class Cost(Struct, rename="camel"):
    requested_query_cost: float
    throttle_status: ThrottleStatus


class Extensions(Struct):
    cost: Cost | None = None


class ErrorCode(Struct):
    code: str = ""


class GraphError(Struct):
    message: str = ""
    extensions: ErrorCode | None = None


class Answer(Struct):
    """``errors`` is one text where the request did not get as far as the question."""

    data: Data | None = None
    errors: list[GraphError] | str | None = None
    extensions: Extensions | None = None

    @property
    def codes(self) -> frozenset[str]:
        """What is wrong, in Shopify's words; empty when nothing is."""
        if not self.errors or isinstance(self.errors, str):
            return frozenset({"UNKNOWN"} if self.errors else ())
        return frozenset((one.extensions and one.extensions.code) or "UNKNOWN" for one in self.errors)
