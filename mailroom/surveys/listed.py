"""What shoppers answered for programs: as their shop reads it, nobody's name."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from mailroom.surveys.models import Survey
from mailroom.surveys.values import SCALES
from nanori.sheets import Listed

HEADS = ("contact", "answered_at", "kind", "score", "least", "most", "comment")


def voices_listed(answers: Iterable[Survey], zone: str) -> Listed:
    """A row for each answer, in their order; ``contact`` is its number in the log.

    ``least`` and ``most`` are the ends of the scale that ``score`` lies on; times by the shop's clock.
    """
    clock = ZoneInfo(zone)
    rows = [
        (
            one.number, one.answered_at.astimezone(clock).isoformat() if one.answered_at else None,
            one.kind.value, one.score, SCALES[one.kind].least, SCALES[one.kind].most, one.comment,
        )
        for one in answers
    ]  # fmt: skip
    return Listed("voices", HEADS, rows)
