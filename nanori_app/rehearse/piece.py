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
    """What becomes of a contact's or a shopper's telephone."""

    PRESSES_1 = "presses_1"  # a shopper just talks
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
    only: int | None = None  # this person of the shop and nobody else


class Passing(StrEnum):
    """How an agent passes a caller on to another desk, and what comes between."""

    HAND_OVER = "hand_over"
    ALL_THREE = "all_three"  # the caller is let in before the colleague takes over
    COME_BACK = "come_back"
    CALL_OFF = "call_off"  # before anybody has come
    AGENT_DIES = "agent_dies"  # the first agent's browser, while the colleague is there
    COLLEAGUE_LEAVES = "colleague_leaves"
    COLLEAGUE_DIES = "colleague_dies"
    CALLER_LEAVES = "caller_leaves"
    ALL_AT_ONCE = "all_at_once"  # both agents press at the same moment, and the caller hangs up
    COLD = "cold"  # into the other desk's queue, nobody asked
    COLD_GIVEN_UP = "cold_given_up"  # the caller hangs up on the way there


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """``talks``: between the agents. ``patience``: until the question is called off."""

    after: float
    way: Passing
    talks: float
    patience: float


class Leaving(StrEnum):
    """How a supervisor's visit ends."""

    LEAVES = "leaves"
    DIES = "dies"
    STAYS = "stays"  # until the call is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A supervisor in a call: what is pressed, each for how long. ``asked``: the agent has asked for help."""

    after: float
    asked: bool
    steps: tuple[tuple[str, float], ...]
    leaving: Leaving


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
    menu_keys: tuple[str, ...] = ()  # pressed where there is a menu, "" for none
    wants_callback: bool = False  # presses 1 as soon as it is offered
    called_back: tuple[Answering, ...] = ()  # each attempt in turn; then picks up
    asked_moves: tuple[Move, ...] = ()  # of agents who are asked for a consultation or to call back
    transfer: Transfer | None = None
    visit: Visit | None = None
    card: tuple[float, float] | None = None  # after how long the number is keyed in, and for how long
    on_duty: tuple[Answering, ...] = ()  # the shop's people, while nobody is at the desk


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
class OutgoingPart:
    """A call that an agent makes, to a number as it is typed."""

    number: int
    shop: int
    agent: int
    at: datetime
    to: str
    may_be_called: bool
    answering: Answering
    talks: float
    dials_in: bool  # else the agent's browser never comes
    gives_up_after: int | None  # whole seconds until the agent hangs up
    wraps_up_after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """``staff_late``: seconds after the first call until the agents come in.

    ``by_phone``: agents who answer by their own telephones.
    """

    calls: tuple[CallPart, ...]
    mails: tuple[MailPart, ...]
    outgoing: tuple[OutgoingPart, ...] = ()
    staff_late: float = 0.0
    by_phone: tuple[int, ...] = ()
