"""What this room adds to the readiness of a shop."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk, RosterEntry
from desks.values import DeskState
from nanori.words import N_
from tenants.readiness import Check


async def desk_checks(session: AsyncSession, tenant_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Check]]:
    """Whether somebody may answer at each shop's open desk."""
    staffed = set(
        await session.scalars(
            select(RosterEntry.tenant_id)
            .join(Desk, (Desk.tenant_id == RosterEntry.tenant_id) & (Desk.id == RosterEntry.desk_id))
            .where(RosterEntry.tenant_id.in_(tenant_ids), Desk.state == DeskState.OPEN)
        )
    )
    return {tenant_id: [_check(done=tenant_id in staffed)] for tenant_id in tenant_ids}


def _check(*, done: bool) -> Check:
    return Check(
        key="agents",
        page="desk",
        done=done,
        there=N_("Agents on the desk's roster"),
        lacking=N_("No agent may answer for this shop yet"),
    )
