"""Tables of identity. They belong to the operator: no shop's data, no row-level security."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from nanori.actors import Role
from nanori.db import Base, stored_as_text


class Account(Base):
    """One person who can sign in."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("login = lower(login)", name="login_is_lower_case"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    login: Mapped[str] = mapped_column(unique=True)  # a mail address
    name: Mapped[str]
    password_hash: Mapped[str]  # argon2id, with its parameters
    locale: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class RoleGrant(Base):
    """What an account may be, and for which shop; supervisors and operators have no shop named."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('agent', 'merchant')) = (shop_id IS NOT NULL)", name="shop_where_role_needs_one"
        ),
        Index(
            "uq_role_grant_account_id", "account_id", "role", "shop_id", unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(stored_as_text(Role))
    shop_id: Mapped[UUID | None] = mapped_column(index=True)


class LoginSession(Base):
    """One signed-in browser. The cookie's value is never stored, only its SHA-256."""

    __tablename__ = "login_session"

    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    idle_until: Mapped[datetime]
    absolute_until: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ThrottleBucket(Base):
    """How often a subject tried something lately; ``subject_hash`` is keyed, never the plain value."""

    __tablename__ = "throttle_bucket"

    purpose: Mapped[str] = mapped_column(primary_key=True)
    subject_hash: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    blocked_until: Mapped[datetime | None]
    last_at: Mapped[datetime]
