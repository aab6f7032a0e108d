"""What becomes of an offer: accepted, refused, missed, withdrawn, joined. One compare-and-swap per move.

Order of locks, to be kept by every caller: the call and its interaction, then the waiting row and its offers,
then the engagement, then the seat.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.engagements import engage, engagement_of
from desks.errors import AnotherTab, OfferGone, OfferNotFound, WrongShopShown
from desks.models import Offer, Waiting
from desks.presence import enter, locked_seat
from desks.values import (
    LIVE_OFFERS,
    NotReadyReason,
    OfferState,
    Presence,
    WaitingKind,
    WaitingState,
    may_move,
)
from nanori import live

JOIN_WITHIN = timedelta(seconds=8)
JOIN_BY_PHONE_WITHIN = timedelta(seconds=45)
"""An agent's own telephone rings first, says whose call it is, and waits for a key."""
MISSES_ALLOWED = 1
"""An agent who misses this many offers in a row is taken out of routing."""


@dataclass(frozen=True, slots=True)
class Live:
    """An offer as found, not locked."""

    tenant_id: UUID
    offer_id: UUID
    interaction_id: UUID
    agent_id: UUID
    kind: WaitingKind


@dataclass(frozen=True, slots=True)
class Ended:
    """An offer that came to nothing, and about which interaction it was."""

    tenant_id: UUID
    offer_id: UUID
    interaction_id: UUID
    agent_id: UUID
    state: OfferState
    kind: WaitingKind


async def accept(
    session: AsyncSession, offer_id: UUID, *, agent_id: UUID, tab: str, shop_id: UUID, now: datetime
) -> tuple[Offer, Waiting]:
    """The agent takes the call; the caller is connected only when the agent's leg has joined.

    Raises:
        OfferNotFound: not made to this agent.
        AnotherTab: accepted from a tab that has lost the seat.
        WrongShopShown: the accepting page showed another shop than the call's.
        OfferGone: expired, withdrawn or answered before.
    """
    offer, waiting = await _locked(session, offer_id, agent_id=agent_id)
    seat = await locked_seat(session, agent_id, now=now)
    if seat.tab != tab:
        raise AnotherTab
    if offer.tenant_id != shop_id:
        raise WrongShopShown
    if offer.state is not OfferState.OFFERED or offer.expires_at <= now:
        raise OfferGone
    within = JOIN_BY_PHONE_WITHIN if seat.by_phone else JOIN_WITHIN
    offer.state, offer.decided_at, offer.expires_at = OfferState.ACCEPTED, now, now + within
    seat.misses, seat.last_shop_id = 0, shop_id
    await engage(session, waiting, agent_id, now=now)
    await enter(session, seat, Presence.BUSY, now=now)
    return offer, waiting


async def refuse(session: AsyncSession, offer_id: UUID, *, agent_id: UUID, now: datetime) -> Ended:
    """The agent does not take the call; the caller keeps the place and goes to the next.

    Raises:
        OfferNotFound: not made to this agent.
        OfferGone: no longer open.
    """
    offer, waiting = await _locked(session, offer_id, agent_id=agent_id)
    if offer.state is not OfferState.OFFERED:
        raise OfferGone
    return await _end(session, offer, waiting, OfferState.DECLINED, now=now)


async def joined(session: AsyncSession, offer_id: UUID, *, agent_id: UUID, now: datetime) -> bool:
    """The agent's leg is there. False when the offer is no longer accepted: then nobody is connected."""
    offer, waiting = await _locked(session, offer_id, agent_id=agent_id)
    if offer.state is OfferState.JOINED:
        return True
    if not may_move(offer.state, OfferState.JOINED):
        return False
    offer.state, offer.decided_at = OfferState.JOINED, now
    waiting.state = WaitingState.TAKEN
    await session.flush()
    return True


async def fail(
    session: AsyncSession, offer_id: UUID, *, agent_id: UUID, reason: NotReadyReason, now: datetime
) -> Ended | None:
    """The agent accepted and could not be connected, for this reason. None when the offer had ended."""
    offer, waiting = await _locked(session, offer_id, agent_id=agent_id)
    if offer.state not in LIVE_OFFERS:
        return None
    return await _end(session, offer, waiting, OfferState.CONNECT_FAILED, reason=reason, now=now)


async def withdraw_waiting(
    session: AsyncSession, tenant_id: UUID, interaction_id: UUID, *, now: datetime
) -> list[Ended]:
    """The caller waits no longer: take back what was offered. Returns the offers taken back."""
    rows = await session.scalars(
        select(Waiting)
        .where(
            Waiting.tenant_id == tenant_id,
            Waiting.interaction_id == interaction_id,
            Waiting.state.in_([WaitingState.WAITING, WaitingState.OFFERED]),
        )
        .with_for_update()
    )
    ended, gone = [], rows.all()
    for waiting in gone:
        ended += await _withdraw_offers(session, waiting, now=now)
        waiting.state, waiting.left_at = WaitingState.LEFT, now
    await session.flush()
    if gone:
        await live.announce(session, live.FLOOR, "waiting", shop=tenant_id)
    return ended


async def due_offers(session: AsyncSession, *, now: datetime) -> list[Live]:
    """Offers whose time is over. Nothing is locked: lock the call, then :func:`expire` each."""
    return await _live_offers(session, Offer.expires_at <= now)


async def offers_to(session: AsyncSession, agent_id: UUID) -> list[Live]:
    """What is offered to an agent now, or being joined. Nothing is locked."""
    return await _live_offers(session, Offer.agent_id == agent_id)


async def expire(session: AsyncSession, live_offer: Live, *, now: datetime) -> Ended | None:
    """Missed when nobody accepted, failed when nobody joined. None when it was decided in the meantime."""
    offer, waiting = await _locked(session, live_offer.offer_id, agent_id=live_offer.agent_id)
    if offer.state not in LIVE_OFFERS or offer.expires_at > now:
        return None
    missed = offer.state is OfferState.OFFERED
    return await _end(
        session, offer, waiting, OfferState.EXPIRED if missed else OfferState.CONNECT_FAILED, now=now
    )


async def withdraw(session: AsyncSession, live_offer: Live, *, now: datetime) -> Ended | None:
    """Take an open offer back; the caller goes on to the next agent. None when it was decided."""
    offer, waiting = await _locked(session, live_offer.offer_id, agent_id=live_offer.agent_id)
    if offer.state is not OfferState.OFFERED:
        return None
    return await _end(session, offer, waiting, OfferState.WITHDRAWN, now=now)


async def offer_of(session: AsyncSession, offer_id: UUID, *, agent_id: UUID) -> Live:
    """An offer made to this agent, whatever its state. Nothing is locked.

    Raises:
        OfferNotFound: not made to this agent.
    """
    found = await _find(session, Offer.id == offer_id, Offer.agent_id == agent_id)
    if not found:
        raise OfferNotFound
    return found[0]


async def state_of(session: AsyncSession, tenant_id: UUID, offer_id: UUID) -> OfferState | None:
    found: OfferState | None = await session.scalar(
        select(Offer.state).where(Offer.tenant_id == tenant_id, Offer.id == offer_id)
    )
    return found


async def is_accepted(session: AsyncSession, waiting: Waiting) -> bool:
    """Is an agent on the way to this caller?"""
    found = await session.scalar(
        select(Offer.id).where(
            Offer.tenant_id == waiting.tenant_id,
            Offer.waiting_id == waiting.id,
            Offer.state == OfferState.ACCEPTED,
        )
    )
    return found is not None


async def _live_offers(session: AsyncSession, condition: ColumnElement[bool]) -> list[Live]:
    return await _find(session, Offer.state.in_(LIVE_OFFERS), condition)


async def _find(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[Live]:
    rows = await session.execute(
        select(Offer.tenant_id, Offer.id, Waiting.interaction_id, Offer.agent_id, Waiting.kind)
        .join(Waiting, (Waiting.tenant_id == Offer.tenant_id) & (Waiting.id == Offer.waiting_id))
        .where(*conditions)
        .order_by(Offer.expires_at, Offer.id)
    )
    return [Live(*row) for row in rows.all()]


async def _locked(session: AsyncSession, offer_id: UUID, *, agent_id: UUID) -> tuple[Offer, Waiting]:
    row = (
        await session.execute(
            select(Offer, Waiting)
            .join(Waiting, (Waiting.tenant_id == Offer.tenant_id) & (Waiting.id == Offer.waiting_id))
            .where(Offer.id == offer_id, Offer.agent_id == agent_id)
            .with_for_update(of=(Offer, Waiting))
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        raise OfferNotFound
    return row.Offer, row.Waiting


async def _withdraw_offers(session: AsyncSession, waiting: Waiting, *, now: datetime) -> list[Ended]:
    offers = await session.scalars(
        select(Offer)
        .where(
            Offer.tenant_id == waiting.tenant_id,
            Offer.waiting_id == waiting.id,
            Offer.state.in_(LIVE_OFFERS),
        )
        .with_for_update()
    )
    return [
        await _end(
            session,
            offer,
            waiting,
            OfferState.WITHDRAWN if offer.state is OfferState.OFFERED else OfferState.CALLER_GONE,
            now=now,
        )
        for offer in offers.all()
    ]


async def _end(
    session: AsyncSession,
    offer: Offer,
    waiting: Waiting,
    state: OfferState,
    *,
    reason: NotReadyReason | None = None,
    now: datetime,
) -> Ended:
    """Close an offer, put the caller back in line and the agent where the ending puts them."""
    if not may_move(offer.state, state):
        raise OfferGone
    was_accepted = offer.state is OfferState.ACCEPTED
    offer.state, offer.decided_at = state, now
    if waiting.state is WaitingState.OFFERED:
        waiting.state = WaitingState.WAITING
    await session.flush()
    if was_accepted:
        engagement = await engagement_of(session, offer.tenant_id, waiting.interaction_id, offer.agent_id)
        if engagement is not None:
            engagement.ended_at = now
            await session.flush()
    await _free_agent(session, offer.agent_id, state, reason=reason, now=now)
    await live.announce(session, live.WORK, "route")
    return Ended(offer.tenant_id, offer.id, waiting.interaction_id, offer.agent_id, state, waiting.kind)


async def _free_agent(
    session: AsyncSession, agent_id: UUID, state: OfferState, *, reason: NotReadyReason | None, now: datetime
) -> None:
    seat = await locked_seat(session, agent_id, now=now)
    if state is OfferState.EXPIRED:
        seat.misses += 1
    if state is OfferState.EXPIRED and seat.misses >= MISSES_ALLOWED:
        await enter(session, seat, Presence.NOT_READY, reason=NotReadyReason.MISSED.value, now=now)
    elif state is OfferState.CONNECT_FAILED:
        why = reason or (NotReadyReason.OWN_PHONE if seat.by_phone else NotReadyReason.PHONE_PROBLEM)
        await enter(session, seat, Presence.NOT_READY, reason=why.value, now=now)
    elif seat.state in {Presence.RINGING, Presence.BUSY}:
        await enter(session, seat, Presence.READY, now=now)
