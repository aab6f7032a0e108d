"""What invoices ask the worker to do. ``tenant_id`` is the leading shop of a payer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from nanori.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareInvoice(Message):
    """Make the draft of ``month`` (its first day) anew. A run that was asked anew since is left alone."""

    month: date
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueInvoice(Message):
    """Give the draft its number."""

    invoice_id: UUID
    issued_by: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawInvoice(Message):
    """Draw the files of an issued invoice, unless they are there."""

    invoice_id: UUID
