"""Tables of the telephony room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interactions.values import Direction
from nanori.db import Base, TenantOwned, stored_as_text
from telephony.values import (
    CallbackState,
    CallRecording,
    CallState,
    LegRole,
    LegState,
    OrderKind,
    OrderState,
    RecordingKind,
    Supervision,
)

OF_CALL = (["tenant_id", "call_id"], ["call.tenant_id", "call.id"])


class Call(TenantOwned, Base):
    """One shopper on the line, from the first ring to the hang-up. The carrier's side of an interaction."""

    __tablename__ = "call"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "interaction_id"], ["interaction.tenant_id", "interaction.id"]),
        UniqueConstraint("account_sid", "call_sid"),
        UniqueConstraint("tenant_id", "interaction_id"),
        Index("ix_call_live", "tenant_id", "started_at", postgresql_where="state <> 'closed'"),
        Index("ix_call_unsettled", "checked_at", postgresql_where="settled_at IS NULL"),
    )

    interaction_id: Mapped[UUID]
    account_sid: Mapped[str]
    direction: Mapped[Direction] = mapped_column(stored_as_text(Direction), default=Direction.INBOUND)
    call_sid: Mapped[str | None]  # the shopper's leg; outbound: None until the carrier has named it
    state: Mapped[CallState] = mapped_column(stored_as_text(CallState))
    from_number: Mapped[str | None]  # the shopper's, E.164; None when withheld
    to_number: Mapped[str]  # the shop's
    desk_id: Mapped[UUID | None]
    turn: Mapped[int] = mapped_column(default=0)  # times put into the queue
    queue_sid: Mapped[str | None]
    conference_sid: Mapped[str | None]
    caller_joined_at: Mapped[datetime | None]  # last joined the conference
    held_since: Mapped[datetime | None]
    recording: Mapped[CallRecording | None] = mapped_column(stored_as_text(CallRecording))
    help_asked_at: Mapped[datetime | None]  # the agent waits for a supervisor
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    status_rank: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None]  # last compared with the carrier
    settled_at: Mapped[datetime | None]  # when the carrier had let go of every leg


class OwnPhone(Base):
    """An agent's ordinary telephone, for when the browser cannot speak. Personal data; operator-owned."""

    __tablename__ = "own_phone"

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    number: Mapped[str]  # E.164
    changed_at: Mapped[datetime]


class Leg(TenantOwned, Base):
    """Another party's way into a call: an agent's browser or own telephone, a supervisor, or a contact."""

    __tablename__ = "leg"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CALL),
        ForeignKeyConstraint(["tenant_id", "offer_id"], ["offer.tenant_id", "offer.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "attempt_id"], ["escalation_attempt.tenant_id", "escalation_attempt.id"]
        ),
        Index("ix_leg_call", "tenant_id", "call_id"),
        Index("uq_leg_token_hash", "token_hash", unique=True),
    )

    call_id: Mapped[UUID]
    role: Mapped[LegRole] = mapped_column(stored_as_text(LegRole))
    state: Mapped[LegState] = mapped_column(stored_as_text(LegState))
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    offer_id: Mapped[UUID | None]
    attempt_id: Mapped[UUID | None]
    by_phone: Mapped[bool] = mapped_column(default=False)  # the agent's own telephone
    call_sid: Mapped[str | None]
    token_hash: Mapped[bytes | None]  # of the single-use token that the browser dials in with
    token_expires_at: Mapped[datetime | None]
    status_rank: Mapped[int] = mapped_column(default=0)
    phrase_id: Mapped[UUID | None]  # the phrase that the agent's screen showed
    confirmed_at: Mapped[datetime | None]  # when that screen confirmed the shop's name
    supervision: Mapped[Supervision | None] = mapped_column(stored_as_text(Supervision))
    created_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class WebhookReceipt(TenantOwned, Base):
    """A webhook of a call that has been applied; its natural key makes each repeat harmless."""

    __tablename__ = "webhook_receipt"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CALL),
        UniqueConstraint("tenant_id", "call_id", "natural_key"),
    )

    call_id: Mapped[UUID]
    natural_key: Mapped[str]
    received_at: Mapped[datetime]
    answer: Mapped[str | None]  # the document given, repeated word for word; None for callbacks


class Recording(TenantOwned, Base):
    """A voicemail or a recorded call: announced by the carrier, fetched into our files, deleted there."""

    __tablename__ = "recording"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CALL),
        ForeignKeyConstraint(["tenant_id", "file_id"], ["file.tenant_id", "file.id"]),
        UniqueConstraint("tenant_id", "recording_sid"),
    )

    call_id: Mapped[UUID]
    kind: Mapped[RecordingKind] = mapped_column(
        stored_as_text(RecordingKind), default=RecordingKind.VOICEMAIL
    )
    recording_sid: Mapped[str]
    seconds: Mapped[int | None]
    announced_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    file_id: Mapped[UUID | None]


class MessageSearch(Base):
    """How far the carrier has been asked for messages that nobody told us of. One row for each account."""

    __tablename__ = "message_search"

    account_sid: Mapped[str] = mapped_column(primary_key=True)
    searched_until: Mapped[datetime]  # all that was complete before has been found
    due_at: Mapped[datetime]  # of the next search


class Callback(TenantOwned, Base):
    """A shopper who waits for our call instead of in the queue, and keeps the place."""

    __tablename__ = "callback"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CALL),
        ForeignKeyConstraint(["tenant_id", "asked_in"], ["interaction.tenant_id", "interaction.id"]),
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        UniqueConstraint("tenant_id", "asked_in"),
        Index("ix_callback_due", "due_at", postgresql_where="state IN ('waiting', 'calling')"),
    )

    asked_in: Mapped[UUID]  # the interaction in which the shopper asked
    desk_id: Mapped[UUID]
    phone: Mapped[str]  # E.164
    kept_since: Mapped[datetime]  # the place in the queue
    state: Mapped[CallbackState] = mapped_column(stored_as_text(CallbackState))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]  # not before
    call_id: Mapped[UUID | None]  # the outbound call of the newest attempt
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CarrierOrder(TenantOwned, Base):
    """Something to ask of the carrier, written with its cause and sent after commit."""

    __tablename__ = "carrier_order"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CALL),
        ForeignKeyConstraint(["tenant_id", "leg_id"], ["leg.tenant_id", "leg.id"]),
        Index("ix_carrier_order_todo", "due_at", postgresql_where="state IN ('todo', 'sending')"),
    )

    call_id: Mapped[UUID]
    leg_id: Mapped[UUID | None]
    kind: Mapped[OrderKind] = mapped_column(stored_as_text(OrderKind))
    arguments: Mapped[dict[str, Any]]  # keyword arguments of the carrier port's method
    state: Mapped[OrderState] = mapped_column(stored_as_text(OrderState))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]  # not before; while sending: the lease's end
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failure: Mapped[str | None]
