"""The registration number of an issuer of qualified invoices: ``T`` and thirteen figures."""

import re
import unicodedata

from billing.invoices.errors import RegistrationMalformed

_SHAPE = re.compile(r"T\d{13}")
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−ー－]")


def registration_number(typed: str) -> str:
    """The number in its stored shape; full-width letters, spaces and hyphens are read too.

    Raises:
        RegistrationMalformed: not ``T`` and thirteen figures.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper()
    if not _SHAPE.fullmatch(plain) or not plain.isascii():
        raise RegistrationMalformed
    return plain


def check_digit_fits(number: str) -> bool:
    """Whether the first figure is the check digit of the other twelve, as with every corporate number.

    Only a reason to look again: it is not known that sole proprietors' numbers follow the rule, and 0 typed
    for 9 is not found.

    >>> check_digit_fits("T7010705000725")
    True
    """
    figures = [int(figure) for figure in number[1:]]
    weighted = sum(figure * (1 + place % 2) for place, figure in enumerate(reversed(figures[1:])))
    return figures[0] == 9 - weighted % 9
