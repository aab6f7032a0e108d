"""A caller who presses 1 hangs up and keeps the place: we call back when the turn has come."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import offers
from interactions import commands as log
from interactions.values import EventKind, Outcome
from nanori import live
from nanori.actors import SHOPPER
from telephony import patience, twiml
from telephony.commands.callers import Line
from telephony.commands.endings import close_call
from telephony.commands.queueing import place_of, waiter
from telephony.dialling import may_be_dialled
from telephony.models import Callback
from telephony.values import CallbackState, CallState

YES = "1"


async def ask_for_callback(session: AsyncSession, line: Line, *, turn: int, now: datetime) -> str | None:
    """Promise to call back and say so. None when the caller waits on: an agent is about to come."""
    call = line.call
    if call.state is not CallState.QUEUED or turn != call.turn or call.from_number is None:
        return None
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    place = await place_of(session, call)
    if place is None or not place.desk.offers_callback:
        return None
    if await offers.is_accepted(session, place.waiting):
        return None
    one = await waiter(session, line, place, now=now)
    diallable = may_be_dialled(call.from_number, countries=line.shop.outbound_countries)
    if not (diallable and one.is_open) or one.chain is patience.Chain.RUNNING:
        return None
    await log.record(session, interaction, EventKind.CALLBACK_REQUESTED, actor=SHOPPER, at=now)
    session.add(
        Callback(
            tenant_id=call.tenant_id, id=uuid7(), asked_in=interaction.id, desk_id=place.desk.id,
            phone=call.from_number, kept_since=place.waiting.enqueued_at, state=CallbackState.WAITING,
            attempts=0, due_at=now, created_at=now,
        )
    )  # fmt: skip
    await close_call(session, call, now=now, by="shopper", outcome=Outcome.CALLBACK)
    await live.announce(session, live.WORK, "callback")
    return twiml.say_and_hang_up(line.speaker, line.speaker.will_call_back(call.from_number))
