"""Tables of the delivery of reports."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned

OF_SHOP = (["tenant_id"], ["tenant.tenant_id"])
OF_FILE = (["tenant_id", "file_id"], ["file.tenant_id", "file.id"])


class ReportPlan(Base):
    """How a shop wants its reports; a shop without a row gets none by itself."""

    __tablename__ = "report_plan"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        CheckConstraint(
            "day BETWEEN 1 AND 28 AND extract(day FROM made_for) = 1", name="day_is_in_every_month"
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[int] = mapped_column(default=3)  # of the month after, from eight in the morning
    encloses: Mapped[bool] = mapped_column(default=False)  # the PDF; or a link that asks to sign in
    unasked: Mapped[bool] = mapped_column(default=False)  # sent without a supervisor's approval
    recipients: Mapped[list[Any]] = mapped_column(default=list)  # mail addresses, in order
    made_for: Mapped[date]  # the last month that it has seen to


class ReportApproval(TenantOwned, Base):
    """Somebody has read a report and lets it go; a report made again has to be read again."""

    __tablename__ = "report_approval"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(*OF_FILE),
        UniqueConstraint("tenant_id", "file_id"),
    )

    month: Mapped[date]
    file_id: Mapped[UUID]  # the PDF
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # None: by the shop's plan


class ReportLetter(TenantOwned, Base):
    """One mail with a report to one person; the outgoing mail has the same id."""

    __tablename__ = "report_letter"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(*OF_FILE),
        ForeignKeyConstraint(["tenant_id", "id"], ["outbox.tenant_id", "outbox.id"]),
        UniqueConstraint("tenant_id", "month", "recipient", "seq"),
        CheckConstraint("seq >= 1 AND extract(day FROM month) = 1", name="letters_are_numbered"),
        Index("ix_report_letter_month", "month", "tenant_id"),
    )

    month: Mapped[date]
    recipient: Mapped[str]
    seq: Mapped[int]  # 1; more for each time it was sent again
    file_id: Mapped[UUID]  # the PDF that was approved
    encloses: Mapped[bool]
    queued_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]  # a merchant who had signed in opened the PDF
