"""What orders need from outside: somebody who tells them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from interactions.orders.rows import Ground
from interactions.orders.values import Batch
from nanori.installation import Port


class OrderSource(Protocol):
    """A shop's orders and parcels, told in batches; each batch is kept before the next is asked for."""

    def batches(self, after: str) -> AsyncIterator[Batch]:
        """Everything behind the cursor ``after`` ("" is the beginning), the same again when asked again."""
        ...


@dataclass(frozen=True, slots=True)
class ShopLogin:
    """Where a shop's own system is, and what opens it."""

    domain: str
    token: str = field(repr=False)


class ShopSystem(Protocol):
    """The systems of one maker, whichever shop's."""

    def orders(self, login: ShopLogin, ground: Ground, *, since: datetime | None) -> OrderSource:
        """Orders that were placed or changed since then; None: all that the login may see.

        Reading from it raises ``SourceRefused`` (a person has to act) or ``SourceAway`` (try again later).
        """
        ...


SHOPIFY: Port[ShopSystem] = Port("Shopify")
