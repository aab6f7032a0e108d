"""Promises to call a shopper back, and how each attempt to keep one came out.

A promise keeps the shopper's place in the queue. An attempt is an outbound call that waits for an agent like
any caller; only one in which the shopper's telephone rang counts as tried.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.season_queries import calendar_of_desk
from interactions.cases import open_case
from interactions.models import Interaction
from nanori import live
from nanori.words import N_, words_for
from telephony.models import Call, Callback
from telephony.values import CallbackState
from tenants.hours import opens_next
from tenants.models import Tenant
from tenants.queries import shop

AGAIN_AFTER = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
"""Pauses between attempts; after as many the shop's people decide, in a case."""
LIVE = (CallbackState.WAITING, CallbackState.CALLING)
SUBJECT = N_("Not reached when called back")


async def note_dialled(session: AsyncSession, call: Call) -> None:
    """The shopper's telephone rings: this attempt counts."""
    promise = await _of_attempt(session, call)
    if promise is not None:
        promise.attempts += 1
        await session.flush()


async def attempt_ended(
    session: AsyncSession, call: Call, interaction: Interaction, *, reached: bool, now: datetime
) -> None:
    """The call is over: kept, to be tried again, or given up in a case. Other calls change nothing."""
    promise = await _of_attempt(session, call)
    if promise is None or promise.state is not CallbackState.CALLING:
        return
    if reached:
        promise.state, promise.ended_at = CallbackState.REACHED, now
    elif promise.attempts > len(AGAIN_AFTER):
        await _give_up(session, promise, interaction, now=now)
    else:
        await _try_again(session, promise, now=now)
    await session.flush()
    await live.announce(session, "floor", "callback", shop=promise.tenant_id)


async def no_longer_needed(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The shopper has got through by themselves: promises to this number that wait are off."""
    if call.from_number is None:
        return
    promises = await session.scalars(
        select(Callback)
        .where(
            Callback.tenant_id == call.tenant_id,
            Callback.phone == call.from_number,
            Callback.state == CallbackState.WAITING,
        )
        .with_for_update(skip_locked=True)
    )
    for promise in promises.all():
        await cancel(session, promise, now=now)


async def cancel(session: AsyncSession, promise: Callback, *, now: datetime) -> None:
    """Take a promise back. One that has ended stays as it is."""
    if promise.state in LIVE:
        promise.state, promise.ended_at = CallbackState.CANCELLED, now
        await session.flush()


async def _of_attempt(session: AsyncSession, call: Call) -> Callback | None:
    """The promise whose newest attempt this call is, locked."""
    found: Callback | None = await session.scalar(
        select(Callback)
        .where(Callback.tenant_id == call.tenant_id, Callback.call_id == call.id)
        .with_for_update()
    )
    return found


async def _try_again(session: AsyncSession, promise: Callback, *, now: datetime) -> None:
    """After the next pause, in opening hours; at once when nobody was rung yet."""
    pause = AGAIN_AFTER[promise.attempts - 1] if promise.attempts else timedelta()
    desk = await session.get_one(Desk, (promise.tenant_id, promise.desk_id))
    calendar = await calendar_of_desk(session, await shop(session, promise.tenant_id), desk)
    promise.state = CallbackState.WAITING
    promise.due_at = opens_next(calendar, now + pause) or now + pause


async def _give_up(
    session: AsyncSession, promise: Callback, interaction: Interaction, *, now: datetime
) -> None:
    promise.state, promise.ended_at = CallbackState.GIVEN_UP, now
    if interaction.case_id is not None:
        return
    owner = await session.get_one(Tenant, promise.tenant_id)
    case = await open_case(
        session, promise.tenant_id, subject=words_for(owner.locale).gettext(SUBJECT),
        shopper_id=interaction.shopper_id, due_at=None, now=now,
    )  # fmt: skip
    interaction.case_id = case.id
    asked = await session.get(Interaction, (promise.tenant_id, promise.asked_in))
    if asked is not None and asked.case_id is None:
        asked.case_id = case.id
