"""What callers do: ring, wait, leave, speak after the tone. Each returns the document to play."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import routing
from desks.models import Desk, Waiting
from desks.values import DeskState, WaitingState
from interactions import commands as log
from interactions.cases import open_case
from interactions.models import Interaction
from interactions.values import Channel, EventKind, HandleKind
from nanori import directory
from nanori.actors import CARRIER, SHOPPER
from telephony import twiml
from telephony.commands.endings import close_call, joined_leg, leave_queue
from telephony.commands.orders import order
from telephony.models import Call, Recording
from telephony.speech import Speaker, speaker_of
from telephony.urls import Urls
from telephony.values import CallState, OrderKind
from tenants import queries as shops
from tenants.hours import is_open
from tenants.models import Tenant
from tenants.phrases import phrase_for
from tenants.values import Situation

RETURNING = 100
"""Priority of a caller whose agent was lost: to the front of the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """What the carrier tells of a new call."""

    account_sid: str
    call_sid: str
    from_number: str | None  # None when withheld
    to_number: str


@dataclass(frozen=True, slots=True)
class Line:
    """A call and the shop whose line it is on."""

    call: Call
    shop: Tenant
    urls: Urls

    @property
    def speaker(self) -> Speaker:
        return speaker_of(self.shop)


async def arrive(
    session: AsyncSession, tenant_id: UUID, ringing: Ringing, urls: Urls, *, now: datetime
) -> tuple[Call, str]:
    """A call reaches a shop's number: log it and greet in the shop's name, or say that it is closed."""
    shop = await shops.shop(session, tenant_id)
    desk = await _standing_desk(session, tenant_id)
    calendar = await shops.calendar_of(session, shop)
    if desk is None or not is_open(calendar, now):
        call = await _log_call(session, shop, desk, ringing, turn=0, now=now)
        return call, await _out_of_hours(session, Line(call, shop, urls), now=now)
    phrase = phrase_for(await shops.phrases_of(session, tenant_id), Situation.NORMAL, now, calendar.zone)
    greeting = phrase.text if phrase else shop.brand_name
    said = [sentence for sentence in (greeting, shop.recording_notice) if sentence]
    call = await _log_call(session, shop, desk, ringing, turn=1, now=now)
    return call, twiml.into_queue(speaker_of(shop), urls, call.id, desk_id=desk.id, turn=1, said=said)


async def wait(session: AsyncSession, line: Line, *, queue_sid: str, position: int, now: datetime) -> str:
    """The caller is in the queue; the first time proves that greeting and notice have been played."""
    call = line.call
    call.queue_sid = queue_sid or call.queue_sid
    if call.state is CallState.GREETING:
        await _enter_queue(session, call, now=now)
    elif call.state is not CallState.QUEUED:
        return twiml.waiting(line.speaker, line.urls, position=position)
    if await _has_waited_too_long(session, call, now=now):
        return twiml.leave_queue()
    return twiml.waiting(line.speaker, line.urls, position=position)


async def leave(session: AsyncSession, line: Line, *, result: str, turn: int, now: datetime) -> str:
    """The caller left the queue (``QueueResult``): hung up, was sent away by us, or could not be queued."""
    call = line.call
    if result in {"redirected", "bridged", "bridging-in-process", "redirected-from-bridged"}:
        return twiml.EMPTY
    if turn != call.turn or call.state not in {CallState.GREETING, CallState.QUEUED}:
        return twiml.EMPTY
    if result == "hangup":
        await close_call(session, call, now=now, by="shopper")
        return twiml.EMPTY
    if call.state is CallState.GREETING:
        await _enter_queue(session, call, now=now)
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await leave_queue(session, call, interaction, now=now)
    await log.record(session, interaction, EventKind.LEFT_QUEUE, actor=CARRIER, at=now, why=result)
    call.state = CallState.VOICEMAIL
    await session.flush()
    return twiml.voicemail(line.speaker, line.urls, call.id, said=line.speaker.busy())


async def connect(session: AsyncSession, line: Line, *, leg_id: UUID | None) -> str:
    """The caller has been taken out of the queue: to the agent who has joined, or back with an apology."""
    call = line.call
    if call.state is CallState.CONNECTING and await joined_leg(session, call, leg_id) is not None:
        return twiml.connect_caller(line.urls, call.id, turn=call.turn)
    if call.state in {CallState.TALKING, CallState.HELD}:  # a late repeat: say the same again
        return twiml.connect_caller(line.urls, call.id, turn=call.turn)
    return await rescue(session, line)


async def rescue(session: AsyncSession, line: Line) -> str:
    """The agent was lost: an apology, then the front of the queue."""
    call = line.call
    if call.state is CallState.CLOSED or call.desk_id is None:
        return twiml.say_and_hang_up(line.speaker, line.speaker.goodbye())
    if call.state is not CallState.GREETING:
        await back_to_queue(session, call)
    return twiml.into_queue(
        line.speaker, line.urls, call.id, desk_id=call.desk_id, turn=call.turn, said=[line.speaker.rescue()]
    )


async def back_to_queue(session: AsyncSession, call: Call) -> None:
    """Prepare a call to wait once more; it is queued when the waiting document is asked for."""
    call.state, call.turn = CallState.GREETING, call.turn + 1
    call.conference_sid, call.queue_sid, call.caller_joined_at, call.held_since = None, None, None, None
    await session.flush()


async def take_message(
    session: AsyncSession, line: Line, *, recording_sid: str, seconds: int | None, now: datetime
) -> None:
    """A caller has spoken after the tone: keep the recording, open a case. Repeatable per recording."""
    call = line.call
    known = await session.scalar(
        select(Recording).where(
            Recording.tenant_id == call.tenant_id, Recording.recording_sid == recording_sid
        )
    )
    if known is not None:
        known.seconds = known.seconds if seconds is None else seconds
        return
    session.add(
        Recording(
            tenant_id=call.tenant_id, id=uuid7(), call_id=call.id, recording_sid=recording_sid,
            seconds=seconds, announced_at=now,
        )
    )  # fmt: skip
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, EventKind.VOICEMAIL_LEFT, actor=SHOPPER, at=now, seconds=seconds)
    await _case_of_message(session, line.shop, interaction, now=now)


async def fetch_message(session: AsyncSession, call: Call, *, recording_sid: str, now: datetime) -> None:
    """The recording is complete at the carrier: bring it into our files."""
    await order(session, call, OrderKind.FETCH_RECORDING, now=now, recording_sid=recording_sid)


async def _log_call(
    session: AsyncSession, shop: Tenant, desk: Desk | None, ringing: Ringing, *, turn: int, now: datetime
) -> Call:
    """Store the call. From here on the shop's counter is locked: what can be read is read before."""
    tenant_id = shop.tenant_id
    shopper_id = None
    if ringing.from_number is not None:
        shopper_id = await log.recognise_shopper(
            session, tenant_id, HandleKind.PHONE, ringing.from_number, now=now
        )
    opening = log.Opening(
        channel=Channel.PHONE, desk_id=desk.id if desk else None, shopper_id=shopper_id
    )  # fmt: skip
    interaction = await log.open_interaction(session, tenant_id, opening, now=now)
    call = Call(
        tenant_id=tenant_id, id=uuid7(), interaction_id=interaction.id, account_sid=ringing.account_sid,
        call_sid=ringing.call_sid, state=CallState.GREETING, from_number=ringing.from_number,
        to_number=ringing.to_number, desk_id=desk.id if desk else None, turn=turn, started_at=now,
        status_rank=2,
    )  # fmt: skip
    session.add(call)
    await session.flush()
    await directory.note_call(session, (ringing.call_sid, str(call.id)), shop_id=tenant_id, call_id=call.id)
    return call


async def _standing_desk(session: AsyncSession, tenant_id: UUID) -> Desk | None:
    found: Desk | None = await session.scalar(
        select(Desk)
        .where(Desk.tenant_id == tenant_id, Desk.state == DeskState.OPEN)
        .order_by(Desk.created_at, Desk.id)
        .limit(1)
    )
    return found


async def _out_of_hours(session: AsyncSession, line: Line, *, now: datetime) -> str:
    call = line.call
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.GUIDANCE_ENDED, actor=CARRIER, at=now, why="out_of_hours"
    )
    call.state = CallState.VOICEMAIL
    await session.flush()
    said = line.shop.closed_message or line.speaker.closed()
    return twiml.voicemail(line.speaker, line.urls, call.id, said=said)


async def _enter_queue(session: AsyncSession, call: Call, *, now: datetime) -> None:
    if call.desk_id is None:
        return
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    returning = interaction.answered_at is not None
    if call.turn == 1:
        await log.record(session, interaction, EventKind.GUIDANCE_ENDED, actor=CARRIER, at=now)
    await log.record(session, interaction, EventKind.QUEUED, actor=CARRIER, at=now, turn=call.turn)
    await routing.enqueue(
        session, call.tenant_id, desk_id=call.desk_id, interaction_id=interaction.id, turn=call.turn,
        enqueued_at=interaction.queued_at or now, priority=RETURNING if returning else 0, now=now,
    )  # fmt: skip
    call.state = CallState.QUEUED
    await session.flush()


async def _has_waited_too_long(session: AsyncSession, call: Call, *, now: datetime) -> bool:
    waiting = await session.scalar(
        select(Waiting).where(
            Waiting.tenant_id == call.tenant_id,
            Waiting.interaction_id == call.interaction_id,
            Waiting.state == WaitingState.WAITING,
        )
    )
    if waiting is None or waiting.connectable_at is None:
        return False
    longest = await session.scalar(
        select(func.max(Desk.max_wait_seconds)).where(
            Desk.tenant_id == call.tenant_id, Desk.id == waiting.desk_id
        )
    )
    return (now - waiting.connectable_at).total_seconds() >= (longest or 600)


async def _case_of_message(
    session: AsyncSession, shop: Tenant, interaction: Interaction, *, now: datetime
) -> None:
    if interaction.case_id is not None:
        return
    subject = "留守番電話のご用件" if shop.locale == "ja" else "Voicemail"
    case = await open_case(
        session, shop.tenant_id, subject=subject, shopper_id=interaction.shopper_id, due_at=None, now=now
    )
    interaction.case_id = case.id
    await session.flush()
