"""Tables of escalation: policies, on-call periods, limits of authority."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func, literal_column

from nanori.db import Base, TenantOwned, stored_as_text
from tenants.escalation.values import Days, Medium

OF_SHOP = (["tenant_id"], ["tenant.tenant_id"])
OF_DESK = (["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"])
OF_CONTACT = (["tenant_id", "contact_id"], ["contact.tenant_id", "contact.id"])


class EscalationPolicy(TenantOwned, Base):
    """Whom to ask, for a whole shop (no desk) or for one of its desks, whose own comes first."""

    __tablename__ = "escalation_policy"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(*OF_DESK),
        Index(
            "uq_escalation_policy_shop", "tenant_id",
            unique=True, postgresql_where="desk_id IS NULL",
        ),
        Index("uq_escalation_policy_desk", "tenant_id", "desk_id", unique=True),
    )  # fmt: skip

    desk_id: Mapped[UUID | None]
    changed_at: Mapped[datetime]


class EscalationStep(TenantOwned, Base):
    """One step of a policy, in the order of ``position``."""

    __tablename__ = "escalation_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "policy_id"], ["escalation_policy.tenant_id", "escalation_policy.id"]
        ),
        UniqueConstraint("tenant_id", "policy_id", "position"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="both_or_none"),
        CheckConstraint(
            "opens BETWEEN 0 AND 1439 AND closes BETWEEN 1 AND 1440 AND opens <> closes",
            name="hours_are_some",
        ),
        CheckConstraint("wait_minutes BETWEEN 1 AND 1440", name="wait_is_sane"),
        CheckConstraint("times BETWEEN 1 AND 10", name="times_are_sane"),
    )

    policy_id: Mapped[UUID]
    position: Mapped[int]
    medium: Mapped[Medium] = mapped_column(stored_as_text(Medium))
    on_call: Mapped[bool] = mapped_column(default=False)  # whoever is on call, too
    days: Mapped[Days] = mapped_column(stored_as_text(Days))
    opens: Mapped[int | None]  # minutes after midnight in the shop's zone; None: at all hours
    closes: Mapped[int | None]  # before ``opens``: on the next morning
    wait_minutes: Mapped[int]  # for an acknowledgement, before the next try
    times: Mapped[int]  # tries, until somebody acknowledges


class StepContact(TenantOwned, Base):
    """Somebody whom a step names."""

    __tablename__ = "escalation_step_contact"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "step_id"],
            ["escalation_step.tenant_id", "escalation_step.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(*OF_CONTACT),
        UniqueConstraint("tenant_id", "step_id", "contact_id"),
    )

    step_id: Mapped[UUID]
    contact_id: Mapped[UUID]


class OnCall(TenantOwned, Base):
    """Somebody of the shop is on call for a while; rank 1 is asked first, one person for each rank."""

    __tablename__ = "on_call"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CONTACT),
        CheckConstraint("starts_at < ends_at", name="times_are_in_order"),
        CheckConstraint("rank BETWEEN 1 AND 3", name="rank_is_one"),
        ExcludeConstraint(
            (literal_column("tenant_id"), "="),
            (literal_column("rank"), "="),
            (func.tstzrange(literal_column("starts_at"), literal_column("ends_at")), "&&"),
            name="one_of_a_rank_at_a_time",
            using="gist",
        ),
    )

    contact_id: Mapped[UUID]
    rank: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class AuthorityLimit(TenantOwned, Base):
    """What the desk decides without asking the shop: for all its desks, or for one."""

    __tablename__ = "authority_limit"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(*OF_DESK),
        CheckConstraint("amount_yen > 0", name="amount_is_some"),
        CheckConstraint("subject <> ''", name="subject_is_said"),
    )

    desk_id: Mapped[UUID | None]
    position: Mapped[int]
    subject: Mapped[str]  # "Refund", in the shop's words
    amount_yen: Mapped[int | None]  # up to and with this amount; None: whatever it costs
    note: Mapped[str] = mapped_column(default="")
