"""Names of participants in a conference: no personal data, and unique for each leg.

The carrier refuses a second participant of the same label, hence the leg's id in it (telephony.md 1.2).
"""

from uuid import UUID

from telephony.values import LegRole

CALLER = "caller"


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
