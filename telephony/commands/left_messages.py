"""Messages that callers left while we could not be reached: when to search for them, and how to file them.

The document on another host asks for a message; while our house is down nobody tells us of it.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import directory
from nanori.alerts import raise_alert
from telephony.alarms import FALLBACK_USED
from telephony.commands import callers, found_recordings
from telephony.commands.callers import Ringing
from telephony.labels import E164, number_shown
from telephony.lines import find_line
from telephony.models import MessageSearch
from telephony.ports import CallerSeen, RecordingSeen

EVERY = timedelta(minutes=5)
TOLD_WITHIN = timedelta(minutes=5)
"""What was left is usually told at once: whoever searches must not come first."""
READY_WITHIN = timedelta(hours=1)
"""A message that was begun so long ago is complete at the carrier."""


async def claim_search(session: AsyncSession, account_sid: str, *, now: datetime) -> datetime | None:
    """Since when to search now; None when it is not time, or another process does it.

    The first time of all nothing is searched: what was recorded before there was this house is not ours.
    """
    first = {"account_sid": account_sid, "searched_until": now, "due_at": now + EVERY}
    since: datetime | None = await session.scalar(
        insert(MessageSearch)
        .values(first)
        .on_conflict_do_update(
            index_elements=[MessageSearch.account_sid],
            set_={"due_at": now + EVERY},
            where=MessageSearch.due_at <= now,
        )
        .returning(MessageSearch.searched_until)
    )
    return None if since == now else since


async def note_searched(session: AsyncSession, account_sid: str, *, since: datetime, now: datetime) -> None:
    """All has been filed that was complete by now."""
    until = max(since, now - READY_WITHIN)
    await session.execute(
        update(MessageSearch).where(MessageSearch.account_sid == account_sid).values(searched_until=until)
    )


def ended_at(one: RecordingSeen) -> datetime | None:
    """When a message had been spoken; None for everything that is no complete message."""
    if not one.is_message or not one.is_complete or one.began_at is None:
        return None
    return one.began_at + timedelta(seconds=one.seconds or 0)


async def file_if_known(session: AsyncSession, one: RecordingSeen, public_url: str, *, now: datetime) -> bool:
    """File a message of a call that was logged, unless that was done before. False: there is no such call."""
    line = await find_line(session, one.call_sid, public_url)
    if line is None:
        return False
    await found_recordings.take_in(session, line, [one], now=now)
    return True


async def log_and_file(
    session: AsyncSession,
    one: RecordingSeen,
    caller: CallerSeen,
    *,
    account_sid: str,
    public_url: str,
    now: datetime,
) -> None:
    """Log a call of which only the message is left, at the time at which it came in, and file the message.

    Nothing happens when the number that was called belongs to no shop.
    """
    spoken_at = ended_at(one)
    if spoken_at is None or not caller.came_in or not E164.fullmatch(caller.to_number):
        return
    ringing = Ringing(
        call_id=uuid7(), account_sid=account_sid, call_sid=one.call_sid,
        from_number=number_shown(caller.from_number), to_number=caller.to_number,
    )  # fmt: skip
    claimed = await directory.claim_call(
        session, ringing.to_number, call_sid=ringing.call_sid, call_id=ringing.call_id
    )
    if claimed is None:
        return
    await callers.arrive_by_fallback(session, claimed.shop_id, ringing, now=caller.began_at)
    await file_if_known(session, one, public_url, now=spoken_at)
    await raise_alert(session, FALLBACK_USED, now=now)
