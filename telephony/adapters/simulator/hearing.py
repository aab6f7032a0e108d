"""Who hears what, and how long a leg heard nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.scheduler import Scheduler
from telephony.adapters.simulator.speech import Sound
from telephony.adapters.simulator.timeline import Timeline

if TYPE_CHECKING:
    from telephony.adapters.simulator.conferences import Conference, Participant


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing a leg hears: speech, a played file, music, a beep, or another leg (then ``sid`` is set)."""

    kind: str
    text: str
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """A spell in which an answered leg heard nothing."""

    sid: str
    since_ms: int
    seconds: float


def heard(leg: Leg) -> tuple[Heard, ...]:
    """All that reaches the ear at this end of the leg now."""
    if leg.status == "ringing":
        return (Heard("music", "ringing tone"),) if leg.direction == "inbound" else ()
    if not leg.is_talking:
        return ()
    played: list[Sound | None] = []
    voices: list[Leg] = []
    if leg.participant is not None and leg.conference is not None:
        played += _played_in(leg.conference, leg.participant)
        voices = leg.conference.heard_by(leg.participant)
    elif leg.bridged_with is not None:
        voices = [] if leg.bridged_with.mic_off else [leg.bridged_with]
    if leg.interpreter is not None:
        played.append(leg.interpreter.sound)
    return tuple(Heard(sound.kind, sound.text) for sound in played if sound) + tuple(
        Heard("leg", voice.name, voice.sid) for voice in voices
    )


def _played_in(conference: "Conference", one: "Participant") -> list[Sound | None]:
    """Music or words for this participant alone, for all, and the ringing of whoever is being called."""
    sounds = [one.aside.sound if one.aside else None, one.announced.sound if one.announced else None]
    if not one.held:
        sounds.append(conference.announcement.sound if conference.announcement else None)
        sounds.append(Sound("music", "ringing tone") if conference.rings else None)
    return sounds


class Ears:
    """Notes each change of what a leg hears, and measures silence.

    While a person leaves a message they expect silence; that does not count.
    """

    def __init__(self, scheduler: Scheduler, timeline: Timeline) -> None:
        self._scheduler = scheduler
        self._timeline = timeline
        self._last: dict[str, tuple[Heard, ...]] = {}
        self._since: dict[str, int] = {}
        self.silences: list[Silence] = []

    def listen(self, legs: Iterable[Leg]) -> None:
        """Look at all live legs; called whenever time is about to move."""
        for leg in legs:
            now = heard(leg)
            if now != self._last.get(leg.sid, ()):
                self._last[leg.sid] = now
                hears = [f"{thing.kind}: {thing.text}" for thing in now]
                self._timeline.add(self._scheduler.now, leg.sid, "hears", hears=hears)
            is_recording = leg.interpreter is not None and leg.interpreter.is_recording
            if leg.is_talking and not now and not is_recording:
                self._since.setdefault(leg.sid, self._scheduler.ms)
            else:
                self._end(leg.sid)

    def forget(self, leg: Leg) -> None:
        """A leg is over."""
        if self._last.pop(leg.sid, ()):
            self._timeline.add(self._scheduler.now, leg.sid, "hears", hears=[])
        self._end(leg.sid)

    def longest_silence(self, sid: str) -> float:
        """Seconds of the longest spell, one that still lasts included."""
        spells = [spell.seconds for spell in self.silences if spell.sid == sid]
        if sid in self._since:
            spells.append((self._scheduler.ms - self._since[sid]) / 1000)
        return max(spells, default=0.0)

    def _end(self, sid: str) -> None:
        since = self._since.pop(sid, None)
        if since is not None and self._scheduler.ms > since:
            self.silences.append(Silence(sid, since, (self._scheduler.ms - since) / 1000))
