"""States of calls and legs, and the ranks that put the carrier's reports in order."""

from enum import StrEnum


class CallState(StrEnum):
    GREETING = "greeting"  # ringing on our side, greeting and notice being played
    QUEUED = "queued"
    CONNECTING = "connecting"  # an agent has joined; the caller is being taken out of the queue
    CALLING = "calling"  # outbound: the agent joins, then the shopper's telephone rings
    TALKING = "talking"
    HELD = "held"
    VOICEMAIL = "voicemail"
    CLOSED = "closed"


WITH_CALLER = frozenset({CallState.TALKING, CallState.HELD})
"""An agent, or a contact of the shop, has the caller."""


class LegRole(StrEnum):
    AGENT = "agent"
    CONTACT = "contact"
    CONSULT = "consult"  # an agent of another desk, asked by the first
    MONITOR = "monitor"  # a supervisor who listens, whispers or barges in


AGENTS = frozenset({LegRole.AGENT, LegRole.CONSULT})
"""Legs of agents: who was consulted keeps the role of the leg after taking the call over."""


class LegState(StrEnum):
    EXPECTED = "expected"  # a token is out, or the carrier was asked to dial
    DIALLED = "dialled"  # the carrier knows the leg
    JOINED = "joined"
    LEFT = "left"
    FAILED = "failed"


class OrderKind(StrEnum):
    """What we ask of the carrier over REST, after commit."""

    CONNECT = "connect"
    HOLD = "hold"
    RESUME = "resume"
    REMOVE = "remove"
    DIAL = "dial"
    DIAL_INTO = "dial_into"  # the shopper, into the conference where the agent is
    REDIRECT = "redirect"
    HANG_UP = "hang_up"
    FETCH_RECORDING = "fetch_recording"
    DELETE_RECORDING = "delete_recording"
    PAUSE_RECORDING = "pause_recording"
    RESUME_RECORDING = "resume_recording"
    SUPERVISE = "supervise"


class Supervision(StrEnum):
    """How a supervisor takes part: hears all; is heard by the agent alone; is heard by everybody."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


class RecordingKind(StrEnum):
    VOICEMAIL = "voicemail"
    CALL = "call"


class CallRecording(StrEnum):
    """Whether a call is being recorded now; a call that is not has none."""

    ON = "on"
    PAUSED = "paused"  # for card numbers


class CallbackState(StrEnum):
    """A promise to call a shopper back."""

    WAITING = "waiting"
    CALLING = "calling"
    REACHED = "reached"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


class SummonsState(StrEnum):
    """How far the telephone has reached one of the shop's people about a question."""

    WAITING = "waiting"  # for those before to have been rung
    TODO = "todo"
    SENDING = "sending"
    SENT = "sent"  # rings, or the carrier has the text
    REACHED = "reached"
    FAILED = "failed"
    GIVEN_UP = "given_up"  # not needed any more


class OrderState(StrEnum):
    TODO = "todo"
    SENDING = "sending"
    DONE = "done"
    GONE = "gone"  # the call, member or participant no longer exists
    FAILED = "failed"
    UNKNOWN = "unknown"  # sent, no answer came: not repeated


STATUS_RANK = {
    "queued": 0,
    "initiated": 1,
    "ringing": 2,
    "in-progress": 3,
    "completed": 9,
    "busy": 9,
    "no-answer": 9,
    "failed": 9,
    "canceled": 9,
}
"""Order of a call's statuses: a report of lower or equal rank never overwrites; 9 absorbs."""

TERMINAL = 9
