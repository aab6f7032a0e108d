"""Tables of the interactions room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interactions.values import (
    AttemptState,
    CaseState,
    Channel,
    Direction,
    EventKind,
    HandleKind,
    Outcome,
    PartyKind,
    RunState,
)
from nanori.actors import ActorKind
from nanori.db import Base, BigInt, TenantOwned, stored_as_text

OF_SHOP = (["tenant_id"], ["tenant.tenant_id"])
OF_SHOPPER = (["tenant_id", "shopper_id"], ["shopper.tenant_id", "shopper.id"])
OF_CASE = (["tenant_id", "case_id"], ["case.tenant_id", "case.id"])
OF_INTERACTION = (["tenant_id", "interaction_id"], ["interaction.tenant_id", "interaction.id"])


class Counter(Base):
    """The last gap-free number given for one purpose in one shop ("case", "interaction")."""

    __tablename__ = "counter"
    __table_args__ = (ForeignKeyConstraint(*OF_SHOP),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Shopper(TenantOwned, Base):
    """A customer of one shop. Never matched across shops."""

    __tablename__ = "shopper"
    __table_args__ = (ForeignKeyConstraint(*OF_SHOP),)

    name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class ShopperHandle(TenantOwned, Base):
    """A number or address by which a shop knows a shopper."""

    __tablename__ = "shopper_handle"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOPPER),
        UniqueConstraint("tenant_id", "kind", "value"),
        Index("ix_shopper_handle_shopper", "tenant_id", "shopper_id"),
    )

    shopper_id: Mapped[UUID]
    kind: Mapped[HandleKind] = mapped_column(stored_as_text(HandleKind))
    value: Mapped[str]  # E.164 or lower-case address


class Case(TenantOwned, Base):
    """One matter of one shopper, over as many interactions as it takes."""

    __tablename__ = "case"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(*OF_SHOPPER),
        ForeignKeyConstraint(
            ["tenant_id", "joined_to", "head_id"],
            ["case.tenant_id", "case.id", "case.head_id"],
            name="fk_case_joined_to_one_that_stands",
        ),
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "id", "head_id"),
        CheckConstraint("joined_to <> id", name="joined_to_another"),
        CheckConstraint("(state = 'joined') = (joined_to IS NOT NULL)", name="joined_says_where"),
        Index("ix_case_head", "tenant_id", "head_id"),
        Index("ix_case_open", "tenant_id", "due_at", postgresql_where="state IN ('open', 'pending')"),
    )

    number: Mapped[int]
    subject: Mapped[str]
    state: Mapped[CaseState] = mapped_column(stored_as_text(CaseState))
    shopper_id: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    assigned_to: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    touched_at: Mapped[datetime | None]  # an answer was worked on last; None while nobody has it in hand
    worked_ms: Mapped[BigInt] = mapped_column(default=0)  # on the answer to come
    version: Mapped[int] = mapped_column(default=1)  # rises with each change: two cannot answer at once
    joined_to: Mapped[UUID | None]  # the case in which it goes on: never one that is joined itself
    head_id: Mapped[UUID | None] = mapped_column(Computed("coalesce(joined_to, id)", persisted=True))


class CaseJoin(TenantOwned, Base):
    """One case was joined into another: who did it and why, and what must be known to undo it."""

    __tablename__ = "case_join"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CASE),
        ForeignKeyConstraint(["tenant_id", "into_id"], ["case.tenant_id", "case.id"]),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        Index("uq_case_join_once", "tenant_id", "case_id", unique=True, postgresql_where="undone_at IS NULL"),
        Index("ix_case_join_into", "tenant_id", "into_id"),
    )

    case_id: Mapped[UUID]
    into_id: Mapped[UUID]
    reason: Mapped[str]
    state_before: Mapped[CaseState] = mapped_column(stored_as_text(CaseState))
    due_before: Mapped[datetime | None]
    into_due_before: Mapped[datetime | None]
    took_up: Mapped[bool]  # the other case was settled and is open again because of this one
    joined_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    joined_at: Mapped[datetime]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]


class Reason(TenantOwned, Base):
    """Why shoppers call or write, in the shop's own list."""

    __tablename__ = "reason"
    __table_args__ = (ForeignKeyConstraint(*OF_SHOP), UniqueConstraint("tenant_id", "code"))

    code: Mapped[str]
    label_ja: Mapped[str]
    label_en: Mapped[str]
    position: Mapped[int]
    retired_at: Mapped[datetime | None]


class Interaction(TenantOwned, Base):
    """One call or one mail. The times are derived from its events, kept here for speed."""

    __tablename__ = "interaction"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SHOP),
        ForeignKeyConstraint(*OF_SHOPPER),
        ForeignKeyConstraint(*OF_CASE),
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        ForeignKeyConstraint(["tenant_id", "reason_id"], ["reason.tenant_id", "reason.id"]),
        UniqueConstraint("tenant_id", "number"),
        ForeignKeyConstraint(["tenant_id", "part_of"], ["interaction.tenant_id", "interaction.id"]),
        CheckConstraint("(outcome IS NULL) OR (ended_at IS NOT NULL)", name="an_outcome_has_an_end"),
        CheckConstraint("(part_of IS NULL) = (split_at IS NULL)", name="a_part_was_split_off"),
        Index("ix_interaction_arrived", "tenant_id", "arrived_at", "id"),
        Index("ix_interaction_outcome", "tenant_id", "outcome", "arrived_at", "id"),
        Index("ix_interaction_shopper", "tenant_id", "shopper_id", "arrived_at"),
        Index("ix_interaction_case", "tenant_id", "case_id"),
        Index("ix_interaction_part", "tenant_id", "part_of", postgresql_where="part_of IS NOT NULL"),
        Index("ix_interaction_agent", "tenant_id", "agent_id", "arrived_at"),
    )

    number: Mapped[int]
    channel: Mapped[Channel] = mapped_column(stored_as_text(Channel))
    direction: Mapped[Direction] = mapped_column(stored_as_text(Direction))
    party: Mapped[PartyKind] = mapped_column(stored_as_text(PartyKind), default=PartyKind.HUMAN)
    case_id: Mapped[UUID | None]
    shopper_id: Mapped[UUID | None]
    desk_id: Mapped[UUID | None]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # who answered last
    reason_id: Mapped[UUID | None]
    outcome: Mapped[Outcome | None] = mapped_column(stored_as_text(Outcome))
    arrived_at: Mapped[datetime]
    guidance_ended_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    abandoned_at: Mapped[datetime | None]
    first_reply_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    wrapped_up_at: Mapped[datetime | None]
    talk_ms: Mapped[BigInt] = mapped_column(default=0)  # hold not inside
    hold_ms: Mapped[BigInt] = mapped_column(default=0)
    acw_ms: Mapped[BigInt] = mapped_column(default=0)
    talking_since: Mapped[datetime | None]
    held_since: Mapped[datetime | None]
    let_go_at: Mapped[datetime | None]  # the agent's part ended: after-call work begins
    offers: Mapped[int] = mapped_column(default=0)
    offers_missed: Mapped[int] = mapped_column(default=0)
    transferred: Mapped[bool] = mapped_column(default=False)
    escalated: Mapped[bool] = mapped_column(default=False)
    phrase_id: Mapped[UUID | None]
    name_confirmed_at: Mapped[datetime | None]
    notes: Mapped[str] = mapped_column(default="")
    captured: Mapped[dict[str, Any]] = mapped_column(default=dict)  # script field key -> text
    part_of: Mapped[UUID | None]  # the mail whose second question this is; its arrival is that mail's
    split_at: Mapped[datetime | None]
    faults: Mapped[str | None]  # words of `Fault` that the last check found, by spaces; None: never checked


class NoteAddition(TenantOwned, Base):
    """What an agent who had let go of the caller added to the notes, which were a colleague's by then."""

    __tablename__ = "note_addition"
    __table_args__ = (
        ForeignKeyConstraint(*OF_INTERACTION),
        UniqueConstraint("tenant_id", "interaction_id", "agent_id"),
    )

    interaction_id: Mapped[UUID]
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str]
    written_at: Mapped[datetime]  # last


MARK = "kind IN ('first_reply', 'replied', 'solved', 'reopened')"
"""Marks in the life of a mail's matter, which figures look up by time."""
JOINING = "kind IN ('merged_into', 'merge_undone')"
SURVEYING = "kind IN ('survey_asked', 'survey_answered')"


class InteractionEvent(TenantOwned, Base):
    """One fact about an interaction. Rows are only ever added, numbered from 1 without gaps."""

    __tablename__ = "interaction_event"
    __table_args__ = (
        ForeignKeyConstraint(*OF_INTERACTION),
        UniqueConstraint("tenant_id", "interaction_id", "seq"),
        Index("ix_interaction_event_mark", "tenant_id", "at", postgresql_where=MARK),
        Index("ix_interaction_event_joining", "tenant_id", "at", postgresql_where=JOINING),
        Index("ix_interaction_event_survey", "tenant_id", "at", postgresql_where=SURVEYING),
    )

    interaction_id: Mapped[UUID]
    seq: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(stored_as_text(EventKind))
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind] = mapped_column(stored_as_text(ActorKind))
    actor_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class EscalationRun(TenantOwned, Base):
    """The attempt to reach the shop about one interaction, over its contacts in order."""

    __tablename__ = "escalation_run"
    __table_args__ = (
        ForeignKeyConstraint(*OF_INTERACTION),
        Index(
            "uq_escalation_run_running", "tenant_id", "interaction_id",
            unique=True, postgresql_where="state = 'running'",
        ),
    )  # fmt: skip

    interaction_id: Mapped[UUID]
    state: Mapped[RunState] = mapped_column(stored_as_text(RunState))
    contacts: Mapped[list[Any]]  # copied from the shop when the run starts: name, phone, ring_seconds
    step: Mapped[int]  # index into contacts
    started_by: Mapped[UUID | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class EscalationAttempt(TenantOwned, Base):
    """One call to one contact."""

    __tablename__ = "escalation_attempt"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "run_id"], ["escalation_run.tenant_id", "escalation_run.id"]),
        UniqueConstraint("tenant_id", "run_id", "step"),
        Index("ix_escalation_attempt_due", "due_at", postgresql_where="state = 'calling'"),
    )

    run_id: Mapped[UUID]
    step: Mapped[int]
    state: Mapped[AttemptState] = mapped_column(stored_as_text(AttemptState))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    failure: Mapped[str | None]  # busy, no-answer, declined, timeout, …
