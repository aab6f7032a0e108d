"""One of the shop's people is rung or texted about a question: an outbox of its own, for it has no call."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned, stored_as_text
from telephony.values import SummonsState
from tenants.escalation.values import Medium


class Summons(TenantOwned, Base):
    """Written with its cause, sent after the commit, settled by the carrier's reports."""

    __tablename__ = "summons"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "reach_id"], ["question_reach.tenant_id", "question_reach.id"]),
        UniqueConstraint("tenant_id", "reach_id", "position"),
        CheckConstraint("medium IN ('phone', 'sms')", name="telephones_only"),
        Index(
            "ix_summons_due", "due_at", postgresql_where="state IN ('todo', 'sending', 'sent')"
        ),
    )  # fmt: skip

    reach_id: Mapped[UUID]
    position: Mapped[int]  # of the try's people, from 0
    medium: Mapped[Medium] = mapped_column(stored_as_text(Medium))
    to: Mapped[str]  # E.164; "" when it is over
    sender: Mapped[str]  # the shop's number
    state: Mapped[SummonsState] = mapped_column(stored_as_text(SummonsState))
    sid: Mapped[str | None]  # the carrier's, of the call or the text
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
