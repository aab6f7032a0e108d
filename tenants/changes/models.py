"""The tables of a shop's own changes. The shop's login adds and withdraws them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func, literal_column

from nanori.db import Base, TenantOwned, stored_as_text

ALONE = "changes_do_not_overlap"
"""The database's word that no other change of a kind stands for one of the days."""


class ChangeKind(StrEnum):
    WEEK = "week"  # the hours of every week, until the next such change
    DAYS = "days"  # one run of days with hours of its own
    CONTACTS = "contacts"  # whom an escalation reaches


class ChangeState(StrEnum):
    STANDS = "stands"  # it comes into force on its day, or is
    HELD = "held"  # by the desk, with a reason
    WITHDRAWN = "withdrawn"  # by the shop
    DONE = "done"  # people: they were replaced


class ShopChange(TenantOwned, Base):
    """One change. Of a kind, no two that stand begin on one day or share a day."""

    __tablename__ = "shop_change"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        CheckConstraint("(kind = 'days') = (holds_until IS NOT NULL)", name="days_have_a_last"),
        CheckConstraint("holds_from <= holds_until", name="days_are_in_order"),
        CheckConstraint("kind <> 'contacts' OR state <> 'stands' OR people IS NOT NULL", name="names_people"),
        CheckConstraint("(state = 'stands') = (decided_at IS NULL)", name="decided_has_a_time"),
        CheckConstraint("state <> 'held' OR reason <> ''", name="held_has_a_reason"),
        ExcludeConstraint(
            (literal_column("tenant_id"), "="),
            (literal_column("kind"), "="),
            (
                func.daterange(
                    literal_column("holds_from"),
                    func.coalesce(literal_column("holds_until"), literal_column("holds_from")),
                    literal_column("'[]'"),
                ),
                "&&",
            ),
            where="state = 'stands'",
            name=ALONE,
            using="gist",
        ),
        Index("ix_shop_change_asked", "tenant_id", "asked_at", "id"),
        Index("ix_shop_change_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    kind: Mapped[ChangeKind] = mapped_column(stored_as_text(ChangeKind))
    holds_from: Mapped[date]  # by the shop's calendar
    holds_until: Mapped[date | None]  # the last day of a run of days
    label: Mapped[str] = mapped_column(default="")  # why the days are not as usual
    people: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Those to come, in the order of calling; forgotten once decided."""
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # when the worker has to look at it next
    told_at: Mapped[datetime | None]  # when the desk was
    state: Mapped[ChangeState] = mapped_column(stored_as_text(ChangeState))
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


class ChangedSpan(TenantOwned, Base):
    """Open from one minute of the day until another, by a change; a day without a row is closed."""

    __tablename__ = "changed_span"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "change_id"], ["shop_change.tenant_id", "shop_change.id"]),
        CheckConstraint("weekday BETWEEN 0 AND 7", name="weekday_is_one"),
        CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name="opens_before_closing"),
        ExcludeConstraint(
            (literal_column("tenant_id"), "="),
            (literal_column("change_id"), "="),
            (func.coalesce(literal_column("weekday"), literal_column("-1")), "="),
            (func.int4range(literal_column("opens"), literal_column("closes")), "&&"),
            name="spans_do_not_overlap",
            using="gist",
        ),
    )

    change_id: Mapped[UUID]
    weekday: Mapped[int | None]  # 7: national holidays; None: each of the change's days
    opens: Mapped[int]  # minutes after midnight in the shop's zone
    closes: Mapped[int]
