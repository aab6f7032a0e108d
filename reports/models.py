"""Tables of the reports room."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned, stored_as_text
from reports.values import ReportState


class MonthReport(TenantOwned, Base):
    """One shop's monthly PDF and the figures beside it, made by the worker."""

    __tablename__ = "month_report"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        ForeignKeyConstraint(["tenant_id", "pdf_file_id"], ["file.tenant_id", "file.id"]),
        ForeignKeyConstraint(["tenant_id", "figures_file_id"], ["file.tenant_id", "file.id"]),
        UniqueConstraint("tenant_id", "month"),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
    )

    month: Mapped[date]  # its first day
    state: Mapped[ReportState] = mapped_column(stored_as_text(ReportState))
    requested_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    pdf_file_id: Mapped[UUID | None]
    figures_file_id: Mapped[UUID | None]
    failure: Mapped[str | None]
