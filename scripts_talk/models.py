"""Tables of the talk script room."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned, stored_as_text
from scripts_talk.values import Approval, ScriptState


class Script(TenantOwned, Base):
    """A talk script of a shop, by name: the shop's, or one desk's, which goes before it."""

    __tablename__ = "script"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        ForeignKeyConstraint(["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"]),
        UniqueConstraint("tenant_id", "desk_id"),
    )

    desk_id: Mapped[UUID | None]  # None: every desk without a published one of its own
    name: Mapped[str]
    order_pattern: Mapped[str] = mapped_column(default="")  # of the shop's order numbers; empty: any
    created_at: Mapped[datetime]


def _one_in(state: ScriptState) -> Index:
    return Index(
        f"uq_script_version_{state.value}", "tenant_id", "script_id",
        unique=True, postgresql_where=f"state = '{state.value}'",
    )  # fmt: skip


class ScriptVersion(TenantOwned, Base):
    """One wording of a script. Only a draft's content changes: a trigger refuses everything else, and every
    move between states that ``values.MOVES`` does not have.

    ``steps`` is what ``stored.as_json`` makes.
    """

    __tablename__ = "script_version"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "script_id"], ["script.tenant_id", "script.id"]),
        UniqueConstraint("tenant_id", "script_id", "number"),
        _one_in(ScriptState.DRAFT),
        _one_in(ScriptState.SUBMITTED),
        _one_in(ScriptState.APPROVED),
        _one_in(ScriptState.PUBLISHED),
    )

    script_id: Mapped[UUID]
    number: Mapped[int]
    state: Mapped[ScriptState] = mapped_column(stored_as_text(ScriptState))
    steps: Mapped[list[Any]]
    revision: Mapped[int] = mapped_column(default=1)  # of a draft: one more with each save
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    approval: Mapped[Approval | None] = mapped_column(stored_as_text(Approval))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decision_note: Mapped[str] = mapped_column(default="")  # why refused, or who approved and how
    published_at: Mapped[datetime | None]


class Campaign(TenantOwned, Base):
    """An advertisement of the shop, and what it showed. Callers come by its number or its days.

    ``goods`` is a list of ``{"code", "name", "is_subscription", "shown": [terms]}``.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        UniqueConstraint("tenant_id", "code"),
        CheckConstraint("first_day <= last_day", name="ends_after_it_begins"),
    )

    code: Mapped[str]
    name: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    number: Mapped[str] = mapped_column(default="")  # E.164; empty: every number of the shop
    goods: Mapped[list[Any]]
    allows_solicitation: Mapped[bool] = mapped_column(default=False)  # other goods, with the law's duties
    ended_at: Mapped[datetime | None]  # by hand, before its last day: no later call comes by it
    created_at: Mapped[datetime]


class ScriptTalk(TenantOwned, Base):
    """What the agent was shown in one call: the version, what was true of the call, each step in its order.

    ``shown`` is a list of ``{"step", "said", "at"}``: the step's key and the words as they stood.
    """

    __tablename__ = "script_talk"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "interaction_id"], ["interaction.tenant_id", "interaction.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "version_id"], ["script_version.tenant_id", "script_version.id"]),
        UniqueConstraint("tenant_id", "interaction_id"),
    )  # fmt: skip

    interaction_id: Mapped[UUID]
    version_id: Mapped[UUID]
    moment: Mapped[dict[str, Any]]
    shown: Mapped[list[Any]]
    offers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # step key -> what came of it
    started_at: Mapped[datetime]
