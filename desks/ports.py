"""What this room asks of higher rooms; ``nanori_app`` hands it over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from nanori.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFact:
    """One line about a desk on its page: what it is called, what holds (translated), where it is changed."""

    label: str
    said: str
    href: str


class DeskFacts(Protocol):
    """What a higher room knows of a desk."""

    async def __call__(
        self, session: AsyncSession, tenant_id: UUID, desk_id: UUID, context: Context
    ) -> Sequence[DeskFact]: ...
