"""Reads of surveys, of the shops that the transaction is bound to."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.joins import read_through
from interactions.models import Case, Interaction
from mailroom.surveys.models import Survey, SurveyRule
from nanori.db import among

SHOWN = 8


async def rule_of(session: AsyncSession, tenant_id: UUID) -> SurveyRule | None:
    found: SurveyRule | None = await session.scalar(
        select(SurveyRule).where(SurveyRule.tenant_id == tenant_id)
    )
    return found


async def survey_about(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> Survey | None:
    """What was asked about one contact."""
    found: Survey | None = await session.scalar(
        select(Survey).where(Survey.tenant_id == tenant_id, Survey.interaction_id == interaction_id)
    )
    return found


async def survey_of_case(session: AsyncSession, case: Case) -> Survey | None:
    """The one of a matter, whichever of its joined cases was asked about; the latest where there are two."""
    found: Survey | None = await session.scalar(
        select(Survey)
        .join(
            Interaction,
            and_(Interaction.tenant_id == Survey.tenant_id, Interaction.id == Survey.interaction_id),
        )
        .where(Survey.tenant_id == case.tenant_id, Interaction.case_id.in_(read_through(case)))
        .order_by(Survey.asked_at.desc())
        .limit(1)
    )
    return found


async def latest_answers(
    session: AsyncSession, tenant_ids: Iterable[UUID], *, limit: int = SHOWN
) -> dict[UUID, Sequence[Survey]]:
    """The last answers of each of these shops, newest first."""
    found: dict[UUID, Sequence[Survey]] = {}
    for tenant_id in tenant_ids:
        rows = await session.scalars(
            select(Survey)
            .where(Survey.tenant_id == tenant_id, Survey.answered_at.is_not(None))
            .order_by(Survey.answered_at.desc(), Survey.id.desc())
            .limit(limit)
        )
        found[tenant_id] = rows.all()
    return found


async def asking_shops(session: AsyncSession, tenant_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these shops have their shoppers asked now."""
    rows = await session.scalars(
        select(SurveyRule.tenant_id).where(
            among(SurveyRule.tenant_id, tenant_ids), SurveyRule.kind.is_not(None)
        )
    )
    return set(rows)
