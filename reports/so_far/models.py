"""The table of the months that run. The portal may ask and read; only the worker counts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base


class MonthSoFar(Base):
    """One shop's running month as it was counted last."""

    __tablename__ = "month_so_far"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        CheckConstraint(
            "(counted_at IS NULL) = (figures IS NULL) AND (counted_at IS NULL) = (month IS NULL)",
            name="counted_has_figures",
        ),
        Index(
            "ix_month_so_far_asked",
            "asked_at",
            postgresql_where="counted_at IS NULL OR counted_at < asked_at",
        ),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    counted_at: Mapped[datetime | None]
    month: Mapped[date | None]  # its first day, by the shop's clock when it was counted
    figures: Mapped[dict[str, Any] | None]  # as a closed month has them
    patterns: Mapped[list[Any]] = mapped_column(default=list)
    records: Mapped[list[Any]] = mapped_column(default=list, deferred=True)  # [number, pattern, fact]
