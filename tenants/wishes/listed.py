"""A shop's wishes and their answers for programs."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from nanori.sheets import Listed
from tenants.wishes.models import ShopWish

HEADS = ("id", "kind", "state", "holds_from", "asked_at", "decided_at", "text", "answer")


def wishes_listed(wishes: Iterable[ShopWish], zone: str) -> Listed:
    """A row for each; times by the shop's clock with their offset."""
    clock = ZoneInfo(zone)
    rows = [
        (
            str(one.id), one.kind.value, one.state.value, one.holds_from.isoformat(),
            one.asked_at.astimezone(clock).isoformat(),
            one.decided_at.astimezone(clock).isoformat() if one.decided_at else None, one.text, one.answer,
        )
        for one in wishes
    ]  # fmt: skip
    return Listed("wishes", HEADS, rows)
