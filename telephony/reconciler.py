"""Compares calls with the carrier, every 15 seconds while they last, and once more when they are over.

The carrier promises neither that its reports arrive nor that they arrive once; what it says when asked is the
truth. Any number of processes may run this at once: each call is taken by one of them.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import structlog

from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation
from telephony.carrier_errors import CarrierError, CarrierGone
from telephony.commands import reconciling
from telephony.commands.agents import locked_call
from telephony.commands.reconciling import Seen, Suspect
from telephony.labels import CALLER, conference_name
from telephony.lines import line_of
from telephony.ports import CARRIER, Carrier, LegSeen, RecordingSeen
from telephony.values import CallState

BEFORE_ANY_CONFERENCE = frozenset({CallState.GREETING, CallState.VOICEMAIL})

log_to = structlog.get_logger()


async def reconcile_calls(house: Installation, now: datetime) -> None:
    """Compare what is due. The carrier is asked outside of any transaction."""
    async with across_shops(house.worker) as session:
        suspects = await reconciling.claim_due(session, now=now)
    await asyncio.gather(*(_compare(house, suspect, now) for suspect in suspects))


async def _compare(house: Installation, suspect: Suspect, now: datetime) -> None:
    try:
        seen = await look(house.port(CARRIER), suspect)
    except CarrierError as error:
        log_to.info("reconciler.no_answer", call_id=str(suspect.call_id), error=type(error).__name__)
        return
    async with unit_of_work(house.worker, [suspect.tenant_id]) as session:
        call = await locked_call(session, suspect.tenant_id, suspect.interaction_id)
        line = await line_of(session, call, house.settings.public_url)
        if line is not None:
            await reconciling.reconcile(session, line, suspect, seen, now=now)


async def look(carrier: Carrier, suspect: Suspect) -> Seen:
    """Ask who is in the conference, and about each known leg that is not.

    Raises:
        CarrierError: no answer; what is unknown is not guessed.
    """
    conference = None
    if suspect.belief[0] not in BEFORE_ANY_CONFERENCE or suspect.legs:
        conference = await carrier.look_at_conference(name=conference_name(suspect.call_id))
    people: Mapping[str, object] = conference.participants if conference else {}
    legs: dict[UUID, LegSeen] = {}
    for leg_id, sid, label in suspect.legs:
        if label not in people:
            legs[leg_id] = await _leg(carrier, sid)
    caller = None
    if suspect.call_sid is not None and CALLER not in people:
        caller = await _leg(carrier, suspect.call_sid)
    recorded: Sequence[RecordingSeen] = ()
    if suspect.lacks_recording and suspect.call_sid is not None:
        recorded = await carrier.recordings_of(call_sid=suspect.call_sid)
    return Seen(caller=caller, conference=conference, legs=legs, recordings=recorded)


async def _leg(carrier: Carrier, call_sid: str) -> LegSeen:
    """A leg that the carrier does not know (any more) is over."""
    try:
        return await carrier.look_at_leg(call_sid=call_sid)
    except CarrierGone:
        return LegSeen(status="completed", ended_at=None)
