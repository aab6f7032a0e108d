"""Logos of the invented shops, drawn by code: one plain figure each, so that shape tells them apart too."""

import math
from collections.abc import Callable, Mapping
from io import BytesIO

from PIL import Image, ImageDraw

SIDE = 256
FINER = 4  # drawn larger, then reduced: smooth edges
PAPER = "#ffffff"
Draw = ImageDraw.ImageDraw
Figure = Callable[[Draw, str], None]


def logo(slug: str, colour: str) -> bytes:
    """A PNG: the shop's figure in white on a round field of its colour."""
    picture = Image.new("RGBA", (SIDE * FINER, SIDE * FINER))
    draw = ImageDraw.Draw(picture)
    draw.ellipse(_box(128, 128, 124, 124), fill=colour)
    FIGURES[slug](draw, colour)
    png = BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(png, format="PNG", optimize=True)
    return png.getvalue()


def _box(x: float, y: float, across: float, down: float) -> tuple[float, float, float, float]:
    """The box around a middle point, in the finer grid."""
    return (x - across) * FINER, (y - down) * FINER, (x + across) * FINER, (y + down) * FINER


def _points(*points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * FINER, y * FINER) for x, y in points]


def _bean(draw: Draw, colour: str) -> None:
    draw.ellipse(_box(128, 128, 54, 76), fill=PAPER)
    for y in range(46, 211):
        draw.ellipse(_box(128 + 16 * math.sin((y - 56) / 144 * 2 * math.pi), y, 6, 6), fill=colour)


def _flower(draw: Draw, colour: str) -> None:
    for petal in range(5):
        turn = 2 * math.pi * petal / 5 - math.pi / 2
        draw.ellipse(_box(128 + 44 * math.cos(turn), 128 + 44 * math.sin(turn), 34, 34), fill=PAPER)
    draw.ellipse(_box(128, 128, 22, 22), fill=colour)


def _moon(draw: Draw, colour: str) -> None:
    draw.ellipse(_box(122, 128, 72, 72), fill=PAPER)
    draw.ellipse(_box(152, 110, 60, 60), fill=colour)


def _mountain(draw: Draw, colour: str) -> None:
    draw.polygon(_points((44, 182), (108, 74), (172, 182)), fill=PAPER)
    draw.polygon(_points((112, 182), (160, 108), (212, 182)), fill=PAPER)
    draw.line(_points((82, 118), (98, 130), (109, 118), (121, 130), (134, 118)), fill=colour, width=7 * FINER)


def _bear(draw: Draw, colour: str) -> None:
    for side in (-1, 1):
        draw.ellipse(_box(128 + side * 52, 84, 26, 26), fill=PAPER)
    draw.ellipse(_box(128, 136, 70, 64), fill=PAPER)
    for side in (-1, 1):
        draw.ellipse(_box(128 + side * 27, 124, 8, 8), fill=colour)
    draw.ellipse(_box(128, 152, 15, 11), fill=colour)


def _leaf(draw: Draw, colour: str) -> None:
    right = [(128 + 56 * math.sin(math.pi * step / 60), 44 + 140 * step / 60) for step in range(61)]
    left = [(256 - x, y) for x, y in reversed(right)]
    draw.polygon(_points(*right, *left), fill=PAPER)
    draw.line(_points((128, 76), (128, 214)), fill=colour, width=8 * FINER)
    draw.line(_points((128, 182), (128, 216)), fill=PAPER, width=8 * FINER)


FIGURES: Mapping[str, Figure] = {
    "minato-coffee": _bean,
    "hanakage": _flower,
    "tsukimi-kimono": _moon,
    "kodama-outdoor": _mountain,
    "shirokuma-kids": _bear,
    "northwind-tea": _leaf,
}
