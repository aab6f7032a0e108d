"""Tables of questions to a shop. The shop's own login reads the first two: no agent's name is in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interactions.models import OF_INTERACTION
from interactions.questions.values import MoveKind, QuestionState, Verdict
from nanori.actors import ActorKind
from nanori.db import Base, TenantOwned, stored_as_text
from tenants.escalation.values import Medium

OF_QUESTION = (["tenant_id", "question_id"], ["shop_question.tenant_id", "shop_question.id"])


class ShopQuestion(TenantOwned, Base):
    """Something that the desk may not decide, put to the shop."""

    __tablename__ = "shop_question"
    __table_args__ = (
        ForeignKeyConstraint(*OF_INTERACTION),
        CheckConstraint("amount_yen > 0", name="amount_is_some"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
        Index(
            "uq_shop_question_open", "tenant_id", "interaction_id",
            unique=True, postgresql_where="state <> 'closed'",
        ),
        Index("ix_shop_question_due", "due_at", postgresql_where="due_at IS NOT NULL"),
        Index("ix_shop_question_asked", "tenant_id", "asked_at", "id"),
    )  # fmt: skip

    interaction_id: Mapped[UUID]
    number: Mapped[int]  # of the interaction, as both sides name it
    subject: Mapped[str]  # the kind of thing, as limits name it
    amount_yen: Mapped[int | None]
    text: Mapped[str]
    state: Mapped[QuestionState] = mapped_column(stored_as_text(QuestionState))
    verdict: Mapped[Verdict | None] = mapped_column(stored_as_text(Verdict))
    answer: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    plan: Mapped[dict[str, Any]]  # the policy as it was (tenants.escalation.plan.Plan)
    due_at: Mapped[datetime | None]  # when to look at it again; None: nothing is to be done
    exhausted_at: Mapped[datetime | None]  # nothing of the policy was left to try


class QuestionMove(TenantOwned, Base):
    """One fact about a question. Rows are only ever added, numbered from 1 without gaps."""

    __tablename__ = "question_move"
    __table_args__ = (
        ForeignKeyConstraint(*OF_QUESTION),
        UniqueConstraint("tenant_id", "question_id", "seq"),
    )

    question_id: Mapped[UUID]
    seq: Mapped[int]
    kind: Mapped[MoveKind] = mapped_column(stored_as_text(MoveKind))
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind] = mapped_column(stored_as_text(ActorKind))
    logged: Mapped[bool] = mapped_column(default=False)  # the interaction's log has it, too


class QuestionReach(TenantOwned, Base):
    """One try of the policy to reach the shop about a question."""

    __tablename__ = "question_reach"
    __table_args__ = (
        ForeignKeyConstraint(*OF_QUESTION),
        UniqueConstraint("tenant_id", "question_id", "seq"),
    )

    question_id: Mapped[UUID]
    seq: Mapped[int]
    step: Mapped[int]  # of the plan, from 0
    time: Mapped[int]
    medium: Mapped[Medium] = mapped_column(stored_as_text(Medium))
    people: Mapped[list[Any]]  # name and address of each
    at: Mapped[datetime]
    until: Mapped[datetime]  # when the next try is due
    failure: Mapped[str | None]  # why nothing was sent
