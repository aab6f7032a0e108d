"""Each webhook is applied once: its natural key is stored with the answer given."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from telephony.models import Call, WebhookReceipt


async def once(
    session: AsyncSession,
    call: Call,
    key: str,
    compute: Callable[[], Awaitable[str | None]],
    *,
    now: datetime,
) -> tuple[str | None, bool]:
    """Run ``compute`` for a key that is new; repeat the stored answer for one that is not.

    Returns the answer, and whether it is a repeat. The call is locked, so that two deliveries of one
    webhook take turns.
    """
    known = await session.scalar(select(WebhookReceipt).where(*_of(call, key)))
    if known is not None:
        return known.answer, True
    answer = await compute()
    await keep(session, call, key, answer, now=now)
    return answer, False


async def keep(session: AsyncSession, call: Call, key: str, answer: str | None, *, now: datetime) -> None:
    session.add(
        WebhookReceipt(
            tenant_id=call.tenant_id,
            id=uuid7(),
            call_id=call.id,
            natural_key=key,
            received_at=now,
            answer=answer,
        )
    )
    await session.flush()


async def answer_given(session: AsyncSession, call: Call, key: str) -> str | None:
    found: str | None = await session.scalar(select(WebhookReceipt.answer).where(*_of(call, key)))
    return found


def _of(call: Call, key: str) -> tuple[ColumnElement[bool], ...]:
    """A key belongs to one call: ``ivr:1`` of the next caller is another webhook."""
    receipt = WebhookReceipt
    return receipt.tenant_id == call.tenant_id, receipt.call_id == call.id, receipt.natural_key == key
