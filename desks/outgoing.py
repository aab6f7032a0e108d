"""An agent begins something by themselves instead of being asked: a call to a shopper."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.errors import AnotherTab, StillBusy
from desks.models import Desk, Engagement, RosterEntry
from desks.presence import CHOSEN_FROM, enter, locked_seat
from desks.values import Channel, DeskState, Presence


async def take_in_hand(
    session: AsyncSession, tenant_id: UUID, interaction_id: UUID, *, agent_id: UUID, tab: str, now: datetime
) -> None:
    """The agent is on the phone from now on, with a call that nobody offered.

    Raises:
        AnotherTab: asked from a tab that has lost the seat: the headset is elsewhere.
        StillBusy: a call rings, runs or is being wrapped up.
    """
    seat = await locked_seat(session, agent_id, now=now)
    if seat.tab != tab:
        raise AnotherTab
    if seat.state not in CHOSEN_FROM:
        raise StillBusy
    session.add(
        Engagement(
            tenant_id=tenant_id,
            id=uuid7(),
            agent_id=agent_id,
            interaction_id=interaction_id,
            channel=Channel.PHONE,
            started_at=now,
        )
    )
    seat.last_shop_id = tenant_id
    await session.flush()
    await enter(session, seat, Presence.BUSY, now=now)


async def desk_of_agent(session: AsyncSession, tenant_id: UUID, agent_id: UUID) -> Desk | None:
    """The open desk of the shop on whose roster the agent stands first; the oldest one for others."""
    mine = (RosterEntry.tenant_id == Desk.tenant_id) & (RosterEntry.desk_id == Desk.id)
    found: Desk | None = await session.scalar(
        select(Desk)
        .outerjoin(RosterEntry, mine & (RosterEntry.agent_id == agent_id))
        .where(Desk.tenant_id == tenant_id, Desk.state == DeskState.OPEN)
        .order_by(RosterEntry.level.nulls_last(), Desk.created_at, Desk.id)
        .limit(1)
    )
    return found
