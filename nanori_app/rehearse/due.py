"""When something has to happen by itself: one question to the database instead of a tick each second."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.consults import CONSULT_WITHIN
from desks.models import Desk, Engagement, Offer, Seat, Waiting
from desks.season_models import Season
from desks.values import LIVE_OFFERS, DeskState, Presence, WaitingKind, WaitingState
from interactions.models import EscalationAttempt
from interactions.values import AttemptState
from mailroom.models import Outgoing, RawMessage
from mailroom.receiving import PATIENCE
from mailroom.values import RawState, SendState
from telephony.commands.outbound import JOINS_WITHIN
from telephony.commands.outbound import SETTLES_WITHIN as RINGS_WITHIN
from telephony.commands.reconciling import DUE_AT
from telephony.commands.statuses import SETTLES_WITHIN
from telephony.models import Call, Callback, CarrierOrder, Leg
from telephony.values import CallbackState, CallState, LegRole, LegState, OrderState

CLOSING_SEEN_WITHIN = timedelta(minutes=1)
"""Whoever is to be called back waits: the shop may close before anybody takes it."""
ASK_AGAIN = timedelta(seconds=5)
"""A caller waits and an agent is free who has just been asked: try again so soon."""


@dataclass(frozen=True, slots=True)
class Due:
    """``urgent``: callers to offer or orders to send now. ``next_at``: when the timers have work next.

    ``ringing``: an agent is asked, or was taken out of routing: there is news on somebody's screen.
    """

    urgent: bool
    ringing: bool
    next_at: datetime | None


async def whats_due(session: AsyncSession, *, now: datetime) -> Due:
    """Look at every timer of every room; the session is bound to all shops."""
    row = (await session.execute(_question())).one()
    coming = [row.timer_at, row.order_at]
    if row.callers and row.agents:
        coming.append(now + ASK_AGAIN)
    if row.promises:
        coming.append(now + CLOSING_SEEN_WITHIN)
    return Due(
        urgent=row.callers or (row.order_at is not None and row.order_at <= now),
        ringing=row.ringing,
        next_at=min((moment for moment in coming if moment is not None), default=None),
    )


@cache
def _question() -> Select[Any]:
    is_waiting = Waiting.state == WaitingState.WAITING
    orders = CarrierOrder.state.in_([OrderState.TODO, OrderState.SENDING])
    return select(
        exists().where(is_waiting).label("callers"),
        exists().where(Seat.state == Presence.READY).label("agents"),
        exists().where(Seat.state.in_([Presence.RINGING, Presence.NOT_READY])).label("ringing"),
        exists().where(is_waiting, Waiting.kind == WaitingKind.CALLBACK).label("promises"),
        select(func.min(CarrierOrder.due_at)).where(orders).scalar_subquery().label("order_at"),
        func.least(*_timers()).label("timer_at"),
    )


def _calling(since: Any, within: timedelta, *states: LegState) -> Select[Any]:
    """When a call of ours, whose agent's leg is in one of these states, has taken too long."""
    return (
        select(func.min(since) + within)
        .join(Call, and_(Call.tenant_id == Leg.tenant_id, Call.id == Leg.call_id))
        .where(Call.state == CallState.CALLING, Leg.role == LegRole.AGENT, Leg.state.in_(states))
    )


def _season(at: Any, *states: DeskState) -> Select[Any]:
    """When a seasonal desk in one of these states moves by itself."""
    of_desk = and_(Desk.tenant_id == Season.tenant_id, Desk.id == Season.desk_id)
    return select(func.min(at)).join(Desk, of_desk).where(Desk.state.in_(states))


def _timers() -> list[object]:
    """The next moment of each timer, as a subquery."""
    sending = Outgoing.state.in_([SendState.QUEUED, SendState.SENDING])
    found = (
        select(func.min(Offer.expires_at)).where(Offer.state.in_(LIVE_OFFERS)),
        select(func.min(Engagement.wrapup_due_at)).where(Engagement.ended_at.is_(None)),
        select(func.min(EscalationAttempt.due_at)).where(EscalationAttempt.state == AttemptState.CALLING),
        select(func.min(Waiting.enqueued_at) + CONSULT_WITHIN).where(
            Waiting.kind == WaitingKind.CONSULT, Waiting.state == WaitingState.WAITING
        ),
        select(func.min(Call.ended_at) + SETTLES_WITHIN).where(Call.state != CallState.CLOSED),
        select(func.min(DUE_AT)).where(Call.settled_at.is_(None)),
        _calling(Leg.created_at, JOINS_WITHIN, LegState.EXPECTED, LegState.DIALLED),
        _calling(Leg.joined_at, RINGS_WITHIN, LegState.JOINED),
        select(func.min(Callback.due_at)).where(Callback.state == CallbackState.WAITING),
        _season(Season.opens_at, DeskState.SCHEDULED),
        _season(Season.closes_at, DeskState.OPEN, DeskState.PAUSED),
        select(func.min(Outgoing.due_at)).where(sending),
        select(func.min(RawMessage.received_at) + PATIENCE).where(RawMessage.state == RawState.STORED),
    )
    return [one.scalar_subquery() for one in found]
