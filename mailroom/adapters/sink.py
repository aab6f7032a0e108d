"""Accepts every mail and delivers none: for the demo, rehearsals and tests.

What it took stays readable in the outbox, from which ``/demo/mail`` shows it.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

KEPT = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail as it would have left."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass(slots=True)
class Sink:
    """Remembers the last mails of this process."""

    taken: deque[Taken] = field(default_factory=lambda: deque(maxlen=KEPT))

    async def send(self, *, sender: str, recipients: Sequence[str], content: bytes) -> None:
        self.taken.append(Taken(sender, tuple(recipients), content))
