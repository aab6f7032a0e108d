"""What the house has to do by itself, and when: one question to the database instead of each step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.models import LedgerMonth
from billing.ledger.summary import count_due
from desks.consults import CONSULT_WITHIN
from desks.life import tick as move_desks
from desks.models import Desk, Engagement, Offer, Seat, Waiting
from desks.presence import MAY_RING, SILENT_AFTER
from desks.season_models import Season
from desks.values import LIVE_OFFERS, DeskState, Presence, WaitingKind, WaitingState
from interactions.models import EscalationAttempt
from interactions.orders.models import OrderReading, ShopifyConnection
from interactions.orders.values import ReadingState
from interactions.orders.worker import send_waiting, visit_shops
from interactions.questions.models import ShopQuestion
from interactions.questions.worker import follow_policies
from interactions.values import AttemptState
from mailroom.models import Outgoing, RawMessage
from mailroom.receiving import PATIENCE, file_left_over
from mailroom.values import RawState, SendState
from mailroom.worker import send_due_mail
from nanori.files import TO_DELETE, File
from nanori.rooms import Tick
from reports.closing.queries import due_at as month_due_at
from reports.closing.worker import close_months
from reports.delivery.models import ReportPlan
from reports.delivery.queries import plan_due_at
from reports.delivery.worker import make_planned
from reports.so_far.commands import NOT_COUNTED, count_months
from reports.so_far.models import MonthSoFar
from reports.views.models import FigureView
from reports.views.worker import send_views
from telephony.commands.outbound import JOINS_WITHIN
from telephony.commands.outbound import SETTLES_WITHIN as RINGS_WITHIN
from telephony.commands.reconciling import DUE_AT
from telephony.commands.statuses import SETTLES_WITHIN
from telephony.commands.summoning import UNDER_WAY
from telephony.dispatch import dispatch
from telephony.dispatch import tick as fire_timers
from telephony.message_search import search_messages
from telephony.models import Call, Callback, CarrierOrder, Leg, MessageSearch
from telephony.reconciler import reconcile_calls
from telephony.summoning import send_summonses
from telephony.summons_models import Summons
from telephony.values import CallbackState, CallState, LegRole, LegState, OrderState
from tenants.changes.models import ShopChange
from tenants.changes.worker import follow_changes
from tenants.models import LinePromise, Tenant
from tenants.worker import delete_bytes

CLOSING_SEEN_WITHIN = timedelta(minutes=1)
"""Whoever is to be called back waits: the shop may close before anybody takes it."""
ASK_AGAIN = timedelta(seconds=5)
"""A caller waits and an agent is free who has just been asked: try again so soon."""


@dataclass(frozen=True, slots=True)
class Due:
    """``steps``: which have work now. ``next_at``: when the next one will, as far as it pays to wake for it.

    ``urgent``: callers to offer or orders to send now.
    ``ringing``: an agent is asked, or was taken out of routing: there is news on somebody's screen.
    """

    steps: frozenset[Tick]
    urgent: bool
    ringing: bool
    next_at: datetime | None

    def of(self, steps: Iterable[Tick]) -> list[Tick]:
        """Those of ``steps`` to be run now: with work, or of which nobody can tell."""
        return [step for step in steps if step in self.steps or step not in KNOWN]


async def whats_due(session: AsyncSession, *, now: datetime) -> Due:
    """Look at every timer of every room; the session is bound to all shops."""
    row = (await session.execute(_question())).one()
    moments = [(one, at) for one, at in zip(_timers(), row, strict=False) if at is not None]
    urgent = row.callers or (row.order_at is not None and row.order_at <= now)
    steps = {one.step for one, at in moments if at <= now}
    steps |= {dispatch} if urgent else set()
    steps |= {fire_timers} if row.promises else set()
    coming = [at for one, at in moments if one.wakes]
    coming += [row.order_at] if row.order_at is not None else []
    coming += [now + ASK_AGAIN] if row.callers and row.agents else []
    coming += [now + CLOSING_SEEN_WITHIN] if row.promises else []
    return Due(steps=frozenset(steps), urgent=urgent, ringing=row.ringing, next_at=min(coming, default=None))


@dataclass(frozen=True, slots=True)
class Timer:
    """``first``: selects when ``step`` has work next. ``wakes``: nothing else would run it in time."""

    step: Tick
    first: Select[Any]
    wakes: bool = True


@cache
def _question() -> Select[Any]:
    """One row: a moment for each timer, then what is waiting."""
    is_waiting = Waiting.state == WaitingState.WAITING
    orders = CarrierOrder.state.in_([OrderState.TODO, OrderState.SENDING])
    return select(
        *(one.first.scalar_subquery() for one in _timers()),
        exists().where(is_waiting).label("callers"),
        exists().where(Seat.state == Presence.READY).label("agents"),
        exists().where(Seat.state.in_([Presence.RINGING, Presence.NOT_READY])).label("ringing"),
        exists().where(is_waiting, Waiting.kind == WaitingKind.CALLBACK).label("promises"),
        select(func.min(CarrierOrder.due_at)).where(orders).scalar_subquery().label("order_at"),
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


@cache
def _timers() -> tuple[Timer, ...]:
    consults = (Waiting.kind == WaitingKind.CONSULT, Waiting.state == WaitingState.WAITING)
    never_searched = func.to_timestamp(0)
    return (
        Timer(fire_timers, select(func.min(Offer.expires_at)).where(Offer.state.in_(LIVE_OFFERS))),
        Timer(fire_timers, select(func.min(Engagement.wrapup_due_at)).where(Engagement.ended_at.is_(None))),
        Timer(
            fire_timers,
            select(func.min(EscalationAttempt.due_at)).where(EscalationAttempt.state == AttemptState.CALLING),
        ),
        Timer(fire_timers, select(func.min(Waiting.enqueued_at) + CONSULT_WITHIN).where(*consults)),
        Timer(
            fire_timers,
            select(func.min(Call.ended_at) + SETTLES_WITHIN).where(Call.state != CallState.CLOSED),
        ),
        Timer(fire_timers, _calling(Leg.created_at, JOINS_WITHIN, LegState.EXPECTED, LegState.DIALLED)),
        Timer(fire_timers, _calling(Leg.joined_at, RINGS_WITHIN, LegState.JOINED)),
        Timer(fire_timers, select(func.min(Callback.due_at)).where(Callback.state == CallbackState.WAITING)),
        Timer(
            fire_timers, select(func.min(Seat.beat_at) + SILENT_AFTER).where(Seat.state.in_(MAY_RING)), False
        ),
        Timer(reconcile_calls, select(func.min(DUE_AT)).where(Call.settled_at.is_(None))),
        Timer(search_messages, select(func.coalesce(func.min(MessageSearch.due_at), never_searched)), False),
        *_timers_of_rooms(),
    )


def _timers_of_rooms() -> tuple[Timer, ...]:
    """Those of work that no caller waits for."""
    sending = Outgoing.state.in_([SendState.QUEUED, SendState.SENDING])
    resting = (LinePromise.from_pool, LinePromise.returned_at.is_(None))
    unsent = (OrderReading.state == ReadingState.QUEUED, OrderReading.sent_at.is_(None))
    return (
        Timer(move_desks, _season(Season.opens_at, DeskState.SCHEDULED)),
        Timer(move_desks, _season(Season.closes_at, DeskState.OPEN, DeskState.PAUSED)),
        Timer(move_desks, select(func.min(LinePromise.free_at)).where(*resting), False),
        Timer(count_due, select(func.min(LedgerMonth.due_at))),
        Timer(follow_changes, select(func.min(ShopChange.due_at))),
        Timer(follow_policies, select(func.min(ShopQuestion.due_at))),
        Timer(send_summonses, select(func.min(Summons.due_at)).where(Summons.state.in_(UNDER_WAY))),
        Timer(delete_bytes, select(func.min(File.removed_at)).where(TO_DELETE)),
        Timer(visit_shops, select(func.min(ShopifyConnection.due_at))),
        Timer(send_waiting, select(func.min(OrderReading.asked_at)).where(*unsent)),
        Timer(close_months, select(func.min(month_due_at())).select_from(Tenant), False),
        Timer(count_months, select(func.min(MonthSoFar.asked_at)).where(NOT_COUNTED)),
        Timer(
            make_planned,
            select(func.min(plan_due_at()))
            .select_from(ReportPlan)
            .join(Tenant, Tenant.tenant_id == ReportPlan.tenant_id),
        ),
        Timer(send_views, select(func.min(FigureView.due_at))),
        Timer(send_due_mail, select(func.min(Outgoing.due_at)).where(sending)),
        Timer(
            file_left_over,
            select(func.min(RawMessage.received_at) + PATIENCE).where(RawMessage.state == RawState.STORED),
        ),
    )


KNOWN = frozenset({dispatch, *(one.step for one in _timers())})
"""The steps of which the question tells whether they have work."""
