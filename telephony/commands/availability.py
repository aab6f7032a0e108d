"""Agents who cannot be reached or cannot speak get no calls; what rings there goes to a colleague."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desks import offers, presence
from desks.offers import Live
from desks.values import NotReadyReason
from interactions import commands as log
from telephony.commands import own_phone
from telephony.commands.agents import locked_call
from telephony.commands.endings import drop_leg, note_missed


async def end_offer(session: AsyncSession, one: Live, *, now: datetime, expired: bool = False) -> None:
    """Take an open offer back, or let it expire; the caller goes on to the next agent."""
    call = await locked_call(session, one.tenant_id, one.interaction_id)
    interaction = await log.locked(session, one.tenant_id, one.interaction_id)
    ended = await (offers.expire if expired else offers.withdraw)(session, one, now=now)
    if ended is not None:
        await drop_leg(session, call, one.offer_id, now=now)
        await note_missed(session, interaction, ended, now=now)


async def phone_fails(
    session: AsyncSession, agent_id: UUID, *, tab: str, reason: NotReadyReason, now: datetime
) -> None:
    """The agent's page says that its phone does not work. A call in hand stays in hand.

    Whoever answers by their own telephone needs none in the page.

    Raises:
        AnotherTab: a newer tab has the seat, and a phone of its own.
    """
    await presence.refuse_other_tabs(session, agent_id, tab=tab)
    if await presence.is_by_phone(session, agent_id):
        return
    await _withdraw_offers(session, agent_id, now=now)
    await presence.take_out(session, agent_id, reason, now=now)


async def is_silent(session: AsyncSession, agent_id: UUID, *, now: datetime) -> None:
    """The agent's page is not heard any more; nothing happens when it has just been heard again."""
    await _withdraw_offers(session, agent_id, now=now)
    await presence.take_out(session, agent_id, NotReadyReason.SILENT, now=now)


async def leaves_for_good(session: AsyncSession, agent_id: UUID, *, now: datetime) -> None:
    """The account is shut: what rings goes to a colleague, and the own telephone's number is forgotten."""
    await _withdraw_offers(session, agent_id, now=now)
    await presence.leave(session, agent_id, now=now)
    await own_phone.forget_number(session, agent_id)


async def _withdraw_offers(session: AsyncSession, agent_id: UUID, *, now: datetime) -> None:
    for one in await offers.offers_to(session, agent_id):
        await end_offer(session, one, now=now)
