"""How the carrier names people: by their telephone numbers, and in a conference by labels of ours.

Labels hold no personal data and are unique for each leg.

The carrier refuses a second participant of the same label, hence the leg's id in it (telephony.md 1.2).
"""

import re
from uuid import UUID

from telephony.values import LegRole

CALLER = "caller"
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a telephone's keys: nobody's number."""


def number_shown(told: str) -> str | None:
    """The number that somebody calls from; None when withheld or not a telephone number."""
    return told if E164.fullmatch(told) and told not in WITHHELD else None


def conference_name(call_id: UUID) -> str:
    """Our name of a call's conference."""
    return f"c-{call_id}"


def leg_label(role: LegRole, leg_id: UUID) -> str:
    """The participant label of an agent's or a contact's leg."""
    return f"{role.value}-{leg_id.hex}"


def leg_of(label: str) -> UUID | None:
    """The leg that a label names; None for the caller and for anything that is not ours."""
    role, _, tail = label.partition("-")
    if role not in set(LegRole) or len(tail) != len(UUID(int=0).hex):
        return None
    try:
        return UUID(hex=tail)
    except ValueError:
        return None
