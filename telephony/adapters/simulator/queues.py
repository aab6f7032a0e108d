"""Queues in which callers wait."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from telephony.adapters.simulator.legs import Leg

_USUAL_SIZE: Final = 1000


@dataclass(frozen=True, slots=True)
class Member:
    leg: Leg
    since: datetime

    def waited(self, now: datetime) -> int:
        return int((now - self.since).total_seconds())


@dataclass(slots=True)
class Queue:
    sid: str
    name: str
    created_at: datetime
    max_size: int = _USUAL_SIZE
    members: list[Member] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.members) >= self.max_size

    def join(self, leg: Leg, now: datetime) -> Member:
        member = Member(leg, now)
        self.members.append(member)
        return member

    def leave(self, member: Member) -> None:
        """Repeating does nothing."""
        if member in self.members:
            self.members.remove(member)

    def find(self, key: str) -> Member | None:
        """A member by CallSid, or the first for ``Front``."""
        if key == "Front":
            return self.members[0] if self.members else None
        return next((member for member in self.members if member.leg.sid == key), None)

    def position(self, member: Member) -> int:
        return self.members.index(member) + 1

    def average_wait(self, now: datetime) -> int:
        if not self.members:
            return 0
        return sum(member.waited(now) for member in self.members) // len(self.members)

    def fields(self, member: Member, now: datetime) -> tuple[tuple[str, str], ...]:
        """What a request for a wait document carries."""
        return (
            ("QueueSid", self.sid),
            ("QueuePosition", str(self.position(member))),
            ("QueueTime", str(member.waited(now))),
            ("AvgQueueTime", str(self.average_wait(now))),
            ("CurrentQueueSize", str(len(self.members))),
            ("MaxQueueSize", str(self.max_size)),
        )
