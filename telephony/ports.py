"""What telephony needs from a carrier."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from nanori.installation import Port


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSeen:
    """What the carrier says of one leg. ``status`` as in ``telephony.values.STATUS_RANK``."""

    status: str
    ended_at: datetime | None  # to the second


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantSeen:
    """Somebody who is in a conference now."""

    call_sid: str
    held: bool
    joined_at: datetime | None  # to the second


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceSeen:
    """What the carrier says of a conference.

    Attributes:
        participants: by label; empty once it is over.
        ended_by: CallSid of whoever ended it by leaving, when that is known.
    """

    conference_sid: str
    is_over: bool
    participants: dict[str, ParticipantSeen]
    ended_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerSeen:
    """What the carrier says of a call by which somebody reached, or wanted to reach, one of our numbers."""

    from_number: str  # as the carrier writes it, which may be no number at all
    to_number: str
    came_in: bool  # not dialled by us
    began_at: datetime  # to the second


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSeen:
    """What the carrier says of one recording of a leg."""

    recording_sid: str
    call_sid: str
    is_message: bool  # spoken after the tone; else the call itself
    is_complete: bool
    is_being_made: bool  # it runs, or is not ready yet
    seconds: int | None
    began_at: datetime | None  # to the second


class Carrier(Protocol):
    """Orders to the carrier. Each may raise the errors of ``telephony.carrier_errors`` and nothing else.

    Never called inside a database transaction. URLs are absolute and public.
    """

    async def connect_waiting(self, *, queue_sid: str, call_sid: str, url: str) -> None:
        """Take a caller out of the queue and continue with the document at ``url``.

        Works as compare-and-swap: raises CarrierGone when the caller has left the queue.
        """

    async def hold(self, *, conference_sid: str, label: str, url: str) -> None:
        """Put a participant on hold; they hear only the document at ``url``."""

    async def resume(self, *, conference_sid: str, label: str) -> None:
        """End the hold of a participant."""

    async def remove_participant(self, *, conference_sid: str, label: str) -> None:
        """Take a participant out of the conference."""

    async def supervise(self, *, conference_sid: str, label: str, muted: bool, coach: str | None) -> None:
        """Who hears a participant: nobody when muted, else the agent whose CallSid is ``coach``, or all."""

    async def dial(
        self, *, to: str, caller_id: str, url: str, status_url: str, ring_seconds: int, limit_seconds: int
    ) -> str:
        """Start a call and return its CallSid; the document at ``url`` runs once it is answered.

        After CarrierUnknown the call may be ringing: wait for its status callback.
        """

    async def text(self, *, to: str, sender: str, body: str, status_url: str) -> str:
        """Send an SMS and return its MessageSid; later reports go to ``status_url``.

        After CarrierUnknown it may be on its way: it is not sent again.
        """

    async def dial_into(
        self,
        *,
        conference: str,
        label: str,
        to: str,
        caller_id: str,
        status_url: str,
        ring_seconds: int,
        limit_seconds: int,
    ) -> str:
        """Ring somebody into a conference that is named ``conference``; return their CallSid.

        Whoever is there hears it ring. The conference ends when they leave. As with ``dial``, after
        CarrierUnknown it may be ringing.
        """

    async def redirect(self, *, call_sid: str, url: str) -> None:
        """Interrupt whatever a live call is doing and continue with the document at ``url``."""

    async def hang_up(self, *, call_sid: str) -> None:
        """End a call in whatever state it is."""

    async def look_at_leg(self, *, call_sid: str) -> LegSeen:
        """How a leg is now. What happened in the last second may not show yet."""

    async def look_at_conference(self, *, name: str) -> ConferenceSeen | None:
        """Who is in the newest conference of this name; None when there never was one."""

    async def look_at_caller(self, *, call_sid: str) -> CallerSeen:
        """Who called whom, and when."""

    async def recordings_of(self, *, call_sid: str) -> list[RecordingSeen]:
        """What has been recorded of a leg and not been deleted."""

    async def recordings_since(self, *, since: datetime) -> list[RecordingSeen]:
        """What has been recorded for our account since then and not been deleted, of whatever calls."""

    async def pause_recording(self, *, call_sid: str) -> None:
        """Record silence instead of the call until it is resumed; its length stays true."""

    async def resume_recording(self, *, call_sid: str) -> None:
        """Record the call again."""

    async def fetch_recording(self, *, recording_sid: str) -> bytes:
        """The recording as a WAV file."""

    async def delete_recording(self, *, recording_sid: str) -> None:
        """Delete the recording at the carrier."""


CARRIER: Port[Carrier] = Port("carrier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where the carrier turns to about a number."""

    voice_url: str
    fallback_url: str
    status_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNumber:
    """A number of our account."""

    sid: str
    number: str  # E.164
    ways: Ways


class NumberKind(StrEnum):
    """Kinds of numbers that a country has."""

    NATIONAL = "national"  # +81 50
    LOCAL = "local"  # of an area
    TOLL_FREE = "toll-free"  # +81 120, +81 800


class Numbers(Protocol):
    """The carrier's numbers. Each may raise the errors of ``telephony.carrier_errors`` and nothing else."""

    async def owned(self) -> list[OwnNumber]:
        """Every number of our account, by number."""

    async def available(self, *, country: str, kind: NumberKind, contains: str, limit: int) -> list[str]:
        """Numbers that could be bought; ``contains`` may be empty."""

    async def buy(self, number: str, *, ways: Ways, bundle_sid: str, address_sid: str) -> OwnNumber:
        """Buy exactly this one, set up at once; the two ids are empty where the country asks for none.

        After CarrierUnknown it may be ours: look at :meth:`owned`.
        """

    async def configure(self, sid: str, *, ways: Ways) -> None:
        """Set where the carrier turns to."""

    async def release(self, sid: str) -> None:
        """Give the number back to the carrier: it is lost."""


NUMBERS: Port[Numbers] = Port("numbers")


class SimulatedPhone(Protocol):
    """The levers of the simulated carrier's softphone."""

    async def connect(self, identity: str, leg_token: str) -> None:
        """Dial in as this agent, as ``device.connect`` does."""

    async def disconnect(self, identity: str) -> None:
        """Hang up this agent's leg, if there is one."""


SIMULATED_PHONE: Port[SimulatedPhone] = Port("simulated phone")
