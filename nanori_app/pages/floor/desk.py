"""One desk, opened from the floor: who waits, who is there, and what a supervisor can change at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk, Offer, RosterEntry, Seat, Waiting
from desks.queries import desk_by_id, possible_agents
from desks.values import LIVE_OFFERS, Presence
from desks.wording import BADGES, presence_in
from nanori.context import Context
from nanori.identity.models import Account
from nanori.words import Words, words_for
from nanori_app.pages.desk_parts import Timer, running
from nanori_app.pages.floor.reads import STILL_WAITING
from tenants.queries import shop as shop_by_id

OVERFLOW_MINUTES = (15, 30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """One caller in the queue; ``asked`` is the agent at whose desk the call rings."""

    timer: Timer
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    agent_id: UUID
    name: str
    level: int
    presence: str
    badge: str
    timer: Timer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    tenant_id: UUID
    desk_id: UUID
    shop: str
    reading: str
    logo: str
    name: str
    base: str
    settings: str  # the page of the desk's times and roster
    waiting: Sequence[WaitingLine]
    people: Sequence[PersonLine]
    others: Sequence[tuple[str, str]]  # agents who are not on the roster, those at work first
    overflow_until: str  # empty while it is closed
    overflow_choices: Sequence[int]
    has_more_levels: bool


async def desk_view(session: AsyncSession, context: Context, tenant_id: UUID, desk_id: UUID) -> DeskView:
    """The desk now.

    Raises:
        DeskNotFound: no such desk of this shop.
    """
    desk = await desk_by_id(session, tenant_id, desk_id)
    shop = await shop_by_id(session, tenant_id)
    words = words_for(context.locale)
    people = await _people(session, desk, words, context)
    until = desk.overflow_until if desk.overflow_until and desk.overflow_until > context.now else None
    return DeskView(
        tenant_id=tenant_id,
        desk_id=desk_id,
        shop=shop.brand_name,
        reading=shop.brand_reading,
        logo=f"/brand/{tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else "",
        name=desk.name,
        base=f"/floor/desks/{tenant_id}/{desk_id}",
        settings=f"/desks/{tenant_id}/{desk_id}",
        waiting=await _waiting(session, desk, words, context),
        people=people,
        others=await _others(session, {one.agent_id for one in people}, words),
        overflow_until=words.time(until, context.zone) if until else "",
        overflow_choices=OVERFLOW_MINUTES,
        has_more_levels=len({one.level for one in people}) > 1,
    )


async def _waiting(session: AsyncSession, desk: Desk, words: Words, context: Context) -> list[WaitingLine]:
    """In the order of the queue."""
    rows = await session.execute(
        select(Waiting.enqueued_at, Account.name)
        .outerjoin(
            Offer,
            and_(
                Offer.tenant_id == Waiting.tenant_id,
                Offer.waiting_id == Waiting.id,
                Offer.state.in_(LIVE_OFFERS),
            ),
        )
        .outerjoin(Account, Account.id == Offer.agent_id)
        .where(
            Waiting.tenant_id == desk.tenant_id,
            Waiting.desk_id == desk.id,
            Waiting.state.in_(STILL_WAITING),
        )
        .order_by(Waiting.priority.desc(), Waiting.enqueued_at, Waiting.id)
    )
    return [WaitingLine(timer=running(since, context.now, words), asked=name or "") for since, name in rows]


async def _people(session: AsyncSession, desk: Desk, words: Words, context: Context) -> list[PersonLine]:
    """Who is at work first, then by level and name."""
    rows = await session.execute(
        select(RosterEntry.level, Account.id, Account.name, Seat.state, Seat.reason, Seat.since)
        .join(Account, Account.id == RosterEntry.agent_id)
        .outerjoin(Seat, Seat.agent_id == RosterEntry.agent_id)
        .where(RosterEntry.tenant_id == desk.tenant_id, RosterEntry.desk_id == desk.id)
        .order_by(RosterEntry.level, Account.name, Account.id)
    )
    people = [
        PersonLine(
            agent_id=agent_id,
            name=name,
            level=level,
            presence=presence_in(words, state or Presence.OFFLINE, reason),
            badge=BADGES.get(state, ""),
            timer=running(since, context.now, words) if state and state is not Presence.OFFLINE else None,
        )
        for level, agent_id, name, state, reason, since in rows
    ]
    return sorted(people, key=lambda one: one.timer is None)


async def _others(session: AsyncSession, there: set[UUID], words: Words) -> list[tuple[str, str]]:
    """Whom one could bring here, with what they do now."""
    seats = {seat.agent_id: seat for seat in await session.scalars(select(Seat))}
    free = [one for one in await possible_agents(session) if one.id not in there]
    states = {one.id: seats[one.id].state if one.id in seats else Presence.OFFLINE for one in free}
    free.sort(key=lambda one: (states[one.id] is Presence.OFFLINE, one.name, str(one.id)))
    return [(str(one.id), f"{one.name} · {presence_in(words, states[one.id], None)}") for one in free]
