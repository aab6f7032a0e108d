"""Reductions after the fact: when a return invoice (適格返還請求書) has to be issued."""

EXEMPT_BELOW = 10_000
"""Yen with tax of one claim's reduction from which on a return invoice has to be issued."""


def has_to_be_issued(gross: int) -> bool:
    """Whether the law asks for a return invoice over this reduction; ``gross`` is in yen with tax.

    One claim's reduction is judged as a whole, never line by line.
    """
    return abs(gross) >= EXEMPT_BELOW
