"""When a call could not be answered: the carrier's fallback, the message left there, its own complaints."""

from typing import Any

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency

from nanori import directory
from nanori.alerts import raise_alert
from telephony import alarms, twiml
from telephony.commands import callers, messages
from telephony.labels import E164
from telephony.web.answers import AnyRequest, document, nothing, told_of
from telephony.web.incoming import OnLine, Webhook, Webhooks

OF_A_CALL = ("11", "12", "13", "16")
"""First figures of the carrier's error numbers about documents, dialling and conferences."""


class Fallback(Webhooks):
    """Rows 15 and 17 of the webhooks. The first answer needs no database, nor anything else."""

    @post("/fallback")
    async def fall_back(self, request: AnyRequest, webhook: NamedDependency[Webhook]) -> Response[Any]:
        """The carrier could not use our answer or got none: ask for a message, and tell operators."""
        answer = document(twiml.fallback(webhook.urls.fallback_message))
        code = webhook.signed.text("ErrorCode")
        return told_of(request, answer, alarms.FALLBACK_USED, detail=code[:10])

    @post("/fallback/message")
    async def message(self, webhook: NamedDependency[Webhook]) -> Response[Any]:
        """A message that was left with the fallback becomes a case of the shop that was called."""
        sid = webhook.signed.text("RecordingUrl").rpartition("/")[2]
        about = await _line(webhook)
        if about is not None and sid:
            session, line, now = about.session, about.line, about.now
            seconds = about.signed.number("RecordingDuration")
            await messages.take_message(session, line, recording_sid=sid, seconds=seconds, now=now)
            await messages.fetch_message(session, line.call, recording_sid=sid, now=now)
        return document(twiml.message_taken())

    @post("/cb/debugger")
    async def complaint(self, webhook: NamedDependency[Webhook]) -> Response[Any]:
        """The carrier's own errors and warnings about our documents."""
        signed = webhook.signed
        code = _error_code(signed.text("Payload"))
        if signed.text("Level").upper() == "ERROR" and code.startswith(OF_A_CALL):
            await raise_alert(webhook.session, alarms.DOCUMENT_REFUSED, code, now=webhook.now)
        return nothing()


async def _line(webhook: Webhook) -> OnLine | None:
    """The call, logged now if the outage began before it was; None for a number of no shop."""
    ringing, session = webhook.ringing(), webhook.session
    claimed = None
    if E164.fullmatch(ringing.to_number):
        claimed = await directory.claim_call(
            session, ringing.to_number, call_sid=ringing.call_sid, call_id=ringing.call_id
        )
    if claimed is not None:
        await callers.arrive_by_fallback(session, claimed.shop_id, ringing, now=webhook.now)
    return await webhook.find(ringing.call_sid)


def _error_code(payload: str) -> str:
    """The error's number in the payload; "" when it is not what the documentation describes."""
    try:
        told = msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return ""
    code = str(told.get("error_code", "")) if isinstance(told, dict) else ""
    return code if code.isdecimal() else ""
