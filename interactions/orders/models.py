"""Tables of orders, parcels, and of how they were read."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interactions.models import OF_CASE, OF_INTERACTION, OF_SHOP
from interactions.orders.values import (
    Column,
    Encoding,
    FileKind,
    InquiryReason,
    OrderState,
    ParcelCompany,
    ParcelDecision,
    ParcelState,
    ReadingState,
    Source,
)
from nanori.db import Base, BigInt, TenantOwned, stored_as_text

OF_ORDER = (["tenant_id", "order_id"], ["shop_order.tenant_id", "shop_order.id"])
OF_READING = (["tenant_id", "reading_id"], ["order_reading.tenant_id", "order_reading.id"])


class ShopOrder(TenantOwned, Base):
    """One order of a shopper, as the shop's own system told it last."""

    __tablename__ = "shop_order"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        UniqueConstraint("tenant_id", "number"),
        Index("ix_shop_order_newest", "tenant_id", "ordered_at", "id"),
        Index("ix_shop_order_phone", "tenant_id", "phone", postgresql_where="phone <> ''"),
        Index("ix_shop_order_mail", "tenant_id", "mail", postgresql_where="mail <> ''"),
        Index("ix_shop_order_name", "tenant_id", "name_key", postgresql_where="name_key <> ''"),
    )

    number: Mapped[str]
    ordered_at: Mapped[datetime]
    state: Mapped[OrderState] = mapped_column(stored_as_text(OrderState))
    state_said: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]  # for comparing: no spaces, one width
    phone: Mapped[str]  # E.164
    mail: Mapped[str]
    postal_code: Mapped[str]
    address: Mapped[str]
    total: Mapped[BigInt | None]  # minor units
    currency: Mapped[str]
    items: Mapped[list[Any]]  # name, quantity
    told_at: Mapped[datetime]  # when it was last told differently


class Parcel(TenantOwned, Base):
    """One parcel of an order."""

    __tablename__ = "parcel"
    __table_args__ = (
        ForeignKeyConstraint(*OF_ORDER),
        UniqueConstraint("tenant_id", "order_id", "number"),
        Index("ix_parcel_number", "tenant_id", "number"),
    )

    order_id: Mapped[UUID]
    number: Mapped[str]
    company: Mapped[ParcelCompany] = mapped_column(stored_as_text(ParcelCompany))
    company_said: Mapped[str]
    state: Mapped[ParcelState] = mapped_column(stored_as_text(ParcelState))
    state_said: Mapped[str]
    shipped_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    told_at: Mapped[datetime]


class OrderReading(TenantOwned, Base):
    """One reading of a source: what was asked, how far it is, what came of it."""

    __tablename__ = "order_reading"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(["tenant_id", "file_id"], ["file.tenant_id", "file.id"]),
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        CheckConstraint("(source = 'file') = (file_id IS NOT NULL)", name="a_file_is_read_from_a_file"),
        Index("ix_order_reading_newest", "tenant_id", "asked_at", "id"),
        Index(
            "ix_order_reading_to_send", "asked_at", postgresql_where="state = 'queued' AND sent_at IS NULL"
        ),
    )

    source: Mapped[Source] = mapped_column(stored_as_text(Source))
    kind: Mapped[FileKind] = mapped_column(stored_as_text(FileKind))
    file_id: Mapped[UUID | None]
    file_name: Mapped[str]
    desk_id: Mapped[UUID | None]  # the seasonal desk with whose data the file ends; None: the shop's own
    encoding: Mapped[Encoding | None] = mapped_column(stored_as_text(Encoding))
    mapping: Mapped[dict[str, Any]]  # column -> headings
    state: Mapped[ReadingState] = mapped_column(stored_as_text(ReadingState))
    since: Mapped[datetime | None]  # what the shop's system has changed from then on; None: everything
    cursor: Mapped[str] = mapped_column(default="")
    rows_total: Mapped[int | None]  # None: the source does not say
    rows_read: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)  # rows
    failure: Mapped[str] = mapped_column(default="")  # a msgid
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # to the worker
    ended_at: Mapped[datetime | None]


class OrderProblem(TenantOwned, Base):
    """One row of a file that was not kept, and why."""

    __tablename__ = "order_problem"
    __table_args__ = (
        ForeignKeyConstraint(*OF_READING),
        UniqueConstraint("tenant_id", "reading_id", "row_number"),
    )

    reading_id: Mapped[UUID]
    row_number: Mapped[int]
    said: Mapped[str]  # a msgid
    about: Mapped[Column | None] = mapped_column(stored_as_text(Column))
    typed: Mapped[str]


class ColumnMapping(Base):
    """What the columns of a shop's files meant the last time."""

    __tablename__ = "column_mapping"
    __table_args__ = (ForeignKeyConstraint(*OF_SHOP),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[FileKind] = mapped_column(stored_as_text(FileKind), primary_key=True)
    mapping: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class ShopifyConnection(Base):
    """How we get into a shop's own system. At most one for each shop, and no system serves two shops."""

    __tablename__ = "shopify_connection"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        UniqueConstraint("domain"),
        Index("ix_shopify_connection_due", "due_at"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    domain: Mapped[str]  # something.myshopify.com
    sealed_token: Mapped[str]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]
    read_to: Mapped[datetime | None]  # by the clock of the shop's system
    due_at: Mapped[datetime]  # the next regular reading


class ParcelInquiry(TenantOwned, Base):
    """The search for one parcel: a case of its own kind. One at a time for each parcel."""

    __tablename__ = "parcel_inquiry"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CASE),
        ForeignKeyConstraint(*OF_ORDER),
        ForeignKeyConstraint(*OF_INTERACTION),
        ForeignKeyConstraint(["tenant_id", "parcel_id"], ["parcel.tenant_id", "parcel.id"]),
        UniqueConstraint("tenant_id", "case_id"),
        CheckConstraint("settled_at IS NULL OR decision <> 'open'", name="settled_is_decided"),
        CheckConstraint("decision <> 'resend' OR address <> ''", name="resent_to_an_address"),
        Index(
            "uq_parcel_inquiry_open", "tenant_id", "order_id", "parcel_id",
            unique=True, postgresql_nulls_not_distinct=True, postgresql_where="settled_at IS NULL",
        ),
        Index("ix_parcel_inquiry_order", "tenant_id", "order_id"),
        Index("ix_parcel_inquiry_deadline", "tenant_id", "deadline", "id"),
    )  # fmt: skip

    case_id: Mapped[UUID]
    order_id: Mapped[UUID]
    parcel_id: Mapped[UUID | None]  # None: the order has none yet that we know
    interaction_id: Mapped[UUID]  # in which it was opened
    parcel_number: Mapped[str]
    company: Mapped[ParcelCompany] = mapped_column(stored_as_text(ParcelCompany))
    reason: Mapped[InquiryReason] = mapped_column(stored_as_text(InquiryReason))
    postal_code: Mapped[str]
    address: Mapped[str]  # confirmed by the shopper; empty until then
    decision: Mapped[ParcelDecision] = mapped_column(stored_as_text(ParcelDecision))
    deadline: Mapped[date]  # by the shop's clock
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
