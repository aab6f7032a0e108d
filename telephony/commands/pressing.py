"""What comes of ringing an agent's own telephone: only a 1 pressed at it leads into the call.

The screen has confirmed the name before the telephone rang, and must still be there when the key is pressed.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desks import presence
from desks.models import Seat
from desks.values import NotReadyReason
from telephony import twiml
from telephony.commands import outbound
from telephony.commands.callers import Line
from telephony.commands.endings import LIVE_LEGS, join_failed
from telephony.commands.joining import may_answer, whisper_and_join
from telephony.models import Leg
from telephony.values import CallState, LegState

YES = "1"
TROUBLE = {
    "completed": NotReadyReason.NO_KEY,
    "wrong_key": NotReadyReason.NO_KEY,
    "no_screen": NotReadyReason.SILENT,
}
"""What keeps an agent from calls whose telephone did answer; all other ends are the telephone's own."""


async def screen(session: AsyncSession, line: Line, leg_id: UUID, *, call_sid: str) -> str:
    """The telephone was answered, by the agent or by a machine: say whose call it is, ask for the 1."""
    leg = await _awaited(session, line, leg_id, call_sid=call_sid)
    if leg is None:
        return twiml.say_and_hang_up(line.speaker, line.speaker.caller_gone())
    if leg.state is LegState.EXPECTED:
        leg.state = LegState.DIALLED
    await session.flush()
    return twiml.own_phone_screen(line.speaker, line.urls, line.call.id, leg.id, role=leg.role)


async def decide(
    session: AsyncSession, line: Line, leg_id: UUID, *, digits: str, call_sid: str, now: datetime
) -> str:
    """A key was pressed: 1 whispers the name and joins the conference, all else ends here."""
    leg = await _awaited(session, line, leg_id, call_sid=call_sid)
    if leg is None or leg.agent_id is None:
        return twiml.say_and_hang_up(line.speaker, line.speaker.caller_gone())
    if digits != YES:
        await not_reached(session, line, leg, why="wrong_key", now=now)
        return twiml.hang_up()
    seat = await session.get(Seat, leg.agent_id, populate_existing=True)
    if seat is None or not presence.is_heard(seat, now=now):
        await not_reached(session, line, leg, why="no_screen", now=now)
        return twiml.say_and_hang_up(line.speaker, line.speaker.screen_is_away())
    return whisper_and_join(line, leg)


async def not_reached(session: AsyncSession, line: Line, leg: Leg, *, why: str, now: datetime) -> None:
    """Busy, nobody there, a machine, a wrong key: the agent is taken out, the caller keeps the place."""
    if leg.state not in {LegState.EXPECTED, LegState.DIALLED}:
        return
    leg.state, leg.left_at = LegState.FAILED, now
    await session.flush()
    if line.call.state is CallState.CALLING and leg.offer_id is None:
        await outbound.agent_lost(session, line.call, now=now, why=_told(why))
    else:
        reason = TROUBLE.get(why, NotReadyReason.OWN_PHONE)
        await join_failed(session, line.call, leg, reason=reason, phone=_told(why), now=now)


def _told(why: str) -> str:
    """The end as the log has it. ``completed`` only says that the telephone was answered and hung up."""
    return "no_key" if why == "completed" else why


async def _awaited(session: AsyncSession, line: Line, leg_id: UUID, *, call_sid: str) -> Leg | None:
    """The leg, locked and with the carrier's name for it, while it may still come into the call."""
    call = line.call
    leg = await session.get(Leg, (call.tenant_id, leg_id), with_for_update=True, populate_existing=True)
    if leg is None or leg.call_id != call.id or not leg.by_phone or leg.state not in LIVE_LEGS:
        return None
    if leg.call_sid not in {None, call_sid} or not await may_answer(session, leg, call):
        return None
    leg.call_sid = call_sid  # the telephone may be answered before the carrier's answer to the order is here
    return leg
