"""What a supervisor directs from the floor: who answers, and when to be called."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desks.errors import AgentIsBusy, AgentNotFound, AgentNotThere
from desks.presence import CHOSEN_FROM, enter, is_heard, locked_seat
from desks.queries import desk_by_id, possible_agents
from desks.values import BreakReason, Presence
from nanori import live


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLimits:
    """From when on a desk calls for a supervisor, in seconds and percent; 0 never does."""

    wait_seconds: int
    level_percent: int | None  # None: below what the contract promises
    nobody: bool
    talk_seconds: int
    wrapup_seconds: int
    away_seconds: int
    not_ready_seconds: int


async def direct_presence(
    session: AsyncSession, agent_id: UUID, state: Presence, *, reason: BreakReason | None, now: datetime
) -> None:
    """Send an agent into calls, on a break or home. The agent's own page follows at once.

    Raises:
        AgentNotFound: no account of an agent.
        AgentIsBusy: a call rings, runs or is being wrapped up.
        AgentNotThere: meant to take calls, but no page of theirs is open.
    """
    if agent_id not in {account.id for account in await possible_agents(session)}:
        raise AgentNotFound
    seat = await locked_seat(session, agent_id, now=now)
    if seat.state not in CHOSEN_FROM:
        raise AgentIsBusy
    if state is Presence.READY and not is_heard(seat, now=now):
        raise AgentNotThere
    seat.misses = 0
    await enter(session, seat, state, reason=reason.value if reason else None, now=now)


async def set_alarm_limits(
    session: AsyncSession, tenant_id: UUID, *, desk_id: UUID, limits: AlarmLimits
) -> None:
    """When the floor calls about this desk, its calls and the agents who have them.

    Raises:
        DeskNotFound: not among the shops bound.
    """
    desk = await desk_by_id(session, tenant_id, desk_id)
    desk.alarm_wait_seconds, desk.alarm_level_percent = limits.wait_seconds, limits.level_percent
    desk.alarm_nobody, desk.alarm_talk_seconds = limits.nobody, limits.talk_seconds
    desk.alarm_wrapup_seconds, desk.alarm_away_seconds = limits.wrapup_seconds, limits.away_seconds
    desk.alarm_not_ready_seconds = limits.not_ready_seconds
    await session.flush()
    await live.announce(session, live.FLOOR, "waiting", shop=tenant_id)
