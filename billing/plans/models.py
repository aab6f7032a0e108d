"""Tables of plans. Plans and their versions are the outsourcer's; an agreement is a shop's."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func, literal_column
from uuid_utils.compat import uuid7

from nanori.db import Base, TenantOwned

WHOLE_SHOP = "00000000-0000-0000-0000-000000000000"


class PricePlan(Base):
    """A plan by its name; its prices stand in its versions."""

    __tablename__ = "plan"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]  # no new agreement


class PlanVersion(Base):
    """What a plan says from one day until its next version begins. Rows are only ever added."""

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        UniqueConstraint("plan_id", "valid_from"),
        CheckConstraint("announced_on <= valid_from OR number = 1", name="announced_before_it_holds"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]  # from 1
    valid_from: Mapped[date]
    announced_on: Mapped[date]
    terms: Mapped[dict[str, Any]]  # a Plan, see ``billing.plans.stored``
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


class Agreement(TenantOwned, Base):
    """A shop, or one of its desks, has a plan from one day until another.

    A desk's own agreement comes before the shop's. No two of one desk overlap, nor two of the whole shop.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        ExcludeConstraint(
            (literal_column("tenant_id"), "="),
            (literal_column(f"coalesce(desk_id, '{WHOLE_SHOP}'::uuid)"), "="),
            (func.daterange(literal_column("valid_from"), literal_column("valid_until")), "&&"),
            name="agreements_do_not_overlap",
            using="gist",
        ),
        CheckConstraint("valid_from < valid_until", name="begins_before_it_ends"),
        CheckConstraint("seats >= 0", name="seats_are_a_number"),
        CheckConstraint("promise IS NULL OR desk_id IS NULL", name="promise_is_the_whole_shops"),
        Index("ix_agreement_plan_id", "plan_id"),
    )

    desk_id: Mapped[UUID | None]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # the first day on which it no longer holds
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # how many of each, by code
    seats: Mapped[int] = mapped_column(default=0)
    with_set_up: Mapped[bool] = mapped_column(default=False)  # the set-up fee is billed at its beginning
    promise: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """A Promise, see ``billing.plans.promise``; None: no credit."""
    shows_others: Mapped[bool] = mapped_column(default=False)  # the shop sees its months on other plans
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
