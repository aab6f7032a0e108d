"""One leg of a call as the carrier sees it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from telephony.adapters.simulator.scheduler import Timer

if TYPE_CHECKING:
    from telephony.adapters.simulator.conferences import Conference, Participant, Terms
    from telephony.adapters.simulator.interpreter import Interpreter
    from telephony.adapters.simulator.recordings import RecordingTerms
    from telephony.adapters.simulator.runner import Runner

Direction = Literal["inbound", "outbound-api", "outbound-dial"]
TERMINAL: Final = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
EVENT_OF_STATUS: Final = {
    "initiated": "initiated",
    "ringing": "ringing",
    "in-progress": "answered",
} | dict.fromkeys(TERMINAL, "completed")


@dataclass(slots=True, eq=False)
class Leg:
    """A connection between the carrier and one telephone or browser.

    Attributes:
        twiml: the first document itself, where it does not stand at ``voice_url``.
        joins: terms on which the leg enters the conference ``joins_in`` as soon as it is answered.
        recorded_by: how it is recorded from then on.
        early_media: those in that conference hear the telephone ring.
        identity: set for a browser; ``from_`` or ``to`` is then ``client:<identity>``.
        speaks_seconds: how long the person talks when asked to leave a message.
        presses: digits still to be pressed, each with the seconds to wait once asked.
        past: each status with the moment, in milliseconds, from which it held.
        mic_off: muted in the browser, which the conference does not know.
    """

    sid: str
    direction: Direction
    from_: str
    to: str
    created_at: datetime
    voice_url: str = ""
    twiml: str = ""
    joins: "Terms | None" = None
    joins_in: str = ""
    early_media: bool = False
    recorded_by: "RecordingTerms | None" = None
    fallback_url: str = ""
    status_callback: str = ""
    status_events: frozenset[str] = frozenset({"completed"})
    application_sid: str = ""
    identity: str = ""
    custom: tuple[tuple[str, str], ...] = ()
    parent_sid: str = ""
    ring_seconds: int = 60
    limit_seconds: int = 14_400
    speaks_seconds: float = 8.0
    presses: list[tuple[str, float]] = field(default_factory=list)
    mic_off: bool = False
    queue_ms: int = 0
    status: str = "queued"
    sequence: int = 0
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    runner: "Runner | None" = None
    interpreter: "Interpreter | None" = None
    conference: "Conference | None" = None
    participant: "Participant | None" = None
    bridged_with: "Leg | None" = None
    past: list[tuple[int, str]] = field(default_factory=list)
    limit: Timer | None = None
    timers: list[Timer] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.status in TERMINAL

    @property
    def is_talking(self) -> bool:
        """Answered and not over: audio flows."""
        return self.status == "in-progress"

    @property
    def name(self) -> str:
        """What a person would call this leg."""
        if self.participant is not None and self.participant.label:
            return self.participant.label
        if self.joins is not None and self.joins.label:
            return self.joins.label
        return self.to if self.direction != "inbound" else self.from_

    def status_at(self, ms: int) -> str:
        """The status at a moment of the past."""
        if not self.past:
            return self.status
        return next((status for at, status in reversed(self.past) if at <= ms), "queued")

    def seconds(self) -> int:
        """Length of the conversation, rounded down; 0 while it lasts or when nobody answered."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return int((self.ended_at - self.answered_at).total_seconds())

    def cancel_timers(self) -> None:
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()
