"""What follows from the carrier's answer to an order."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import files
from nanori.installation import Installation
from telephony.carrier_errors import CarrierBusy, CarrierError, CarrierGone, CarrierUnknown
from telephony.commands import conferences, contacts, supervision
from telephony.commands.callers import Line
from telephony.commands.endings import close_call
from telephony.commands.orders import locked_order, order, settle, try_again
from telephony.lines import line_of, lock_call
from telephony.models import CarrierOrder, Leg, Recording
from telephony.values import CallState, LegState, OrderKind, OrderState


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
    match answer.error:
        case None:
            settle(one, OrderState.DONE, now=now)
            await _done(session, house, line, one, leg, answer, now=now)
        case CarrierGone() if one.kind is OrderKind.FETCH_RECORDING and try_again(one, now=now):
            pass  # not written to disk there yet
        case CarrierGone():
            settle(one, OrderState.GONE, now=now)
            await _gone(session, line, one, leg, now=now)
        case CarrierBusy() if try_again(one, now=now):
            pass
        case CarrierUnknown() if _is_harmless(one) and try_again(one, now=now):
            pass
        case CarrierUnknown():
            settle(one, OrderState.UNKNOWN, now=now, failure=type(answer.error).__name__)
        case CarrierError():
            settle(one, OrderState.FAILED, now=now, failure=str(answer.error))
            await _failed(session, line, one, leg, now=now)
    await session.flush()


def _is_harmless(one: CarrierOrder) -> bool:
    """Repeating a dial rings twice; repeating a connect would report a connected caller as gone."""
    return one.kind not in {OrderKind.DIAL, OrderKind.CONNECT}


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
        if leg.state is LegState.EXPECTED:
            leg.state = LegState.DIALLED
        elif leg.state in {LegState.LEFT, LegState.FAILED}:  # called off while it was being dialled
            await order(session, line.call, OrderKind.HANG_UP, now=now, leg=leg, call_sid=answer.call_sid)
    elif one.kind is OrderKind.FETCH_RECORDING:
        await _keep_recording(session, house, line, one, answer, now=now)
    elif one.kind is OrderKind.SUPERVISE and leg is not None:
        await supervision.settled(session, line.call, leg, one, now=now)


async def _gone(
    session: AsyncSession, line: Line, one: CarrierOrder, leg: Leg | None, *, now: datetime
) -> None:
    if one.kind is OrderKind.CONNECT:
        await conferences.caller_gone(session, line, leg, now=now)
    elif one.kind is OrderKind.REDIRECT:
        await close_call(session, line.call, now=now, by="shopper")


async def _failed(
    session: AsyncSession, line: Line, one: CarrierOrder, leg: Leg | None, *, now: datetime
) -> None:
    """A refusal that repeating does not mend: the call goes on, or ends in words."""
    if one.kind is OrderKind.DIAL and leg is not None:
        await contacts.leg_ended(session, line, leg, status="failed", now=now)
    elif one.kind is OrderKind.SUPERVISE and leg is not None:
        await supervision.settled(session, line.call, leg, one, now=now)
    elif one.kind in {OrderKind.CONNECT, OrderKind.REDIRECT} and line.call.state is not CallState.CLOSED:
        await conferences.caller_gone(session, line, leg, now=now)


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
    file = await files.keep(
        session, one.tenant_id, store=house.files, room="telephony", name=f"voicemail-{line.call.id}.wav",
        media_type="audio/wav", content=answer.content, now=now,
    )  # fmt: skip
    recording.file_id, recording.fetched_at = file.id, now
    await order(
        session, line.call, OrderKind.DELETE_RECORDING, now=now, recording_sid=recording.recording_sid
    )
