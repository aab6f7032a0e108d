"""Searches the carrier, every few minutes, for messages that callers left while we could not be reached.

Any number of processes may run this at once: each search is made by one of them, and a message that two find
is filed once.
"""

from datetime import datetime

import structlog

from nanori.db import unit_of_work
from nanori.installation import Installation
from telephony.carrier_errors import CarrierError, CarrierGone
from telephony.commands import left_messages
from telephony.ports import CARRIER, RecordingSeen

log_to = structlog.get_logger()


async def search_messages(house: Installation, now: datetime) -> None:
    """File what is found. The carrier is asked outside of any transaction; without an answer, again later."""
    account = house.settings.twilio_account_sid
    async with unit_of_work(house.worker, []) as session:
        since = await left_messages.claim_search(session, account, now=now)
    if since is None:
        return
    try:
        for one in await house.port(CARRIER).recordings_since(since=since):
            ended_at = left_messages.ended_at(one)
            if ended_at is not None and ended_at <= now - left_messages.TOLD_WITHIN:
                await _file(house, one, now)
    except CarrierError as error:
        log_to.info("message_search.no_answer", error=type(error).__name__)
        return
    async with unit_of_work(house.worker, []) as session:
        await left_messages.note_searched(session, account, since=since, now=now)


async def _file(house: Installation, one: RecordingSeen, now: datetime) -> None:
    """Raises CarrierError: nobody knows who called."""
    settings = house.settings
    async with unit_of_work(house.worker, []) as session:
        if await left_messages.file_if_known(session, one, settings.public_url, now=now):
            return
    try:
        caller = await house.port(CARRIER).look_at_caller(call_sid=one.call_sid)
    except CarrierGone:
        return
    async with unit_of_work(house.worker, []) as session:
        await left_messages.log_and_file(
            session, one, caller, account_sid=settings.twilio_account_sid, public_url=settings.public_url,
            now=now,
        )  # fmt: skip
