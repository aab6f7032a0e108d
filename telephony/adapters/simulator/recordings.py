"""Recordings: when they run, what they hold, when they are ready, and a real WAV file for each."""

import io
import math
import random
import wave
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Final
from urllib.parse import urljoin

from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.hearing import heard
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
_USUAL_EVENTS: Final = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class RecordingTerms:
    """How a leg is to be recorded.

    Attributes:
        source: what asked for it, as the carrier names it: ``DialVerb``, ``RecordVerb``, …
        callback: where its states are told, and which of them.
    """

    source: str
    channels: int = 1
    callback: str = ""
    events: frozenset[str] = _USUAL_EVENTS

    @classmethod
    def of(cls, verb: Verb, base: str) -> "RecordingTerms":
        """As ``<Dial record>`` or ``<Record>`` asks."""
        callback = verb.get("recordingStatusCallback")
        return cls(
            source="DialVerb" if verb.name == "Dial" else "RecordVerb",
            channels=2 if verb.get("record").endswith("dual") else 1,
            callback=urljoin(base, callback) if callback else "",
            events=frozenset(verb.get("recordingStatusCallbackEvent", "completed").split()),
        )


@dataclass(slots=True, eq=False)
class Recording:
    """One recording of one leg.

    Attributes:
        voices: everything besides the leg's own voice that a person would find on it.
        keys: what was pressed at this leg while it ran.
        paused: how long nothing was taken down; with ``skip`` that time is missing in the file.
    """

    sid: str
    leg: Leg
    terms: RecordingTerms
    started_at: datetime
    status: str = "in-progress"
    duration: int = 0
    voices: set[str] = field(default_factory=set)
    keys: str = ""
    paused: timedelta = timedelta(0)
    paused_at: datetime | None = None
    skips: bool = False

    @property
    def call_sid(self) -> str:
        return self.leg.sid

    @property
    def channels(self) -> int:
        return self.terms.channels

    @property
    def source(self) -> str:
        return self.terms.source

    @property
    def is_running(self) -> bool:
        """Not closed yet; paused counts."""
        return self.status in ("in-progress", "paused")

    @property
    def is_ready(self) -> bool:
        return self.status == "completed"

    def pause(self, now: datetime, *, skips: bool) -> None:
        if self.status == "in-progress":
            self.status, self.paused_at, self.skips = "paused", now, skips

    def resume(self, now: datetime) -> None:
        if self.paused_at is not None:
            if self.skips:
                self.paused += now - self.paused_at
            self.status, self.paused_at = "in-progress", None

    def stop(self, now: datetime) -> None:
        """Close the recording; it is ready only later."""
        self.resume(now)
        self.status = "processing"
        self.duration = int((now - self.started_at - self.paused).total_seconds())

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
        self._running: list[Recording] = []
        self.recordings: dict[str, Recording] = {}

    def url(self, recording: Recording) -> str:
        return f"{_API}/2010-04-01/Accounts/{self._webhooks.account_sid}/Recordings/{recording.sid}"

    def of(self, leg: Leg) -> list[Recording]:
        """Recordings of a leg, the oldest first."""
        return [one for one in self.recordings.values() if one.leg is leg]

    def start(self, leg: Leg, terms: RecordingTerms) -> Recording:
        """Take down what is said on a leg from now on."""
        sid = f"RE{self._chance.getrandbits(128):032x}"
        recording = Recording(sid, leg, terms, self._scheduler.now)
        self.recordings[sid] = recording
        self._running.append(recording)
        self._tell(recording)
        return recording

    def finish(self, recording: Recording) -> None:
        """Stop; the file is ready only some seconds later. Repeating does nothing."""
        if not recording.is_running:
            return
        recording.stop(self._scheduler.now)
        self._running.remove(recording)
        chance = self._faults.recording_absent
        is_absent = not recording.duration or (chance > 0 and self._chance.random() < chance)

        def ready() -> None:
            recording.status = "absent" if is_absent else "completed"
            self._tell(recording)

        self._scheduler.after(_READY_SECONDS, ready)

    def forget(self, leg: Leg) -> None:
        """A leg is over: nothing of it can be recorded any more."""
        for recording in [one for one in self._running if one.leg is leg]:
            self.finish(recording)

    def listen(self) -> None:
        """Take down what can be heard now; called whenever time is about to move."""
        for recording in self._running:
            if recording.status == "in-progress" and recording.source != "RecordVerb":
                recording.voices |= {thing.text for thing in heard(recording.leg)}

    def take_keys(self, leg: Leg, keys: str) -> None:
        """Keys sound on the line: whoever records has them on tape."""
        for recording in self._running:
            if recording.leg is leg and recording.status == "in-progress":
                recording.keys += keys

    def running(self, leg: Leg) -> Iterable[Recording]:
        return [one for one in self._running if one.leg is leg]

    def _tell(self, recording: Recording) -> None:
        terms = recording.terms
        if not terms.callback or recording.status not in terms.events:
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
        self._webhooks.callback(recording.call_sid, terms.callback, tuple(fields.items()))
