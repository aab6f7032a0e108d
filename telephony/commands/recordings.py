"""Recording of calls by the shop's policy, and its pause while card numbers are spoken.

The carrier records from the moment caller and agent are together. What was recorded is fetched into our files
and deleted there (``telephony/settling.py``).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions import commands as log
from interactions.values import EventKind
from nanori import live
from nanori.actors import CARRIER, Actor, ActorKind
from nanori.alerts import raise_alert
from telephony.alarms import RECORDING_MISSING
from telephony.commands.agents import my_call
from telephony.commands.callers import Line
from telephony.commands.orders import order
from telephony.errors import NotRecording
from telephony.models import Call, CarrierOrder, Recording
from telephony.values import CallRecording, CallState, OrderKind, OrderState, RecordingKind

TOGETHER = frozenset({CallState.CONNECTING, CallState.TALKING, CallState.HELD})
SWITCHES = {OrderKind.PAUSE_RECORDING: CallRecording.PAUSED, OrderKind.RESUME_RECORDING: CallRecording.ON}
"""Orders that switch the recording, and what it is once they are done."""
ON_ITS_WAY = frozenset({OrderState.TODO, OrderState.SENDING})


async def pause(session: AsyncSession, call_id: UUID, *, agent: Actor, now: datetime) -> None:
    """Ask the carrier to record silence. It is paused only once the carrier has said so.

    Raises:
        CallNotFound: not this agent's call.
        NotRecording: nothing is recorded, so there is nothing to pause.
    """
    await _switch(session, call_id, OrderKind.PAUSE_RECORDING, agent=agent, now=now)


async def resume(session: AsyncSession, call_id: UUID, *, agent: Actor, now: datetime) -> None:
    """Ask the carrier to go on recording; raises as :func:`pause`."""
    await _switch(session, call_id, OrderKind.RESUME_RECORDING, agent=agent, now=now)


async def report(
    session: AsyncSession,
    line: Line,
    *,
    recording_sid: str,
    status: str,
    seconds: int | None,
    now: datetime,
) -> None:
    """What the carrier says of a recording: it runs, it is complete, or there is none after all."""
    call = line.call
    if status == "absent":
        await raise_alert(session, RECORDING_MISSING, str(call.id), now=now, shop_id=call.tenant_id)
        return
    is_new = await _keep(session, call, recording_sid, seconds, now=now)
    if is_new:
        interaction = await log.locked(session, call.tenant_id, call.interaction_id)
        await log.record(session, interaction, EventKind.RECORDING_STARTED, actor=CARRIER, at=now)
    if status == "in-progress" and call.state in TOGETHER and call.recording is None:
        call.recording = CallRecording.ON
        await session.flush()
        await _tell(session, call)
    if status == "completed":
        await order(session, call, OrderKind.FETCH_RECORDING, now=now, recording_sid=recording_sid)


async def switched(session: AsyncSession, line: Line, one: CarrierOrder, *, now: datetime) -> None:
    """The carrier has answered an order to pause or to go on; unless it did so, all stays as it was."""
    call = line.call
    if one.state is OrderState.DONE and call.recording not in {None, SWITCHES[one.kind]}:
        call.recording = SWITCHES[one.kind]
        interaction = await log.locked(session, call.tenant_id, call.interaction_id)
        paused = one.kind is OrderKind.PAUSE_RECORDING
        kind = EventKind.RECORDING_PAUSED if paused else EventKind.RECORDING_RESUMED
        agent = Actor(kind=ActorKind.AGENT, account_id=interaction.agent_id)
        await log.record(session, interaction, kind, actor=agent, at=now)
    await session.flush()
    await _tell(session, call)


async def last_switch(session: AsyncSession, call: Call) -> CarrierOrder | None:
    """The newest order to pause the recording or to go on."""
    found: CarrierOrder | None = await session.scalar(
        select(CarrierOrder)
        .where(
            CarrierOrder.tenant_id == call.tenant_id,
            CarrierOrder.call_id == call.id,
            CarrierOrder.kind.in_(SWITCHES),
        )
        .order_by(CarrierOrder.created_at.desc(), CarrierOrder.id.desc())
        .limit(1)
    )
    return found


async def _switch(
    session: AsyncSession, call_id: UUID, kind: OrderKind, *, agent: Actor, now: datetime
) -> None:
    call = await my_call(session, call_id, agent)
    if call.recording is None or call.state not in TOGETHER:
        raise NotRecording
    last = await last_switch(session, call)
    is_switching = last is not None and last.state in ON_ITS_WAY
    if is_switching or call.recording is SWITCHES[kind]:
        return
    await order(session, call, kind, now=now, call_sid=call.call_sid)
    await _tell(session, call)


async def _keep(
    session: AsyncSession, call: Call, recording_sid: str, seconds: int | None, *, now: datetime
) -> bool:
    """Note the recording. False when it was known: then only its length may be new."""
    added = await session.scalar(
        insert(Recording)
        .values(
            tenant_id=call.tenant_id, id=uuid7(), call_id=call.id, kind=RecordingKind.CALL,
            recording_sid=recording_sid, seconds=seconds, announced_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Recording.tenant_id, Recording.recording_sid])
        .returning(Recording.id)
    )  # fmt: skip
    if added is not None:
        return True
    known = await session.scalar(
        select(Recording).where(
            Recording.tenant_id == call.tenant_id, Recording.recording_sid == recording_sid
        )
    )
    if known is not None and seconds is not None:
        known.seconds = seconds
    return False


async def _tell(session: AsyncSession, call: Call) -> None:
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    if interaction.agent_id is not None:
        await live.announce(session, live.agent(interaction.agent_id), "desk")
