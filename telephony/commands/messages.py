"""Messages after the tone: kept once per recording, filed as a case, fetched from the carrier."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions import commands as log
from interactions.cases import open_case
from interactions.models import Interaction
from interactions.values import EventKind
from nanori.actors import SHOPPER
from telephony.commands.callers import Line
from telephony.commands.orders import order
from telephony.models import Call, Recording
from telephony.values import OrderKind
from tenants.models import Tenant


async def take_message(
    session: AsyncSession, line: Line, *, recording_sid: str, seconds: int | None, now: datetime
) -> None:
    """A caller has spoken after the tone: keep the recording, open a case. Repeatable per recording."""
    call = line.call
    known = await session.scalar(
        select(Recording).where(
            Recording.tenant_id == call.tenant_id, Recording.recording_sid == recording_sid
        )
    )
    if known is not None:
        known.seconds = known.seconds if seconds is None else seconds
        return
    session.add(
        Recording(
            tenant_id=call.tenant_id, id=uuid7(), call_id=call.id, recording_sid=recording_sid,
            seconds=seconds, announced_at=now,
        )
    )  # fmt: skip
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(session, interaction, EventKind.VOICEMAIL_LEFT, actor=SHOPPER, at=now, seconds=seconds)
    await _case_of_message(session, line.shop, interaction, now=now)


async def fetch_message(session: AsyncSession, call: Call, *, recording_sid: str, now: datetime) -> None:
    """The recording is complete at the carrier: bring it into our files."""
    await order(session, call, OrderKind.FETCH_RECORDING, now=now, recording_sid=recording_sid)


async def _case_of_message(
    session: AsyncSession, shop: Tenant, interaction: Interaction, *, now: datetime
) -> None:
    if interaction.case_id is not None:
        return
    subject = "留守番電話のご用件" if shop.locale == "ja" else "Voicemail"
    case = await open_case(
        session, shop.tenant_id, subject=subject, shopper_id=interaction.shopper_id, due_at=None, now=now
    )
    interaction.case_id = case.id
    await session.flush()
