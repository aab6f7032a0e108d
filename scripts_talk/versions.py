"""From a draft to what agents follow: submitted, approved, published. They flush and never commit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.errors import InvalidInput
from scripts_talk import queries
from scripts_talk.commands import in_state, locked_script, save_draft
from scripts_talk.errors import (
    LockedWords,
    NothingToDecide,
    NothingToPublish,
    NothingToSubmit,
    WhoIsMissing,
    WhyIsMissing,
)
from scripts_talk.locking import needs_the_shop
from scripts_talk.models import Script, ScriptVersion
from scripts_talk.problems import problems
from scripts_talk.steps import Step
from scripts_talk.stored import from_json
from scripts_talk.values import Approval, ScriptState

LONGEST_NOTE = 1_000


async def submit_script(
    session: AsyncSession,
    tenant_id: UUID,
    script_id: UUID | None = None,
    *,
    by: UUID | None = None,
    now: datetime,
) -> ScriptVersion:
    """Ask the shop about the draft; what waited or was approved before is given up.

    Raises:
        NothingToSubmit: no draft, or a draft without a step.
        InvalidInput: the fields are those of ``problems.problems``.
    """
    script = await locked_script(session, tenant_id, script_id)
    draft = await in_state(session, script, ScriptState.DRAFT) if script else None
    if script is None or draft is None or not draft.steps:
        raise NothingToSubmit
    if wrong := problems(from_json(draft.steps)):
        raise InvalidInput(wrong)
    return await _submit(session, script, draft, by=by, now=now)


async def _submit(
    session: AsyncSession, script: Script, draft: ScriptVersion, *, by: UUID | None, now: datetime
) -> ScriptVersion:
    for before in (ScriptState.SUBMITTED, ScriptState.APPROVED):
        await _retire(session, script, before)
    draft.state, draft.submitted_at, draft.submitted_by = ScriptState.SUBMITTED, now, by
    await session.flush()
    return draft


async def approve_script(
    session: AsyncSession, tenant_id: UUID, version_id: UUID, *, by: UUID | None, now: datetime
) -> ScriptVersion:
    """The shop says yes in its portal.

    Raises:
        NothingToDecide: the version does not wait for an answer.
    """
    version = await _waiting(session, tenant_id, version_id)
    _decide(version, ScriptState.APPROVED, Approval.PORTAL, by=by, now=now)
    await session.flush()
    return version


async def refuse_script(
    session: AsyncSession, tenant_id: UUID, version_id: UUID, *, why: str, by: UUID | None, now: datetime
) -> ScriptVersion:
    """The shop says no: the version is a draft again, or given up where a newer draft is being written.

    Raises:
        NothingToDecide: the version does not wait for an answer.
        WhyIsMissing: no reason was given.
    """
    version = await _waiting(session, tenant_id, version_id)
    if not why.strip():
        raise WhyIsMissing
    script = await session.get_one(Script, (tenant_id, version.script_id))
    newer = await in_state(session, script, ScriptState.DRAFT)
    _decide(version, ScriptState.RETIRED if newer else ScriptState.DRAFT, None, by=by, now=now)
    version.decision_note = why.strip()[:LONGEST_NOTE]
    await session.flush()
    return version


async def record_approval(
    session: AsyncSession,
    tenant_id: UUID,
    script_id: UUID | None = None,
    *,
    note: str,
    by: UUID | None,
    now: datetime,
) -> ScriptVersion:
    """Write down that the shop approved what waits, outside of its portal: who did, and how.

    Raises:
        NothingToDecide: nothing waits.
        WhoIsMissing: the note is empty.
        LockedWords: a cancellation's words are not those that the shop approved in its portal.
    """
    script = await locked_script(session, tenant_id, script_id)
    version = await in_state(session, script, ScriptState.SUBMITTED) if script else None
    if version is None:
        raise NothingToDecide
    if not note.strip():
        raise WhoIsMissing
    before = await queries.approved_by_the_shop(session, tenant_id, script_id)
    if before is None and script_id is not None:
        before = await queries.approved_by_the_shop(session, tenant_id)
    if needs_the_shop(from_json(version.steps), before):
        raise LockedWords
    _decide(version, ScriptState.APPROVED, Approval.RECORDED, by=by, now=now)
    version.decision_note = note.strip()[:LONGEST_NOTE]
    await session.flush()
    return version


async def publish_script(
    session: AsyncSession, tenant_id: UUID, script_id: UUID | None = None, *, now: datetime
) -> ScriptVersion:
    """Put the approved version into force and retire the one before it.

    Raises:
        NothingToPublish: no version is approved.
    """
    script = await locked_script(session, tenant_id, script_id)
    approved = await in_state(session, script, ScriptState.APPROVED) if script else None
    if script is None or approved is None:
        raise NothingToPublish
    await _retire(session, script, ScriptState.PUBLISHED)
    approved.state, approved.published_at = ScriptState.PUBLISHED, now
    await session.flush()
    return approved


async def put_in_force(
    session: AsyncSession,
    tenant_id: UUID,
    name: str,
    steps: Sequence[Step],
    *,
    approved_by: UUID | None = None,
    script_id: UUID | None = None,
    now: datetime,
) -> ScriptVersion:
    """All the way at once, as if the shop had approved it: for invented shops and copies of real ones."""
    draft = await save_draft(session, tenant_id, name, steps, script_id=script_id, now=now)
    script = await session.get_one(Script, (tenant_id, draft.script_id))
    await _submit(session, script, draft, by=None, now=now)
    await approve_script(session, tenant_id, draft.id, by=approved_by, now=now)
    return await publish_script(session, tenant_id, script_id, now=now)


async def _waiting(session: AsyncSession, tenant_id: UUID, version_id: UUID) -> ScriptVersion:
    found = await session.scalar(
        select(ScriptVersion)
        .where(
            ScriptVersion.tenant_id == tenant_id,
            ScriptVersion.id == version_id,
            ScriptVersion.state == ScriptState.SUBMITTED,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NothingToDecide
    return found


def _decide(
    version: ScriptVersion, state: ScriptState, approval: Approval | None, *, by: UUID | None, now: datetime
) -> None:
    version.state, version.approval = state, approval
    version.decided_at, version.decided_by = now, by
    version.decision_note = ""


async def _retire(session: AsyncSession, script: Script, state: ScriptState) -> None:
    version = await in_state(session, script, state)
    if version is not None:
        version.state = ScriptState.RETIRED
        await session.flush()
