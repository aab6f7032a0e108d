"""The small square beside a heading: paper cannot be clicked, but a telephone's camera can read it."""

import io

import segno

from reports.paper.codes import CODES

CHAPTERS = {
    "calls": "offered",
    "speed": "service_level",
    "outside": "out_of_hours",
    "mail": "mail_received",
    "reasons": "self_completed",
    "escalations": "escalation_rate",
}
"""Of each chapter with a square the figure whose records it opens."""


def square_name(chapter: str) -> str:
    """Under which its picture is handed to the engine."""
    return f"square-{chapter}.png"


def address(portal: str, chapter: str) -> str:
    """Where a square leads: the code that is printed beside the figure, typed for the reader."""
    return f"{portal}?code={CODES[CHAPTERS[chapter]]}"


def squares(portal: str) -> dict[str, bytes]:
    """A PNG by chapter, black on white, a picture element for each dot; none without a portal."""
    return {chapter: _drawn(address(portal, chapter)) for chapter in CHAPTERS} if portal else {}


def _drawn(text: str) -> bytes:
    out = io.BytesIO()
    segno.make_qr(text, error="l", boost_error=False).save(out, kind="png", border=0, scale=1)
    return out.getvalue()
