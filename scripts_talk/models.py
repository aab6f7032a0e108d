"""Tables of the talk script room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, TenantOwned, stored_as_text
from scripts_talk.values import ScriptState


class Script(TenantOwned, Base):
    """A talk script of a shop, by name."""

    __tablename__ = "script"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),)

    name: Mapped[str]
    created_at: Mapped[datetime]


class ScriptVersion(TenantOwned, Base):
    """One wording of a script. A published version never changes; a script has one at a time.

    ``steps`` is a list of ``{"title", "say", "hint", "fields": [{"key", "label", "kind", "required",
    "choices"}]}`` in the order of the talk.
    """

    __tablename__ = "script_version"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "script_id"], ["script.tenant_id", "script.id"]),
        UniqueConstraint("tenant_id", "script_id", "number"),
        Index(
            "uq_script_version_published", "tenant_id", "script_id",
            unique=True, postgresql_where="state = 'published'",
        ),
    )  # fmt: skip

    script_id: Mapped[UUID]
    number: Mapped[int]
    state: Mapped[ScriptState] = mapped_column(stored_as_text(ScriptState))
    steps: Mapped[list[Any]]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
