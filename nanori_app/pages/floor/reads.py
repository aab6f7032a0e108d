"""Reads of the floor: eleven statements, however many desks, agents and calls there are.

They see the shops that the transaction is bound to: for supervisors and operators, all of them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk, Engagement, RosterEntry, Seat, Waiting
from desks.values import AT_WORK, Channel, DeskState, EngagementRole, Presence, WaitingState
from interactions.models import Interaction
from interactions.values import Direction
from nanori.identity.models import Account
from nanori_app.pages.floor.facts import (
    AgentFacts,
    CallFacts,
    DeskFacts,
    DeskId,
    FloorFacts,
    ShopFacts,
    Thresholds,
)
from reports.facts import Terms
from reports.queries import terms_of
from reports.today import RecentCounts, ShopDay
from telephony.models import Call, Callback, Leg
from telephony.values import CallbackState, CallState, LegRole, LegState
from tenants.calendars import open_now
from tenants.models import ContractTerms, Tenant

STILL_WAITING = (WaitingState.WAITING, WaitingState.OFFERED)
WITH_AN_AGENT = (CallState.CONNECTING, CallState.CALLING, CallState.TALKING, CallState.HELD)
ONE_DAY = timedelta(days=1)


async def floor_facts(
    session: AsyncSession, *, now: datetime, counts: RecentCounts | None = None
) -> FloorFacts:
    """Everything at this moment. Desks that have not opened yet or are closed for good are left out.

    Today's figures come from ``counts``, where they may be some seconds old, or are counted now.
    """
    shops = await _shops(session, now=now)
    waiting = await _waiting(session)
    callbacks = await _callbacks(session)
    agents = await _agents_at_desks(session)
    days = [
        ShopDay(tenant_id=shop.tenant_id, since=shop.day_began, terms=shop.terms) for shop in shops.values()
    ]
    counted = await (counts or RecentCounts()).today(session, days, now=now)
    desks = [
        DeskFacts(
            shop=shops[desk.tenant_id],
            desk_id=desk.id,
            name=desk.name,
            state=desk.state,
            thresholds=thresholds_of(desk),
            overflow=desk.overflow_until is not None and desk.overflow_until > now,
            waiting=waiting.get((desk.tenant_id, desk.id), (0, None))[0],
            waiting_since=waiting.get((desk.tenant_id, desk.id), (0, None))[1],
            callbacks=callbacks.get((desk.tenant_id, desk.id), 0),
            agents=agents.get((desk.tenant_id, desk.id), {}),
            hours=counted.get((desk.tenant_id, desk.id), {}),
        )
        for desk in await session.scalars(select(Desk).where(Desk.state.in_([*AT_WORK, DeskState.PAUSED])))
    ]
    return FloorFacts(
        now=now, desks=desks, agents=await agents_at_work(session), calls=await calls_in_hand(session)
    )


def thresholds_of(desk: Desk) -> Thresholds:
    return Thresholds(
        wait_seconds=desk.alarm_wait_seconds,
        level_percent=desk.alarm_level_percent,
        nobody=desk.alarm_nobody,
        talk_seconds=desk.alarm_talk_seconds,
        wrapup_seconds=desk.alarm_wrapup_seconds,
        away_seconds=desk.alarm_away_seconds,
        not_ready_seconds=desk.alarm_not_ready_seconds,
    )


async def agents_at_work(session: AsyncSession) -> Sequence[AgentFacts]:
    """Whoever is not off duty, the longest in a state first, with the call in hand."""
    strictest = _strictest()
    rows = await session.execute(
        select(
            Seat.agent_id, Account.name, Seat.state, Seat.reason, Seat.since, Seat.beat_at,
            Interaction.tenant_id, Interaction.desk_id, strictest.c.away, strictest.c.not_ready,
        )
        .join(Account, Account.id == Seat.agent_id)
        .outerjoin(strictest, strictest.c.agent_id == Seat.agent_id)
        .outerjoin(
            Engagement,
            and_(
                Engagement.agent_id == Seat.agent_id,
                Engagement.channel == Channel.PHONE,
                Engagement.ended_at.is_(None),
            ),
        )
        .outerjoin(
            Interaction,
            and_(
                Interaction.tenant_id == Engagement.tenant_id, Interaction.id == Engagement.interaction_id
            ),
        )
        .where(Seat.state != Presence.OFFLINE)
        .order_by(Seat.since, Seat.agent_id)
    )  # fmt: skip
    return [
        AgentFacts(
            agent_id=agent_id, name=name, state=state, reason=reason, since=since, beat_at=beat_at,
            desk=(shop, desk) if shop and desk else None,
            away_seconds=away or 0, not_ready_seconds=not_ready or 0,
        )
        for agent_id, name, state, reason, since, beat_at, shop, desk, away, not_ready in rows
    ]  # fmt: skip


def _strictest() -> Subquery:
    """The shortest breaks and absences that any of an agent's desks puts up with."""
    return (
        select(
            RosterEntry.agent_id,
            func.min(func.nullif(Desk.alarm_away_seconds, 0)).label("away"),
            func.min(func.nullif(Desk.alarm_not_ready_seconds, 0)).label("not_ready"),
        )
        .join(Desk, and_(Desk.tenant_id == RosterEntry.tenant_id, Desk.id == RosterEntry.desk_id))
        .group_by(RosterEntry.agent_id)
        .subquery()
    )


async def calls_in_hand(session: AsyncSession, *, call_id: UUID | None = None) -> Sequence[CallFacts]:
    """Calls that an agent has, the longest first; whoever still waits is counted at the desks.

    With ``call_id`` that one alone, if an agent has it.
    """
    rows = await session.execute(
        select(Call, Interaction.number, Engagement.started_at, Account.id, Account.name, _is_supervised())
        .join(
            Interaction,
            and_(Interaction.tenant_id == Call.tenant_id, Interaction.id == Call.interaction_id),
        )
        .outerjoin(
            Engagement,
            and_(
                Engagement.tenant_id == Call.tenant_id,
                Engagement.interaction_id == Call.interaction_id,
                Engagement.role == EngagementRole.MAIN,
                Engagement.ended_at.is_(None),
                Engagement.wrapup_since.is_(None),
            ),
        )
        .outerjoin(Account, Account.id == Engagement.agent_id)
        .where(Call.state.in_(WITH_AN_AGENT), true() if call_id is None else Call.id == call_id)
        .order_by(Call.started_at, Call.id)
    )
    return [
        CallFacts(
            tenant_id=call.tenant_id, call_id=call.id, number=number, desk_id=call.desk_id, state=call.state,
            outbound=call.direction is Direction.OUTBOUND,
            since=max(taken or call.started_at, call.caller_joined_at or call.started_at),
            held_since=call.held_since, help_asked_at=call.help_asked_at, agent_id=agent_id,
            agent=agent or "", supervised=supervised,
        )
        for call, number, taken, agent_id, agent, supervised in rows
    ]  # fmt: skip


def _is_supervised() -> ColumnElement[bool]:
    return exists().where(
        Leg.tenant_id == Call.tenant_id,
        Leg.call_id == Call.id,
        Leg.role == LegRole.MONITOR,
        Leg.state == LegState.JOINED,
    )


async def _shops(session: AsyncSession, *, now: datetime) -> Mapping[UUID, ShopFacts]:
    known = list(await session.scalars(select(Tenant)))
    are_open = await open_now(session, known, now)
    terms: dict[UUID, list[ContractTerms]] = {}
    held = select(ContractTerms).where(ContractTerms.valid_from <= (now + ONE_DAY).date())
    for one in await session.scalars(held.order_by(ContractTerms.valid_from)):
        terms.setdefault(one.tenant_id, []).append(one)
    return {
        shop.tenant_id: _shop(shop, terms.get(shop.tenant_id, ()), now, is_open=shop.tenant_id in are_open)
        for shop in known
    }


def _shop(shop: Tenant, terms: Sequence[ContractTerms], now: datetime, *, is_open: bool) -> ShopFacts:
    zone = ZoneInfo(shop.zone)
    today = now.astimezone(zone).date()
    return ShopFacts(
        tenant_id=shop.tenant_id,
        name=shop.brand_name,
        reading=shop.brand_reading,
        logo=f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else "",
        zone=zone,
        is_open=is_open,
        day_began=datetime.combine(today, time(), zone),
        terms=_terms_on(today, terms),
    )


def _terms_on(today: date, terms: Sequence[ContractTerms]) -> Terms:
    held = [
        one
        for one in terms
        if one.valid_from <= today and (one.valid_until is None or one.valid_until > today)
    ]
    return terms_of(held[-1]) if held else Terms()


async def _waiting(session: AsyncSession) -> Mapping[DeskId, tuple[int, datetime | None]]:
    """How many callers wait at each desk, and since when the first of them does."""
    rows = await session.execute(
        select(Waiting.tenant_id, Waiting.desk_id, func.count(), func.min(Waiting.enqueued_at))
        .where(Waiting.state.in_(STILL_WAITING))
        .group_by(Waiting.tenant_id, Waiting.desk_id)
    )
    return {(shop, desk): (number, since) for shop, desk, number, since in rows}


async def _callbacks(session: AsyncSession) -> Mapping[DeskId, int]:
    rows = await session.execute(
        select(Callback.tenant_id, Callback.desk_id, func.count())
        .where(Callback.state.in_([CallbackState.WAITING, CallbackState.CALLING]))
        .group_by(Callback.tenant_id, Callback.desk_id)
    )
    return {(shop, desk): number for shop, desk, number in rows}


async def _agents_at_desks(session: AsyncSession) -> Mapping[DeskId, Mapping[Presence, int]]:
    rows = await session.execute(
        select(RosterEntry.tenant_id, RosterEntry.desk_id, Seat.state, func.count())
        .join(Seat, Seat.agent_id == RosterEntry.agent_id)
        .where(Seat.state != Presence.OFFLINE)
        .group_by(RosterEntry.tenant_id, RosterEntry.desk_id, Seat.state)
    )
    found: dict[DeskId, dict[Presence, int]] = {}
    for shop, desk, state, number in rows:
        found.setdefault((shop, desk), {})[state] = number
    return found
