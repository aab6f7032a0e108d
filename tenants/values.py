"""Small facts about shops that need no database."""

from enum import StrEnum


class Situation(StrEnum):
    """What the caller has been through, or why they call: decides which phrase fits (domain.md 2.6)."""

    NORMAL = "normal"
    AFTER_WAIT = "after_wait"
    COMPLAINT = "complaint"
    CALLING = "calling"  # we call: nobody is to be thanked for a call


class DayPart(StrEnum):
    """Time of day in the shop's zone: morning until 11:00, evening from 17:00."""

    ANY = "any"
    MORNING = "morning"
    DAYTIME = "daytime"
    EVENING = "evening"


class ServiceLevelLetter(StrEnum):
    """Which formula of domain.md 1.4 the contract names."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


HOLIDAY = 7
"""The weekday number of national holidays in opening spans; Monday is 0."""
