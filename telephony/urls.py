"""Addresses that the carrier calls us under. Built from the settings, never from a request."""

from dataclasses import dataclass
from uuid import UUID

from telephony.values import RecordingKind

ASKED_AGAIN = "#rc=2&rt=4000&rp=ct,rt,5xx"
"""To the carrier: two more tries, each after 4 s without an answer. Not part of what is requested.

Three tries that come to nothing are 12 s: with the 5 s in which a caller may press a key, below 20 s."""


@dataclass(frozen=True, slots=True)
class Urls:
    """Absolute webhook URLs below ``public_url``; ``turn`` counts how often the caller was queued."""

    public_url: str

    def menu(self, call_id: UUID, step: int) -> str:
        return self._voice(call_id, f"ivr?step={step}")

    def wait(self, call_id: UUID) -> str:
        return self._voice(call_id, "wait")

    def callback(self, call_id: UUID, turn: int, at: int) -> str:
        """``at`` tells one asking from the next: seconds since the call came in."""
        return self._voice(call_id, f"callback?turn={turn}&at={at}")

    def dequeued(self, call_id: UUID, turn: int) -> str:
        return self._voice(call_id, f"dequeued?turn={turn}")

    def connect(self, call_id: UUID, leg_id: UUID) -> str:
        return self._voice(call_id, f"connect?leg={leg_id}")

    def after_dial(self, call_id: UUID, turn: int) -> str:
        return self._voice(call_id, f"after-dial?turn={turn}")

    def leg_after(self, call_id: UUID, leg_id: UUID) -> str:
        return self._voice(call_id, f"leg/{leg_id}/after")

    def own_phone(self, call_id: UUID, leg_id: UUID) -> str:
        return self._voice(call_id, f"leg/{leg_id}/screen")

    def own_phone_decision(self, call_id: UUID, leg_id: UUID) -> str:
        return self._voice(call_id, f"leg/{leg_id}/decision")

    def hold(self, call_id: UUID) -> str:
        return self._voice(call_id, "hold")

    def rescue(self, call_id: UUID, turn: int) -> str:
        return self._voice(call_id, f"rescue?turn={turn}")

    def requeue(self, call_id: UUID, turn: int) -> str:
        return self._voice(call_id, f"requeue?turn={turn}")

    def voicemail(self, call_id: UUID) -> str:
        return self._voice(call_id, "vm")

    def screen(self, call_id: UUID, attempt_id: UUID) -> str:
        return self._voice(call_id, f"esc/{attempt_id}/screen")

    def decision(self, call_id: UUID, attempt_id: UUID) -> str:
        return self._voice(call_id, f"esc/{attempt_id}/decision")

    def picked_up(self, call_id: UUID) -> str:
        return self._voice(call_id, "picked-up")

    def ringing(self, call_id: UUID) -> str:
        return self._voice(call_id, "ringing")

    def conference(self, call_id: UUID) -> str:
        return f"{self.public_url}/tw/cb/conf/{call_id}"

    def recording(self, call_id: UUID, kind: RecordingKind) -> str:
        return f"{self.public_url}/tw/cb/rec/{call_id}?kind={kind}"

    def leg_status(self, call_id: UUID, leg_id: UUID) -> str:
        return f"{self.public_url}/tw/cb/call?call={call_id}&leg={leg_id}"

    def shopper_status(self, call_id: UUID) -> str:
        return f"{self.public_url}/tw/cb/call?call={call_id}&party=shopper"

    def summons(self, tenant_id: UUID, summons_id: UUID, part: str) -> str:
        """Of somebody who is rung or texted about a question: ``screen``, ``decision`` or ``status``."""
        return f"{self.public_url}/tw/q/{tenant_id}/{summons_id}/{part}"

    @property
    def ring_tone(self) -> str:
        return f"{self.public_url}/static/telephony/ring.wav"

    @property
    def fallback_message(self) -> str:
        return f"{self.public_url}/tw/fallback/message"

    def music(self, tenant_id: UUID, file_id: UUID, piece: int | None = None) -> str:
        """A shop's own music: the whole file, or one piece of it."""
        whole = f"{self.public_url}/music/{tenant_id}/{file_id}"
        return whole if piece is None else f"{whole}/{piece}"

    @property
    def hold_music(self) -> str:
        return f"{self.public_url}/static/telephony/hold.wav"

    def _voice(self, call_id: UUID, what: str) -> str:
        """A document without which somebody hears nothing; asked for again, it is the same as before."""
        return f"{self.public_url}/tw/v/{call_id}/{what}{ASKED_AGAIN}"
