"""Who did or read what. Rows are only ever added."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from nanori.actors import ActorKind
from nanori.context import Context
from nanori.db import Base, stored_as_text


class AuditEntry(Base):
    """One deed: ids and words of the product, never what was read."""

    __tablename__ = "audit_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[ActorKind] = mapped_column(stored_as_text(ActorKind))
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    shop_id: Mapped[UUID | None]
    action: Mapped[str]  # "case.read", "login", "shop.changed"
    subject_id: Mapped[UUID | None]
    request_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


async def record(
    session: AsyncSession,
    context: Context,
    action: str,
    *,
    shop_id: UUID | None = None,
    subject_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one row to the trail, in the same transaction as the deed."""
    await session.execute(
        insert(AuditEntry).values(
            id=uuid7(),
            at=context.now,
            actor_kind=context.actor.kind,
            account_id=context.actor.account_id,
            shop_id=shop_id,
            action=action,
            subject_id=subject_id,
            request_id=context.request_id,
            detail=detail or {},
        )
    )
