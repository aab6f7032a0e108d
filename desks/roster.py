"""Writes about who answers where: standing desks, and the agents on their rosters."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.errors import AgentUnknown
from desks.models import Desk, RosterEntry
from desks.queries import desk_by_id, possible_agents
from desks.values import DeskKind, DeskState
from nanori import live
from nanori.actors import Role
from nanori.identity import commands as identity


async def open_standing_desk(session: AsyncSession, tenant_id: UUID, *, name: str, now: datetime) -> Desk:
    """The desk at which a shop's calls wait; a shop that has an open standing one keeps that."""
    there = await session.scalar(
        select(Desk)
        .where(Desk.tenant_id == tenant_id, Desk.state == DeskState.OPEN, Desk.kind == DeskKind.STANDING)
        .order_by(Desk.created_at)
    )
    if there is not None:
        return there
    return await open_desk(session, tenant_id, name=name, now=now)


async def open_desk(session: AsyncSession, tenant_id: UUID, *, name: str, now: datetime) -> Desk:
    """One more desk of a shop: its own queue, roster and times."""
    desk = Desk(tenant_id=tenant_id, id=uuid7(), name=name, state=DeskState.OPEN, created_at=now)
    session.add(desk)
    await session.flush()
    return desk


async def put_on_desk(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    desk_id: UUID,
    agent_id: UUID,
    level: int,
    certified: bool = True,
    preferred: bool = False,
) -> None:
    """Let an agent answer at a desk, and see that shop. Repeating it changes the agent's place only.

    Who is not ``certified`` for the shop yet sees it and gets none of its calls.

    Raises:
        DeskNotFound: not among the shops bound.
        AgentUnknown: no account of an agent, or a disabled one.
    """
    desk = await desk_by_id(session, tenant_id, desk_id)
    if agent_id not in {account.id for account in await possible_agents(session)}:
        raise AgentUnknown
    place = {"level": level, "certified": certified, "preferred": preferred}
    entry = insert(RosterEntry).values(
        tenant_id=tenant_id, id=uuid7(), desk_id=desk.id, agent_id=agent_id, **place
    )
    keys = [RosterEntry.tenant_id, RosterEntry.desk_id, RosterEntry.agent_id]
    await session.execute(entry.on_conflict_do_update(index_elements=keys, set_=place))
    await identity.grant(session, agent_id, Role.AGENT, shop_id=tenant_id)
    await live.announce(session, live.WORK, "route")


async def take_off_desk(session: AsyncSession, tenant_id: UUID, *, desk_id: UUID, agent_id: UUID) -> None:
    """No more calls of this desk; without another desk of the shop, no more sight of the shop either.

    A call in hand stays in hand. Taking off somebody who is not there changes nothing.

    Raises:
        DeskNotFound: not among the shops bound.
    """
    desk = await desk_by_id(session, tenant_id, desk_id)
    of_agent = (RosterEntry.tenant_id == tenant_id, RosterEntry.agent_id == agent_id)
    await session.execute(delete(RosterEntry).where(*of_agent, RosterEntry.desk_id == desk.id))
    if await session.scalar(select(RosterEntry.id).where(*of_agent).limit(1)) is None:
        await identity.revoke(session, agent_id, Role.AGENT, shop_id=tenant_id)


async def set_desk_times(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    desk_id: UUID,
    ring_seconds: int,
    wrapup_seconds: int,
    max_wait_seconds: int,
) -> None:
    """How long an agent is rung, may wrap up, and a caller may wait. Offers already out keep their time.

    Raises:
        DeskNotFound: not among the shops bound.
    """
    desk = await desk_by_id(session, tenant_id, desk_id)
    desk.ring_seconds, desk.wrapup_seconds = ring_seconds, wrapup_seconds
    desk.max_wait_seconds = max_wait_seconds
    await session.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How a desk shares agents with others; ``docs/algorithms/routing.md``."""

    weight: int = 1
    reserved_agents: int = 0
    overflow_after_seconds: int = 0
    max_waiting: int | None = 0
    interrupts_mail: bool = False


async def set_sharing(session: AsyncSession, tenant_id: UUID, *, desk_id: UUID, sharing: Sharing) -> None:
    """From the next decision on.

    Raises:
        DeskNotFound: not among the shops bound.
    """
    desk = await desk_by_id(session, tenant_id, desk_id)
    desk.weight, desk.reserved_agents = sharing.weight, sharing.reserved_agents
    desk.overflow_after_seconds, desk.max_waiting = sharing.overflow_after_seconds, sharing.max_waiting
    desk.interrupts_mail = sharing.interrupts_mail
    await session.flush()
    await live.announce(session, live.WORK, "route")


async def set_away(session: AsyncSession, tenant_id: UUID, *, desk_id: UUID, percent: int) -> None:
    """The share of the time on shift in which its agents are away, planned breaks left aside.

    Raises:
        DeskNotFound: not among the shops bound.
    """
    desk = await desk_by_id(session, tenant_id, desk_id)
    desk.away_percent = percent
    await session.flush()


async def ask_for_certificate(session: AsyncSession, tenant_id: UUID, *, desk_id: UUID, asks: bool) -> None:
    """From the next decision on, only agents with the shop's certificate get the desk's calls, or all again.

    Raises:
        DeskNotFound: not among the shops bound.
    """
    desk = await desk_by_id(session, tenant_id, desk_id)
    desk.needs_certificate = asks
    await session.flush()
    await live.announce(session, live.WORK, "route")


async def open_overflow(
    session: AsyncSession, tenant_id: UUID, *, desk_id: UUID, until: datetime | None
) -> None:
    """Ask agents of every level at once until then; None ends it.

    Raises:
        DeskNotFound: not among the shops bound.
    """
    desk = await desk_by_id(session, tenant_id, desk_id)
    desk.overflow_until = until
    await session.flush()
    await live.announce(session, live.WORK, "route")
    await live.announce(session, live.FLOOR, "waiting", shop=tenant_id)
