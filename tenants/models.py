"""Tables of the tenants room."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func, literal_column
from uuid_utils.compat import uuid7

from nanori.db import Base, TenantOwned, stored_as_text
from tenants.values import DayPart, ServiceLevelLetter, Situation

OF_SHOP = (["tenant_id"], ["tenant.tenant_id"])


class Tenant(Base):
    """One client shop. Its key is the tenant itself."""

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name="colour_is_hex"),
        CheckConstraint("locale IN ('ja', 'en')", name="locale_is_known"),
        CheckConstraint("NOT records_calls OR recording_notice <> ''", name="recording_is_announced"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    slug: Mapped[str]  # unique by its row in ``directory``
    legal_name: Mapped[str]
    brand_name: Mapped[str]
    brand_reading: Mapped[str]  # kana
    trade: Mapped[str] = mapped_column(default="")
    colour: Mapped[str]  # "#rrggbb", lower case
    logo_file_id: Mapped[UUID | None]
    locale: Mapped[str]
    zone: Mapped[str]
    recording_notice: Mapped[str] = mapped_column(default="")  # spoken after the greeting; "" says none
    closed_message: Mapped[str] = mapped_column(default="")  # spoken out of hours
    records_calls: Mapped[bool] = mapped_column(default=False)
    tells_agent_when_supervised: Mapped[bool] = mapped_column(default=True)
    hold_music_file_id: Mapped[UUID | None]  # None: ours
    outbound_countries: Mapped[list[Any]] = mapped_column(default=lambda: ["JP"])  # ISO 3166-1
    created_at: Mapped[datetime]


class ContractTerms(TenantOwned, Base):
    """What was agreed from one day until another; no two terms of a shop overlap."""

    __tablename__ = "contract_terms"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ExcludeConstraint(
            (literal_column("tenant_id"), "="),
            (func.daterange(literal_column("valid_from"), literal_column("valid_until")), "&&"),
            name="terms_do_not_overlap",
            using="gist",
        ),
        CheckConstraint("target_percent BETWEEN 1 AND 100", name="target_is_a_percentage"),
        CheckConstraint("answer_within_seconds BETWEEN 1 AND 600", name="answer_within_is_sane"),
    )

    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # the first day on which they no longer hold
    letter: Mapped[ServiceLevelLetter] = mapped_column(stored_as_text(ServiceLevelLetter))
    second_letter: Mapped[ServiceLevelLetter | None] = mapped_column(
        stored_as_text(ServiceLevelLetter, name="second_letter")
    )
    answer_within_seconds: Mapped[int] = mapped_column(default=20)
    target_percent: Mapped[int] = mapped_column(default=80)
    short_abandon_seconds: Mapped[int] = mapped_column(default=5)
    mail_within_minutes: Mapped[int] = mapped_column(default=24 * 60)  # of the shop's business time
    counts_out_of_hours: Mapped[bool] = mapped_column(default=False)


class AnswerPhrase(TenantOwned, Base):
    """The words to say first. A version never changes: editing retires it and adds the next."""

    __tablename__ = "answer_phrase"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        UniqueConstraint(
            "tenant_id", "desk_id", "situation", "day_part", "version", postgresql_nulls_not_distinct=True
        ),
    )

    desk_id: Mapped[UUID | None]  # None: every desk of the shop that has no fitting words of its own
    situation: Mapped[Situation] = mapped_column(stored_as_text(Situation))
    day_part: Mapped[DayPart] = mapped_column(stored_as_text(DayPart))
    version: Mapped[int]
    text: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class OpeningSpan(TenantOwned, Base):
    """Open from one minute of the day until another, each such weekday (7: national holidays)."""

    __tablename__ = "opening_span"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        CheckConstraint("weekday BETWEEN 0 AND 7", name="weekday_is_one"),
        CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name="opens_before_closing"),
    )

    weekday: Mapped[int]
    opens: Mapped[int]  # minutes after midnight in the shop's zone
    closes: Mapped[int]  # 1440 is the end of the day


class SpecialDay(TenantOwned, Base):
    """One date that follows neither its weekday nor the holidays; without a span it is closed."""

    __tablename__ = "special_day"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="both_or_none"),
        CheckConstraint("0 <= opens AND opens < closes AND closes <= 1440", name="opens_before_closing"),
    )

    on: Mapped[date]
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    label: Mapped[str] = mapped_column(default="")


class Contact(TenantOwned, Base):
    """Somebody at the shop whom an escalation reaches, in the order of ``position``."""

    __tablename__ = "contact"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        UniqueConstraint("tenant_id", "position", deferrable=True, initially="DEFERRED"),
    )

    position: Mapped[int]  # 1 is called first
    name: Mapped[str]
    reading: Mapped[str] = mapped_column(default="")
    phone: Mapped[str]  # E.164
    mail: Mapped[str] = mapped_column(default="")  # address in lower case
    ring_seconds: Mapped[int] = mapped_column(default=20)
    refused_at: Mapped[datetime | None]  # the carrier cannot call the number: left out until it is corrected


class PhoneNumber(TenantOwned, Base):
    """A number that rings for this shop; ``directory`` promises that it rings for no other."""

    __tablename__ = "phone_number"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        UniqueConstraint("tenant_id", "number"),
    )

    number: Mapped[str]  # E.164
    label: Mapped[str] = mapped_column(default="")


class MailAddress(TenantOwned, Base):
    """An address that shoppers of this shop write to."""

    __tablename__ = "mail_address"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        UniqueConstraint("tenant_id", "address"),
    )

    address: Mapped[str]  # lower case
    label: Mapped[str] = mapped_column(default="")


class PoolNumber(Base):
    """A number of ours that any shop's seasonal desk may have; ``directory`` says who has it."""

    __tablename__ = "pool_number"

    number: Mapped[str] = mapped_column(primary_key=True)  # E.164
    added_at: Mapped[datetime]


class LinePromise(TenantOwned, Base):
    """A number or mail address leads to one desk from one moment until another.

    It is promised to one desk at a time; to another shop's not before its quarantine is over.
    """

    __tablename__ = "line_promise"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        CheckConstraint("starts_at < ends_at AND ends_at <= free_at", name="times_are_in_order"),
        ExcludeConstraint(
            (literal_column("line"), "="),
            (func.tstzrange(literal_column("starts_at"), literal_column("ends_at")), "&&"),
            name="line_has_one_desk",
            using="gist",
        ),
        ExcludeConstraint(
            (literal_column("line"), "="),
            (literal_column("tenant_id"), "<>"),
            (func.tstzrange(literal_column("starts_at"), literal_column("free_at")), "&&"),
            name="line_rests_between_shops",
            using="gist",
        ),
        Index(
            "ix_line_promise_to_return", "free_at", postgresql_where="from_pool AND returned_at IS NULL"
        ),
        Index("ix_line_promise_desk_id", "tenant_id", "desk_id"),
    )  # fmt: skip

    desk_id: Mapped[UUID]
    line: Mapped[str]  # E.164, or an address in lower case
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    free_at: Mapped[datetime]  # the end of the quarantine
    from_pool: Mapped[bool] = mapped_column(default=False)  # goes back there afterwards
    returned_at: Mapped[datetime | None]
