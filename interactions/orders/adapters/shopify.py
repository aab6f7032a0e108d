"""Orders and parcels out of a shop's own Shopify, page by page, within what it grants us in a second."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec

from interactions.orders.adapters.shopify_answers import API_VERSION, PAGE_SIZE, QUERY, Answer, OrderPage
from interactions.orders.adapters.shopify_facts import read_order
from interactions.orders.errors import SourceAway, SourceRefused, SourceUnclear
from interactions.orders.ports import ShopLogin
from interactions.orders.rows import Ground
from interactions.orders.values import Batch
from nanori.words import N_

TOKEN_REFUSED = N_("The shop's token is refused. Ask the shop for a new one and enter it here.")
MAY_NOT = N_(
    "The shop's token may not read orders. Ask the shop to grant it read_orders, and enter the new one."
)
NO_SUCH_SHOP = N_("There is no shop at this address of Shopify. Ask the shop for the right one.")
SHOP_FROZEN = N_(
    "Shopify has frozen or locked this shop. It can be read again when the shop has settled that."
)

OK, FAILING = 200, 500
REFUSALS = {
    401: TOKEN_REFUSED, 403: TOKEN_REFUSED, 404: NO_SUCH_SHOP, 402: SHOP_FROZEN, 423: SHOP_FROZEN,
}  # fmt: skip
BUSY = frozenset({408, 429, 430})
CODES_REFUSED = {"ACCESS_DENIED": MAY_NOT, "SHOP_INACTIVE": SHOP_FROZEN}
CODES_AWAY = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT"})
THROTTLED = "THROTTLED"
MOST_REPEATS = 10
SHORTEST_WAIT, LONGEST_WAIT = 1.0, 60.0


class Shopify:
    """Shopify's Admin API over httpx.

    Args:
        transport: an httpx transport, for example one that answers in process.
        timeout_seconds: for one request, from start to last byte.
        sleep: waits until the shop's bucket has filled up again.
    """

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout_seconds: float = 30.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = httpx.AsyncClient(transport=transport, timeout=timeout_seconds, trust_env=False)
        self._timeout_seconds = timeout_seconds
        self._sleep = sleep

    def orders(self, login: ShopLogin, ground: Ground, *, since: datetime | None) -> "ShopifyOrders":
        return ShopifyOrders(self, login, ground, since)

    async def page(self, login: ShopLogin, variables: dict[str, Any]) -> tuple[OrderPage, float]:
        """One page of orders, and for how many seconds the next one has to wait.

        Raises:
            SourceRefused: a person has to act first.
            SourceAway: it may succeed later.
        """
        for _ in range(MOST_REPEATS):
            answer = _decoded(await self._post(login, variables))
            if THROTTLED not in answer.codes:
                return _page(answer), wait_for(answer)
            await self._sleep(max(SHORTEST_WAIT, wait_for(answer)))
        raise SourceAway("throttled for too long")

    async def wait(self, seconds: float) -> None:
        if seconds:
            await self._sleep(seconds)

    async def close(self) -> None:
        await self._client.aclose()

    async def _post(self, login: ShopLogin, variables: dict[str, Any]) -> bytes:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await self._client.post(
                    f"https://{login.domain}/admin/api/{API_VERSION}/graphql.json",
                    json={"query": QUERY, "variables": variables},
                    headers={"X-Shopify-Access-Token": login.token},
                )
        except (TimeoutError, httpx.TransportError) as problem:
            raise SourceAway(type(problem).__name__) from problem
        status = answer.status_code
        if status in REFUSALS:
            raise SourceRefused(REFUSALS[status])
        if status in BUSY or status >= FAILING:
            raise SourceAway(f"status {status}")
        if status != OK:
            raise SourceUnclear(f"status {status}")
        return answer.content


@dataclass(frozen=True, slots=True)
class ShopifyOrders:
    """One shop's orders, those that were changed longest ago first.

    The cursor is how many orders have been told, and Shopify's own cursor: ``40:eyJsYXN0…``.
    """

    system: Shopify
    login: ShopLogin
    ground: Ground
    since: datetime | None

    async def batches(self, after: str) -> AsyncIterator[Batch]:
        done, _, cursor = after.partition(":")
        told, has_more = int(done or 0), True
        while has_more:
            page, wait = await self.system.page(self.login, self._variables(cursor))
            has_more = page.page_info.has_next_page
            if not page.nodes:
                return
            cursor = page.page_info.end_cursor or ""
            if has_more and not cursor:
                raise SourceUnclear("pageInfo.endCursor")
            yield self._batch(page, told, cursor)
            told += len(page.nodes)
            if has_more:
                await self.system.wait(wait)

    def _variables(self, cursor: str) -> dict[str, Any]:
        since = f"updated_at:>='{self.since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'" if self.since else None
        return {"first": PAGE_SIZE, "after": cursor or None, "query": since}

    def _batch(self, page: OrderPage, told: int, cursor: str) -> Batch:
        read = [read_order(one, row, self.ground) for row, one in enumerate(page.nodes, start=told + 1)]
        return Batch(
            told=tuple(fact for one in read for fact in one.told),
            problems=tuple(problem for one in read for problem in one.problems),
            rows=len(page.nodes),
            cursor=f"{told + len(page.nodes)}:{cursor}",
            told_to=max(one.updated_at for one in page.nodes),
        )


def wait_for(answer: Answer) -> float:
    """Seconds until the bucket holds enough for the same question once more. Pure."""
    cost = answer.extensions.cost if answer.extensions else None
    if cost is None:
        return 0.0
    bucket = cost.throttle_status
    missing = cost.requested_query_cost - bucket.currently_available
    if missing <= 0:
        return 0.0
    return min(LONGEST_WAIT, missing / bucket.restore_rate) if bucket.restore_rate > 0 else LONGEST_WAIT


def _decoded(body: bytes) -> Answer:
    try:
        return msgspec.json.decode(body, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        place = str(problem).rpartition(" - at ")[2] if isinstance(problem, msgspec.ValidationError) else ""
        raise SourceUnclear(place.strip("`") or "no JSON") from problem


def _page(answer: Answer) -> OrderPage:
    for code, said in CODES_REFUSED.items():
        if code in answer.codes:
            raise SourceRefused(said)
    if answer.codes & CODES_AWAY:
        raise SourceAway("an error inside Shopify")
    if answer.codes or answer.data is None:
        raise SourceUnclear(", ".join(sorted(answer.codes)) or "no data")
    return answer.data.orders
