"""Tiers as people type them: ``41-80 450, 81-120 550, 121- 650``, or a single price. Pure."""

import re
from decimal import Decimal
from unicodedata import normalize

from billing.plans.plan import MeterPrice, Tier

_DASHES = str.maketrans(dict.fromkeys("~〜‐‑–—−ー", "-"))
_BETWEEN = re.compile(r"[、;；/\n]|,(?!\d{3}(?!\d))")
_TIER = re.compile(r"(?:(?P<first>[\d,]+) *- *(?P<last>[\d,]*)[ :]+)?¥?(?P<price>[\d,]+(?:\.\d{1,2})?)円?")


def read_tiers(text: str, included: int) -> tuple[Tier, ...]:
    """The tiers; a price alone holds from the first unit that is not included. Nothing typed is no tier.

    Raises:
        ValueError: it cannot be read.
    """
    said = normalize("NFKC", text).translate(_DASHES)
    pieces = [piece.strip() for piece in _BETWEEN.split(said) if piece.strip()]
    return tuple(_tier(piece, included) for piece in pieces)


def tiers_as_text(price: MeterPrice) -> str:
    """The same, to be typed on."""
    if len(price.tiers) == 1 and price.tiers[0].first == price.included + 1:
        return str(price.tiers[0].price)
    return ", ".join(f"{one.first}-{'' if one.last is None else one.last} {one.price}" for one in price.tiers)


def _tier(piece: str, included: int) -> Tier:
    found = _TIER.fullmatch(piece)
    if found is None:
        raise ValueError(piece)
    price = Decimal(found["price"].replace(",", ""))
    if found["first"] is None:
        return Tier(included + 1, None, price)
    last = found["last"].replace(",", "")
    return Tier(int(found["first"].replace(",", "")), int(last) if last else None, price)
