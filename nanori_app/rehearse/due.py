"""When something has to happen by itself: one question to the database instead of a tick each second."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.consults import CONSULT_WITHIN
from desks.models import Engagement, Offer, Seat, Waiting
from desks.values import LIVE_OFFERS, Presence, WaitingKind, WaitingState
from interactions.models import EscalationAttempt
from interactions.values import AttemptState
from mailroom.models import Outgoing, RawMessage
from mailroom.receiving import PATIENCE
from mailroom.values import RawState, SendState
from telephony.commands.reconciling import DUE_AT
from telephony.commands.statuses import SETTLES_WITHIN
from telephony.models import Call, CarrierOrder
from telephony.values import CallState, OrderState

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
    orders = CarrierOrder.state.in_([OrderState.TODO, OrderState.SENDING])
    row = (
        await session.execute(
            select(
                exists().where(Waiting.state == WaitingState.WAITING).label("callers"),
                exists().where(Seat.state == Presence.READY).label("agents"),
                exists().where(Seat.state.in_([Presence.RINGING, Presence.NOT_READY])).label("ringing"),
                select(func.min(CarrierOrder.due_at)).where(orders).scalar_subquery().label("order_at"),
                func.least(*_timers()).label("timer_at"),
            )
        )
    ).one()
    coming = [row.timer_at, row.order_at]
    if row.callers and row.agents:
        coming.append(now + ASK_AGAIN)
    return Due(
        urgent=row.callers or (row.order_at is not None and row.order_at <= now),
        ringing=row.ringing,
        next_at=min((moment for moment in coming if moment is not None), default=None),
    )


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
        select(func.min(Outgoing.due_at)).where(sending),
        select(func.min(RawMessage.received_at) + PATIENCE).where(RawMessage.state == RawState.STORED),
    )
    return [one.scalar_subquery() for one in found]
