"""What orders need from outside: somebody who tells them."""

from collections.abc import AsyncIterator
from typing import Protocol

from interactions.orders.values import Batch


class OrderSource(Protocol):
    """A shop's orders and parcels, told in batches; each batch is kept before the next is asked for."""

    def batches(self, after: str) -> AsyncIterator[Batch]:
        """Everything behind the cursor ``after`` ("" is the beginning), the same again when asked again."""
        ...
