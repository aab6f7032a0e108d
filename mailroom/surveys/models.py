"""Tables of surveys. A merchant reads both: neither names an agent or a shopper."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interactions.models import OF_INTERACTION
from mailroom.surveys.values import SurveyKind
from nanori.db import Base, TenantOwned, stored_as_text

ON_SCALE = (
    "score BETWEEN CASE kind WHEN 'nps' THEN 0 ELSE 1 END"
    " AND CASE kind WHEN 'csat' THEN 5 WHEN 'nps' THEN 10 ELSE 7 END"
)


class SurveyRule(TenantOwned, Base):
    """What a shop wants its shoppers to be asked. Without a row, or without a kind, nobody is asked."""

    __tablename__ = "survey_rule"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        UniqueConstraint("tenant_id"),
    )

    kind: Mapped[SurveyKind | None] = mapped_column(stored_as_text(SurveyKind))
    questions: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # kind -> wording, where it is the shop's own


class Survey(TenantOwned, Base):
    """One shopper who was asked, and the answer. The comment lies here, and in no event."""

    __tablename__ = "survey"
    __table_args__ = (
        ForeignKeyConstraint(*OF_INTERACTION),
        ForeignKeyConstraint(["tenant_id", "message_id"], ["message.tenant_id", "message.id"]),
        UniqueConstraint("tenant_id", "interaction_id"),
        CheckConstraint("(score IS NULL) = (answered_at IS NULL)", name="answered_has_a_score"),
        CheckConstraint(ON_SCALE, name="score_is_on_its_scale"),
        Index("ix_survey_asked", "tenant_id", "asked_at"),
        Index(
            "ix_survey_answered", "tenant_id", "answered_at", postgresql_where="answered_at IS NOT NULL"
        ),
    )  # fmt: skip

    interaction_id: Mapped[UUID]
    number: Mapped[int]  # of the interaction, as both sides name it
    message_id: Mapped[UUID]  # the mail that carried the link
    kind: Mapped[SurveyKind] = mapped_column(stored_as_text(SurveyKind))
    question: Mapped[str]  # as it was worded then
    asked_at: Mapped[datetime]
    score: Mapped[int | None]
    comment: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
