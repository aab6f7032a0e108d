"""Tables of the desks room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from desks.values import (
    Channel,
    DeskKind,
    DeskState,
    EngagementRole,
    MenuAction,
    OfferState,
    Presence,
    Unattended,
    WaitingKind,
    WaitingState,
)
from nanori.db import Base, TenantOwned, stored_as_text


class Desk(TenantOwned, Base):
    """The unit that owns a queue of one shop."""

    __tablename__ = "desk"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight_is_a_share"),
        CheckConstraint("reserved_agents >= 0", name="reserve_is_a_number"),
        CheckConstraint(
            "alarm_level_percent BETWEEN 0 AND 100 AND alarm_wait_seconds >= 0 AND alarm_talk_seconds >= 0"
            " AND alarm_wrapup_seconds >= 0 AND alarm_away_seconds >= 0 AND alarm_not_ready_seconds >= 0",
            name="alarms_are_sane",
        ),
        CheckConstraint("away_percent BETWEEN 0 AND 90", name="away_is_a_share"),
    )

    name: Mapped[str]
    kind: Mapped[DeskKind] = mapped_column(stored_as_text(DeskKind), default=DeskKind.STANDING)
    state: Mapped[DeskState] = mapped_column(stored_as_text(DeskState))
    ring_seconds: Mapped[int] = mapped_column(default=15)
    wrapup_seconds: Mapped[int] = mapped_column(default=300)
    max_wait_seconds: Mapped[int] = mapped_column(default=600)
    offers_callback: Mapped[bool] = mapped_column(default=True)  # who waits may press 1 instead
    unattended: Mapped[Unattended] = mapped_column(stored_as_text(Unattended), default=Unattended.VOICEMAIL)
    interrupts_mail: Mapped[bool] = mapped_column(default=False)  # calls may ring while a mail is written
    needs_certificate: Mapped[bool] = mapped_column(default=False)  # the shop's quiz, to get its calls
    overflow_after_seconds: Mapped[int] = mapped_column(default=0)  # then the next level is asked too
    overflow_until: Mapped[datetime | None]  # every level is asked at once until then
    weight: Mapped[int] = mapped_column(default=1)  # of its share of agents who answer for others too
    reserved_agents: Mapped[int] = mapped_column(default=0)  # so many are its own, whoever calls elsewhere
    max_waiting: Mapped[int | None] = mapped_column(default=0)  # None: by the agents there; 0: all who come
    menu_prompt: Mapped[str] = mapped_column(default="")  # "": no menu
    away_percent: Mapped[int] = mapped_column(default=0)  # of the time on shift, planned breaks aside
    # From here the floor's page calls for a supervisor; 0 never does.
    alarm_wait_seconds: Mapped[int] = mapped_column(default=60)
    alarm_level_percent: Mapped[int | None]  # None: below what the contract promises
    alarm_nobody: Mapped[bool] = mapped_column(default=True)  # open, and no agent is at work
    alarm_talk_seconds: Mapped[int] = mapped_column(default=900)
    alarm_wrapup_seconds: Mapped[int] = mapped_column(default=240)
    alarm_away_seconds: Mapped[int] = mapped_column(default=3900)  # a break
    alarm_not_ready_seconds: Mapped[int] = mapped_column(default=120)  # taken out by the server
    created_at: Mapped[datetime]


class MenuOption(TenantOwned, Base):
    """One key of a desk's menu."""

    __tablename__ = "menu_option"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        ForeignKeyConstraint(["tenant_id", "to_desk_id"], ["desk.tenant_id", "desk.id"]),
        UniqueConstraint("tenant_id", "desk_id", "digit"),
        CheckConstraint("digit ~ '^[0-9]$'", name="digit_is_one"),
        CheckConstraint("(action = 'desk') = (to_desk_id IS NOT NULL)", name="desk_where_one_is_meant"),
        CheckConstraint("action <> 'say' OR said <> ''", name="an_answer_has_words"),
    )

    desk_id: Mapped[UUID]
    digit: Mapped[str]
    action: Mapped[MenuAction] = mapped_column(stored_as_text(MenuAction))
    to_desk_id: Mapped[UUID | None]
    said: Mapped[str] = mapped_column(default="")  # the answer that is read out


class RosterEntry(TenantOwned, Base):
    """An agent who may answer for a desk; level 1 is asked before level 2."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        UniqueConstraint("tenant_id", "desk_id", "agent_id"),
        Index("ix_roster_entry_agent_id", "agent_id"),
    )

    desk_id: Mapped[UUID]
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    level: Mapped[int] = mapped_column(default=1)
    certified: Mapped[bool] = mapped_column(default=True)  # who is still in training gets no calls
    preferred: Mapped[bool] = mapped_column(default=False)  # asked first within the level


class Seat(Base):
    """An agent's presence now. Operator-owned: agents belong to the outsourcer, not to a shop."""

    __tablename__ = "seat"

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    state: Mapped[Presence] = mapped_column(stored_as_text(Presence))
    reason: Mapped[str | None]
    since: Mapped[datetime]
    tab: Mapped[str | None]  # fencing token of the one browser tab that may accept
    beat_at: Mapped[datetime | None]
    misses: Mapped[int] = mapped_column(default=0)  # offers missed in a row
    by_phone: Mapped[bool] = mapped_column(default=False)  # the agent's own telephone, not the browser
    writes_until: Mapped[datetime | None]  # a mail; other calls than those that interrupt one wait
    idle_since: Mapped[datetime | None]  # the agent who has been ready longest is asked first
    last_shop_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenant.tenant_id"))  # of the last call


class PresenceInterval(Base):
    """What an agent did from one time until another; one is open per agent."""

    __tablename__ = "presence_interval"
    __table_args__ = (
        Index(
            "uq_presence_interval_open", "agent_id", unique=True, postgresql_where="ended_at IS NULL"
        ),
        Index("ix_presence_interval_agent_id", "agent_id", "started_at"),
        Index("ix_presence_interval_started_at", "started_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    state: Mapped[Presence] = mapped_column(stored_as_text(Presence))
    reason: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Waiting(TenantOwned, Base):
    """Somebody who waits for an agent of a desk. Going to the next agent keeps ``enqueued_at``."""

    __tablename__ = "waiting"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        ForeignKeyConstraint(["tenant_id", "interaction_id"], ["interaction.tenant_id", "interaction.id"]),
        UniqueConstraint("tenant_id", "interaction_id", "kind", "turn"),
        Index("ix_waiting_desk", "desk_id", postgresql_where="state = 'waiting'"),
        Index("ix_waiting_open", "state", "enqueued_at", postgresql_where="state IN ('waiting', 'offered')"),
    )

    desk_id: Mapped[UUID]
    interaction_id: Mapped[UUID]  # of the interactions room, above this one
    kind: Mapped[WaitingKind] = mapped_column(stored_as_text(WaitingKind), default=WaitingKind.CALL)
    turn: Mapped[int] = mapped_column(default=1)  # how often it has waited in this way
    for_agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # nobody else is asked
    state: Mapped[WaitingState] = mapped_column(stored_as_text(WaitingState))
    priority: Mapped[int] = mapped_column(default=0)  # higher goes first
    enqueued_at: Mapped[datetime]
    connectable_at: Mapped[datetime | None]  # greeting and notice have been played
    left_at: Mapped[datetime | None]


class Offer(TenantOwned, Base):
    """One agent is asked to take one waiting caller, with the phrase to say."""

    __tablename__ = "offer"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "waiting_id"], ["waiting.tenant_id", "waiting.id"]),
        Index(
            "uq_offer_live_agent", "agent_id",
            unique=True, postgresql_where="state IN ('offered', 'accepted')",
        ),
        Index(
            "uq_offer_live_waiting", "tenant_id", "waiting_id",
            unique=True, postgresql_where="state IN ('offered', 'accepted')",
        ),
        Index("ix_offer_waiting", "tenant_id", "waiting_id"),
        Index("ix_offer_offered_at", "offered_at"),
    )  # fmt: skip

    waiting_id: Mapped[UUID]
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    state: Mapped[OfferState] = mapped_column(stored_as_text(OfferState))
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # to accept; after acceptance: to have joined
    decided_at: Mapped[datetime | None]


class Engagement(TenantOwned, Base):
    """An agent has an interaction in hand, wrap-up included. One live phone call per agent.

    A call is in one agent's hands; who is consulted, and who is done but for the wrap-up, comes on top.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "interaction_id"], ["interaction.tenant_id", "interaction.id"]),
        Index(
            "uq_engagement_live_call", "agent_id",
            unique=True, postgresql_where="ended_at IS NULL AND channel = 'phone'",
        ),
        Index(
            "uq_engagement_interaction", "tenant_id", "interaction_id",
            unique=True,
            postgresql_where="ended_at IS NULL AND wrapup_since IS NULL AND role = 'main'",
        ),
        Index(
            "ix_engagement_interaction", "tenant_id", "interaction_id", postgresql_where="ended_at IS NULL"
        ),
        Index("ix_engagement_agent_id", "agent_id", "started_at"),
    )  # fmt: skip

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    interaction_id: Mapped[UUID]
    channel: Mapped[Channel] = mapped_column(stored_as_text(Channel))
    role: Mapped[EngagementRole] = mapped_column(stored_as_text(EngagementRole), default=EngagementRole.MAIN)
    started_at: Mapped[datetime]
    wrapup_since: Mapped[datetime | None]
    wrapup_due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
