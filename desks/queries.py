"""Reads about desks and the people at them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from desks.certified import may_answer
from desks.errors import DeskNotFound
from desks.models import Desk, PresenceInterval, RosterEntry, Seat, Waiting
from desks.values import NotReadyReason, Presence, WaitingKind, WaitingState
from nanori.actors import Role
from nanori.identity.models import Account, RoleGrant


async def desk_by_id(session: AsyncSession, tenant_id: UUID, desk_id: UUID) -> Desk:
    """One desk.

    Raises:
        DeskNotFound: not among the shops bound.
    """
    found = await session.get(Desk, (tenant_id, desk_id))
    if found is None:
        raise DeskNotFound
    return found


async def desks_of(session: AsyncSession) -> Sequence[Desk]:
    """Every desk of the shops bound, oldest first."""
    return (await session.scalars(select(Desk).order_by(Desk.created_at, Desk.id))).all()


async def roster_of(session: AsyncSession) -> Sequence[tuple[RosterEntry, Account]]:
    """Who may answer at which desk of the shops bound, first level first, then by name."""
    rows = await session.execute(
        select(RosterEntry, Account)
        .join(Account, Account.id == RosterEntry.agent_id)
        .order_by(RosterEntry.level, Account.name, Account.id)
    )
    return [(entry, account) for entry, account in rows]


async def takers(session: AsyncSession, *, at: datetime) -> Sequence[RosterEntry]:
    """Places of agents who get calls there at that time: trained, and certified where the desk asks."""
    found = await session.scalars(select(RosterEntry).where(may_answer(at)))
    return found.all()


async def seats(session: AsyncSession) -> dict[UUID, Seat]:
    """What each agent is doing now; one who never signed in to a desk has no seat."""
    return {seat.agent_id: seat for seat in await session.scalars(select(Seat))}


async def at_work(session: AsyncSession, desk: Desk) -> int:
    """How many agents of a desk are there, busy or on a break included; not who has gone or is cut off."""
    cut_off = (Seat.state == Presence.NOT_READY) & (Seat.reason == NotReadyReason.SILENT.value)
    found = await session.scalar(
        select(func.count())
        .select_from(RosterEntry)
        .join(Seat, Seat.agent_id == RosterEntry.agent_id)
        .where(
            RosterEntry.tenant_id == desk.tenant_id,
            RosterEntry.desk_id == desk.id,
            Seat.state != Presence.OFFLINE,
            ~func.coalesce(cut_off, False),
        )
    )
    return int(found or 0)


async def place_in_queue(session: AsyncSession, waiting: Waiting) -> int:
    """How many of the desk are asked before this caller, the caller included: 1 is next."""
    sooner = (Waiting.priority > waiting.priority) | (
        (Waiting.priority == waiting.priority)
        & (tuple_(Waiting.enqueued_at, Waiting.id) < tuple_(waiting.enqueued_at, waiting.id))
    )
    before = await session.scalar(
        select(func.count()).where(
            Waiting.tenant_id == waiting.tenant_id,
            Waiting.desk_id == waiting.desk_id,
            Waiting.state.in_([WaitingState.WAITING, WaitingState.OFFERED]),
            Waiting.kind != WaitingKind.CONSULT,
            sooner,
        )
    )
    return int(before or 0) + 1


async def possible_agents(session: AsyncSession) -> Sequence[Account]:
    """Whom a roster may name, by name: agents of any shop, and accounts that are nothing else yet."""
    of_agents = select(RoleGrant.account_id).where(RoleGrant.role == Role.AGENT)
    found = await session.scalars(
        select(Account)
        .where(
            Account.disabled_at.is_(None),
            or_(Account.id.in_(of_agents), Account.id.not_in(select(RoleGrant.account_id))),
        )
        .order_by(Account.name, Account.id)
    )
    return found.all()


async def agents_of_shops(session: AsyncSession, tenant_ids: Iterable[UUID]) -> Sequence[Account]:
    """Agents of any of these shops by name, disabled ones included: their work stays in the log."""
    found = await session.scalars(
        select(Account)
        .where(
            Account.id.in_(
                select(RoleGrant.account_id).where(
                    RoleGrant.role == Role.AGENT, RoleGrant.shop_id.in_(list(tenant_ids))
                )
            )
        )
        .order_by(Account.name, Account.id)
    )
    return found.all()


async def intervals_between(
    session: AsyncSession, agent_id: UUID, start: datetime, end: datetime
) -> Sequence[PresenceInterval]:
    """What an agent did in ``[start, end)``, intervals that reach over its edges included."""
    found = await session.scalars(
        select(PresenceInterval)
        .where(
            PresenceInterval.agent_id == agent_id,
            PresenceInterval.started_at < end,
            or_(PresenceInterval.ended_at.is_(None), PresenceInterval.ended_at > start),
        )
        .order_by(PresenceInterval.started_at)
    )
    return found.all()
