"""What this room asks of higher rooms; ``nanori_app`` hands it over."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.readiness import Check


class MoreChecks(Protocol):
    """Checks that a higher room adds to the readiness of shops, for many shops at once."""

    async def __call__(
        self, session: AsyncSession, tenant_ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[Check]]: ...
