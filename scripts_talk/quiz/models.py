"""Tables of a shop's quiz."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned
from scripts_talk.knowledge.models import OF_ARTICLE, OF_SHOP

OF_SITTING = (["tenant_id", "sitting_id"], ["quiz_sitting.tenant_id", "quiz_sitting.id"])


class QuizRules(Base):
    """How a shop certifies its agents; a shop without a row has the defaults."""

    __tablename__ = "quiz_rules"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        CheckConstraint("pass_percent BETWEEN 1 AND 100", name="mark_is_a_share"),
        CheckConstraint("questions > 0 AND valid_days > 0", name="figures_are_sane"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    pass_percent: Mapped[int] = mapped_column(default=80)
    questions: Mapped[int] = mapped_column(default=10)  # in one quiz, if there are as many
    valid_days: Mapped[int] = mapped_column(default=180)  # that a certificate holds


class QuizQuestion(TenantOwned, Base):
    """What agents are asked about an article."""

    __tablename__ = "quiz_question"
    __table_args__ = (
        ForeignKeyConstraint(*OF_ARTICLE),
        CheckConstraint("asked <> ''", name="something_is_asked"),
        Index("ix_quiz_question_article", "tenant_id", "article_id"),
    )

    article_id: Mapped[UUID]
    asked: Mapped[str]
    choices: Mapped[list[Any]]  # {"text", "right"}
    why: Mapped[str]  # it is so
    written_by: Mapped[UUID]  # the account; its table is not the portal's to look into
    created_at: Mapped[datetime]
    doubtful_since: Mapped[datetime | None]  # the article changed a lot: not asked until somebody looks
    retired_at: Mapped[datetime | None]


class QuizSitting(TenantOwned, Base):
    """One agent takes the quiz once. The sheet keeps the questions as they were asked."""

    __tablename__ = "quiz_sitting"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        Index(
            "uq_quiz_sitting_open", "tenant_id", "agent_id",
            unique=True, postgresql_where="judged_at IS NULL",
        ),
        Index("ix_quiz_sitting_agent", "tenant_id", "agent_id", "drawn_at"),
        CheckConstraint(
            "(judged_at IS NULL) = (right_answers IS NULL) AND (judged_at IS NULL) = (passed IS NULL)",
            name="judged_as_a_whole",
        ),
    )  # fmt: skip

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sheet: Mapped[list[Any]]  # {"question_id", "article_id", "asked", "choices", "why", "chosen"}
    drawn_at: Mapped[datetime]
    judged_at: Mapped[datetime | None]
    right_answers: Mapped[int | None]
    passed: Mapped[bool | None]


class Certificate(TenantOwned, Base):
    """An agent knows the shop, until then."""

    __tablename__ = "certificate"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SITTING),
        ForeignKeyConstraint(*OF_ARTICLE),
        UniqueConstraint("tenant_id", "agent_id"),
        CheckConstraint("passed_at < expires_at", name="holds_for_a_while"),
    )

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sitting_id: Mapped[UUID]
    passed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    article_id: Mapped[UUID | None]  # whose change lets it end early
