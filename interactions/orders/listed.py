"""Readings of a shop's orders for programs: what was read and what came of it; no order, no shopper."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from interactions.orders.models import OrderReading
from nanori.sheets import Listed
from nanori.words import Words

HEADS = (
    "id", "source", "kind", "file", "state", "asked_at", "ended_at", "rows_total", "rows_read", "added",
    "changed", "same", "refused", "failure",
)  # fmt: skip


def readings_listed(found: Iterable[OrderReading], zone: str, words: Words) -> Listed:
    """A row for each, the newest first; times by the shop's clock with their offset.

    What went wrong is said in the reader's words; what has a code keeps it.
    """
    clock = ZoneInfo(zone)
    rows = [
        (
            str(one.id), one.source.value, one.kind.value, one.file_name, one.state.value,
            one.asked_at.astimezone(clock).isoformat(),
            one.ended_at.astimezone(clock).isoformat() if one.ended_at else None, one.rows_total,
            one.rows_read, one.added, one.changed, one.same, one.refused,
            words.gettext(one.failure) if one.failure else "",
        )
        for one in found
    ]  # fmt: skip
    return Listed("readings", HEADS, rows)
