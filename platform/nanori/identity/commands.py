"""Writes of identity: accounts, grants, signing in and out."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.actors import Role
from nanori.identity.errors import LoginTaken, PasswordTooShort
from nanori.identity.models import Account, LoginSession, RoleGrant
from nanori.identity.passwords import MIN_LENGTH, hashed

STAFF_SHIFT = timedelta(hours=12)
MERCHANT_IDLE = timedelta(minutes=30)
MERCHANT_LONGEST = timedelta(hours=12)


async def add_account(
    session: AsyncSession, login: str, *, name: str, password: str, locale: str, now: datetime
) -> Account:
    """Create an account that may do nothing yet.

    Raises:
        LoginTaken: the mail address has an account.
        PasswordTooShort: under ``MIN_LENGTH`` characters.
    """
    if len(password) < MIN_LENGTH:
        raise PasswordTooShort(length=MIN_LENGTH)
    login = login.strip().lower()
    added: Account | None = await session.scalar(
        insert(Account)
        .values(
            id=uuid7(), login=login, name=name, password_hash=hashed(password), locale=locale, created_at=now
        )
        .on_conflict_do_nothing(index_elements=[Account.login])
        .returning(Account)
    )
    if added is None:
        raise LoginTaken
    return added


async def grant(session: AsyncSession, account_id: UUID, role: Role, *, shop_id: UUID | None = None) -> None:
    """Let an account be ``role``, for one shop where the role is bound to shops. Repeatable."""
    await session.execute(
        insert(RoleGrant)
        .values(id=uuid7(), account_id=account_id, role=role, shop_id=shop_id)
        .on_conflict_do_nothing()
    )


async def revoke(session: AsyncSession, account_id: UUID, role: Role, *, shop_id: UUID | None = None) -> None:
    """Take a grant back; the next request of the account is without it. Repeatable."""
    await session.execute(
        delete(RoleGrant).where(
            RoleGrant.account_id == account_id, RoleGrant.role == role, RoleGrant.shop_id == shop_id
        )
    )


async def disable_account(session: AsyncSession, account_id: UUID, *, now: datetime) -> None:
    """Shut an account and end each of its sessions in the same transaction."""
    account = await session.get_one(Account, account_id, with_for_update=True)
    account.disabled_at = account.disabled_at or now
    await session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def session_hash(cookie: str) -> bytes:
    """What of a session cookie is stored."""
    return hashlib.sha256(cookie.encode()).digest()


async def open_session(session: AsyncSession, account_id: UUID, *, now: datetime) -> str:
    """Start a login session and return the new cookie value: 256 random bits, never one given by a client."""
    cookie = secrets.token_urlsafe(32)
    merchant = await session.scalar(
        select(RoleGrant.id)
        .where(RoleGrant.account_id == account_id, RoleGrant.role == Role.MERCHANT)
        .limit(1)
    )
    await session.execute(
        insert(LoginSession).values(
            id_hash=session_hash(cookie),
            account_id=account_id,
            created_at=now,
            idle_until=now + (MERCHANT_IDLE if merchant else STAFF_SHIFT),
            absolute_until=now + (MERCHANT_LONGEST if merchant else STAFF_SHIFT),
        )
    )
    return cookie


async def extend_session(session: AsyncSession, id_hash: bytes, *, idle_until: datetime) -> None:
    """Move the idle limit of a live session; a revoked one stays dead."""
    await session.execute(
        update(LoginSession)
        .where(LoginSession.id_hash == id_hash, LoginSession.revoked_at.is_(None))
        .values(idle_until=idle_until)
    )


async def close_session(session: AsyncSession, id_hash: bytes, *, now: datetime) -> None:
    """Sign out for good."""
    await session.execute(
        update(LoginSession)
        .where(LoginSession.id_hash == id_hash, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


async def set_locale(session: AsyncSession, account_id: UUID, locale: str) -> None:
    """Remember the language that an account wants."""
    await session.execute(update(Account).where(Account.id == account_id).values(locale=locale))
