"""Tables of the usage ledger."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from billing.charges import TaxRate
from billing.plans.judging import Rule
from billing.plans.values import Meter, Nature
from interactions.values import Channel, Direction, Outcome, PartyKind
from nanori.db import Base, TenantOwned, stored_as_text

OF_SHOP = (["tenant_id"], ["tenant.tenant_id"])
OF_DESK = (["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"])
IS_FIRST_DAY = "extract(day FROM {}) = 1"


class LedgerMonth(TenantOwned, Base):
    """One shop's month of usage. Sealed, it takes no further line: later ones are booked in an open month."""

    __tablename__ = "ledger_month"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        UniqueConstraint("tenant_id", "month"),
        CheckConstraint(IS_FIRST_DAY.format("month"), name="month_is_its_first_day"),
        CheckConstraint("sealed_at IS NULL OR due_at IS NULL", name="sealed_is_counted_no_more"),
        Index("ix_ledger_month_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    month: Mapped[date]
    counted_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]  # when the worker counts again; None: never
    alerted_percent: Mapped[int] = mapped_column(default=0)  # the highest share of included units told of
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as counted: meters and charges


class UsageLine(TenantOwned, Base):
    """One contact for one meter, billed or not, with the rule and what the rule looked at.

    Rows are only ever added. What turns out otherwise is taken back by a counter-line of the same revision,
    with the opposite quantity, and written anew as the next revision.
    """

    __tablename__ = "usage_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "interaction_id"], ["interaction.tenant_id", "interaction.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "agreement_id"], ["agreement.tenant_id", "agreement.id"]),
        ForeignKeyConstraint(*OF_DESK),
        UniqueConstraint("tenant_id", "interaction_id", "meter", "revision", "is_counter"),
        CheckConstraint(IS_FIRST_DAY.format("month"), name="month_is_its_first_day"),
        CheckConstraint(IS_FIRST_DAY.format("booked"), name="booked_is_its_first_day"),
        CheckConstraint("booked >= month", name="booked_in_its_month_or_later"),
        CheckConstraint("is_billed OR quantity = 0", name="not_billed_counts_nothing"),
        Index("ix_usage_line_booked", "tenant_id", "booked", "at", "id"),
        Index("ix_usage_line_month", "tenant_id", "month"),
    )  # fmt: skip

    interaction_id: Mapped[UUID]
    meter: Mapped[Meter] = mapped_column(stored_as_text(Meter))
    revision: Mapped[int] = mapped_column(default=1)
    is_counter: Mapped[bool] = mapped_column(default=False)
    month: Mapped[date]  # in which the contact arrived, by the shop's days
    booked: Mapped[date]  # in whose bill it counts
    at: Mapped[datetime]  # of arrival
    agreement_id: Mapped[UUID | None]
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_version.id"))
    rule: Mapped[Rule] = mapped_column(stored_as_text(Rule))
    is_billed: Mapped[bool]
    quantity: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    weight: Mapped[int]  # per cent of a unit, by the time of day
    # What the rule looked at, so that any other plan can be asked what it would say.
    number: Mapped[int]  # of the interaction, within the shop
    desk_id: Mapped[UUID | None]
    channel: Mapped[Channel] = mapped_column(stored_as_text(Channel))
    direction: Mapped[Direction] = mapped_column(stored_as_text(Direction))
    party: Mapped[PartyKind] = mapped_column(stored_as_text(PartyKind))
    outcome: Mapped[Outcome | None] = mapped_column(stored_as_text(Outcome))
    nature: Mapped[Nature | None] = mapped_column(stored_as_text(Nature))
    talk_s: Mapped[int]
    handled_s: Mapped[int]
    is_first_of_case: Mapped[bool]
    answered_together: Mapped[bool]
    is_part: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]


class Credit(TenantOwned, Base):
    """Money given back in one month's bill; less than nought takes one back. Rows are only ever added."""

    __tablename__ = "credit"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(*OF_DESK),
        CheckConstraint(IS_FIRST_DAY.format("booked"), name="booked_is_its_first_day"),
        CheckConstraint("amount_yen <> 0", name="amount_is_something"),
        Index("ix_credit_booked", "tenant_id", "booked"),
    )

    desk_id: Mapped[UUID | None]
    booked: Mapped[date]
    label: Mapped[str]  # as printed
    amount_yen: Mapped[int]  # without or with tax, as the month's bill
    rate: Mapped[TaxRate] = mapped_column(stored_as_text(TaxRate))  # outside: damages, no price reduction
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
