"""Webhooks that only tell: statuses, conferences, recordings; answered with nothing (rows 12 to 14)."""

from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.context import Context
from nanori.installation import Installation
from nanori.web.access import signed_by_carrier
from telephony.commands import callers, conferences, statuses
from telephony.commands.callers import Line
from telephony.commands.conferences import Report
from telephony.lines import find_line
from telephony.models import Leg
from telephony.web.answers import AnyRequest, apologise, nothing, refuse
from telephony.web.receipts import once
from telephony.web.signature import Malformed, Signed, Unsigned, signed_form


class Callbacks(Controller):
    path = "/tw/cb"
    opt = signed_by_carrier()
    exception_handlers = {Unsigned: refuse, Malformed: refuse, Exception: apologise}  # noqa: RUF012 - read once

    @post("/call")
    async def status(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[None]:
        """How far a call is: the caller's by its CallSid, a contact's by the ids in the URL."""
        signed = await signed_form(request, installation.settings)
        key = str(signed.query.get("call") or signed.call_sid)
        line = await find_line(session, key, installation.settings.public_url)
        if line is None:
            return nothing()
        receipt = f"status:{signed.call_sid}:{signed.text('SequenceNumber')}:{signed.text('CallStatus')}"

        async def apply() -> None:
            await _apply_status(session, line, signed, context)

        await once(session, line.call, receipt, apply, now=context.now)
        return nothing()

    @post("/conf/{call_id:uuid}")
    async def conference(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[None]:
        """Who joined a conference and who left."""
        signed = await signed_form(request, installation.settings)
        line = await find_line(session, str(call_id), installation.settings.public_url)
        if line is None:
            return nothing()
        told = Report(
            conference_sid=signed.text("ConferenceSid"),
            event=signed.text("StatusCallbackEvent"),
            label=signed.text("ParticipantLabel"),
            reason_left=signed.text("ReasonParticipantLeft"),
        )

        async def apply() -> None:
            await conferences.report(session, line, told, now=context.now)

        receipt = f"conf:{told.conference_sid}:{signed.text('SequenceNumber')}"
        await once(session, line.call, receipt, apply, now=context.now)
        return nothing()

    @post("/rec/{call_id:uuid}")
    async def recording(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[None]:
        """A voicemail is complete, or there is none."""
        signed = await signed_form(request, installation.settings)
        line = await find_line(session, str(call_id), installation.settings.public_url)
        sid, status = signed.text("RecordingSid"), signed.text("RecordingStatus")
        if line is None or not sid or status != "completed":
            return nothing()

        async def apply() -> None:
            seconds = signed.number("RecordingDuration")
            await callers.take_message(session, line, recording_sid=sid, seconds=seconds, now=context.now)
            await callers.fetch_message(session, line.call, recording_sid=sid, now=context.now)

        await once(session, line.call, f"rec:{sid}:{status}", apply, now=context.now)
        return nothing()


async def _apply_status(session: AsyncSession, line: Line, signed: Signed, context: Context) -> None:
    status = signed.text("CallStatus")
    if signed.call_sid == line.call.call_sid:
        await statuses.caller_status(session, line, status, now=context.now)
        return
    leg = await _leg(session, line, str(signed.query.get("leg", "")))
    if leg is None:
        return
    leg.call_sid = leg.call_sid or signed.call_sid  # the callback may come before the REST answer
    if leg.call_sid == signed.call_sid:
        await statuses.leg_status(session, line, leg, status, now=context.now)


async def _leg(session: AsyncSession, line: Line, leg_id: str) -> Leg | None:
    try:
        key = (line.call.tenant_id, UUID(leg_id))
    except ValueError:
        return None
    leg = await session.get(Leg, key, with_for_update=True)
    return leg if leg is not None and leg.call_id == line.call.id else None
