"""How calls come in, meet their agent and come back. Each step returns the document to play."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions import commands as log
from interactions.values import Channel, EventKind, HandleKind
from nanori.actors import CARRIER
from nanori.directory import Claimed
from nanori.rows import NewRow, attach, new_row, store_together
from telephony import twiml
from telephony.commands.endings import joined_leg
from telephony.front_door import Doors, Welcome, read_doorway
from telephony.models import Call, WebhookReceipt
from telephony.speech import Speaker, speaker_of
from telephony.urls import Urls
from telephony.values import CallState
from tenants.models import Tenant
from tenants.music import PIECE_SECONDS

RETURNING = 100
"""Priority of a caller whose agent was lost: to the front of the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """What the carrier tells of a new call."""

    call_id: UUID  # ours, noted for the shop by ``directory.claim_call``
    account_sid: str
    call_sid: str
    from_number: str | None  # None when withheld
    to_number: str

    @property
    def key(self) -> str:
        """The natural key of the webhook."""
        return f"in:{self.call_sid}"


@dataclass(frozen=True, slots=True)
class Line:
    """A call and the shop whose line it is on."""

    call: Call
    shop: Tenant
    urls: Urls

    @property
    def speaker(self) -> Speaker:
        return speaker_of(self.shop)

    def music(self, piece: int | None = None) -> str:
        """The address of what the caller hears while nobody speaks; a piece of the shop's own, or ours."""
        file_id = self.shop.hold_music_file_id
        if file_id is None:
            return self.urls.hold_music
        return self.urls.music(self.shop.tenant_id, file_id, piece)

    def music_after(self, waited: timedelta) -> str:
        """Music for a little while, going on where a caller who has waited so long has heard it stop."""
        return self.music(int(waited.total_seconds()) // PIECE_SECONDS)

    @property
    def closed_message(self) -> str:
        """What is said when nobody answers any more today."""
        return self.shop.closed_message or self.speaker.closed()


async def arrive(
    session: AsyncSession, claimed: Claimed, ringing: Ringing, doors: Doors, urls: Urls, *, now: datetime
) -> str:
    """A call reaches a shop's number: log it and greet in the shop's name, or say that it is closed.

    One statement when the line's doorway is kept, and two when it is not.
    """
    doorway = await doors.doorway(session, claimed, ringing.to_number, now=now)
    met = doorway.welcome(now)
    desk, speaker = met.desk, met.shop.speaker
    if desk is None or not met.is_open:
        call = attach(session, Call, await _log_call(session, met, ringing, now=now))
        xml = await _out_of_hours(session, call, met, urls, now=now)
        await store_together(session, [_receipt(call.tenant_id, ringing, xml, now=now)])
        return xml
    said = [one for one in (met.told_first, met.greeting, met.shop.recording_notice) if one]
    if desk.has_menu:
        xml = twiml.menu(speaker, urls, ringing.call_id, said=said, prompt=desk.menu_prompt, step=1)
    else:
        xml = twiml.into_queue(speaker, urls, ringing.call_id, desk_id=desk.id, turn=1, said=said)
    await _log_call(session, met, ringing, turn=1, answer=xml, now=now)
    return xml


async def arrive_by_fallback(
    session: AsyncSession, tenant_id: UUID, ringing: Ringing, *, now: datetime
) -> Call:
    """A call that the carrier's fallback took while we could not answer: logged when its message comes."""
    doorway = await read_doorway(session, tenant_id, ringing.to_number, now=now)
    call = attach(session, Call, await _log_call(session, doorway.welcome(now), ringing, now=now))
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
    session: AsyncSession,
    met: Welcome,
    ringing: Ringing,
    *,
    now: datetime,
    turn: int = 0,
    answer: str | None = None,
) -> NewRow:
    """Store the call, with the document given when it is known by now."""
    tenant_id, caller = met.shop.tenant_id, ringing.from_number
    desk_id = met.desk.id if met.desk else None
    opening = log.Opening(
        channel=Channel.PHONE, desk_id=desk_id, handle=(HandleKind.PHONE, caller) if caller else None
    )
    call = new_row(
        Call, tenant_id=tenant_id, id=ringing.call_id, account_sid=ringing.account_sid,
        call_sid=ringing.call_sid, state=CallState.GREETING, from_number=caller, to_number=ringing.to_number,
        desk_id=desk_id, turn=turn, started_at=now, status_rank=2, interaction_id=None,
    )  # fmt: skip

    def along(interaction_id: UUID) -> list[NewRow]:
        call.values["interaction_id"] = interaction_id
        return [call] if answer is None else [call, _receipt(tenant_id, ringing, answer, now=now)]

    await log.store_interaction(session, tenant_id, opening, now=now, along=along)
    return call


def _receipt(tenant_id: UUID, ringing: Ringing, answer: str, *, now: datetime) -> NewRow:
    return new_row(
        WebhookReceipt, tenant_id=tenant_id, id=uuid7(), call_id=ringing.call_id, natural_key=ringing.key,
        received_at=now, answer=answer,
    )  # fmt: skip


async def _out_of_hours(session: AsyncSession, call: Call, met: Welcome, urls: Urls, *, now: datetime) -> str:
    """A message can be left, unless the number itself is out of season: then a sentence is all."""
    speaker, closed = met.shop.speaker, met.shop.closed_message
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.GUIDANCE_ENDED, actor=CARRIER, at=now, why="out_of_hours"
    )
    if met.is_only_told:
        await session.flush()
        return twiml.say_and_hang_up(speaker, met.told_first or closed)
    call.state = CallState.VOICEMAIL
    await session.flush()
    said = " ".join(one for one in (met.told_first, closed) if one)
    return twiml.voicemail(speaker, urls, call.id, said=said)
