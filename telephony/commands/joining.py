"""Browsers that dial in with a token: agents to their caller, supervisors to a call that runs.

A repeat with the same CallSid gets the same document, any other CallSid is turned away.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import offers
from desks.values import OfferState
from telephony import twiml
from telephony.commands.agents import token_hash
from telephony.commands.callers import Line
from telephony.commands.supervision import agents_leg
from telephony.models import Call, Leg
from telephony.values import WITH_CALLER, CallState, LegRole, LegState


async def dial_in(session: AsyncSession, line: Line, *, token: str, call_sid: str, now: datetime) -> str:
    """The document for a browser that calls in: into the conference, or why not."""
    leg = await session.scalar(select(Leg).where(Leg.token_hash == token_hash(token)).with_for_update())
    welcome = leg is not None and leg.call_id == line.call.id and leg.call_sid in {None, call_sid}
    if leg is None or not welcome or not _is_in_time(leg, now=now):
        return twiml.say_and_hang_up(line.speaker, line.speaker.caller_gone())
    document = await (_listen_in if leg.role is LegRole.MONITOR else _answer)(session, line, leg)
    if document is None:
        return twiml.say_and_hang_up(line.speaker, line.speaker.caller_gone())
    leg.call_sid = call_sid
    if leg.state is LegState.EXPECTED:
        leg.state = LegState.DIALLED
    await session.flush()
    return document


async def _answer(session: AsyncSession, line: Line, leg: Leg) -> str | None:
    return whisper_and_join(line, leg) if await may_answer(session, leg, line.call) else None


def whisper_and_join(line: Line, leg: Leg) -> str:
    """The shop's name for the agent alone, then into the conference."""
    calls_out = line.call.call_sid is None and line.shop.records_calls
    ringing = line.urls.ringing(line.call.id) if calls_out else ""
    return twiml.agent_joins(line.speaker, line.urls, line.call.id, leg.id, role=leg.role, wait_url=ringing)


async def _listen_in(session: AsyncSession, line: Line, leg: Leg) -> str | None:
    """Into the conference unheard, beside the agent who has the call."""
    agent = await agents_leg(session, line.call)
    gone = leg.state is LegState.LEFT or line.call.state not in WITH_CALLER
    if gone or agent is None or agent.call_sid is None:
        return None
    return twiml.supervisor_joins(line.urls, line.call.id, leg.id, coach=agent.call_sid)


async def may_answer(session: AsyncSession, leg: Leg, call: Call) -> bool:
    """Is the agent of this leg still awaited in the call?"""
    if call.state is CallState.CALLING and leg.offer_id is None:
        return leg.state is not LegState.LEFT
    awaited = WITH_CALLER if leg.role is LegRole.CONSULT else {CallState.QUEUED}
    if call.state not in awaited or leg.offer_id is None:
        return leg.state is LegState.JOINED and call.state is not CallState.CLOSED
    return await offers.state_of(session, leg.tenant_id, leg.offer_id) in {
        OfferState.ACCEPTED,
        OfferState.JOINED,
    }


def _is_in_time(leg: Leg, *, now: datetime) -> bool:
    """The token is for one use within its time; who came in time may have the document again."""
    return leg.call_sid is not None or (leg.token_expires_at is not None and leg.token_expires_at >= now)
