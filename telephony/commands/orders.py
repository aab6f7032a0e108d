"""Orders to the carrier: written with their cause, sent after commit, settled when the answer is known."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import live
from telephony.labels import CALLER, leg_label
from telephony.models import Call, CarrierOrder, Leg
from telephony.urls import Urls
from telephony.values import OrderKind, OrderState
from telephony.verdicts import RINGS

LEASE = timedelta(seconds=15)
TRY_AGAIN_AFTER = timedelta(seconds=2)
MAX_ATTEMPTS = 5
AT_ONCE = 20


async def order(
    session: AsyncSession,
    call: Call,
    kind: OrderKind,
    *,
    now: datetime,
    leg: Leg | None = None,
    **arguments: Any,
) -> None:
    """Ask the carrier for something once this transaction has committed."""
    session.add(
        CarrierOrder(
            tenant_id=call.tenant_id,
            id=uuid7(),
            call_id=call.id,
            leg_id=leg.id if leg else None,
            kind=kind,
            arguments=arguments,
            state=OrderState.TODO,
            created_at=now,
            due_at=now,
            attempts=0,
        )
    )
    await session.flush()
    await live.announce(session, live.WORK, "order")


async def connect_caller(session: AsyncSession, call: Call, leg: Leg, urls: Urls, *, now: datetime) -> None:
    """Take the caller out of the queue to the agent who has joined."""
    await order(
        session, call, OrderKind.CONNECT, now=now, leg=leg,
        queue_sid=call.queue_sid, call_sid=call.call_sid, url=urls.connect(call.id, leg.id),
    )  # fmt: skip


async def hold_caller(session: AsyncSession, call: Call, urls: Urls, *, now: datetime) -> None:
    await order(
        session, call, OrderKind.HOLD, now=now,
        conference_sid=call.conference_sid, label=CALLER, url=urls.hold(call.id),
    )  # fmt: skip


async def resume_caller(session: AsyncSession, call: Call, *, now: datetime) -> None:
    await order(
        session, call, OrderKind.RESUME, now=now, conference_sid=call.conference_sid, label=CALLER
    )  # fmt: skip


async def remove_leg(session: AsyncSession, call: Call, leg: Leg, *, now: datetime) -> None:
    """Take an agent or a contact out of the conference, or hang up on whoever has not joined yet."""
    if leg.joined_at is not None and call.conference_sid is not None:
        label = leg_label(leg.role, leg.id)
        await order(
            session, call, OrderKind.REMOVE, now=now, leg=leg,
            conference_sid=call.conference_sid, label=label,
        )  # fmt: skip
    elif leg.call_sid is not None:
        await order(session, call, OrderKind.HANG_UP, now=now, leg=leg, call_sid=leg.call_sid)
    else:
        await _drop(session, call, CarrierOrder.leg_id == leg.id, now=now)


async def drop_dialling(session: AsyncSession, call: Call, *, now: datetime) -> None:
    """The shopper is not to be rung any more: forget what has not been asked of the carrier yet."""
    await _drop(session, call, CarrierOrder.leg_id.is_(None), now=now)


async def _drop(session: AsyncSession, call: Call, whose: ColumnElement[bool], *, now: datetime) -> None:
    found = await session.scalars(
        select(CarrierOrder)
        .where(
            CarrierOrder.tenant_id == call.tenant_id,
            CarrierOrder.call_id == call.id,
            CarrierOrder.kind.in_(RINGS),
            CarrierOrder.state == OrderState.TODO,
            whose,
        )
        .with_for_update()
    )
    for one in found:
        settle(one, OrderState.GONE, now=now)
        forget_number(one)
    await session.flush()


async def claim_due(session: AsyncSession, *, now: datetime) -> list[CarrierOrder]:
    """Take orders to send, at most ``AT_ONCE``; each is leased to one process."""
    found = await session.scalars(
        select(CarrierOrder)
        .where(
            CarrierOrder.due_at <= now,
            or_(CarrierOrder.state == OrderState.TODO, CarrierOrder.state == OrderState.SENDING),
        )
        .order_by(CarrierOrder.due_at, CarrierOrder.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    claimed = []
    for one in found.all():
        if one.state is OrderState.SENDING and one.kind in RINGS:
            one.state = OrderState.UNKNOWN  # the sender died: dialling twice is worse than not at all
            forget_number(one)
            continue
        one.state, one.attempts, one.due_at = OrderState.SENDING, one.attempts + 1, now + LEASE
        claimed.append(one)
    await session.flush()
    return claimed


async def locked_order(session: AsyncSession, tenant_id: UUID, order_id: UUID) -> CarrierOrder:
    return await session.get_one(
        CarrierOrder, (tenant_id, order_id), with_for_update=True, populate_existing=True
    )


def settle(one: CarrierOrder, state: OrderState, *, now: datetime, failure: str | None = None) -> None:
    """Write down how an order came out."""
    one.state, one.done_at, one.failure = state, now, failure


def forget_number(one: CarrierOrder) -> None:
    """It will not be dialled again: whose number it was is not kept here, nor in the carrier's words."""
    one.arguments = one.arguments | {"to": ""}
    one.failure = one.failure and one.failure.partition(":")[0]


def send_again(one: CarrierOrder, *, now: datetime) -> None:
    """Put it back, to be sent a little later than the last time."""
    one.state, one.due_at = OrderState.TODO, now + TRY_AGAIN_AFTER * one.attempts
