"""What is going to be played: every call and mail with its moment and everybody's temper, as values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Move(StrEnum):
    """What an agent does when it rings."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    IGNORE = "ignore"
    TOO_LATE = "too_late"  # presses the button when the offer has just gone
    NO_SOFTPHONE = "no_softphone"  # accepts, but the browser never dials in
    LATE_SOFTPHONE = "late_softphone"  # accepts, and the browser dials in when the token has expired
    DIES_EARLY = "dies_early"  # accepts, and the browser dies while the shop's name is whispered


class Answering(StrEnum):
    """What becomes of a contact's telephone."""

    PRESSES_1 = "presses_1"
    PRESSES_9 = "presses_9"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"


class After(StrEnum):
    """What the agent does with a contact who has joined."""

    HAND_OVER = "hand_over"
    COME_BACK = "come_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    after: float
    contacts: tuple[Answering, ...]
    then: After
    called_off_after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPart:
    """One call. Seconds count from the moment before: ``talks`` from the first word with an agent."""

    number: int
    shop: int
    at: datetime
    caller: str  # E.164, or what stands in its place when it is withheld
    patience: float  # from dialling until the caller gives up on waiting
    talks: float
    agent_hangs_up: bool
    speaks: float  # after the tone; 0 hangs up at the tone
    moves: tuple[Move, ...]  # of each agent asked, in turn; whoever comes later accepts
    decides_after: float
    hold: tuple[float, float] | None  # after how long, for how long
    escalation: Escalation | None
    browser_dies_after: float | None
    wraps_up_after: float | None  # None leaves it to the timer
    takes_a_break: bool
    reason: int | None


class Treatment(StrEnum):
    """What the agents do with a mail."""

    ANSWER = "answer"
    NO_ACTION = "no_action"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPart:
    """One mail. ``follows`` is the number of an earlier mail whose answer this one answers."""

    number: int
    shop: int
    at: datetime
    writer: int
    delivered_twice: bool
    treatment: Treatment
    treated_after: timedelta
    follows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    calls: tuple[CallPart, ...]
    mails: tuple[MailPart, ...]
