"""Reads about talk scripts. A shop has one script; its versions come and go."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from scripts_talk.models import Script, ScriptVersion
from scripts_talk.steps import Step, from_json
from scripts_talk.values import ScriptState


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkScript:
    """One version, ready to be shown beside a call."""

    version_id: UUID
    name: str
    number: int
    steps: tuple[Step, ...]


async def published_script(session: AsyncSession, tenant_id: UUID) -> TalkScript | None:
    """The script that agents follow now."""
    return await _in_state(session, tenant_id, ScriptState.PUBLISHED)


async def draft_script(session: AsyncSession, tenant_id: UUID) -> TalkScript | None:
    """What is being worked on beside the published one."""
    return await _in_state(session, tenant_id, ScriptState.DRAFT)


async def script_of(session: AsyncSession, tenant_id: UUID) -> Script | None:
    """The shop's script, the oldest should there be several."""
    asked = select(Script).where(Script.tenant_id == tenant_id).order_by(Script.created_at, Script.id)
    found: Script | None = await session.scalar(asked.limit(1))
    return found


async def has_published_script(session: AsyncSession, tenant_id: UUID) -> bool:
    found = await session.scalar(
        select(ScriptVersion.id).where(
            ScriptVersion.tenant_id == tenant_id, ScriptVersion.state == ScriptState.PUBLISHED
        )
    )
    return found is not None


async def _in_state(session: AsyncSession, tenant_id: UUID, state: ScriptState) -> TalkScript | None:
    row = (
        await session.execute(
            select(ScriptVersion, Script.name)
            .join(
                Script,
                (Script.tenant_id == ScriptVersion.tenant_id) & (Script.id == ScriptVersion.script_id),
            )
            .where(ScriptVersion.tenant_id == tenant_id, ScriptVersion.state == state)
            .order_by(Script.created_at, ScriptVersion.number.desc())
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        return None
    version, name = row
    return TalkScript(version_id=version.id, name=name, number=version.number, steps=from_json(version.steps))
