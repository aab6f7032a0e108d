"""A shop's colour on screen: what stands on it readably, its traces, and how far two shops are apart."""

from dataclasses import dataclass
from math import sqrt

from nanori.colours import contrast, mix

ENOUGH = 4.5
"""WCAG 2.2, 1.4.3: text against its ground."""

TOO_CLOSE = 0.07
"""Distance in OKLab below which two colours seen one after the other are easily taken for each other.

About three times the just noticeable difference side by side (0.02), since an agent sees the ribbons of two
shops minutes apart. Our own judgement, kept here to be argued with.
"""

_LINEAR_BELOW = 0.04045  # sRGB's own constant, IEC 61966-2-1
_LIGHT_GROUND, _DARK_GROUND = "#f6f7f8", "#15181c"


@dataclass(frozen=True, slots=True)
class BrandColours:
    """Everything that a page derives from one brand colour, as ``#rrggbb``."""

    brand: str
    on_brand: str
    tint: str  # a trace on a light page
    tint_dark: str
    line: str  # a rule in the shop's colour on a light page
    line_dark: str


def brand_colours(colour: str) -> BrandColours:
    """Derive a page's colours. ``on_brand`` keeps 4.5:1 on any colour."""
    return BrandColours(
        brand=colour,
        on_brand=_readable_on(colour),
        tint=mix(colour, _LIGHT_GROUND, 60),
        tint_dark=mix(colour, _DARK_GROUND, 110),
        line=mix(colour, _LIGHT_GROUND, 450),
        line_dark=mix(colour, _DARK_GROUND, 600),
    )


def brand_rules(selector: str, colour: str) -> str:
    """CSS that gives everything under the selector the shop's colour, in light and dark."""
    c = brand_colours(colour)
    return (
        f"{selector}{{--brand:{c.brand};--on-brand:{c.on_brand};"
        f"--brand-tint:light-dark({c.tint},{c.tint_dark});"
        f"--brand-line:light-dark({c.line},{c.line_dark})}}\n"
    )


def _readable_on(colour: str) -> str:
    """White where it can be read, black otherwise; a softer black would miss 4.5 on some middle greys."""
    return "#ffffff" if contrast("#ffffff", colour) >= ENOUGH else "#000000"


def distance(one: str, other: str) -> float:
    """How different two colours look: Euclid in OKLab, 0 (the same) to about 1 (black and white)."""
    l1, a1, b1 = oklab(one)
    l2, a2, b2 = oklab(other)
    return sqrt((l1 - l2) ** 2 + (a1 - a2) ** 2 + (b1 - b2) ** 2)


def is_too_close(one: str, other: str) -> bool:
    return distance(one, other) < TOO_CLOSE


def oklab(colour: str) -> tuple[float, float, float]:
    """``#rrggbb`` in Björn Ottosson's OKLab (2020): lightness 0 to 1, green to red, blue to yellow."""
    r, g, b = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4
