"""Small facts about escalation that need no database."""

from enum import StrEnum


class Medium(StrEnum):
    """How somebody at the shop is reached."""

    PHONE = "phone"
    SMS = "sms"  # a text with a link; whoever is reached by telephone can be texted
    MAIL = "mail"
    PORTAL = "portal"  # a notice on the shop's own page; reaches nobody in particular


class Days(StrEnum):
    """On which days a step applies, by the shop's calendar of Japan's holidays."""

    ALL = "all"
    WORKING = "working"  # Monday to Friday without national holidays
    OFF = "off"  # the others


LONGEST_WAIT_MINUTES = 24 * 60
MOST_TIMES = 10
RANKS = (1, 2, 3)
