"""Shopify's Admin API as far as we use it, in process: it knows the documented types and refuses the rest.

Shops, people and numbers are invented; the shapes of the answers are those that Shopify documents.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

TOKEN = "shpat_00000000000000000000000000000000"
DOMAIN = "minato-coffee.myshopify.com"
VERSION = "2026-10"
Selection = dict[str, "Selection"]

TYPES: Mapping[str, Mapping[str, str]] = {
    "QueryRoot": {"orders": "OrderConnection"},
    "OrderConnection": {"pageInfo": "PageInfo", "nodes": "Order"},
    "PageInfo": {"hasNextPage": "", "endCursor": ""},
    "Order": {
        "name": "", "createdAt": "", "updatedAt": "", "cancelledAt": "", "displayFulfillmentStatus": "",
        "returnStatus": "", "email": "", "phone": "", "totalPriceSet": "MoneyBag",
        "billingAddress": "MailingAddress", "shippingAddress": "MailingAddress",
        "lineItems": "LineItemConnection", "fulfillments": "Fulfillment",
    },
    "MoneyBag": {"shopMoney": "MoneyV2"},
    "MoneyV2": {"amount": "", "currencyCode": ""},
    "MailingAddress": {
        "firstName": "", "lastName": "", "name": "", "phone": "", "company": "", "address1": "",
        "address2": "", "city": "", "province": "", "zip": "", "countryCodeV2": "",
    },
    "LineItemConnection": {"nodes": "LineItem"},
    "LineItem": {"name": "", "quantity": ""},
    "Fulfillment": {
        "status": "", "displayStatus": "", "createdAt": "", "inTransitAt": "", "deliveredAt": "",
        "trackingInfo": "FulfillmentTrackingInfo",
    },
    "FulfillmentTrackingInfo": {"company": "", "number": ""},
}  # fmt: skip
"""Fields by type, each with the type that it leads to; "" is a scalar or an enum."""
ARGUMENTS = {
    "orders": {"first", "after", "query", "sortKey"}, "lineItems": {"first"}, "fulfillments": {"first"},
    "trackingInfo": {"first"},
}  # fmt: skip


class UnknownFieldError(Exception):
    """Our question names something that the documentation does not."""


def an_order(number: int, **more: Any) -> dict[str, Any]:
    """One order as Shopify tells it, sent with one parcel."""
    order: dict[str, Any] = {
        "name": f"#{number}", "createdAt": "2026-10-20T23:30:00Z",
        "updatedAt": f"2026-10-21T00:{number % 60:02}:00Z",
        "cancelledAt": None, "displayFulfillmentStatus": "FULFILLED", "returnStatus": "NO_RETURN",
        "email": "hana@shopper.example", "phone": None,
        "totalPriceSet": {"shopMoney": {"amount": "3980.0", "currencyCode": "JPY"}},
        "billingAddress": {"firstName": "一郎", "lastName": "花村", "name": "一郎 花村",
                           "phone": "090-1234-5678"},
        "shippingAddress": an_address(),
        "lineItems": {"nodes": [{"name": "珈琲豆 - 200g", "quantity": 2}]},
        "fulfillments": [a_fulfilment(f"4000-0000-{number:04}")],
    }  # fmt: skip
    return order | more


def an_address(**more: Any) -> dict[str, Any]:
    return {
        "firstName": "花", "lastName": "山川", "name": "花 山川", "phone": None, "company": None,
        "address1": "神宮前0-1-2", "address2": "見本荘", "city": "渋谷区", "province": "東京都",
        "zip": "150-0001", "countryCodeV2": "JP",
    } | more  # fmt: skip


def a_fulfilment(number: str | None, **more: Any) -> dict[str, Any]:
    return {
        "status": "SUCCESS", "displayStatus": "IN_TRANSIT", "createdAt": "2026-10-21T15:30:00Z",
        "inTransitAt": None, "deliveredAt": None,
        "trackingInfo": [{"company": "ヤマト運輸", "number": number}],
    } | more  # fmt: skip


@dataclass
class ShopifyServer:
    """Answers one shop. ``script``: answers to be given before the honest ones, in order."""

    orders: list[dict[str, Any]] = field(default_factory=list)
    script: list[Callable[[], httpx.Response]] = field(default_factory=list)
    available: float = 2000.0
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.scheme) == ("POST", "https")
        if request.url.host != DOMAIN or request.url.path != f"/admin/api/{VERSION}/graphql.json":
            return httpx.Response(404, json={"errors": "Not Found"})
        if request.headers.get("X-Shopify-Access-Token") != TOKEN:
            return httpx.Response(401, json={"errors": "[API] Invalid API key or access token"})
        body = json.loads(request.content)
        self.asked.append(body["variables"])
        if self.script:
            return self.script.pop(0)()
        try:
            selection = parsed(body["query"])
            data = projected("QueryRoot", {"orders": self._page(**body["variables"])}, selection)
        except UnknownFieldError as problem:
            error = {"message": str(problem), "extensions": {"code": "undefinedField"}}
            return httpx.Response(200, json={"errors": [error]})
        return httpx.Response(200, json={"data": data, "extensions": cost(self.available)})

    def _page(self, first: int, after: str | None, query: str | None) -> dict[str, Any]:
        since = re.fullmatch(r"updated_at:>='([-:TZ\d]+)'", query or "updated_at:>='0'")
        assert since is not None, query
        found = sorted(
            (one for one in self.orders if one["updatedAt"] >= since[1]), key=lambda one: one["updatedAt"]
        )
        start = int(base64.b64decode(after)) if after else 0
        nodes = found[start : start + first]
        end = base64.b64encode(str(start + len(nodes)).encode()).decode() if nodes else None
        info = {"hasNextPage": start + len(nodes) < len(found), "endCursor": end}
        return {"pageInfo": info, "nodes": nodes}


def cost(available: float) -> dict[str, Any]:
    throttle = {"maximumAvailable": 2000.0, "currentlyAvailable": available, "restoreRate": 100.0}
    return {"cost": {"requestedQueryCost": 800, "actualQueryCost": 90, "throttleStatus": throttle}}


def throttled(available: float) -> Callable[[], httpx.Response]:
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
    return lambda: httpx.Response(200, json={"errors": [error], "extensions": cost(available)})


def an_error(code: str) -> Callable[[], httpx.Response]:
    error = {"message": "invented", "extensions": {"code": code}}
    return lambda: httpx.Response(200, json={"data": None, "errors": [error]})


def a_status(status: int) -> Callable[[], httpx.Response]:
    return lambda: httpx.Response(status, json={"errors": "invented"})


def parsed(query: str) -> Selection:
    """The fields that a query selects; arguments that we know of are skipped."""
    text = re.sub(r'"[^"]*"', '""', query)
    tokens = iter(re.findall(r"[{}()]|[\w$!:]+", text))
    for token in tokens:
        if token == "{":
            return _selection(tokens)
    raise UnknownFieldError("no selection")


def _selection(tokens: Iterator[str]) -> Selection:
    found, last = Selection(), ""
    for token in tokens:
        if token == "}":
            break
        if token == "{":
            found[last] = _selection(tokens)
        elif token == "(":
            names = [one[:-1] for one in iter(lambda: next(tokens), ")") if one.endswith(":")]
            if unknown := set(names) - ARGUMENTS.get(last, set()):
                raise UnknownFieldError(f"{last} takes no {unknown}")
        else:
            found[token], last = {}, token
    return found


def projected(kind: str, value: Any, selection: Selection) -> Any:
    """What of a value was asked for. Raises ``UnknownFieldError`` for what its type has not."""
    if value is None:
        return None
    if isinstance(value, list):
        return [projected(kind, one, selection) for one in value]
    fields = TYPES[kind]
    for name, below in selection.items():
        if name not in fields or bool(below) != bool(fields[name]):
            raise UnknownFieldError(f"Field '{name}' doesn't exist on type '{kind}'")
    return {
        name: projected(fields[name], value.get(name), below) if below else value.get(name)
        for name, below in selection.items()
    }
