"""Tables of seasonal desks: the plan, its own hours, what was proven for a gate, and every move of a desk."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func, literal_column

from desks.seasons import During
from desks.values import DataEnd, DeskState, Outside
from nanori.actors import ActorKind
from nanori.db import Base, TenantOwned, stored_as_text

OF_DESK = (["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"])


class Season(TenantOwned, Base):
    """The plan of a seasonal desk; each has one. Days are kept beside the instants that they mean."""

    __tablename__ = "season"
    __table_args__ = (
        ForeignKeyConstraint(*OF_DESK),
        ForeignKeyConstraint(["tenant_id", "copied_from"], ["desk.tenant_id", "desk.id"]),
        UniqueConstraint("tenant_id", "desk_id"),
        CheckConstraint("opens_on <= closes_on AND opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("data_ended_at IS NULL OR data_end IS NOT NULL", name="what_was_done_was_decided"),
        CheckConstraint(
            "busy_calls >= 0 AND handling_seconds > 0 AND ramp_days >= 0 AND quarantine_days >= 0",
            name="figures_are_sane",
        ),
    )

    desk_id: Mapped[UUID]
    opens_on: Mapped[date]
    closes_on: Mapped[date]  # the last day
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]  # the first moment at which it is closed
    greeting: Mapped[str] = mapped_column(default="")  # "": the shop's own
    outside: Mapped[Outside] = mapped_column(stored_as_text(Outside), default=Outside.ANNOUNCE)
    before_message: Mapped[str] = mapped_column(default="")
    after_message: Mapped[str] = mapped_column(default="")
    busy_calls: Mapped[int] = mapped_column(default=0)  # in the busiest half hour
    handling_seconds: Mapped[int] = mapped_column(default=300)  # of one call, after-call work included
    ramp_days: Mapped[int] = mapped_column(default=0)  # until the calls have grown to their full number
    quarantine_days: Mapped[int] = mapped_column(default=90)  # of numbers from the pool
    wanted_lines: Mapped[list[Any]] = mapped_column(default=list)  # of the shop's own
    wanted_numbers: Mapped[int] = mapped_column(default=1)  # so many from the pool
    own_hours: Mapped[bool] = mapped_column(default=False)  # or the shop's
    copied_from: Mapped[UUID | None]  # the desk that it was made from
    memo: Mapped[str] = mapped_column(default="")  # for next year
    data_end: Mapped[DataEnd | None] = mapped_column(stored_as_text(DataEnd))
    data_ended_at: Mapped[datetime | None]  # when it was returned or deleted
    testing_since: Mapped[datetime | None]  # its numbers are being called as a test
    testing_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]  # what was proven before counts no more

    @property
    def during(self) -> During:
        return During(self.opens_at, self.closes_at)


class DeskSpan(TenantOwned, Base):
    """A seasonal desk with hours of its own: open so each such weekday (7: national holidays)."""

    __tablename__ = "desk_span"
    __table_args__ = (
        ForeignKeyConstraint(*OF_DESK),
        CheckConstraint("weekday BETWEEN 0 AND 7", name="weekday_is_one"),
        CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name="opens_before_closing"),
        ExcludeConstraint(
            (literal_column("tenant_id"), "="),
            (literal_column("desk_id"), "="),
            (literal_column("weekday"), "="),
            (func.int4range(literal_column("opens"), literal_column("closes")), "&&"),
            name="desk_spans_do_not_overlap",
            using="gist",
        ),
    )

    desk_id: Mapped[UUID]
    weekday: Mapped[int]
    opens: Mapped[int]  # minutes after midnight in the shop's zone
    closes: Mapped[int]  # 1440 is the end of the day


class DeskDay(TenantOwned, Base):
    """A date on which a desk with hours of its own follows other ones; without times it is closed."""

    __tablename__ = "desk_day"
    __table_args__ = (
        ForeignKeyConstraint(*OF_DESK),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="both_or_none"),
        CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name="opens_before_closing"),
    )

    desk_id: Mapped[UUID]
    on: Mapped[date]
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    label: Mapped[str] = mapped_column(default="")


class DeskMove(TenantOwned, Base):
    """A desk went from one state to another. Rows are only ever added."""

    __tablename__ = "desk_move"
    __table_args__ = (ForeignKeyConstraint(*OF_DESK), Index("ix_desk_move_desk_id", "tenant_id", "desk_id"))

    desk_id: Mapped[UUID]
    at: Mapped[datetime]
    before: Mapped[DeskState | None] = mapped_column(stored_as_text(DeskState, name="before"))
    after: Mapped[DeskState] = mapped_column(stored_as_text(DeskState, name="after"))
    actor_kind: Mapped[ActorKind] = mapped_column(stored_as_text(ActorKind))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")  # why a gate was passed although something was missing
    lacking: Mapped[list[Any]] = mapped_column(default=list)  # keys of what was missing then


class GateProof(TenantOwned, Base):
    """Something that a gate asks for was tried or confirmed. The newest of a subject counts."""

    __tablename__ = "gate_proof"
    __table_args__ = (
        ForeignKeyConstraint(*OF_DESK),
        Index("ix_gate_proof_desk_id", "tenant_id", "desk_id", "key"),
    )

    desk_id: Mapped[UUID]
    key: Mapped[str]  # of the gate's item
    subject: Mapped[str]  # the number that was called, say
    at: Mapped[datetime]
    good: Mapped[bool]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
