"""What follows from the carrier's answer to an order."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import files
from nanori.installation import Installation
from telephony.carrier_errors import CarrierError
from telephony.commands import (
    conferences,
    contacts,
    holding,
    outbound,
    pressing,
    reconciling,
    recordings,
    supervision,
)
from telephony.commands.callers import Line
from telephony.commands.endings import close_call
from telephony.commands.orders import (
    MAX_ATTEMPTS,
    forget_number,
    locked_order,
    order,
    send_again,
    settle,
)
from telephony.lines import line_of, lock_call
from telephony.models import CarrierOrder, Leg, Recording
from telephony.telling import tell_operators
from telephony.values import CallState, LegState, OrderKind, OrderState
from telephony.verdicts import RINGS, Verdict, verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a request came out: an error, or what the carrier gave."""

    error: CarrierError | None = None
    call_sid: str = ""
    content: bytes = b""


async def settle_order(
    session: AsyncSession, house: Installation, claimed: CarrierOrder, answer: Answer, *, now: datetime
) -> None:
    """Write down how an order came out and do what follows. The call is locked first, then the order."""
    call = await lock_call(session, claimed.tenant_id, claimed.call_id)
    line = None if call is None else await line_of(session, call, house.settings.public_url)
    one = await locked_order(session, claimed.tenant_id, claimed.id)
    if line is None or one.state is not OrderState.SENDING:
        return
    leg = None if one.leg_id is None else await session.get(Leg, (one.tenant_id, one.leg_id))
    match verdict(one.kind, answer.error, may_repeat=one.attempts < MAX_ATTEMPTS):
        case Verdict.DONE:
            settle(one, OrderState.DONE, now=now)
            await _done(session, house, line, one, leg, answer, now=now)
        case Verdict.AGAIN:
            send_again(one, now=now)
        case Verdict.GONE:
            settle(one, OrderState.GONE, now=now)
            await _gone(session, line, one, leg, now=now)
        case Verdict.UNKNOWN:
            settle(one, OrderState.UNKNOWN, now=now, failure=type(answer.error).__name__)
        case Verdict.FAILED:
            settle(one, OrderState.FAILED, now=now, failure=str(answer.error))
            await _failed(session, line, one, leg, now=now)
    if one.kind in recordings.SWITCHES and one.state not in recordings.ON_ITS_WAY:
        await recordings.switched(session, line, one, now=now)
    await session.flush()
    await tell_operators(session, line, one, leg, answer.error, now=now)
    if leg is not None and leg.by_phone and one.done_at is not None:
        forget_number(one)
        await session.flush()


async def _done(
    session: AsyncSession,
    house: Installation,
    line: Line,
    one: CarrierOrder,
    leg: Leg | None,
    answer: Answer,
    *,
    now: datetime,
) -> None:
    if one.kind is OrderKind.DIAL and leg is not None:
        leg.call_sid = leg.call_sid or answer.call_sid
        is_closed = line.call.state is CallState.CLOSED
        if leg.state is LegState.EXPECTED:
            leg.state = LegState.DIALLED
        if (
            leg.state in {LegState.LEFT, LegState.FAILED} or is_closed
        ):  # called off while it was being dialled
            await order(session, line.call, OrderKind.HANG_UP, now=now, leg=leg, call_sid=answer.call_sid)
    elif one.kind in RINGS and leg is None:
        await outbound.dialled(session, line.call, call_sid=answer.call_sid, now=now)
    elif one.kind is OrderKind.FETCH_RECORDING:
        await _keep_recording(session, house, line, one, answer, now=now)
    elif one.kind is OrderKind.SUPERVISE and leg is not None:
        await supervision.settled(session, line.call, leg, one, now=now)


async def _gone(
    session: AsyncSession, line: Line, one: CarrierOrder, leg: Leg | None, *, now: datetime
) -> None:
    if one.kind in RINGS and leg is None:
        await outbound.not_reached(session, line.call, why="failed", now=now)
    elif one.kind is OrderKind.CONNECT and line.call.ended_at is None:
        reconciling.ask_soon(line.call, now=now)  # hung up, or connected by an order whose answer was lost
    elif one.kind is OrderKind.CONNECT:
        await conferences.caller_gone(session, line, leg, now=now)
    elif one.kind is OrderKind.REDIRECT:
        await close_call(session, line.call, now=now, by="shopper")


async def _failed(
    session: AsyncSession, line: Line, one: CarrierOrder, leg: Leg | None, *, now: datetime
) -> None:
    """A refusal that repeating does not mend: the call goes on, or ends in words."""
    if one.kind is OrderKind.DIAL and leg is not None and leg.by_phone:
        await pressing.not_reached(session, line, leg, why="failed", now=now)
    elif one.kind is OrderKind.DIAL and leg is not None:
        await contacts.leg_ended(session, line, leg, status="failed", now=now)
    elif one.kind in RINGS and leg is None:
        await outbound.not_reached(session, line.call, why="failed", now=now)
    elif one.kind is OrderKind.SUPERVISE and leg is not None:
        await supervision.settled(session, line.call, leg, one, now=now)
    elif one.kind is OrderKind.CONNECT:
        await conferences.not_connected(session, line, leg, now=now)
    elif one.kind is OrderKind.HOLD:
        await holding.hold_failed(session, line.call, now=now)
    elif one.kind is OrderKind.RESUME:
        await holding.resume_failed(session, line.call, now=now)


async def _keep_recording(
    session: AsyncSession,
    house: Installation,
    line: Line,
    one: CarrierOrder,
    answer: Answer,
    *,
    now: datetime,
) -> None:
    recording = await session.scalar(
        select(Recording).where(
            Recording.tenant_id == one.tenant_id,
            Recording.recording_sid == one.arguments["recording_sid"],
        )
    )
    if recording is None or recording.file_id is not None:
        return
    name = f"{recording.kind}-{line.call.id}.wav"
    file = await files.keep(
        session, one.tenant_id, store=house.files, room="telephony", name=name,
        media_type="audio/wav", content=answer.content, now=now,
    )  # fmt: skip
    recording.file_id, recording.fetched_at = file.id, now
    await order(
        session, line.call, OrderKind.DELETE_RECORDING, now=now, recording_sid=recording.recording_sid
    )
