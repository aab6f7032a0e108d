"""Words of questions to a shop."""

from enum import StrEnum


class QuestionState(StrEnum):
    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"  # somebody at the shop has seen it
    ANSWERED = "answered"  # the desk's turn
    CLOSED = "closed"


class MoveKind(StrEnum):
    """What happened to a question; the debt clock is made from these."""

    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    ASKED_AGAIN = "asked_again"
    CLOSED = "closed"


class Verdict(StrEnum):
    """The shop's word."""

    APPROVED = "approved"
    REFUSED = "refused"
    OTHER = "other"


class Side(StrEnum):
    """Who holds the ball."""

    DESK = "desk"
    SHOP = "shop"
