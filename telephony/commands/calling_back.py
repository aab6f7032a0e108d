"""Keeping promises to call back: what is due becomes a call that agents are offered in its old place."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import routing
from desks.models import Desk, Waiting
from desks.season_queries import calendar_of_desk
from desks.values import AT_WORK, WaitingKind, WaitingState
from interactions.models import Interaction
from nanori.actors import SYSTEM
from telephony.commands import callbacks, outbound
from telephony.commands.endings import close_call
from telephony.commands.outbound import Begun
from telephony.dialling import number_to_dial
from telephony.errors import CallbackNotFound, NumberRefused
from telephony.models import Call, Callback
from telephony.values import CallbackState, CallState
from tenants import queries as shops
from tenants.hours import is_open, opens_next
from tenants.models import Tenant

AT_ONCE = 50


async def due_callbacks(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """(tenant, promise) to be kept now. Nothing is locked."""
    rows = await session.execute(
        select(Callback.tenant_id, Callback.id)
        .where(Callback.state == CallbackState.WAITING, Callback.due_at <= now)
        .order_by(Callback.due_at, Callback.id)
        .limit(AT_ONCE)
    )
    return [(row.tenant_id, row.id) for row in rows.all()]


async def begin_attempt(
    session: AsyncSession, tenant_id: UUID, callback_id: UUID, *, account_sid: str, now: datetime
) -> Call | None:
    """Let a due promise wait for an agent, in the place that the shopper had. None when it is not due.

    Outside the opening hours it is put off until the shop opens.
    """
    promise = await session.get(
        Callback, (tenant_id, callback_id), with_for_update={"skip_locked": True}, populate_existing=True
    )
    if promise is None or promise.state is not CallbackState.WAITING or promise.due_at > now:
        return None
    shop = await shops.shop(session, tenant_id)
    desk = await session.get_one(Desk, (tenant_id, promise.desk_id))
    calendar = await calendar_of_desk(session, shop, desk)
    if not is_open(calendar, now) or desk.state not in AT_WORK:
        promise.due_at = (
            opens_next(calendar, now + callbacks.AGAIN_AFTER[-1]) or now + callbacks.AGAIN_AFTER[-1]
        )
        return None
    call = await _begin(session, shop, promise, account_sid=account_sid, now=now)
    if call is None:
        await callbacks.cancel(session, promise, now=now)
        return None
    promise.state, promise.call_id = CallbackState.CALLING, call.id
    await session.flush()
    waiting = await routing.enqueue(
        session, tenant_id, desk_id=promise.desk_id, interaction_id=call.interaction_id, turn=1,
        enqueued_at=promise.kept_since, now=now,
    )  # fmt: skip
    waiting.kind = WaitingKind.CALLBACK
    await session.flush()
    return call


async def waiting_too_late(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """(tenant, interaction) of callbacks that nobody has taken although their shop has closed."""
    rows = await session.execute(
        select(Waiting.tenant_id, Waiting.desk_id, Waiting.interaction_id).where(
            Waiting.kind == WaitingKind.CALLBACK, Waiting.state == WaitingState.WAITING
        )
    )
    late, is_closed = [], {}
    for tenant_id, desk_id, interaction_id in rows.all():
        if desk_id not in is_closed:
            desk = await session.get_one(Desk, (tenant_id, desk_id))
            calendar = await calendar_of_desk(session, await shops.shop(session, tenant_id), desk)
            is_closed[desk_id] = not is_open(calendar, now)
        late += [(tenant_id, interaction_id)] if is_closed[desk_id] else []
    return late


async def put_off(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """Nobody is called after closing time: the attempt ends, the promise waits for the next opening."""
    if call.state is CallState.QUEUED and call.call_sid is None:
        await close_call(session, call, now=now, by="system", why="closed")


async def cancel_promise(
    session: AsyncSession, tenant_id: UUID, callback_id: UUID, *, now: datetime
) -> Callback:
    """Somebody of ours decides that the shopper need not be called back. An ended one stays as it is.

    Raises:
        CallbackNotFound: not among the shops bound.
    """
    found = await session.get(Callback, (tenant_id, callback_id))
    if found is None:
        raise CallbackNotFound
    call = None
    if found.call_id is not None:  # the call is locked before its promise
        call = await session.get(Call, (tenant_id, found.call_id), with_for_update=True)
    promise = await session.get_one(
        Callback, (tenant_id, callback_id), with_for_update=True, populate_existing=True
    )
    if call is None or call.state in {CallState.QUEUED, CallState.CLOSED}:
        await callbacks.cancel(session, promise, now=now)
        if call is not None and call.state is CallState.QUEUED and call.call_sid is None:
            await close_call(session, call, now=now, by="system", why="called_off")
    return promise


async def _begin(
    session: AsyncSession, shop: Tenant, promise: Callback, *, account_sid: str, now: datetime
) -> Call | None:
    """The attempt's call; None when the number may not be called any more."""
    try:
        number = number_to_dial(promise.phone, countries=shop.outbound_countries)
    except NumberRefused:
        return None
    asked = await session.get_one(Interaction, (promise.tenant_id, promise.asked_in))
    begun = Begun(
        shop=shop, number=number, caller_id=await outbound.caller_id_for(session, shop, asked),
        desk_id=promise.desk_id, case_id=asked.case_id, actor=SYSTEM, state=CallState.QUEUED,
    )  # fmt: skip
    return await outbound.begin(session, begun, account_sid=account_sid, now=now)
