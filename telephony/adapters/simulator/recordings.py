"""Recordings: when they run, when they are ready, and a real WAV file for each."""

import io
import math
import wave
from dataclasses import dataclass
from datetime import datetime
from typing import Final

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
    paused_ms: int = 0

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
