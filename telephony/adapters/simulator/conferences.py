"""Conferences: who is in, who hears whom, and what the carrier tells about it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.runner import LeftConference, Runner
from telephony.adapters.simulator.speech import Sound

_LIMIT: Final = 250
_ENOUGH_TO_START: Final = 2
_FAMILY: Final = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "announcement-end": "announcement",
}


class Refused(Exception):  # noqa: N818 - the name says what happened
    """The conference does not admit this leg; ``code`` is the carrier's error number."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


class Aside(Protocol):
    """A document played beside the call's own programme: to one participant, or to all."""

    sound: Sound | None


@dataclass(frozen=True, slots=True)
class Terms:
    """With what attributes a leg enters."""

    label: str = ""
    muted: bool = False
    starts: bool = True
    ends: bool = False
    coach: str = ""
    wait_url: str | None = None
    callback: str = ""
    events: frozenset[str] = frozenset()
    at_most: int = _LIMIT


@dataclass(slots=True, eq=False)
class Participant:
    leg: Leg
    terms: Terms
    joined_at: datetime | None
    muted: bool
    coach: str
    held: bool = False
    aside: Aside | None = None
    aside_runner: Runner | None = None
    announced: Aside | None = None
    announced_runner: Runner | None = None

    @property
    def label(self) -> str:
        return self.terms.label

    @property
    def is_heard(self) -> bool:
        return not (self.muted or self.held or self.leg.mic_off)

    def stop_aside(self) -> None:
        if self.aside_runner is not None:
            self.aside_runner.stop()
        self.aside = self.aside_runner = None

    def stop_announcement(self) -> None:
        if self.announced_runner is not None:
            self.announced_runner.stop()
        self.announced = self.announced_runner = None


Tell = Callable[["Conference", str, dict[str, str]], None]


@dataclass(slots=True, eq=False)
class Conference:
    """One conference, from the first who enters until it has ended.

    Args:
        tell: sends a callback; called with an increasing ``SequenceNumber`` among the fields.
    """

    sid: str
    name: str
    created_at: datetime
    tell: Tell
    status: str = "init"
    participants: list[Participant] = field(default_factory=list)
    callback: str | None = None
    events: frozenset[str] = frozenset()
    sequence: int = 0
    why_ended: str = ""
    ended_by: str = ""
    expected: list[Leg] = field(default_factory=list)
    announcement: Aside | None = None

    @property
    def has_started(self) -> bool:
        return self.status == "in-progress"

    def find(self, key: str) -> Participant | None:
        """A participant by CallSid or label."""
        return next((one for one in self.participants if key and key in (one.leg.sid, one.label)), None)

    def find_expected(self, key: str) -> Leg | None:
        """A leg by CallSid or label whose telephone the carrier rings for this conference."""
        return next((leg for leg in self.expected if key and key in (leg.sid, leg.name)), None)

    @property
    def rings(self) -> bool:
        """Whether those who are in hear the telephone of somebody who is being called."""
        return any(leg.early_media and leg.status == "ringing" for leg in self.expected)

    def admit(self, leg: Leg, terms: Terms, *, now: datetime) -> Participant:
        """Let a leg in.

        Raises:
            Refused: 16025 label taken, 13240 coach target not here, 16020 full.
        """
        if terms.label and self.find(terms.label) is not None:
            raise Refused(16025, f"Participant label {terms.label} is taken")
        if terms.coach and self.find(terms.coach) is None:
            raise Refused(13240, f"{terms.coach} is not in the conference")
        if len(self.participants) >= min(terms.at_most, _LIMIT):
            raise Refused(16020, "The conference is full")
        if self.callback is None:
            self.callback, self.events = terms.callback, terms.events
        one = Participant(leg, terms, now, muted=terms.muted, coach=terms.coach)
        self.participants.append(one)
        self.expect_no_longer(leg)
        leg.conference, leg.participant = self, one
        self._about("participant-join", one)
        self._start_if_enough()
        return one

    def expect_no_longer(self, leg: Leg) -> None:
        if leg in self.expected:
            self.expected.remove(leg)

    def leave(self, one: Participant, reason: str) -> None:
        """Take a participant out; ends the conference where the rules say so. Repeating does nothing."""
        if one not in self.participants:
            return
        self.participants.remove(one)
        one.stop_aside()
        one.stop_announcement()
        leg = one.leg
        leg.conference = leg.participant = None
        status = "completed" if leg.is_over or reason == "participant_hung_up" else "in-progress"
        self._about("participant-leave", one, ParticipantCallStatus=status, ReasonParticipantLeft=reason)
        kicked = reason == "participant_updated_via_api"
        if one.terms.ends:
            self.end(f"participant-with-end-conference-on-exit-{'kicked' if kicked else 'left'}", by=leg.sid)
        elif not self.participants:
            self.end(f"last-participant-{'kicked' if kicked else 'left'}", by=leg.sid)

    def end(self, why: str, *, by: str = "") -> None:
        """End for everybody; each remaining leg goes on after its ``<Dial>``."""
        if self.status == "completed":
            return
        self.status, self.why_ended, self.ended_by = "completed", why, by
        reason = "moderator_ended_conference" if by else "conference_ended_via_api"
        for one in list(self.participants):
            self.expel(one, reason)
        self._say("conference-end", {"ReasonConferenceEnded": why, "CallSidEndingConference": by})

    def expel(self, one: Participant, reason: str) -> None:
        """Take a participant out and tell its programme."""
        leg = one.leg
        self.leave(one, reason)
        if leg.runner is not None:
            leg.runner.signal(LeftConference(reason))

    def mute(self, one: Participant, *, muted: bool) -> None:
        if one.muted != muted:
            one.muted = muted
            self._about("participant-mute" if muted else "participant-unmute", one)

    def hold(self, one: Participant, *, held: bool) -> None:
        if one.held != held:
            one.held = held
            self._about("participant-hold" if held else "participant-unhold", one)

    def modify(self, one: Participant, *, coach: str | None = None, ends: bool | None = None) -> None:
        """Change whom a participant coaches (empty: nobody) and whether their leaving ends the conference."""
        if coach is not None:
            if coach and self.find(coach) is None:
                raise Refused(13240, f"{coach} is not in the conference")
            one.coach = coach
        if ends is not None:
            one.terms = replace(one.terms, ends=ends)
        self._about("participant-modify", one)

    def announced(self, sid: str) -> None:
        """An announcement is over: to one participant, or to all (then ``sid`` is empty)."""
        if self.status != "completed":
            self._say("announcement-end", {"CallSid": sid} if sid else {})

    def heard_by(self, listener: Participant) -> list[Leg]:
        """The legs whose voices reach a participant. Held participants hear nobody."""
        if not self.has_started or listener.held:
            return []
        return [
            one.leg
            for one in self.participants
            if one is not listener and one.is_heard and one.coach in ("", listener.leg.sid)
        ]

    def _start_if_enough(self) -> None:
        if self.status != "init" or len(self.participants) < _ENOUGH_TO_START:
            return
        if any(one.terms.starts for one in self.participants):
            self.status = "in-progress"
            for one in self.participants:
                if not one.held:
                    one.stop_aside()
            self._say("conference-start", {})

    def _about(self, event: str, one: Participant, **more: str) -> None:
        fields = {
            "CallSid": one.leg.sid,
            "ParticipantLabel": one.label,
            "Muted": _spelled(one.muted),
            "Hold": _spelled(one.held),
            "Coaching": _spelled(bool(one.coach)),
            "EndConferenceOnExit": _spelled(one.terms.ends),
            "StartConferenceOnEnter": _spelled(one.terms.starts),
        }
        if one.coach:
            fields["CallSidToCoach"] = one.coach
        self._say(event, fields | more)

    def _say(self, event: str, fields: dict[str, str]) -> None:
        sequence, self.sequence = self.sequence, self.sequence + 1
        if self.callback and _FAMILY[event] in self.events:
            self.tell(self, event, fields | {"SequenceNumber": str(sequence)})


def _spelled(value: bool) -> str:
    return "true" if value else "false"
