"""Calls and mails in the log, written through the room's own commands."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands
from interactions.commands import Opening
from interactions.models import Interaction
from interactions.values import Channel, EventKind, HandleKind, Outcome
from nanori.actors import CARRIER, SHOPPER, SYSTEM, Actor, ActorKind
from tenants.models import AnswerPhrase
from tenants.values import DayPart, Situation
from tests.support.clock import START

SHOPPER_NUMBER = "+819012345678"


async def an_answered_call(
    session: AsyncSession,
    tenant_id: UUID,
    agent_id: UUID,
    *,
    at: datetime = START,
    number: str = SHOPPER_NUMBER,
) -> Interaction:
    """Arrived, waited 12 s, talked 60 s with 20 s of hold between, wrapped up after 30 s."""
    call = await _opened(session, tenant_id, at, number)
    agent = Actor(kind=ActorKind.AGENT, account_id=agent_id)
    steps = [
        (EventKind.GUIDANCE_ENDED, 8, CARRIER, {}),
        (EventKind.QUEUED, 8, CARRIER, {}),
        (EventKind.OFFERED, 9, SYSTEM, {"agent_id": agent_id}),
        (EventKind.ANSWERED, 20, agent, {"agent_id": agent_id}),
        (EventKind.HELD, 50, agent, {}),
        (EventKind.RESUMED, 70, agent, {}),
    ]
    for kind, second, actor, data in steps:
        await commands.record(
            session, call, kind, actor=actor, at=at + timedelta(seconds=second), **dict(data)
        )
    await commands.close(
        session, call, Outcome.ANSWERED, actor=SHOPPER, at=at + timedelta(seconds=100), by="caller"
    )
    await commands.wrap_up(session, call, reason_id=None, actor=agent, at=at + timedelta(seconds=130))
    return call


async def an_abandoned_call(
    session: AsyncSession, tenant_id: UUID, *, at: datetime = START, number: str = SHOPPER_NUMBER
) -> Interaction:
    """Waited 40 s and hung up."""
    call = await _opened(session, tenant_id, at, number)
    await commands.record(session, call, EventKind.QUEUED, actor=CARRIER, at=at + timedelta(seconds=8))
    gone = at + timedelta(seconds=48)
    await commands.record(session, call, EventKind.ABANDONED, actor=SHOPPER, at=gone)
    await commands.close(session, call, Outcome.ABANDONED, actor=SHOPPER, at=gone, by="caller")
    return call


async def _opened(session: AsyncSession, tenant_id: UUID, at: datetime, number: str) -> Interaction:
    shopper_id = await commands.recognise_shopper(session, tenant_id, HandleKind.PHONE, number, now=at)
    return await commands.open_interaction(
        session, tenant_id, Opening(channel=Channel.PHONE, shopper_id=shopper_id), now=at
    )


async def words_of(session: AsyncSession, shop_id: UUID) -> UUID:
    """The phrase that a screen shows for a call of this shop."""
    found = await session.scalars(
        select(AnswerPhrase.id).where(
            AnswerPhrase.tenant_id == shop_id,
            AnswerPhrase.situation == Situation.NORMAL,
            AnswerPhrase.day_part == DayPart.ANY,
            AnswerPhrase.retired_at.is_(None),
        )
    )
    return found.one()
