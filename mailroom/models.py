"""Tables of the mailroom."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mailroom.values import Direction, RawState, SendState
from nanori.db import Base, BigInt, TenantOwned, stored_as_text


class RawMessage(TenantOwned, Base):
    """A mail exactly as it came, stored before anything is understood of it."""

    __tablename__ = "raw_message"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        UniqueConstraint("tenant_id", "mailbox", "message_id_header", "body_sha256"),
        Index("ix_raw_message_not_filed", "state", "received_at", postgresql_where="state <> 'filed'"),
    )

    mailbox: Mapped[str]  # the shop's address that it came to
    message_id_header: Mapped[str]  # "" when the mail has none
    body_sha256: Mapped[str]  # of the bytes after the headers
    content: Mapped[bytes]
    size: Mapped[BigInt]
    received_at: Mapped[datetime]
    state: Mapped[RawState] = mapped_column(stored_as_text(RawState))
    failure: Mapped[str | None]


class MailMessage(TenantOwned, Base):
    """One mail of a case, as it reads: received or written."""

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "raw_id"], ["raw_message.tenant_id", "raw_message.id"]),
        ForeignKeyConstraint(["tenant_id", "case_id"], ["case.tenant_id", "case.id"]),
        ForeignKeyConstraint(["tenant_id", "interaction_id"], ["interaction.tenant_id", "interaction.id"]),
        ForeignKeyConstraint(["tenant_id", "copy_of"], ["message.tenant_id", "message.id"]),
        UniqueConstraint("tenant_id", "raw_id"),
        Index("ix_message_case", "tenant_id", "case_id", "at"),
        Index("ix_message_header", "tenant_id", "message_id_header"),
        Index("ix_message_copy", "tenant_id", "copy_of", postgresql_where="copy_of IS NOT NULL"),
    )

    raw_id: Mapped[UUID | None]
    case_id: Mapped[UUID]
    interaction_id: Mapped[UUID]  # of the received mail; a reply belongs to the one that it answers
    direction: Mapped[Direction] = mapped_column(stored_as_text(Direction))
    at: Mapped[datetime]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    message_id_header: Mapped[str]
    in_reply_to: Mapped[str] = mapped_column(default="")
    references: Mapped[list[Any]]
    from_address: Mapped[str]
    from_name: Mapped[str] = mapped_column(default="")
    to_address: Mapped[str]  # of a received mail: the shop's own
    answer_to: Mapped[str] = mapped_column(default="")  # where a reply goes; "" when the mail names nobody
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str | None]  # cleaned
    automatic: Mapped[bool] = mapped_column(default=False)
    possibly: Mapped[list[Any]] = mapped_column(default=list)  # numbers of cases that it may be about
    notes: Mapped[list[Any]] = mapped_column(default=list)  # what was out of order when it was read
    copy_of: Mapped[UUID | None]  # the mail that it was split from, which stays in its own case


class Attachment(TenantOwned, Base):
    """A file that came with a mail."""

    __tablename__ = "attachment"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "message_id"], ["message.tenant_id", "message.id"]),
        ForeignKeyConstraint(["tenant_id", "file_id"], ["file.tenant_id", "file.id"]),
        Index("ix_attachment_message", "tenant_id", "message_id"),
    )

    message_id: Mapped[UUID]
    file_id: Mapped[UUID]
    position: Mapped[int]
    content_id: Mapped[str | None]


class Draft(TenantOwned, Base):
    """What an agent has typed so far as an answer to a case."""

    __tablename__ = "mail_draft"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "case_id"], ["case.tenant_id", "case.id"]),
        UniqueConstraint("tenant_id", "case_id", "agent_id"),
    )

    case_id: Mapped[UUID]
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str]
    saved_at: Mapped[datetime]


class Outgoing(TenantOwned, Base):
    """A written mail on its way out; at most one acceptance by the mail server."""

    __tablename__ = "outbox"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "message_id"], ["message.tenant_id", "message.id"]),
        UniqueConstraint("tenant_id", "message_id"),
        CheckConstraint("(message_id IS NULL) = (sender <> '')", name="somebody_sends_it"),
        Index("ix_outbox_due", "due_at", postgresql_where="state IN ('queued', 'sending')"),
    )

    message_id: Mapped[UUID | None]  # None: a notice to the shop's own people, which belongs to no case
    sender: Mapped[str] = mapped_column(default="")  # of a notice; "" means the message's
    content: Mapped[bytes]  # the mail as it is sent
    recipients: Mapped[list[Any]]
    state: Mapped[SendState] = mapped_column(stored_as_text(SendState))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failure: Mapped[str | None]
