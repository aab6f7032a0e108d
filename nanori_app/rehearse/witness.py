"""What the simulated carrier knows: who was in a conference with whom, what they heard, what they pressed.

Independent of everything that our side wrote down.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telephony.adapters.simulator.exchange import Problem
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.simulator import Simulator
from telephony.adapters.simulator.webhooks import TOO_LATE

COACH_IS_NOT_THERE = 13240
TOLD_WITHIN = timedelta(seconds=40)
"""So long after a line has died the house may not know of it: the report comes 20 s late or never, and what
the reconciler asks each 15 s may be refused once."""
OWN_PHONES = "+81908000"
"""How the numbers of the agents' own telephones begin, and no other's."""
JOINED, LEFT = "participant-join", "participant-leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One leg in one conference, from joining until leaving; ``until`` is None while it lasts."""

    leg: Leg
    conference: str
    since: datetime
    until: datetime | None

    def meets(self, other: "Presence") -> datetime | None:
        """When these two came together in one conference; None when they never did."""
        if self.conference != other.conference:
            return None
        return self.overlaps(other)

    def overlaps(self, other: "Presence") -> datetime | None:
        """When both had begun and neither had ended, wherever they were."""
        start = max(self.since, other.since)
        ends = [end for end in (self.until, other.until) if end is not None]
        return start if all(start < end for end in ends) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The carrier's record of one play, made comfortable."""

    legs: Mapping[str, Leg]
    presences: Sequence[Presence]
    heard: Mapping[str, Sequence[tuple[datetime, str]]]  # by leg: everything that was said or played
    pressed: Mapping[str, Sequence[tuple[datetime, str]]]
    silences: Sequence[tuple[str, float]]  # leg, seconds
    faults: Sequence[str]  # what the carrier found wrong with us, besides what it cut off itself

    @property
    def callers(self) -> list[Leg]:
        return [leg for leg in self.legs.values() if is_caller(leg)]

    def of(self, legs: Iterable[Leg]) -> list[Presence]:
        wanted = {leg.sid for leg in legs}
        return [one for one in self.presences if one.leg.sid in wanted]


def is_caller(leg: Leg) -> bool:
    return leg.direction == "inbound" and not leg.identity


def is_agent(leg: Leg) -> bool:
    """One of ours, in a browser or at an ordinary telephone."""
    return bool(leg.identity) or is_own_phone(leg)


def is_own_phone(leg: Leg) -> bool:
    """An agent's ordinary telephone."""
    return leg.direction == "outbound-api" and leg.to.startswith(OWN_PHONES)


def is_shopper(leg: Leg) -> bool:
    """Somebody whom we have called."""
    return leg.direction == "outbound-api" and leg.status_callback.endswith("party=shopper")


def is_contact(leg: Leg) -> bool:
    return leg.direction == "outbound-api" and not is_shopper(leg) and not is_own_phone(leg)


def testimony(simulator: Simulator) -> Witness:
    """Read the carrier's timeline."""
    legs = simulator.exchange.legs
    heard: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    pressed: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for entry in simulator.timeline.entries:
        if entry.what == "hears":
            heard[entry.leg] += [(entry.at, str(sound)) for sound in entry.detail["hears"]]
        elif entry.what == "pressed":
            pressed[entry.leg].append((entry.at, str(entry.detail["keys"])))
    quiet = [(silence.sid, silence.seconds) for silence in simulator.silences]
    still = [(leg.sid, simulator.longest_silence(leg.sid)) for leg in simulator.live_legs]
    wrong = [
        f"{one.code} {one.message}"
        for one in simulator.problems
        if TOO_LATE not in one.message and not coached_has_gone(legs, one)
    ]
    return Witness(
        legs=legs,
        presences=_presences(simulator),
        heard=heard,
        pressed=pressed,
        silences=[*quiet, *still],
        faults=[*wrong, *simulator.contract_violations],
    )


def coached_has_gone(legs: Mapping[str, Leg], problem: Problem) -> bool:
    """A supervisor dials in while the agent's line has just died: nobody can have told the house yet."""
    if problem.code != COACH_IS_NOT_THERE:
        return False
    coached = next((leg for sid, leg in legs.items() if sid in problem.message), None)
    if coached is None or coached.ended_at is None or not is_agent(coached):
        return False
    return timedelta(0) <= problem.at - coached.ended_at <= TOLD_WITHIN


def _presences(simulator: Simulator) -> list[Presence]:
    since: dict[tuple[str, str], datetime] = {}
    found = []
    for entry in simulator.timeline.entries:
        if entry.what not in {JOINED, LEFT}:
            continue
        key = (entry.leg, str(entry.detail["conference"]))
        if entry.what == JOINED:
            since[key] = entry.at
        elif key in since:
            found.append((*key, since.pop(key), entry.at))
    staying = [(*key, at, None) for key, at in since.items()]
    return [
        Presence(leg=simulator.leg(sid), conference=name, since=began, until=ended)
        for sid, name, began, ended in (*found, *staying)
    ]
