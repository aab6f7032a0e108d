"""What the log says of questions to shoppers: who was asked, and which score came back, whenever it came."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import InteractionEvent
from interactions.values import EventKind
from mailroom.surveys.values import SurveyKind
from reports.facts import MailFact

KINDS = (EventKind.SURVEY_ASKED, EventKind.SURVEY_ANSWERED)
"""The events for which there is an index by time (``interactions.models.SURVEYING``)."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One question; without a score it has not been answered yet."""

    kind: SurveyKind
    asked_at: datetime
    score: int | None = None
    scored_at: datetime | None = None


async def surveyed_since(
    session: AsyncSession, tenant_id: UUID, start: datetime, end: datetime
) -> dict[UUID, Surveyed]:
    """By interaction: everybody asked in ``[start, end)``, with the answers until now."""
    event = InteractionEvent
    kinds: BindParameter[Any] = bindparam("kinds", list(KINDS), expanding=True, literal_execute=True)
    rows = await session.execute(
        select(event.interaction_id, event.kind, event.at, event.data)
        .where(event.tenant_id == tenant_id, event.at >= start, event.kind.in_(kinds))
        .order_by(event.at, event.seq)
    )
    found: dict[UUID, Surveyed] = {}
    for interaction_id, kind, at, data in rows:
        if kind is EventKind.SURVEY_ASKED and at < end:
            found[interaction_id] = Surveyed(SurveyKind(data["survey"]), at)
        elif kind is EventKind.SURVEY_ANSWERED and interaction_id in found:
            found[interaction_id] = replace(found[interaction_id], score=int(data["score"]), scored_at=at)
    return found


def as_surveyed(fact: MailFact, one: Surveyed | None) -> MailFact:
    """The mail with the question that its answer asked."""
    if one is None:
        return fact
    return replace(fact, survey=one.kind, asked_at=one.asked_at, score=one.score, scored_at=one.scored_at)


def asked_until(fact: MailFact, moment: datetime) -> MailFact:
    """As it stood then: a question that was put from then on was not put; answers always count."""
    if fact.asked_at is None or fact.asked_at < moment:
        return fact
    return replace(fact, survey=None, asked_at=None, score=None, scored_at=None)
