"""What a request knows about itself, made once at the edge and passed down."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from nanori.actors import STAFF, Actor, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who asks, for which shops, in which language and zone, and when."""

    actor: Actor
    name: str  # of the account, as its owner wrote it
    roles: frozenset[Role]
    shops: frozenset[UUID]  # tenants bound to the transaction
    locale: str  # "ja" or "en"
    zone: ZoneInfo
    now: datetime
    request_id: UUID

    @property
    def account_id(self) -> UUID:
        """The signed-in account. Raises when nobody is signed in."""
        if self.actor.account_id is None:
            raise LookupError("nobody is signed in")
        return self.actor.account_id

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    def may(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))
