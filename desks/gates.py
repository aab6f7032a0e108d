"""What must be there before a desk opens, and before it is closed for good, and who can mend what is missing.

Higher rooms add items of their own (``nanori_app`` hands them over): what cannot be checked has no item.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from desks.errors import GateShut
from desks.models import Desk
from desks.season_models import Season
from nanori.actors import Actor, ActorKind, Role
from tenants.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a gate asks for."""

    key: str
    done: bool
    there: str  # msgid of what there is
    lacking: str  # msgid of what is missing
    mends: Role  # who can see to it
    page: str = ""  # where
    params: Mapping[str, object] = field(default_factory=dict)  # a moment is one of the shop's clock

    @property
    def said(self) -> str:
        """The msgid that holds now."""
        return self.there if self.done else self.lacking


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The desk in question."""

    shop: Tenant
    desk: Desk
    season: Season
    now: datetime


class GateItems(Protocol):
    """Items that a room adds to a gate."""

    async def __call__(self, session: AsyncSession, asked: Asked) -> Sequence[Item]: ...


async def look(session: AsyncSession, asked: Asked, rooms: Iterable[GateItems]) -> list[Item]:
    """Every item of a gate, what is missing first."""
    found = [item for ask in rooms for item in await ask(session, asked)]
    return sorted(found, key=lambda item: item.done)


def lacking(items: Iterable[Item], *, actor: Actor, reason: str) -> list[str]:
    """Keys of what is missing although the gate may be passed.

    Raises:
        GateShut: something is missing, and whoever asks is no operator, or gives no reason in writing.
    """
    missing = [item.key for item in items if not item.done]
    if missing and not (actor.kind is ActorKind.OPERATOR and reason.strip()):
        raise GateShut
    return missing
