"""Reads of identity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.identity.models import Account, LoginSession, RoleGrant


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A live login session and what its account may do."""

    id_hash: bytes
    account_id: UUID
    name: str
    locale: str
    roles: frozenset[Role]
    shops: frozenset[UUID]  # named in grants; empty for supervisors and operators
    idle_until: datetime
    absolute_until: datetime


async def signed_in(session: AsyncSession, id_hash: bytes, *, now: datetime) -> SignedIn | None:
    """The session behind a cookie's hash, if it is alive and its account not disabled. One statement."""
    row = (
        await session.execute(
            select(
                Account.id,
                Account.name,
                Account.locale,
                LoginSession.idle_until,
                LoginSession.absolute_until,
                func.array_agg(RoleGrant.role).label("roles"),
                func.array_agg(RoleGrant.shop_id).label("shops"),
            )
            .select_from(LoginSession)
            .join(Account, Account.id == LoginSession.account_id)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .where(
                LoginSession.id_hash == id_hash,
                LoginSession.revoked_at.is_(None),
                LoginSession.idle_until > now,
                LoginSession.absolute_until > now,
                Account.disabled_at.is_(None),
            )
            .group_by(Account.id, LoginSession.id_hash)
        )
    ).one_or_none()
    if row is None:
        return None
    return SignedIn(
        id_hash=id_hash,
        account_id=row.id,
        name=row.name,
        locale=row.locale,
        roles=frozenset(Role(role) for role in row.roles),
        shops=frozenset(shop for shop in row.shops if shop is not None),
        idle_until=row.idle_until,
        absolute_until=row.absolute_until,
    )


async def account_by_login(session: AsyncSession, login: str) -> Account | None:
    return await session.scalar(select(Account).where(Account.login == login.strip().lower()))


async def names_of(session: AsyncSession, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names by account id, for staff's pages; ids that are no account are left out."""
    rows = await session.execute(select(Account.id, Account.name).where(Account.id.in_(set(account_ids))))
    return {row.id: row.name for row in rows}


async def agents_of(session: AsyncSession, shop_id: UUID) -> list[Account]:
    """Accounts that may answer for a shop, by name."""
    found = await session.scalars(
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.AGENT, RoleGrant.shop_id == shop_id, Account.disabled_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    return list(found)


async def leaders(session: AsyncSession) -> list[Account]:
    """Supervisors and operators who can sign in, by name."""
    leads = select(RoleGrant.account_id).where(RoleGrant.role.in_([Role.SUPERVISOR, Role.OPERATOR]))
    found = await session.scalars(
        select(Account)
        .where(Account.id.in_(leads), Account.disabled_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    return list(found)
