"""Who does things: kinds of actors as the log names them, and roles as access control does."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What an account may be. Staff roles belong to the outsourcer, merchants to one shop."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    MERCHANT = "merchant"


STAFF = frozenset({Role.AGENT, Role.SUPERVISOR, Role.OPERATOR})


class ActorKind(StrEnum):
    """Who did it, as each event and audit row names it."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    MERCHANT = "merchant"
    SHOPPER = "shopper"
    CONTACT = "contact"
    CARRIER = "carrier"
    BOT = "bot"
    SYSTEM = "system"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One doer. ``account_id`` is set for people with an account, and only for them."""

    kind: ActorKind
    account_id: UUID | None = None


SYSTEM = Actor(kind=ActorKind.SYSTEM)
CARRIER = Actor(kind=ActorKind.CARRIER)
SHOPPER = Actor(kind=ActorKind.SHOPPER)
