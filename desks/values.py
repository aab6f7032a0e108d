"""States of desks, agents and offers, and the moves that are allowed (model.md 3)."""

from enum import StrEnum


class DeskKind(StrEnum):
    STANDING = "standing"  # as long as the shop is ours
    SEASONAL = "seasonal"  # opens and closes by itself on its dates


class DeskState(StrEnum):
    DRAFT = "draft"  # being written; nothing is promised to it
    CHECKING = "checking"  # numbers are reserved; something may still be missing
    SCHEDULED = "scheduled"  # past the start gate; opens by itself
    OPEN = "open"
    PAUSED = "paused"
    CLOSING = "closing"  # takes no more callers; what is left is being finished
    CLOSED = "closed"


class Reading(StrEnum):
    """What of a shop an agent says to have read."""

    PHRASES = "phrases"
    SCRIPT = "script"  # walked through


AT_WORK = (DeskState.OPEN, DeskState.CLOSING)
"""Who waits at such a desk is still answered."""
COMING = (DeskState.DRAFT, DeskState.CHECKING, DeskState.SCHEDULED)
"""Not open yet."""

DESK_MOVES: dict[DeskState, frozenset[DeskState]] = {
    DeskState.DRAFT: frozenset({DeskState.CHECKING}),
    DeskState.CHECKING: frozenset({DeskState.DRAFT, DeskState.SCHEDULED}),
    DeskState.SCHEDULED: frozenset({DeskState.CHECKING, DeskState.OPEN}),
    DeskState.OPEN: frozenset({DeskState.PAUSED, DeskState.CLOSING}),
    DeskState.PAUSED: frozenset({DeskState.OPEN, DeskState.CLOSING}),
    DeskState.CLOSING: frozenset({DeskState.CLOSED}),
    DeskState.CLOSED: frozenset(),
}
"""Back to draft gives the numbers back; back from scheduled to checking is for whoever changes the plan."""


class Outside(StrEnum):
    """What becomes of callers of a seasonal desk's number before it opens and after it has closed."""

    ANNOUNCE = "announce"  # they are told, and that is all
    FORWARD = "forward"  # they are told, and put through to the shop's standing desk


class DataEnd(StrEnum):
    """What becomes of a season's data when its desk closes."""

    RETURNED = "returned"  # handed to the shop
    DELETED = "deleted"


LEVELS = (1, 2, 3)
"""Of a roster; 1 is asked first."""


class Presence(StrEnum):
    """What an agent is doing, as routing sees it."""

    OFFLINE = "offline"
    READY = "ready"
    RINGING = "ringing"
    BUSY = "busy"
    WRAPUP = "wrapup"
    BREAK = "break"
    NOT_READY = "not_ready"  # set by the server: a call was missed, the phone fails, the page is silent


class BreakReason(StrEnum):
    """Why an agent is away (離席理由)."""

    LUNCH = "lunch"
    PAUSE = "pause"
    TRAINING = "training"
    MEETING = "meeting"
    PAPERWORK = "paperwork"


class NotReadyReason(StrEnum):
    MISSED = "missed"
    PHONE_PROBLEM = "phone_problem"  # accepted, and the phone never joined
    OWN_PHONE = "own_phone"  # accepted, and the agent's own telephone did not take it, or was cut off
    NO_KEY = "no_key"  # it was answered, and nobody pressed 1
    MICROPHONE = "microphone"
    NETWORK = "network"
    TOKEN = "token"  # noqa: S105 - the name of a trouble, not a secret
    SILENT = "silent"


PHONE_PROBLEMS = (NotReadyReason.MICROPHONE, NotReadyReason.NETWORK, NotReadyReason.TOKEN)
"""What a page may say of its phone."""


class WaitingState(StrEnum):
    WAITING = "waiting"  # nobody has it
    OFFERED = "offered"  # one agent is being asked, or is joining
    TAKEN = "taken"  # an agent is connected
    LEFT = "left"  # hung up, left the queue, or was sent elsewhere


class WaitingKind(StrEnum):
    """What an agent is asked for."""

    CALL = "call"
    CONSULT = "consult"  # to help an agent who holds the caller
    CALLBACK = "callback"  # to call a shopper who has left the queue and kept the place


class EngagementRole(StrEnum):
    MAIN = "main"
    CONSULT = "consult"


class Unattended(StrEnum):
    """What becomes of callers for whom nobody is there."""

    VOICEMAIL = "voicemail"
    CONTACTS = "contacts"  # the shop's own people are called, one after the other


class MenuAction(StrEnum):
    """What a key of a desk's menu does."""

    QUEUE = "queue"  # this desk
    DESK = "desk"  # another desk of the shop
    VOICEMAIL = "voicemail"
    SAY = "say"  # the answer itself; the caller needs nobody


class OfferState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    JOINED = "joined"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CONNECT_FAILED = "connect_failed"
    CALLER_GONE = "caller_gone"


LIVE_OFFERS = frozenset({OfferState.OFFERED, OfferState.ACCEPTED})

OFFER_MOVES: dict[OfferState, frozenset[OfferState]] = {
    OfferState.OFFERED: frozenset(
        {OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN}
    ),
    OfferState.ACCEPTED: frozenset(
        {OfferState.JOINED, OfferState.CONNECT_FAILED, OfferState.CALLER_GONE, OfferState.WITHDRAWN}
    ),
}


def may_move(offer: OfferState, to: OfferState) -> bool:
    """True when an offer may go from one state to the other; ended offers never move."""
    return to in OFFER_MOVES.get(offer, frozenset())


class Channel(StrEnum):
    PHONE = "phone"
    MAIL = "mail"
