"""Whose number, address or call is this? The one table that answers before a tenant is bound.

It holds no personal data: shops' slugs, their own numbers and addresses, and carrier ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from nanori.db import Base, BigInt, stored_as_text
from nanori.errors import Rejected
from nanori.words import N_


class Kind(StrEnum):
    SHOP = "shop"  # key: the slug
    NUMBER = "number"  # key: E.164
    MAIL_ADDRESS = "mail_address"  # key: lower case
    CALL = "call"  # key: the carrier's CallSid of a caller


class DirectoryEntry(Base):
    """One promise: this key belongs to this shop, and to no other."""

    __tablename__ = "directory"

    kind: Mapped[Kind] = mapped_column(stored_as_text(Kind), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[UUID] = mapped_column(index=True)
    subject_id: Mapped[UUID | None]  # the call, for a CallSid
    free_at: Mapped[datetime | None]  # given back by its shop; from then on another one may have it


class FrontDoor(Base):
    """Which version of what its callers meet a shop is at: hours, wording, desks, seasons and lines.

    Triggers on those tables count it, in the transaction that changes them: who reads the same version twice
    may take what was read after the first time for what is true at the second.
    """

    __tablename__ = "front_door"

    shop_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[BigInt]


class AlreadyPromised(Rejected):
    """Says nothing about who has it: that would tell one shop about another."""

    message = N_("This number or address cannot be used.")


@dataclass(frozen=True, slots=True)
class Found:
    shop_id: UUID
    subject_id: UUID | None


async def look_up(session: AsyncSession, kind: Kind, key: str) -> Found | None:
    """Who owns ``key``; works in a transaction that has bound no tenant. Nobody owns what was given back."""
    entry = await session.get(DirectoryEntry, (kind, key))
    return None if entry is None or entry.free_at else Found(entry.shop_id, entry.subject_id)


async def promise(
    session: AsyncSession,
    kind: Kind,
    key: str,
    *,
    shop_id: UUID,
    subject_id: UUID | None = None,
    now: datetime | None = None,
) -> None:
    """Give ``key`` to a shop. Repeating it for the same shop changes nothing.

    What another shop gave back can be had once its quarantine is over at ``now``; without ``now`` it cannot.

    Raises:
        AlreadyPromised: another shop has it, or had it lately.
    """
    is_free = DirectoryEntry.shop_id == shop_id
    if now is not None:
        is_free = or_(is_free, DirectoryEntry.free_at <= now)
    promised = insert(DirectoryEntry).values(kind=kind, key=key, shop_id=shop_id, subject_id=subject_id)
    await session.execute(
        promised.on_conflict_do_update(
            index_elements=[DirectoryEntry.kind, DirectoryEntry.key],
            set_={"shop_id": shop_id, "subject_id": subject_id, "free_at": None},
            where=is_free,
        )
    )
    owner = await session.scalar(
        select(DirectoryEntry.shop_id).where(
            DirectoryEntry.kind == kind, DirectoryEntry.key == key, DirectoryEntry.free_at.is_(None)
        )
    )
    if owner != shop_id:
        raise AlreadyPromised


async def note_call(session: AsyncSession, keys: Sequence[str], *, shop_id: UUID, call_id: UUID) -> None:
    """Remember whose call these ids name; ids of calls are made once and never belong to another shop."""
    rows = [{"kind": Kind.CALL, "key": key, "shop_id": shop_id, "subject_id": call_id} for key in keys]
    await session.execute(insert(DirectoryEntry).values(rows).on_conflict_do_nothing())


_CLAIM = text("""
    WITH shop AS (
        SELECT shop_id, version FROM directory LEFT JOIN front_door USING (shop_id)
        WHERE kind = 'number' AND key = :number AND free_at IS NULL
    ), claimed AS (
        INSERT INTO directory (kind, key, shop_id, subject_id)
        SELECT 'call', :call_sid, shop_id, CAST(:call_id AS uuid) FROM shop
        ON CONFLICT DO NOTHING RETURNING shop_id
    ), noted AS (
        INSERT INTO directory (kind, key, shop_id, subject_id)
        SELECT 'call', CAST(CAST(:call_id AS uuid) AS text), shop_id, CAST(:call_id AS uuid) FROM claimed
    )
    SELECT shop_id, version, set_config('nanori.tenants', '{' || shop_id || '}', true)
    FROM claimed JOIN shop USING (shop_id)
""")


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whose a new call is, and the version of what that shop's callers meet; see :class:`FrontDoor`."""

    shop_id: UUID
    version: int | None  # None: not known, nothing may be kept


async def claim_call(session: AsyncSession, number: str, *, call_sid: str, call_id: UUID) -> Claimed | None:
    """A new call to ``number``: note its two ids for the number's shop and bind that shop. One statement.

    Two deliveries of one webhook cannot both claim: the second waits until the first has committed.
    Returns None, and binds nothing, when no shop has the number or the call is known already.
    """
    row = (
        await session.execute(_CLAIM, {"number": number, "call_sid": call_sid, "call_id": call_id})
    ).one_or_none()
    return None if row is None else Claimed(row.shop_id, row.version)


_BIND = text("""
    SELECT shop_id, subject_id, set_config('nanori.tenants', '{' || shop_id || '}', true)
    FROM directory WHERE kind = 'call' AND key = :key AND subject_id IS NOT NULL AND free_at IS NULL
""")


async def bind_call(session: AsyncSession, key: str) -> tuple[UUID, UUID] | None:
    """(shop, call) behind one of a call's ids, the shop bound. One statement.

    Returns None, and binds nothing, when no call of ours has it.
    """
    row = (await session.execute(_BIND, {"key": key})).one_or_none()
    return None if row is None else (row.shop_id, row.subject_id)


async def release(
    session: AsyncSession, kind: Kind, key: str, *, shop_id: UUID, free_at: datetime | None = None
) -> None:
    """Take ``key`` back from the shop, if it has it; until ``free_at`` no other shop can have it.

    People who know a number go on calling it: they must not reach another shop the day after.
    """
    mine = (DirectoryEntry.kind == kind, DirectoryEntry.key == key, DirectoryEntry.shop_id == shop_id)
    if free_at is None:
        await session.execute(delete(DirectoryEntry).where(*mine))
        return
    await session.execute(
        update(DirectoryEntry).where(*mine, DirectoryEntry.free_at.is_(None)).values(free_at=free_at)
    )


async def entries(session: AsyncSession, kind: Kind) -> list[DirectoryEntry]:
    """Every promise of a kind, those in quarantine too: for the operator's own lists."""
    found = await session.scalars(
        select(DirectoryEntry).where(DirectoryEntry.kind == kind).order_by(DirectoryEntry.key)
    )
    return list(found)


async def all_shops(session: AsyncSession) -> list[UUID]:
    """Ids of every shop of this installation."""
    found = await session.scalars(
        select(DirectoryEntry.shop_id).where(DirectoryEntry.kind == Kind.SHOP).order_by(DirectoryEntry.key)
    )
    return list(found)
