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
    return {chapter: _picture(code) for chapter, code in codes(portal).items()} if portal else {}


def codes(portal: str) -> dict[str, segno.QRCode]:
    """By chapter. ISO/IEC 18004 asks for the data mask of the lowest penalty; weighing all eight is most of
    the work. The addresses of a paper differ in their last letters, so the first one's mask is taken for all:
    their penalties are then 1.3 % over the lowest, in the mean of 40 portals.
    """
    found: dict[str, segno.QRCode] = {}
    mask = None
    for chapter in CHAPTERS:
        found[chapter] = segno.make_qr(address(portal, chapter), error="l", boost_error=False, mask=mask)
        mask = found[chapter].mask
    return found


def _picture(code: segno.QRCode) -> bytes:
    out = io.BytesIO()
    code.save(out, kind="png", border=0, scale=1)
    return out.getvalue()
