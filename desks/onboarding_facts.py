"""The facts behind the steps of agents into shops, of everybody or of one agent, in a few statements."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Desk, Engagement, RosterEntry
from desks.onboarding import Facts
from desks.people_models import ShopReading
from desks.values import Channel, DeskState, Reading
from scripts_talk.knowledge.models import Article, ArticleVersion, ReadReceipt
from scripts_talk.knowledge.queries import to_be_read
from scripts_talk.knowledge.values import VersionState
from scripts_talk.models import ScriptVersion
from scripts_talk.quiz.models import Certificate
from scripts_talk.quiz.queries import quizzes
from scripts_talk.values import ScriptState
from tenants.models import AnswerPhrase

LATELY = timedelta(days=90)
"""A call answered so long ago still shows that the agent knows the script."""

Pair = tuple[UUID, UUID]
"""Shop and agent."""


async def confirm_reading(
    session: AsyncSession, tenant_id: UUID, agent_id: UUID, what: Reading, *, now: datetime
) -> None:
    """The agent has read it as it stands now."""
    await session.execute(
        insert(ShopReading)
        .values(tenant_id=tenant_id, id=uuid7(), agent_id=agent_id, what=what, at=now)
        .on_conflict_do_update(
            index_elements=[ShopReading.tenant_id, ShopReading.agent_id, ShopReading.what], set_={"at": now}
        )
    )


async def facts_of(
    session: AsyncSession, *, now: datetime, agent_id: UUID | None = None
) -> dict[Pair, Facts]:
    """Of every agent on a roster of the shops bound, or of this one; who is on no roster has no entry."""
    rosters = await _rosters(session, agent_id, now=now)
    shops = {tenant_id for tenant_id, _ in rosters}
    phrases = await _newest(session, AnswerPhrase.tenant_id, AnswerPhrase.created_at, _PHRASE_IN_FORCE)
    scripts = await _newest(session, ScriptVersion.tenant_id, ScriptVersion.published_at, _SCRIPT_IN_FORCE)
    read = await _readings(session, agent_id)
    notices, confirmed = await _notices(session), await _confirmed(session, agent_id)
    certified = await _certified(session, agent_id, now=now)
    asked = await quizzes(session, shops)
    return {
        pair: Facts(
            on_roster=True,
            trained=row.trained,
            phrases_since=phrases.get(pair[0]),
            phrases_read=read.get((*pair, Reading.PHRASES)),
            unread_notices=notices.get(pair[0], 0) - confirmed.get(pair, 0),
            script_since=scripts.get(pair[0]),
            script_read=read.get((*pair, Reading.SCRIPT)),
            has_answered=row.answered,
            has_quiz=pair[0] in asked,
            certified=pair in certified,
        )
        for pair, row in rosters.items()
    }


_PHRASE_IN_FORCE = AnswerPhrase.retired_at.is_(None)
_SCRIPT_IN_FORCE = ScriptVersion.state == ScriptState.PUBLISHED
_NOTICE_IN_FORCE = and_(
    Article.tenant_id == ArticleVersion.tenant_id,
    Article.id == ArticleVersion.article_id,
    to_be_read(),
    Article.retired_at.is_(None),
    ArticleVersion.state == VersionState.PUBLISHED,
)


async def _rosters(session: AsyncSession, agent_id: UUID | None, *, now: datetime) -> dict[Pair, Any]:
    """Places at desks that are not over, and whether the agent has answered a call of the shop lately."""
    pairs = (
        select(
            RosterEntry.tenant_id, RosterEntry.agent_id, func.bool_or(RosterEntry.certified).label("trained")
        )
        .join(Desk, and_(Desk.tenant_id == RosterEntry.tenant_id, Desk.id == RosterEntry.desk_id))
        .where(Desk.state != DeskState.CLOSED, *_of(RosterEntry.agent_id, agent_id))
        .group_by(RosterEntry.tenant_id, RosterEntry.agent_id)
        .subquery()
    )
    answered = exists().where(
        Engagement.agent_id == pairs.c.agent_id,
        Engagement.tenant_id == pairs.c.tenant_id,
        Engagement.channel == Channel.PHONE,
        Engagement.started_at > now - LATELY,
    )
    rows = await session.execute(select(pairs, answered.label("answered")))
    return {(row.tenant_id, row.agent_id): row for row in rows}


async def _newest(
    session: AsyncSession, tenant_id: Any, at: Any, in_force: ColumnElement[bool]
) -> Mapping[UUID, datetime]:
    rows = await session.execute(select(tenant_id, func.max(at)).where(in_force).group_by(tenant_id))
    return {row[0]: row[1] for row in rows}


async def _readings(
    session: AsyncSession, agent_id: UUID | None
) -> Mapping[tuple[UUID, UUID, Reading], datetime]:
    rows = await session.scalars(select(ShopReading).where(*_of(ShopReading.agent_id, agent_id)))
    return {(row.tenant_id, row.agent_id, row.what): row.at for row in rows}


async def _notices(session: AsyncSession) -> Mapping[UUID, int]:
    rows = await session.execute(
        select(ArticleVersion.tenant_id, func.count())
        .join(Article, _NOTICE_IN_FORCE)
        .group_by(ArticleVersion.tenant_id)
    )
    return {row[0]: row[1] for row in rows}


async def _confirmed(session: AsyncSession, agent_id: UUID | None) -> Mapping[Pair, int]:
    """How many of the notices in force each agent has confirmed."""
    rows = await session.execute(
        select(ReadReceipt.tenant_id, ReadReceipt.agent_id, func.count())
        .join(
            ArticleVersion,
            and_(
                ArticleVersion.tenant_id == ReadReceipt.tenant_id,
                ArticleVersion.id == ReadReceipt.version_id,
            ),
        )
        .join(Article, _NOTICE_IN_FORCE)
        .where(*_of(ReadReceipt.agent_id, agent_id))
        .group_by(ReadReceipt.tenant_id, ReadReceipt.agent_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


async def _certified(session: AsyncSession, agent_id: UUID | None, *, now: datetime) -> set[Pair]:
    rows = await session.execute(
        select(Certificate.tenant_id, Certificate.agent_id).where(
            Certificate.expires_at > now, *_of(Certificate.agent_id, agent_id)
        )
    )
    return {(row.tenant_id, row.agent_id) for row in rows}


def _of(column: Any, agent_id: UUID | None) -> list[ColumnElement[bool]]:
    return [] if agent_id is None else [column == agent_id]
