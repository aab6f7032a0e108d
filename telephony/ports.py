"""What telephony needs from a carrier."""

from typing import Protocol

from nanori.installation import Port


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

    async def redirect(self, *, call_sid: str, url: str) -> None:
        """Interrupt whatever a live call is doing and continue with the document at ``url``."""

    async def hang_up(self, *, call_sid: str) -> None:
        """End a call in whatever state it is."""

    async def fetch_recording(self, *, recording_sid: str) -> bytes:
        """The recording as a WAV file."""

    async def delete_recording(self, *, recording_sid: str) -> None:
        """Delete the recording at the carrier."""


CARRIER: Port[Carrier] = Port("carrier")


class SimulatedPhone(Protocol):
    """The levers of the simulated carrier's softphone."""

    async def connect(self, identity: str, leg_token: str) -> None:
        """Dial in as this agent, as ``device.connect`` does."""

    async def disconnect(self, identity: str) -> None:
        """Hang up this agent's leg, if there is one."""


SIMULATED_PHONE: Port[SimulatedPhone] = Port("simulated phone")
