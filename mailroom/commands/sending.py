"""Mail that goes out. A row is taken, sent outside of any transaction, and settled by what the server said.

Between taking and settling the process may die; what was ``sending`` too long is then ``maybe_sent``, which a
person sees and decides. Nothing is sent twice blindly.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mailroom.models import MailMessage, Outgoing
from mailroom.queries import due_mail
from mailroom.values import SendState

LEASE = timedelta(minutes=5)
RETRY_AFTER = (1, 5, 15, 60, 240, 480, 960)
"""Minutes until the next try, by the number of tries so far; after the last one it has failed."""

AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail in the hands of the postman."""

    tenant_id: UUID
    outgoing_id: UUID
    sender: str
    recipients: tuple[str, ...]
    content: bytes


async def take_due(session: AsyncSession, *, now: datetime) -> list[Parcel]:
    """Take what is to be sent now, so that no other process does; give up on what went silent."""
    parcels = []
    for row in await due_mail(session, now=now, limit=AT_ONCE):
        if row.state is SendState.SENDING:
            row.state, row.failure = SendState.MAYBE_SENT, "silent"
            continue
        row.state = SendState.SENDING
        row.attempts += 1
        row.due_at = now + LEASE
        parcels.append(await _parcel(session, row))
    await session.flush()
    return parcels


async def _parcel(session: AsyncSession, row: Outgoing) -> Parcel:
    sender = row.sender
    if row.message_id is not None:
        message = await session.get_one(MailMessage, (row.tenant_id, row.message_id))
        sender = message.from_address
    return Parcel(row.tenant_id, row.id, sender, tuple(str(one) for one in row.recipients), row.content)


async def settle_sent(session: AsyncSession, parcel: Parcel, *, now: datetime) -> None:
    """The server has it."""
    row = await _sending(session, parcel)
    if row is not None:
        row.state, row.sent_at, row.failure = SendState.SENT, now, None
        await session.flush()


async def settle_failed(session: AsyncSession, parcel: Parcel, failure: str) -> None:
    """The server will never take it."""
    await _end(session, parcel, SendState.FAILED, failure)


async def settle_unknown(session: AsyncSession, parcel: Parcel, failure: str) -> None:
    """Nobody knows whether the server took it."""
    await _end(session, parcel, SendState.MAYBE_SENT, failure)


async def settle_delayed(session: AsyncSession, parcel: Parcel, failure: str, *, now: datetime) -> None:
    """Try again later, at growing distances, for about a day and a half."""
    row = await _sending(session, parcel)
    if row is None:
        return
    row.failure = failure[:200]
    if row.attempts > len(RETRY_AFTER):
        row.state = SendState.FAILED
    else:
        row.state = SendState.QUEUED
        row.due_at = now + timedelta(minutes=RETRY_AFTER[row.attempts - 1])
    await session.flush()


async def send_again(session: AsyncSession, tenant_id: UUID, outgoing_id: UUID, *, now: datetime) -> bool:
    """A person decides to send what failed or may have been sent. False when it is on its way or gone."""
    row = await session.get(Outgoing, (tenant_id, outgoing_id), with_for_update=True, populate_existing=True)
    if row is None or row.state not in (SendState.FAILED, SendState.MAYBE_SENT):
        return False
    row.state, row.due_at, row.attempts = SendState.QUEUED, now, 0
    await session.flush()
    return True


async def _sending(session: AsyncSession, parcel: Parcel) -> Outgoing | None:
    """The row, unless its state has moved on since it was taken."""
    row = await session.get(
        Outgoing, (parcel.tenant_id, parcel.outgoing_id), with_for_update=True, populate_existing=True
    )
    return row if row is not None and row.state in (SendState.SENDING, SendState.MAYBE_SENT) else None


async def _end(session: AsyncSession, parcel: Parcel, state: SendState, failure: str) -> None:
    row = await _sending(session, parcel)
    if row is not None:
        row.state, row.failure = state, failure[:200]
        await session.flush()
