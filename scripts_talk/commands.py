"""Drafts of a shop's script; what becomes of them is in ``versions``. They flush and never commit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from scripts_talk import queries
from scripts_talk.errors import ChangedMeanwhile, NoSuchScript
from scripts_talk.models import Script, ScriptVersion
from scripts_talk.steps import Step
from scripts_talk.stored import as_json
from scripts_talk.values import ScriptState
from tenants.commands import lock_shop


async def save_draft(
    session: AsyncSession,
    tenant_id: UUID,
    name: str,
    steps: Sequence[Step],
    *,
    now: datetime,
    order_pattern: str | None = None,
    seen: int | None = None,
    script_id: UUID | None = None,
) -> ScriptVersion:
    """Keep the steps as the shop's draft, finished or not; agents go on with the published version.

    Args:
        order_pattern: of the shop's order numbers; None leaves it.
        seen: the revision of the draft that the writer had in sight, 0 for none; None asks nothing.
        script_id: a desk's own script; None: the shop's, made when it has none.

    Raises:
        ChangedMeanwhile: the draft has another revision.
        NoSuchScript: the shop has no script with this id.
    """
    script = await _script(session, tenant_id, name, order_pattern, now, script_id)
    draft = await in_state(session, script, ScriptState.DRAFT)
    if seen is not None and seen != (draft.revision if draft else 0):
        raise ChangedMeanwhile
    if draft is None:
        draft = ScriptVersion(
            tenant_id=tenant_id, id=uuid7(), script_id=script.id, state=ScriptState.DRAFT,
            number=await _latest(session, script) + 1, steps=[], revision=0, created_at=now,
        )  # fmt: skip
        session.add(draft)
    stored = as_json(steps)
    if draft.revision == 0 or stored != draft.steps:
        draft.steps, draft.revision = stored, draft.revision + 1
    await session.flush()
    return draft


async def begin_for_desk(
    session: AsyncSession, tenant_id: UUID, desk_id: UUID, name: str, *, now: datetime
) -> Script:
    """A script of the desk's own, whose draft begins as the shop's published one; later the same again."""
    await lock_shop(session, tenant_id)
    script = await queries.script_of_desk(session, tenant_id, desk_id)
    shops = await queries.published_script(session, tenant_id)
    if script is None:
        pattern = shops.order_pattern if shops else ""
        script = Script(
            tenant_id=tenant_id, id=uuid7(), desk_id=desk_id, name=name, order_pattern=pattern, created_at=now
        )
        session.add(script)
        await session.flush()
    if not await queries.scripts_by_state(session, tenant_id, script.id):
        steps = shops.steps if shops else ()
        await save_draft(session, tenant_id, script.name, steps, script_id=script.id, now=now)
    return script


async def give_up_desk_script(session: AsyncSession, tenant_id: UUID, desk_id: UUID) -> None:
    """The desk follows the shop's script again; what was shown in its calls stays with them."""
    await lock_shop(session, tenant_id)
    script = await queries.script_of_desk(session, tenant_id, desk_id)
    if script is None:
        return
    for version in await session.scalars(
        select(ScriptVersion).where(_of(script), ScriptVersion.state.in_(queries.UNDER_WAY))
    ):
        version.state = ScriptState.RETIRED
    await session.flush()


async def discard_draft(session: AsyncSession, tenant_id: UUID, script_id: UUID | None = None) -> None:
    """Give up the draft; without one nothing happens."""
    script = await locked_script(session, tenant_id, script_id)
    draft = await in_state(session, script, ScriptState.DRAFT) if script else None
    if draft is not None:
        draft.state = ScriptState.RETIRED
        await session.flush()


async def locked_script(
    session: AsyncSession, tenant_id: UUID, script_id: UUID | None = None
) -> Script | None:
    """The script, held until the transaction ends."""
    await lock_shop(session, tenant_id)
    return await queries.script_of(session, tenant_id, script_id)


async def in_state(session: AsyncSession, script: Script, state: ScriptState) -> ScriptVersion | None:
    """The script's one version in this state."""
    found: ScriptVersion | None = await session.scalar(
        select(ScriptVersion)
        .where(_of(script), ScriptVersion.state == state)
        .execution_options(populate_existing=True)
    )
    return found


async def _script(
    session: AsyncSession,
    tenant_id: UUID,
    name: str,
    order_pattern: str | None,
    now: datetime,
    script_id: UUID | None,
) -> Script:
    script = await locked_script(session, tenant_id, script_id)
    if script is None and script_id is not None:
        raise NoSuchScript
    if script is None:
        script = Script(tenant_id=tenant_id, id=uuid7(), name=name, order_pattern="", created_at=now)
        session.add(script)
    script.name = name
    if order_pattern is not None:
        script.order_pattern = order_pattern
    await session.flush()
    return script


async def _latest(session: AsyncSession, script: Script) -> int:
    return await session.scalar(select(func.max(ScriptVersion.number)).where(_of(script))) or 0


def _of(script: Script) -> ColumnElement[bool]:
    return and_(ScriptVersion.tenant_id == script.tenant_id, ScriptVersion.script_id == script.id)
