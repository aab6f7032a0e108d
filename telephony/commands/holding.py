"""When the carrier did not put a caller on hold, or did not bring them back: the screen must say so."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands as log
from interactions.values import EventKind
from nanori import live
from nanori.actors import CARRIER
from telephony.models import Call
from telephony.values import CallState


async def hold_failed(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The caller hears everything: an agent who believes in the hold would talk about them."""
    if call.state is CallState.HELD:
        await _be(session, call, CallState.TALKING, EventKind.RESUMED, now=now)


async def resume_failed(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The caller still hears music."""
    if call.state is CallState.TALKING:
        await _be(session, call, CallState.HELD, EventKind.HELD, now=now)


async def _be(session: AsyncSession, call: Call, state: CallState, kind: EventKind, *, now: datetime) -> None:
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, kind, actor=CARRIER, at=now, why="refused")
    call.state, call.held_since = state, now if state is CallState.HELD else None
    await session.flush()
    if interaction.agent_id is not None:
        await live.announce(session, live.agent(interaction.agent_id), "desk")
    await live.announce(session, live.FLOOR, "call", shop=call.tenant_id, call=call.id)
