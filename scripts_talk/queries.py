"""Reads about talk scripts: the shop's one, and one of each desk that has its own. Versions come and go.

A ``script_id`` of None means the shop's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from scripts_talk.errors import NothingToDecide
from scripts_talk.models import Script, ScriptVersion
from scripts_talk.steps import Step
from scripts_talk.stored import from_json
from scripts_talk.values import Approval, ScriptState

UNDER_WAY = (ScriptState.DRAFT, ScriptState.SUBMITTED, ScriptState.APPROVED, ScriptState.PUBLISHED)
NEWEST = 20
"""How many versions the page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkScript:
    """One version, ready to be shown beside a call."""

    version_id: UUID
    script_id: UUID
    desk_id: UUID | None = None
    name: str
    number: int
    steps: tuple[Step, ...]
    state: ScriptState
    order_pattern: str = ""
    revision: int = 1
    tenant_id: UUID
    submitted_at: datetime | None = None
    approval: Approval | None = None
    decided_at: datetime | None = None
    decision_note: str = ""
    published_at: datetime | None = None


async def published_script(
    session: AsyncSession, tenant_id: UUID, *, desk_id: UUID | None = None
) -> TalkScript | None:
    """The script that agents of the desk follow now: its own, otherwise the shop's."""
    asked = versions().where(
        ScriptVersion.tenant_id == tenant_id, ScriptVersion.state == ScriptState.PUBLISHED, for_desk(desk_id)
    )
    row = (await session.execute(asked.order_by(*own_first()).limit(1))).first()
    return talk_script(row[0], row[1]) if row else None


def for_desk(desk_id: UUID | None) -> ColumnElement[bool]:
    """Scripts that the desk may follow."""
    shops = Script.desk_id.is_(None)
    return shops if desk_id is None else or_(shops, Script.desk_id == desk_id)


def own_first() -> tuple[Any, ...]:
    """The desk's before the shop's; of several of the shop the oldest."""
    return (Script.desk_id.is_(None), Script.created_at, Script.id)


async def draft_script(
    session: AsyncSession, tenant_id: UUID, script_id: UUID | None = None
) -> TalkScript | None:
    """What is being worked on beside the published one."""
    return (await scripts_by_state(session, tenant_id, script_id)).get(ScriptState.DRAFT)


async def scripts_by_state(
    session: AsyncSession, tenant_id: UUID, script_id: UUID | None = None
) -> dict[ScriptState, TalkScript]:
    """What of the script is written, waits, is approved and is in force: at most one of each."""
    asked = versions().where(
        ScriptVersion.tenant_id == tenant_id, ScriptVersion.state.in_(UNDER_WAY), _is(script_id)
    )
    found = await session.execute(asked.order_by(Script.created_at.desc(), Script.id.desc()))
    return {row[0].state: talk_script(row[0], row[1]) for row in found}


async def version_of(session: AsyncSession, tenant_id: UUID, version_id: UUID) -> TalkScript | None:
    asked = versions().where(ScriptVersion.tenant_id == tenant_id, ScriptVersion.id == version_id)
    row = (await session.execute(asked)).one_or_none()
    return talk_script(row[0], row[1]) if row else None


async def submitted_with_published(
    session: AsyncSession, tenant_id: UUID, version_id: UUID
) -> tuple[TalkScript, TalkScript | None]:
    """A version that waits for the shop, and the one in force that it would replace.

    Raises:
        NothingToDecide: no such version among the shops bound, or it does not wait any more.
    """
    script = await version_of(session, tenant_id, version_id)
    if script is None or script.state is not ScriptState.SUBMITTED:
        raise NothingToDecide
    return script, await published_script(session, tenant_id, desk_id=script.desk_id)


async def newest_versions(session: AsyncSession, tenant_id: UUID) -> list[ScriptVersion]:
    """The versions of the shop's script, the newest first."""
    asked = select(ScriptVersion).where(ScriptVersion.tenant_id == tenant_id)
    return list(await session.scalars(asked.order_by(ScriptVersion.number.desc()).limit(NEWEST)))


async def submitted_scripts(session: AsyncSession) -> list[TalkScript]:
    """What waits for an answer, over all shops bound; the oldest first."""
    asked = versions().where(ScriptVersion.state == ScriptState.SUBMITTED)
    found = await session.execute(asked.order_by(ScriptVersion.submitted_at, ScriptVersion.id))
    return [talk_script(row[0], row[1]) for row in found]


async def approved_by_the_shop(
    session: AsyncSession, tenant_id: UUID, script_id: UUID | None = None
) -> Sequence[Step] | None:
    """The steps of the script's version that the shop approved last in its portal."""
    stored = await session.scalar(
        select(ScriptVersion.steps)
        .join(Script, _OF_SCRIPT)
        .where(
            ScriptVersion.tenant_id == tenant_id, ScriptVersion.approval == Approval.PORTAL, _is(script_id)
        )
        .order_by(ScriptVersion.decided_at.desc(), ScriptVersion.number.desc())
        .limit(1)
    )
    return None if stored is None else from_json(stored)


async def script_of(session: AsyncSession, tenant_id: UUID, script_id: UUID | None = None) -> Script | None:
    """The script; of the shop's the oldest should there be several."""
    asked = select(Script).where(Script.tenant_id == tenant_id, _is(script_id))
    found: Script | None = await session.scalar(asked.order_by(Script.created_at, Script.id).limit(1))
    return found


async def script_of_desk(session: AsyncSession, tenant_id: UUID, desk_id: UUID) -> Script | None:
    """The desk's own script, published or not."""
    asked = select(Script).where(Script.tenant_id == tenant_id, Script.desk_id == desk_id)
    found: Script | None = await session.scalar(asked)
    return found


async def scripts_of_desks(session: AsyncSession, tenant_id: UUID) -> list[Script]:
    """Those that desks of the shop have for themselves, by name; given-up ones too."""
    asked = select(Script).where(Script.tenant_id == tenant_id, Script.desk_id.is_not(None))
    return list(await session.scalars(asked.order_by(Script.name, Script.id)))


async def has_published_script(
    session: AsyncSession, tenant_id: UUID, *, desk_id: UUID | None = None
) -> bool:
    return await published_script(session, tenant_id, desk_id=desk_id) is not None


_OF_SCRIPT = and_(Script.tenant_id == ScriptVersion.tenant_id, Script.id == ScriptVersion.script_id)


def _is(script_id: UUID | None) -> ColumnElement[bool]:
    return Script.desk_id.is_(None) if script_id is None else Script.id == script_id


def versions() -> Select[ScriptVersion, Script]:
    """Versions with their script, to be narrowed down; read each row by ``talk_script``."""
    return select(ScriptVersion, Script).join(Script, _OF_SCRIPT)


def talk_script(version: ScriptVersion, script: Script) -> TalkScript:
    return TalkScript(
        version_id=version.id, script_id=script.id, desk_id=script.desk_id,
        tenant_id=version.tenant_id, name=script.name, number=version.number,
        steps=from_json(version.steps), state=version.state, order_pattern=script.order_pattern,
        revision=version.revision, submitted_at=version.submitted_at, approval=version.approval,
        decided_at=version.decided_at, decision_note=version.decision_note,
        published_at=version.published_at,
    )  # fmt: skip
