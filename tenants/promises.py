"""To which desk a number or a mail address leads, and from when until when; the pool of numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from uuid_utils.compat import uuid7

from nanori import directory
from nanori.directory import DirectoryEntry, Kind
from nanori.errors import InvalidInput
from nanori.words import N_
from tenants import commands, queries
from tenants.models import LinePromise, PhoneNumber, PoolNumber

POOL_IS_SHORT = N_("The pool has only {left} numbers left.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Half-open times of a promise; until ``free_at`` no other shop gets the line."""

    shop_id: UUID
    line: str
    starts_at: datetime
    ends_at: datetime
    free_at: datetime


def are_in_the_way(one: Term, other: Term) -> bool:
    """Whether two desks cannot both have what they were promised. The same two rules as in the database."""
    if one.line != other.line:
        return False
    if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
        return True
    return (
        one.shop_id != other.shop_id
        and one.starts_at < other.free_at
        and other.starts_at < one.free_at
    )  # fmt: skip


async def add_to_pool(session: AsyncSession, numbers: Iterable[str], *, now: datetime) -> None:
    """Numbers of ours that seasonal desks may have; those that are in it already stay."""
    rows = [{"number": number, "added_at": now} for number in numbers]
    if rows:
        await session.execute(insert(PoolNumber).values(rows).on_conflict_do_nothing())


async def take_out_of_pool(session: AsyncSession, number: str) -> None:
    """No further desk gets it; the desk that has it keeps it. Out is out: twice is no error."""
    await session.execute(delete(PoolNumber).where(PoolNumber.number == number))


async def spare_numbers(session: AsyncSession, *, now: datetime) -> list[str]:
    """Numbers of the pool that a desk could have at once: nobody's, and not in quarantine."""
    return list(await session.scalars(_spare(now)))


async def take_from_pool(session: AsyncSession, tenant_id: UUID, count: int, *, now: datetime) -> list[str]:
    """Let so many numbers of the pool ring for a shop; two who ask at once get different ones.

    Raises:
        InvalidInput: there are not so many; ``wanted_numbers`` says how many there are.
    """
    spare = _spare(now).limit(count).with_for_update(of=PoolNumber, skip_locked=True)
    found = list(await session.scalars(spare)) if count else []
    if len(found) < count:
        raise InvalidInput(
            {"wanted_numbers": POOL_IS_SHORT}, left=len(found)
        )  # fmt: skip
    for number in found:
        await commands.add_number(session, tenant_id, number, now=now)
    return found


async def in_the_way(session: AsyncSession, wanted: Term, *, but: UUID | None = None) -> LinePromise | None:
    """A promise, among the shops bound, that stands against a new one; ``but`` is the desk that asks."""
    one = LinePromise
    asked = (
        select(one)
        .where(
            one.line == wanted.line,
            or_(
                (one.starts_at < wanted.ends_at) & (one.ends_at > wanted.starts_at),
                (one.tenant_id != wanted.shop_id)
                & (one.starts_at < wanted.free_at)
                & (one.free_at > wanted.starts_at),
            ),
        )
        .order_by(one.ends_at.desc())
        .limit(1)
    )
    if but is not None:
        asked = asked.where(one.desk_id != but)
    found: LinePromise | None = await session.scalar(asked)
    return found


async def promise_line(session: AsyncSession, term: Term, *, desk_id: UUID, from_pool: bool) -> LinePromise:
    """Let the line lead to a desk for that time. The database refuses what is in the way of another."""
    row = LinePromise(
        tenant_id=term.shop_id, id=uuid7(), desk_id=desk_id, line=term.line, starts_at=term.starts_at,
        ends_at=term.ends_at, free_at=term.free_at, from_pool=from_pool,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def promises_to(session: AsyncSession, tenant_id: UUID, desk_id: UUID) -> Sequence[LinePromise]:
    """What leads, will lead or has led to a desk."""
    found = await session.scalars(
        select(LinePromise)
        .where(LinePromise.tenant_id == tenant_id, LinePromise.desk_id == desk_id)
        .order_by(LinePromise.id)
    )
    return found.all()


async def withdraw(session: AsyncSession, promise: LinePromise, *, free_at: datetime | None = None) -> None:
    """Take a promise back before it began; a number of the pool goes back there.

    Args:
        free_at: people may have seen the number: until then no other shop gets it.
    """
    await session.delete(promise)
    await session.flush()
    if promise.from_pool and not await _is_wanted_again(session, promise):
        await _back_to_pool(session, promise, free_at=free_at)


async def desk_of_line(session: AsyncSession, tenant_id: UUID, line: str, *, at: datetime) -> UUID | None:
    """The seasonal desk that a line leads to at a time; None when it leads to none."""
    found: UUID | None = await session.scalar(
        select(LinePromise.desk_id).where(
            LinePromise.tenant_id == tenant_id, LinePromise.line == line, LinePromise.starts_at <= at,
            LinePromise.ends_at > at,
        )
    )  # fmt: skip
    return found


async def in_pool(session: AsyncSession, lines: Iterable[str]) -> set[str]:
    """Which of the lines are numbers of the pool."""
    return set(await session.scalars(select(PoolNumber.number).where(PoolNumber.number.in_(list(lines)))))


async def to_return(session: AsyncSession, *, now: datetime) -> Sequence[LinePromise]:
    """Promises of pool numbers whose quarantine is over, locked; others may be working on the rest."""
    found = await session.scalars(
        select(LinePromise)
        .where(LinePromise.from_pool, LinePromise.returned_at.is_(None), LinePromise.free_at <= now)
        .order_by(LinePromise.free_at)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    return found.all()


async def return_line(session: AsyncSession, promise: LinePromise, *, now: datetime) -> None:
    """The number is spare again, unless the shop has promised it to another of its desks meanwhile."""
    promise.returned_at = now
    await session.flush()
    if not await _is_wanted_again(session, promise):
        await _back_to_pool(session, promise, free_at=None)


def _spare(now: datetime) -> Select[str]:
    promised = exists().where(
        DirectoryEntry.kind == Kind.NUMBER,
        DirectoryEntry.key == PoolNumber.number,
        func.coalesce(DirectoryEntry.free_at > now, True),
    )
    return select(PoolNumber.number).where(~promised).order_by(PoolNumber.number)


async def _is_wanted_again(session: AsyncSession, promise: LinePromise) -> bool:
    other = aliased(LinePromise)
    found = await session.scalar(
        select(other.id).where(
            other.tenant_id == promise.tenant_id, other.line == promise.line, other.id != promise.id,
            other.returned_at.is_(None),
        ).limit(1)
    )  # fmt: skip
    return found is not None


async def _back_to_pool(session: AsyncSession, promise: LinePromise, *, free_at: datetime | None) -> None:
    await session.execute(
        delete(PhoneNumber).where(
            PhoneNumber.tenant_id == promise.tenant_id, PhoneNumber.number == promise.line
        )
    )
    await directory.release(session, Kind.NUMBER, promise.line, shop_id=promise.tenant_id, free_at=free_at)


async def own_lines(session: AsyncSession, tenant_id: UUID, *, lent_to: UUID | None = None) -> list[str]:
    """Every number and address of a shop; without those of the pool that the desk ``lent_to`` has."""
    lent = exists().where(
        LinePromise.tenant_id == tenant_id, LinePromise.line == PhoneNumber.number,
        LinePromise.from_pool, LinePromise.desk_id == lent_to,
    )  # fmt: skip
    numbers = await session.scalars(
        select(PhoneNumber.number).where(PhoneNumber.tenant_id == tenant_id, ~lent).order_by(PhoneNumber.id)
    )
    return [*numbers, *(one.address for one in await queries.addresses_of(session, tenant_id))]
