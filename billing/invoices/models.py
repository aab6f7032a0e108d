"""Tables of invoices. An invoice lies with the shop whose account receives it: see docs/adr/0014."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from billing.charges import ChargeKind, TaxRate
from billing.invoices.document import Kind, State
from billing.invoices.due import Shift
from billing.invoices.tax import Rounding
from billing.invoices.values import RunState
from nanori.db import Base, BigInt, TenantOwned, stored_as_text

OF_SHOP = (["tenant_id"], ["tenant.tenant_id"])
OF_INVOICE = (["tenant_id", "invoice_id"], ["invoice.tenant_id", "invoice.id"])


class InvoiceIssuer(Base):
    """Who the operator is on invoices issued from one day on. Rows are only ever added."""

    __tablename__ = "invoice_issuer"
    __table_args__ = (CheckConstraint("registration ~ '^T[0-9]{13}$'", name="registration_has_its_shape"),)

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    registration: Mapped[str]
    postal_code: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    bank_account: Mapped[str]
    rounding: Mapped[Rounding] = mapped_column(stored_as_text(Rounding))
    name_en: Mapped[str]
    address_en: Mapped[str]
    bank_account_en: Mapped[str]
    set_by: Mapped[UUID | None]
    set_at: Mapped[datetime]


class InvoicePayer(Base):
    """A legal entity that pays for one or more shops, and how it is billed."""

    __tablename__ = "invoice_payer"
    __table_args__ = (
        CheckConstraint(
            "due_months BETWEEN 0 AND 6 AND due_day BETWEEN 1 AND 31", name="due_day_is_in_a_month"
        ),
        CheckConstraint("locale IN ('ja', 'en')", name="locale_is_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    department: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    registration: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="ja")
    due_months: Mapped[int] = mapped_column(default=1)
    due_day: Mapped[int] = mapped_column(default=31)
    due_shift: Mapped[Shift] = mapped_column(stored_as_text(Shift), default=Shift.NEXT)


class PayerShop(Base):
    """Who pays for a shop. The leading shop's account is where the payer's invoices lie."""

    __tablename__ = "invoice_payer_shop"
    __table_args__ = (
        ForeignKeyConstraint(["shop_id"], ["tenant.tenant_id"]),
        ForeignKeyConstraint(["payer_id"], ["invoice_payer.id"]),
        Index("uq_invoice_payer_shop_leads", "payer_id", unique=True, postgresql_where="leads"),
    )

    shop_id: Mapped[UUID] = mapped_column(primary_key=True)
    payer_id: Mapped[UUID]
    leads: Mapped[bool]


class InvoiceCounter(Base):
    """The last number given out in a year; whoever issues holds this row until the end."""

    __tablename__ = "invoice_counter"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class InvoiceRun(TenantOwned, Base):
    """How far a payer's month has come, or why it stands still; kept with the leading shop."""

    __tablename__ = "invoice_run"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        UniqueConstraint("tenant_id", "month"),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
    )

    month: Mapped[date]
    state: Mapped[RunState] = mapped_column(stored_as_text(RunState))
    failure: Mapped[str | None]  # msgid
    requested_at: Mapped[datetime]


class Invoice(TenantOwned, Base):
    """A draft, or a document that never changes again: a trigger sees to it."""

    __tablename__ = "invoice"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(["tenant_id", "refers_to_id"], ["invoice.tenant_id", "invoice.id"]),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
        CheckConstraint("total = net + tax", name="total_is_net_and_tax"),
        CheckConstraint(
            "(state = 'issued') = (number IS NOT NULL)"
            " AND (state = 'issued') = (issued_on IS NOT NULL AND issued_at IS NOT NULL)",
            name="issued_with_its_number",
        ),
        CheckConstraint("(kind = 'invoice') = (refers_to_id IS NULL)", name="later_ones_refer"),
        Index("uq_invoice_number", "number", unique=True),
        Index("uq_invoice_month", "tenant_id", "month", unique=True, postgresql_where="kind = 'invoice'"),
        Index(
            "uq_invoice_corrected", "tenant_id", "refers_to_id",
            unique=True, postgresql_where="kind = 'corrected'",
        ),
        Index("ix_invoice_refers_to", "tenant_id", "refers_to_id"),
        Index("ix_invoice_total", "total"),
        Index("ix_invoice_issued_on", "issued_on"),
    )  # fmt: skip

    kind: Mapped[Kind] = mapped_column(stored_as_text(Kind))
    state: Mapped[State] = mapped_column(stored_as_text(State))
    month: Mapped[date]  # its first day
    number: Mapped[str | None]
    issued_on: Mapped[date | None]
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[UUID | None]
    due_on: Mapped[date | None]
    prepared_at: Mapped[datetime]
    counterparty: Mapped[str]  # the payer's name, for searching
    issuer: Mapped[dict[str, Any]]
    payer: Mapped[dict[str, Any]]
    with_tax: Mapped[bool]
    net: Mapped[BigInt]
    tax: Mapped[BigInt]
    total: Mapped[BigInt]
    refers_to_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(default="")


class InvoiceLine(TenantOwned, Base):
    """One line, in the order of ``position``. ``shop_id`` may be another shop of the same payer."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        ForeignKeyConstraint(*OF_INVOICE, ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "invoice_id", "position"),
    )

    invoice_id: Mapped[UUID]
    position: Mapped[int]
    shop_id: Mapped[UUID]
    shop: Mapped[str]
    desk: Mapped[str]
    kind: Mapped[ChargeKind] = mapped_column(stored_as_text(ChargeKind))
    label: Mapped[str]
    first: Mapped[date]
    end: Mapped[date]
    quantity: Mapped[Decimal] = mapped_column(Numeric)
    unit: Mapped[str]
    unit_price: Mapped[Decimal] = mapped_column(Numeric)
    amount: Mapped[BigInt]
    rate: Mapped[TaxRate] = mapped_column(stored_as_text(TaxRate))
    ledger_ids: Mapped[list[Any]] = mapped_column(default=list)


class InvoicePaper(TenantOwned, Base):
    """The files of an issued invoice. Drawn again they are the same bytes."""

    __tablename__ = "invoice_paper"
    __table_args__ = (
        ForeignKeyConstraint(*OF_INVOICE),
        ForeignKeyConstraint(["tenant_id", "pdf_file_id"], ["file.tenant_id", "file.id"]),
        ForeignKeyConstraint(["tenant_id", "xml_file_id"], ["file.tenant_id", "file.id"]),
        ForeignKeyConstraint(["tenant_id", "statement_file_id"], ["file.tenant_id", "file.id"]),
        UniqueConstraint("tenant_id", "invoice_id"),
    )

    invoice_id: Mapped[UUID]
    pdf_file_id: Mapped[UUID]
    xml_file_id: Mapped[UUID]
    statement_file_id: Mapped[UUID]
    drawn_at: Mapped[datetime]
