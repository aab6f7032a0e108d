"""What this room adds to the readiness of a shop."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from nanori.words import N_
from scripts_talk.models import Script, ScriptVersion
from scripts_talk.queries import versions
from scripts_talk.values import ScriptState
from tenants.readiness import Check


async def script_checks(session: AsyncSession, tenant_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Check]]:
    """Whether each shop has a published talk script."""
    published = set(
        await session.scalars(
            versions()
            .with_only_columns(ScriptVersion.tenant_id)
            .where(
                ScriptVersion.tenant_id.in_(tenant_ids),
                ScriptVersion.state == ScriptState.PUBLISHED,
                Script.desk_id.is_(None),
            )
        )
    )
    return {tenant_id: [_check(done=tenant_id in published)] for tenant_id in tenant_ids}


def _check(*, done: bool) -> Check:
    return Check(
        key="script",
        page="script",
        done=done,
        there=N_("Talk script"),
        lacking=N_("No talk script is published"),
    )
