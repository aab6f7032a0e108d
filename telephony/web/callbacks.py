"""Webhooks that only tell: statuses, conferences, recordings; answered with nothing (rows 12 to 14)."""

from litestar import Response, post
from litestar.di import NamedDependency

from telephony.commands import conferences, messages, outbound, recordings, statuses
from telephony.commands.conferences import Report
from telephony.models import Leg
from telephony.values import RecordingKind
from telephony.web.answers import UnknownCall, nothing, take_not_known, write_down
from telephony.web.incoming import OnLine, Webhook, Webhooks


class Callbacks(Webhooks):
    path = "/tw/cb"
    exception_handlers = Webhooks.exception_handlers | {UnknownCall: take_not_known, Exception: write_down}

    @post("/call")
    async def status(self, webhook: NamedDependency[Webhook]) -> Response[None]:
        """How far a call is: the caller's by its CallSid, a contact's by the ids in the URL."""
        signed = webhook.signed
        about = await webhook.find(signed.query.get("call") or signed.call_sid)
        if about is None:
            return nothing()

        async def apply() -> None:
            await _apply_status(about)

        key = f"status:{signed.call_sid}:{signed.text('SequenceNumber')}:{signed.text('CallStatus')}"
        await about.once(key, apply)
        return nothing()

    @post("/conf/{call_id:uuid}")
    async def conference(self, party: NamedDependency[OnLine]) -> Response[None]:
        """Who joined a conference and who left."""
        signed = party.signed
        told = Report(
            conference_sid=signed.text("ConferenceSid"),
            event=signed.text("StatusCallbackEvent"),
            label=signed.text("ParticipantLabel"),
            reason_left=signed.text("ReasonParticipantLeft"),
        )

        async def apply() -> None:
            await conferences.report(party.session, party.line, told, now=party.now)

        await party.once(f"conf:{told.conference_sid}:{signed.text('SequenceNumber')}", apply)
        return nothing()

    @post("/rec/{call_id:uuid}")
    async def recording(self, party: NamedDependency[OnLine]) -> Response[None]:
        """A voicemail is complete; a call's recording runs, is complete, or there is none."""
        signed, session, line, now = party.signed, party.session, party.line, party.now
        sid, status = signed.text("RecordingSid"), signed.text("RecordingStatus")
        seconds = signed.number("RecordingDuration")

        async def apply() -> None:
            if signed.query.get("kind") == RecordingKind.CALL:
                await recordings.report(
                    session, line, recording_sid=sid, status=status, seconds=seconds, now=now
                )  # fmt: skip
            elif status == "completed":
                await messages.take_message(session, line, recording_sid=sid, seconds=seconds, now=now)
                await messages.fetch_message(session, line.call, recording_sid=sid, now=now)

        if sid:
            await party.once(f"rec:{sid}:{status}", apply)
        return nothing()


async def _apply_status(about: OnLine) -> None:
    signed, session, line = about.signed, about.session, about.line
    status = signed.text("CallStatus")
    if signed.query.get("party") == "shopper":
        outbound.bind(line.call, signed.call_sid)
    if signed.call_sid == line.call.call_sid:
        await statuses.caller_status(session, line, status, now=about.now)
        return
    leg = await _leg(about)
    if leg is None:
        return
    leg.call_sid = leg.call_sid or signed.call_sid  # the callback may come before the REST answer
    if leg.call_sid == signed.call_sid:
        await statuses.leg_status(session, line, leg, status, now=about.now)


async def _leg(about: OnLine) -> Leg | None:
    """The leg that the address names, locked, when it is this call's."""
    leg_id, call = about.signed.query_id("leg"), about.line.call
    if leg_id is None:
        return None
    leg = await about.session.get(Leg, (call.tenant_id, leg_id), with_for_update=True)
    return leg if leg is not None and leg.call_id == call.id else None
