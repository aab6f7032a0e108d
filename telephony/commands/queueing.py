"""Waiting in the queue: each time the music ends it is decided anew how the caller goes on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import queries as at_desks
from desks import routing
from desks.admission import most_waiting
from desks.models import Desk, Waiting
from desks.season_queries import calendar_of_desk
from desks.values import WaitingState
from interactions import commands as log
from interactions.values import EventKind
from nanori.actors import CARRIER
from telephony import patience, twiml
from telephony.commands import unattended
from telephony.commands.callers import RETURNING, Line
from telephony.commands.endings import close_call, leave_queue
from telephony.dialling import may_be_dialled
from telephony.models import Call
from telephony.patience import Chain, Waiter, Way, Why, way_on
from telephony.queries import lately_at
from telephony.values import CallState
from tenants.hours import is_open

IN_LINE = frozenset({CallState.GREETING, CallState.QUEUED})
BY_US = frozenset({"redirected", "bridged", "bridging-in-process", "redirected-from-bridged"})
"""Results of leaving the queue that only report what we did ourselves."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a caller waits."""

    waiting: Waiting
    desk: Desk


async def wait(session: AsyncSession, line: Line, *, queue_sid: str, now: datetime) -> str:
    """The caller is in the queue; the first time proves that greeting and notice have been played."""
    call = line.call
    call.queue_sid = queue_sid or call.queue_sid
    if call.state is CallState.GREETING:
        await _enter_queue(session, call, now=now)
    elif call.state is not CallState.QUEUED:  # being connected
        return twiml.waiting(line.speaker, said=[], music=line.music(0))
    place = await place_of(session, call)
    if place is None:  # nobody is being looked for any more
        return twiml.leave_queue()
    one = await waiter(session, line, place, now=now)
    way, _ = way_on(one)
    if way is Way.LEAVE:
        return twiml.leave_queue()
    if way is Way.CONTACTS:
        await unattended.call_contacts(session, line, now=now)
        return twiml.waiting(line.speaker, said=[line.speaker.calling_the_shop()], music=line.music(0))
    said, music = await _said(session, line, place, one, now=now), line.music_after(one.waited)
    if not place.desk.offers_callback or not _may_ask(line, one):
        return twiml.waiting(line.speaker, said=said, music=music)
    at = int((now - call.started_at).total_seconds())
    return twiml.waiting_with_key(
        line.speaker, said=said, music=music, ask=line.urls.callback(call.id, call.turn, at)
    )


async def leave(session: AsyncSession, line: Line, *, result: str, turn: int, now: datetime) -> str:
    """The caller left the queue (``QueueResult``): hung up, was sent away by us, or could not be queued."""
    call = line.call
    if result in BY_US:
        return twiml.EMPTY
    if turn != call.turn or call.state not in IN_LINE | {CallState.CONNECTING}:
        return twiml.EMPTY
    if result == "hangup":  # also of a caller whom an order was to take to the agent who has come
        await close_call(session, call, now=now, by="shopper")
    if call.state not in IN_LINE:
        return twiml.EMPTY
    if call.state is CallState.GREETING:
        await _enter_queue(session, call, now=now)
    why = await _why_sent_away(session, line, now=now) if result == "leave" else None
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await leave_queue(session, call, interaction, now=now)
    await log.record(session, interaction, EventKind.LEFT_QUEUE, actor=CARRIER, at=now, why=why or result)
    call.state = CallState.VOICEMAIL
    await session.flush()
    said = line.closed_message if why is Why.CLOSED else line.speaker.busy()
    return twiml.voicemail(line.speaker, line.urls, call.id, said=said)


async def place_of(session: AsyncSession, call: Call) -> Place | None:
    """The caller's open place in the queue, locked; None when nobody is being looked for."""
    row = (
        await session.execute(
            select(Waiting, Desk)
            .join(Desk, (Desk.tenant_id == Waiting.tenant_id) & (Desk.id == Waiting.desk_id))
            .where(
                Waiting.tenant_id == call.tenant_id,
                Waiting.interaction_id == call.interaction_id,
                Waiting.turn == call.turn,
                Waiting.state.in_([WaitingState.WAITING, WaitingState.OFFERED]),
            )
            .with_for_update(of=Waiting)
        )
    ).one_or_none()
    return None if row is None else Place(row.Waiting, row.Desk)


async def waiter(session: AsyncSession, line: Line, place: Place, *, now: datetime) -> Waiter:
    """What there is to know about this caller before deciding."""
    since = place.waiting.connectable_at or now
    calendar = await calendar_of_desk(session, line.shop, place.desk)
    agents = await at_desks.at_work(session, place.desk)
    return Waiter(
        waited=now - since,
        at_most=timedelta(seconds=place.desk.max_wait_seconds),
        is_open=is_open(calendar, now),
        agents=agents,
        is_asked_for=place.waiting.state is WaitingState.OFFERED,
        chain=await unattended.chain_of(session, line.call, place.desk, since=since, now=now),
        is_too_many=await _is_too_many(session, place, agents=agents),
    )


async def _is_too_many(session: AsyncSession, place: Place, *, agents: int) -> bool:
    """The desk lets in only so many at once, and the line before this caller is that long."""
    desk = place.desk
    most = most_waiting(desk.max_waiting, agents=agents, longest_wait=desk.max_wait_seconds)
    return most is not None and await at_desks.place_in_queue(session, place.waiting) > most


def _may_ask(line: Line, one: Waiter) -> bool:
    diallable = may_be_dialled(line.call.from_number, countries=line.shop.outbound_countries)
    return diallable and patience.may_ask_for_callback(one)


async def _said(session: AsyncSession, line: Line, place: Place, one: Waiter, *, now: datetime) -> list[str]:
    """What the caller is told before the music goes on."""
    if one.chain is Chain.RUNNING:
        return [line.speaker.calling_the_shop()]
    if one.is_asked_for:
        return [line.speaker.calling_an_agent()]
    number = await at_desks.place_in_queue(session, place.waiting)
    lately = await lately_at(session, place.desk, now=now)
    expected = patience.expected_wait(
        place=number, agents=one.agents, handled_in=lately.handled_in,
        answered_after=lately.answered_after, waited=one.waited,
    )  # fmt: skip
    said = [line.speaker.position(number)]
    if expected is not None:
        minutes = patience.minutes_to_say(expected)
        said.append(line.speaker.expected(minutes, at_most=patience.LONGEST_SAID))
    return said


async def _why_sent_away(session: AsyncSession, line: Line, *, now: datetime) -> Why | None:
    place = await place_of(session, line.call)
    return None if place is None else way_on(await waiter(session, line, place, now=now))[1]


async def _enter_queue(session: AsyncSession, call: Call, *, now: datetime) -> None:
    if call.desk_id is None:
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    returning = interaction.answered_at is not None
    if interaction.guidance_ended_at is None:
        await log.record(session, interaction, EventKind.GUIDANCE_ENDED, actor=CARRIER, at=now)
    await log.record(session, interaction, EventKind.QUEUED, actor=CARRIER, at=now, turn=call.turn)
    await routing.enqueue(
        session, call.tenant_id, desk_id=call.desk_id, interaction_id=interaction.id, turn=call.turn,
        enqueued_at=interaction.queued_at or now, priority=RETURNING if returning else 0, now=now,
    )  # fmt: skip
    call.state = CallState.QUEUED
    await session.flush()
