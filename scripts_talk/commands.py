"""Writes about talk scripts. They flush and never commit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.errors import InvalidInput
from scripts_talk import queries
from scripts_talk.errors import NothingToPublish
from scripts_talk.models import Script, ScriptVersion
from scripts_talk.steps import Step, as_json, problems
from scripts_talk.values import ScriptState
from tenants.commands import lock_shop


async def save_draft(
    session: AsyncSession, tenant_id: UUID, name: str, steps: Sequence[Step], *, now: datetime
) -> ScriptVersion:
    """Keep the steps as the shop's draft; agents go on with the published version.

    Raises:
        InvalidInput: a step or field is incomplete; the fields are those of ``steps.problems``.
    """
    wrong = problems(steps)
    if wrong:
        raise InvalidInput(wrong)
    script = await _script(session, tenant_id, name, now)
    draft = await _draft(session, script)
    if draft is None:
        draft = ScriptVersion(
            tenant_id=tenant_id, id=uuid7(), script_id=script.id, state=ScriptState.DRAFT,
            number=await _latest(session, script) + 1, steps=[], created_at=now,
        )  # fmt: skip
        session.add(draft)
    draft.steps = as_json(steps)
    await session.flush()
    return draft


async def publish_script(session: AsyncSession, tenant_id: UUID, *, now: datetime) -> ScriptVersion:
    """Put the draft into force and retire the version before it.

    Raises:
        NothingToPublish: no draft, or a draft without a step.
    """
    await lock_shop(session, tenant_id)
    script = await queries.script_of(session, tenant_id)
    draft = await _draft(session, script) if script else None
    if script is None or draft is None or not draft.steps:
        raise NothingToPublish
    before = await session.scalar(
        select(ScriptVersion).where(_of(script), ScriptVersion.state == ScriptState.PUBLISHED)
    )
    if before is not None:
        before.state = ScriptState.RETIRED
        await session.flush()
    draft.state = ScriptState.PUBLISHED
    draft.published_at = now
    await session.flush()
    return draft


async def discard_draft(session: AsyncSession, tenant_id: UUID) -> None:
    """Give up the draft; without one nothing happens."""
    await lock_shop(session, tenant_id)
    script = await queries.script_of(session, tenant_id)
    draft = await _draft(session, script) if script else None
    if draft is not None:
        draft.state = ScriptState.RETIRED
        await session.flush()


async def _script(session: AsyncSession, tenant_id: UUID, name: str, now: datetime) -> Script:
    await lock_shop(session, tenant_id)
    script = await queries.script_of(session, tenant_id)
    if script is None:
        script = Script(tenant_id=tenant_id, id=uuid7(), name=name, created_at=now)
        session.add(script)
    script.name = name
    await session.flush()
    return script


async def _draft(session: AsyncSession, script: Script) -> ScriptVersion | None:
    found: ScriptVersion | None = await session.scalar(
        select(ScriptVersion).where(_of(script), ScriptVersion.state == ScriptState.DRAFT)
    )
    return found


async def _latest(session: AsyncSession, script: Script) -> int:
    return await session.scalar(select(func.max(ScriptVersion.number)).where(_of(script))) or 0


def _of(script: Script) -> ColumnElement[bool]:
    return and_(ScriptVersion.tenant_id == script.tenant_id, ScriptVersion.script_id == script.id)
