"""Recordings: when they run, when they are ready, and a real WAV file for each."""

import io
import math
import random
import wave
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import urljoin

from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.scheduler import Scheduler
from telephony.adapters.simulator.twiml import Verb
from telephony.adapters.simulator.webhooks import Webhooks

_API: Final = "https://api.twilio.com"
_READY_SECONDS: Final = 3.0
_RATE: Final = 8000
_LONGEST_AUDIO_SECONDS: Final = 30
_BEEP_HERTZ: Final = 440
_MIDDLE: Final = 128
_LOUDNESS: Final = 24


@dataclass(slots=True, eq=False)
class Recording:
    """One recording of one leg.

    Attributes:
        source: ``DialVerb`` or ``RecordVerb``.
        callback: where its states are told, and which of them.
    """

    sid: str
    call_sid: str
    source: str
    channels: int
    started_at: datetime
    callback: str = ""
    events: frozenset[str] = frozenset({"completed"})
    status: str = "in-progress"
    duration: int = 0

    @property
    def is_ready(self) -> bool:
        return self.status == "completed"

    def stop(self, now: datetime) -> None:
        """Close the recording; it is ready only later."""
        self.status = "processing"
        self.duration = int((now - self.started_at).total_seconds())

    def wav(self) -> bytes:
        """A WAV file of the right number of channels: half a second of tone in each second, 30 s at most."""
        seconds = max(1, min(self.duration, _LONGEST_AUDIO_SECONDS))
        one_second = bytes(
            _MIDDLE
            + (round(_LOUDNESS * math.sin(2 * math.pi * _BEEP_HERTZ * n / _RATE)) if n < _RATE // 2 else 0)
            for n in range(_RATE)
        )
        frames = b"".join(bytes([sample]) * self.channels for sample in one_second)
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(self.channels)
            out.setsampwidth(1)
            out.setframerate(_RATE)
            out.writeframes(frames * seconds)
        return file.getvalue()


class Recorder:
    """Starts and stops recordings and tells our side when they are ready."""

    def __init__(
        self, scheduler: Scheduler, webhooks: Webhooks, *, chance: random.Random, faults: Faults
    ) -> None:
        self._scheduler = scheduler
        self._webhooks = webhooks
        self._chance = chance
        self._faults = faults
        self.recordings: dict[str, Recording] = {}

    def url(self, recording: Recording) -> str:
        return f"{_API}/2010-04-01/Accounts/{self._webhooks.account_sid}/Recordings/{recording.sid}"

    def start(self, leg: Leg, verb: Verb, base: str) -> Recording:
        """Record a leg as ``<Dial record>`` or ``<Record>`` asks."""
        callback = verb.get("recordingStatusCallback")
        recording = Recording(
            sid=f"RE{self._chance.getrandbits(128):032x}",
            call_sid=leg.sid,
            source="DialVerb" if verb.name == "Dial" else "RecordVerb",
            channels=2 if verb.get("record").endswith("dual") else 1,
            started_at=self._scheduler.now,
            callback=urljoin(base, callback) if callback else "",
            events=frozenset(verb.get("recordingStatusCallbackEvent", "completed").split()),
        )
        self.recordings[recording.sid] = recording
        self._tell(recording)
        return recording

    def finish(self, recording: Recording) -> None:
        """Stop; the file is ready only some seconds later."""
        recording.stop(self._scheduler.now)
        chance = self._faults.recording_absent
        is_absent = not recording.duration or (chance > 0 and self._chance.random() < chance)

        def ready() -> None:
            recording.status = "absent" if is_absent else "completed"
            self._tell(recording)

        self._scheduler.after(_READY_SECONDS, ready)

    def _tell(self, recording: Recording) -> None:
        if not recording.callback or recording.status not in recording.events:
            return
        fields = {
            "AccountSid": self._webhooks.account_sid,
            "CallSid": recording.call_sid,
            "RecordingSid": recording.sid,
            "RecordingUrl": self.url(recording),
            "RecordingStatus": recording.status,
            "RecordingDuration": str(recording.duration),
            "RecordingChannels": str(recording.channels),
            "RecordingStartTime": format_datetime(recording.started_at),
            "RecordingSource": recording.source,
            "RecordingTrack": "both",
            "ErrorCode": "0",
        }
        self._webhooks.callback(recording.call_sid, recording.callback, tuple(fields.items()))
