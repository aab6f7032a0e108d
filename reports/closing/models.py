"""Tables of the close. What is frozen never changes: triggers refuse it, whoever asks."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned, stored_as_text
from reports.closing.values import MonthState

OF_SHOP = (["tenant_id"], ["tenant.tenant_id"])
EDITION = ["closed_month.tenant_id", "closed_month.month", "closed_month.edition"]


class ClosedMonth(Base):
    """One shop's month as it was frozen; a restatement is the next edition beside it."""

    __tablename__ = "closed_month"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
        CheckConstraint("edition >= 1 AND records >= 0", name="counts_are_counts"),
        CheckConstraint("(edition = 1) = (reason = '')", name="a_restatement_has_a_reason"),
        CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name="hash_is_sha256"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    edition: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, … without gaps
    zone: Mapped[str]
    formulas: Mapped[int]  # version of docs/algorithms/kpi.md
    figures: Mapped[dict[str, Any]]  # everything that the report prints, terms included
    patterns: Mapped[list[Any]]  # in which figures a record counts: {"above": [key], "below": [key]}
    records: Mapped[int]
    content_hash: Mapped[str]  # SHA-256 of all above and of each record
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # None: by schedule or command
    reason: Mapped[str] = mapped_column(default="")  # of the reopening
    changes: Mapped[list[Any]] = mapped_column(default=list)  # figures that a restatement changed: old, new


class ClosedFact(Base):
    """One call or mail behind a closed month's figures, as it was then."""

    __tablename__ = "closed_fact"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(
            ["tenant_id", "month", "edition"], EDITION,
            deferrable=True, initially="DEFERRED", use_alter=True,
        ),
    )  # fmt: skip

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # the interaction's, within the shop
    pattern: Mapped[int]  # place in the month's patterns
    fact: Mapped[dict[str, Any]]  # times, outcome, reason; nobody's name or number


class MonthClose(TenantOwned, Base):
    """How far the closing of one shop's month has come."""

    __tablename__ = "month_close"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(["tenant_id", "month", "edition"], EDITION),
        UniqueConstraint("tenant_id", "month"),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
        CheckConstraint(
            "state = 'closing' OR (state = 'open') = (edition IS NULL)",
            name="closed_is_frozen",
        ),
        CheckConstraint("state NOT IN ('reopened', 'restated') OR reason <> ''", name="reopened_with_reason"),
    )

    month: Mapped[date]  # its first day
    state: Mapped[MonthState] = mapped_column(stored_as_text(MonthState))
    edition: Mapped[int | None]  # the last one
    asked_at: Mapped[datetime | None]  # for a close that is under way
    failure: Mapped[str | None]  # why the last close came to nothing: a msgid
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")  # of the last reopening
