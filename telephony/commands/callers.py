"""How calls come in, meet their agent and come back. Each step returns the document to play."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Desk, MenuOption
from desks.values import DeskState
from interactions import commands as log
from interactions.values import Channel, EventKind, HandleKind
from nanori import directory
from nanori.actors import CARRIER
from telephony import twiml
from telephony.commands.endings import joined_leg
from telephony.models import Call
from telephony.speech import Speaker, speaker_of
from telephony.urls import Urls
from telephony.values import CallState
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

    @property
    def closed_message(self) -> str:
        """What is said when nobody answers any more today."""
        return self.shop.closed_message or self.speaker.closed()


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
    speaker = speaker_of(shop)
    if await _has_menu(session, desk):
        return call, twiml.menu(speaker, urls, call.id, said=said, prompt=desk.menu_prompt, step=1)
    return call, twiml.into_queue(speaker, urls, call.id, desk_id=desk.id, turn=1, said=said)


async def arrive_by_fallback(
    session: AsyncSession, tenant_id: UUID, ringing: Ringing, *, now: datetime
) -> Call:
    """A call that the carrier's fallback took while we could not answer: logged when its message comes."""
    shop, desk = await shops.shop(session, tenant_id), await _standing_desk(session, tenant_id)
    call = await _log_call(session, shop, desk, ringing, turn=0, now=now)
    interaction = await log.locked(session, tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.GUIDANCE_ENDED, actor=CARRIER, at=now, why="system_fault"
    )
    call.state = CallState.VOICEMAIL
    await session.flush()
    return call


async def connect(session: AsyncSession, line: Line, *, leg_id: UUID | None) -> str:
    """The caller has been taken out of the queue: to the agent who has joined, or back with an apology."""
    call = line.call
    if call.state is CallState.CONNECTING and await joined_leg(session, call, leg_id) is not None:
        return _into_conference(line)
    if call.state in {CallState.TALKING, CallState.HELD}:  # a late repeat: say the same again
        return _into_conference(line)
    return await rescue(session, line)


def _into_conference(line: Line) -> str:
    call = line.call
    return twiml.connect_caller(line.urls, call.id, turn=call.turn, records=line.shop.records_calls)


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
    call.recording = None
    await session.flush()


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


async def _has_menu(session: AsyncSession, desk: Desk) -> bool:
    if not desk.menu_prompt:
        return False
    of_desk = exists().where(MenuOption.tenant_id == desk.tenant_id, MenuOption.desk_id == desk.id)
    return bool(await session.scalar(select(of_desk)))


async def _out_of_hours(session: AsyncSession, line: Line, *, now: datetime) -> str:
    call = line.call
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.GUIDANCE_ENDED, actor=CARRIER, at=now, why="out_of_hours"
    )
    call.state = CallState.VOICEMAIL
    await session.flush()
    return twiml.voicemail(line.speaker, line.urls, call.id, said=line.closed_message)
