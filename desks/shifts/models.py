"""The table of shifts. Operator-owned: agents belong to the outsourcer, not to a shop."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, ExcludeConstraint
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func, literal_column
from uuid_utils.compat import uuid7

from nanori.db import Base


class Shift(Base):
    """An agent is planned to be at work. No two of one agent overlap, whatever desks they are for."""

    __tablename__ = "shift"
    __table_args__ = (
        ForeignKeyConstraint(["shop_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        CheckConstraint("(shop_id IS NULL) = (desk_id IS NULL)", name="desk_and_its_shop"),
        CheckConstraint("starts_at < ends_at AND ends_at - starts_at <= '1 day'", name="ends_within_a_day"),
        CheckConstraint(
            "breaks <@ tstzmultirange(tstzrange(starts_at, ends_at))", name="breaks_lie_within"
        ),
        ExcludeConstraint(
            (literal_column("agent_id"), "="),
            (func.tstzrange(literal_column("starts_at"), literal_column("ends_at")), "&&"),
            name="shifts_of_an_agent_do_not_overlap",
            using="gist",
        ),
        Index("ix_shift_starts_at", "starts_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    shop_id: Mapped[UUID | None]  # for one desk only; None: for every desk on whose roster the agent is
    desk_id: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    breaks: Mapped[MultiRange[datetime]] = mapped_column(TSTZMULTIRANGE)  # the database joins what touches


class PaidHour(Base):
    """What one paid hour of an agent costs the outsourcer, wage and what comes on top, from a day on."""

    __tablename__ = "paid_hour"
    __table_args__ = (CheckConstraint("yen BETWEEN 1 AND 1000000", name="costs_something"),)

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    yen: Mapped[int]
    stated_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    stated_at: Mapped[datetime]
