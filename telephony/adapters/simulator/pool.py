"""Telephone numbers that the carrier has to sell. They are invented; nobody's telephone rings."""

import hashlib
from typing import Final

_HOW_MANY: Final = 40
_FIRST: Final = {
    ("JP", "national"): 815031967000,
    ("JP", "local"): 81335550100,
    ("JP", "toll_free"): 818000000100,
}


def for_sale(country: str, kind: str) -> list[str]:
    """All numbers of a kind (``local``, ``national``, ``toll_free``), E.164, whether sold or not."""
    first = _FIRST.get((country, kind))
    return [] if first is None else [f"+{first + step}" for step in range(_HOW_MANY)]


def is_for_sale(number: str) -> bool:
    return any(number in for_sale(*place) for place in _FIRST)


def number_sid(number: str) -> str:
    """The SID under which the carrier keeps a number of ours; always the same for a number."""
    return f"PN{hashlib.sha256(number.encode()).hexdigest()[:32]}"
