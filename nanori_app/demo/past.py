"""One past contact of the demo as plain values: its events first, and from them everything else."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from interactions.derive import Times, apply
from interactions.values import Channel, EventKind, Outcome, PartyKind
from nanori.actors import ActorKind


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. ``agent`` is the agent's number in the cast where one did it or is concerned."""

    kind: EventKind
    at: datetime
    doer: ActorKind
    agent: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """A shopper of one shop; two shops that know the same number know two persons."""

    name: str
    phone: str
    mail: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One contact of the shop was called; ``failure`` is empty for the one who pressed 1."""

    at: datetime
    until: datetime
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The words of one mail and of its answer ("" while there is none)."""

    subject: str
    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A question to the shop, asked and answered once."""

    id: UUID
    subject: str
    text: str
    yen: int | None
    answer: str
    asked_at: datetime
    seen_at: datetime
    said_at: datetime


@dataclass(slots=True, kw_only=True)
class Past:
    """One call or mail. A mail that follows another carries the first one as ``thread``."""

    shop: str
    channel: Channel
    at: datetime
    party: PartyKind = PartyKind.HUMAN
    outcome: Outcome | None = None
    person: Person | None = None
    reason: str | None = None
    notes: str = ""
    happenings: list[Happening] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    written: Written | None = None
    decision: Decision | None = None
    thread: "Past | None" = None

    def add(
        self, kind: EventKind, at: datetime, doer: ActorKind, agent: int | None = None, **data: Any
    ) -> None:
        self.happenings.append(Happening(kind, at, doer, agent, data))

    @property
    def last_at(self) -> datetime:
        """When the last event happened."""
        return self.happenings[-1].at

    def of(self, kind: EventKind) -> Happening | None:
        return next((one for one in self.happenings if one.kind is kind), None)


def replay(arrived_at: datetime, events: list[tuple[EventKind, datetime, dict[str, Any]]]) -> Times:
    """The derived times of a contact, by the same rules as for live ones."""
    times = Times(arrived_at)
    for kind, at, data in events:
        apply(times, kind, at, data)
    return times


def uuid7_at(at: datetime, chance: random.Random) -> UUID:
    """A UUIDv7 of that moment, repeatable with its source of chance."""
    value = int(at.timestamp() * 1000) << 80 | chance.getrandbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def seconds(amount: float) -> timedelta:
    """A duration in whole milliseconds."""
    return timedelta(milliseconds=int(amount * 1000))
