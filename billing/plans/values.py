"""Words of a price plan."""

from enum import StrEnum


class Meter(StrEnum):
    """What is counted."""

    CALL = "call"
    MAIL = "mail"
    CASE = "case"
    MINUTE = "minute"  # on the telephone, holding included
    HOUR = "hour"  # of an agent, after-call work included
    SEAT = "seat"  # agreed by the month, not counted from the log


SECONDS_OF = {Meter.MINUTE: 60, Meter.HOUR: 3600}
"""How many seconds one unit has, for what is measured by time."""
LOGGED = (Meter.CALL, Meter.MAIL, Meter.CASE, Meter.MINUTE, Meter.HOUR)
"""What the log is counted for."""


class TierMode(StrEnum):
    """How tiers hold: each for its own units, or the one that the total reaches for all of them."""

    GRADUATED = "graduated"
    VOLUME = "volume"


class Nature(StrEnum):
    """Contacts that a plan may leave unbilled although somebody answered."""

    WRONG_NUMBER = "wrong_number"  # 間違い電話
    SALES = "sales"  # 営業電話
    SILENT = "silent"  # 無言
    TEST = "test"
    OUR_FAULT = "our_fault"  # 当社起因


class TimeClass(StrEnum):
    """When a contact came, by the plan's standard hours."""

    NORMAL = "normal"
    AFTER_HOURS = "after_hours"
    HOLIDAY = "holiday"
