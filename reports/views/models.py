"""Tables of saved views."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned, stored_as_text
from reports.views.values import Span

OF_SHOP = (["tenant_id"], ["tenant.tenant_id"])


class FigureView(TenantOwned, Base):
    """What to count, under a name; all staff who see the shop's figures share it."""

    __tablename__ = "figure_view"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        ForeignKeyConstraint(["tenant_id", "reason_id"], ["reason.tenant_id", "reason.id"]),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint(
            "(span = 'days') = (first_day IS NOT NULL) AND (first_day IS NULL) = (last_day IS NULL)"
            " AND (first_day IS NULL OR first_day <= last_day)",
            name="fixed_days_are_named",
        ),
        CheckConstraint(
            "due_at IS NULL OR (span <> 'days' AND removed_at IS NULL)", name="only_what_moves_is_sent"
        ),
        Index("uq_figure_view_name", "tenant_id", "name", unique=True, postgresql_where="removed_at IS NULL"),
        Index("ix_figure_view_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    name: Mapped[str]
    span: Mapped[Span] = mapped_column(stored_as_text(Span))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    desk_id: Mapped[UUID | None]
    reason_id: Mapped[UUID | None]
    readers: Mapped[list[Any]] = mapped_column(default=list)  # ids of accounts it is mailed to
    due_at: Mapped[datetime | None]  # when it is mailed next; None: to nobody
    failure: Mapped[str | None]  # why the last mails came to nothing: a msgid
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class FigureLetter(TenantOwned, Base):
    """One stretch of a view went to one account; the outgoing mail has the same id."""

    __tablename__ = "figure_letter"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(["tenant_id", "view_id"], ["figure_view.tenant_id", "figure_view.id"]),
        ForeignKeyConstraint(["tenant_id", "id"], ["outbox.tenant_id", "outbox.id"]),
        UniqueConstraint("tenant_id", "view_id", "account_id", "last_day"),
    )

    view_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    last_day: Mapped[date]  # of the stretch
    queued_at: Mapped[datetime]
