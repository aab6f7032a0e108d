"""An agent's own telephone, for when the browser cannot speak: its number, the choice, and ringing it.

The number is nobody else's business: it is in no log, and an order forgets it once it has been sent.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desks import presence
from nanori import directory
from telephony.commands.orders import order
from telephony.dialling import number_to_dial
from telephony.errors import NoPhoneEntered, OwnNumber
from telephony.models import Call, Leg, OwnPhone
from telephony.urls import Urls
from telephony.values import OrderKind

RING_SECONDS = 18
LONGEST_SECONDS = 7500
"""A little more than the longest call: nobody is cut off in mid-sentence by two limits."""


async def number_of(session: AsyncSession, agent_id: UUID) -> str | None:
    """The agent's own number, E.164; None when there is none."""
    found: str | None = await session.scalar(select(OwnPhone.number).where(OwnPhone.agent_id == agent_id))
    return found


async def save_number(
    session: AsyncSession, agent_id: UUID, typed: str, *, countries: Collection[str], now: datetime
) -> None:
    """Keep the number; nothing typed takes it away, and the agent answers in the browser again.

    Raises:
        NumberRefused: we do not call this number.
        StillBusy: the number is taken away while a call is in hand.
    """
    if not typed.strip():
        await presence.answer_by(session, agent_id, by_phone=False, now=now)
        await forget_number(session, agent_id)
        return
    number = number_to_dial(typed, countries=countries)
    if await directory.look_up(session, directory.Kind.NUMBER, number) is not None:
        raise OwnNumber
    row = insert(OwnPhone).values(agent_id=agent_id, number=number, changed_at=now)
    changed = {"number": number, "changed_at": now}
    await session.execute(row.on_conflict_do_update(index_elements=[OwnPhone.agent_id], set_=changed))


async def forget_number(session: AsyncSession, agent_id: UUID) -> None:
    """Nobody rings this agent's own telephone any more; not even a call in hand keeps the number."""
    await session.execute(delete(OwnPhone).where(OwnPhone.agent_id == agent_id))


async def choose(session: AsyncSession, agent_id: UUID, *, tab: str, by_phone: bool, now: datetime) -> None:
    """Answer by the own telephone from the next call on, or in the browser again.

    Raises:
        AnotherTab: a newer tab has the seat.
        NoPhoneEntered: there is no number to ring.
        StillBusy: a call is in hand.
    """
    await presence.refuse_other_tabs(session, agent_id, tab=tab)
    if by_phone and await number_of(session, agent_id) is None:
        raise NoPhoneEntered
    await presence.answer_by(session, agent_id, by_phone=by_phone, now=now)


async def ring(session: AsyncSession, call: Call, leg: Leg, urls: Urls, *, now: datetime) -> None:
    """Ring the agent's telephone from the shop's number; only a pressed 1 leads into the call.

    Raises:
        NoPhoneEntered: there is no number to ring.
    """
    number = None if leg.agent_id is None else await number_of(session, leg.agent_id)
    if number is None:
        raise NoPhoneEntered
    await order(
        session, call, OrderKind.DIAL, now=now, leg=leg,
        to=number, caller_id=call.to_number, url=urls.own_phone(call.id, leg.id),
        status_url=urls.leg_status(call.id, leg.id), ring_seconds=RING_SECONDS,
        limit_seconds=LONGEST_SECONDS,
    )  # fmt: skip
