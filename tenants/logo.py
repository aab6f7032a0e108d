"""A picture from outside, made into one that is safe to show."""

from html import escape
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from nanori.colours import text_on
from nanori.errors import InvalidInput
from nanori.words import N_

LARGEST_UPLOAD = 2 * 1024 * 1024
MOST_PIXELS = 40_000_000
SIDE = 512
FORMATS = ("PNG", "JPEG", "WEBP")
MEDIA_TYPE = "image/png"
INITIAL_TYPE = "image/svg+xml"


def clean_logo(content: bytes) -> bytes:
    """Draw the picture anew as PNG of at most 512 pixels a side: nothing else in the file survives.

    Raises:
        InvalidInput: field ``logo``; too large, or no PNG, JPEG or WebP.
    """
    if len(content) > LARGEST_UPLOAD:
        raise InvalidInput({"logo": N_("The picture is too large. Please use one of at most 2 MB.")})
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise InvalidInput({"logo": N_("The picture has too many pixels.")})
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        raise InvalidInput({"logo": N_("Please choose a PNG, JPEG or WebP picture.")}) from problem
    drawn.thumbnail((SIDE, SIDE))
    clean = BytesIO()
    drawn.save(clean, format="PNG", optimize=True)
    return clean.getvalue()


def initial(brand_name: str, colour: str) -> bytes:
    """What stands in for a logo whose file is lost: the first letter on the shop's colour, as SVG."""
    letter, ink = escape(brand_name[:1]), text_on(colour)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" rx="9" fill="{colour}"/>'
        f'<text x="20" y="28" text-anchor="middle" font-family="sans-serif" font-size="22" '
        f'font-weight="700" fill="{ink}">{letter}</text></svg>'
    ).encode()
