"""Webhooks that are answered with a document: what a caller, an agent or a contact hears next."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import directory
from nanori.context import Context
from nanori.db import bind_tenants
from nanori.installation import Installation
from nanori.web.access import signed_by_carrier
from telephony import twiml
from telephony.commands import agents, callers, contacts
from telephony.commands.callers import Line, Ringing
from telephony.commands.endings import close_call
from telephony.lines import find_line
from telephony.urls import Urls
from telephony.values import CallState
from telephony.web.answers import AnyRequest, apologise, document, log, refuse
from telephony.web.receipts import answer_given, keep, once, take_turns
from telephony.web.signature import E164, Malformed, Signed, Unsigned, signed_form


class CallerWebhooks(Controller):
    """The way of a call, in its order (telephony.md 2, rows 1 to 6 and 10, 11)."""

    path = "/tw"
    opt = signed_by_carrier()
    exception_handlers = {Unsigned: refuse, Malformed: refuse, Exception: apologise}  # noqa: RUF012 - read once

    @post("/in")
    async def ring(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """A number of ours rings. The dialled number names the shop; a repeat hears the same document."""
        signed = await signed_form(request, installation.settings)
        key = f"in:{signed.call_sid}"
        await take_turns(session, key)
        known = await find_line(session, signed.call_sid, installation.settings.public_url)
        if known is not None:
            return document(await answer_given(session, known.call, key) or twiml.sorry())
        to = signed.text("To")
        found = None
        if E164.fullmatch(to):
            found = await directory.look_up(session, directory.Kind.NUMBER, to)
        if found is None:
            log.warning("webhook.unknown_number")
            return document(twiml.not_in_service())
        await bind_tenants(session, [found.shop_id])
        ringing = Ringing(
            account_sid=signed.text("AccountSid"), call_sid=signed.call_sid,
            from_number=signed.from_number, to_number=to,
        )  # fmt: skip
        urls = Urls(installation.settings.public_url)
        call, xml = await callers.arrive(session, found.shop_id, ringing, urls, now=context.now)
        await keep(session, call, key, xml, now=context.now)
        return document(xml)

    @post("/v/{call_id:uuid}/wait")
    async def wait(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """In the queue; asked for again whenever the music ends."""
        signed, line = await _caller(request, session, installation, call_id)
        if line is None:
            return document(twiml.sorry())
        xml = await callers.wait(
            session, line, queue_sid=signed.text("QueueSid"),
            position=signed.number("QueuePosition") or 1, now=context.now,
        )  # fmt: skip
        return document(xml)

    @post("/v/{call_id:uuid}/dequeued")
    async def dequeued(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """Out of the queue, and why."""
        signed, line = await _caller(request, session, installation, call_id)
        if line is None:
            return document(twiml.EMPTY)
        result, turn = signed.text("QueueResult"), _turn(signed)

        async def leave() -> str:
            return await callers.leave(session, line, result=result, turn=turn, now=context.now)

        key = f"dequeued:{turn}:{result}"
        return document(await once(session, line.call, key, leave, now=context.now) or twiml.EMPTY)

    @post("/v/{call_id:uuid}/connect")
    async def connect(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """Our order took the caller out of the queue: on to the agent."""
        signed, line = await _caller(request, session, installation, call_id)
        if line is None:
            return document(twiml.sorry())
        leg_id = _uuid(signed.query.get("leg"))
        return document(await callers.connect(session, line, leg_id=leg_id))

    @post("/v/{call_id:uuid}/after-dial")
    async def after_dial(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """The conference is over and the caller still there: goodbye, or back to the queue."""
        signed, line = await _caller(request, session, installation, call_id)
        if line is None:
            return document(twiml.hang_up())
        if line.call.state in {CallState.GREETING, CallState.QUEUED}:
            return document(await callers.rescue(session, line))

        async def say_goodbye() -> str:
            await close_call(session, line.call, now=context.now, by="agent")
            return twiml.say_and_hang_up(line.speaker, line.speaker.goodbye())

        key = f"after-dial:{_turn(signed)}"
        return document(await once(session, line.call, key, say_goodbye, now=context.now) or twiml.hang_up())

    @post("/v/{call_id:uuid}/rescue")
    async def rescue(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """The caller whose agent was lost hears an apology and waits at the front."""
        _, line = await _caller(request, session, installation, call_id)
        return document(twiml.sorry() if line is None else await callers.rescue(session, line))

    @post("/v/{call_id:uuid}/hold")
    async def hold(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """What a caller on hold hears."""
        _, line = await _caller(request, session, installation, call_id)
        return document(twiml.sorry() if line is None else twiml.on_hold(line.speaker, line.urls))

    @post("/v/{call_id:uuid}/vm")
    async def voicemail(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """The caller has spoken, or hung up while speaking."""
        signed, line = await _caller(request, session, installation, call_id)
        if line is None:
            return document(twiml.hang_up())
        sid = signed.text("RecordingUrl").rpartition("/")[2]
        if sid:
            seconds = signed.number("RecordingDuration")
            await callers.take_message(session, line, recording_sid=sid, seconds=seconds, now=context.now)
        return document(twiml.say_and_hang_up(line.speaker, line.speaker.message_taken()))


class PartyWebhooks(Controller):
    """Agents who dial in and contacts whom we called (rows 7 to 9)."""

    path = "/tw"
    opt = signed_by_carrier()
    exception_handlers = {Unsigned: refuse, Malformed: refuse, Exception: apologise}  # noqa: RUF012 - read once

    @post("/app")
    async def dial_in(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """An agent's browser calls in with the token that accepting gave it."""
        signed = await signed_form(request, installation.settings)
        token = signed.text("leg")
        call_id = agents.call_of_token(token)
        line = None
        if call_id is not None:
            line = await find_line(session, str(call_id), installation.settings.public_url)
        if line is None:
            return document(twiml.hang_up())
        xml = await agents.dial_in(session, line, token=token, call_sid=signed.call_sid, now=context.now)
        return document(xml)

    @post("/v/{call_id:uuid}/leg/{leg_id:uuid}/after")
    async def leg_after(
        self, request: AnyRequest, installation: NamedDependency[Installation]
    ) -> Response[str]:
        """A party's own part is over; the conference reports tell what follows."""
        await signed_form(request, installation.settings)
        return document(twiml.hang_up())

    @post("/v/{call_id:uuid}/esc/{attempt_id:uuid}/screen")
    async def screen(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        attempt_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """A contact's phone was answered: ask for the 1."""
        await signed_form(request, installation.settings)
        line = await find_line(session, str(call_id), installation.settings.public_url)
        return document(twiml.hang_up() if line is None else await contacts.screen(session, line, attempt_id))

    @post("/v/{call_id:uuid}/esc/{attempt_id:uuid}/decision")
    async def decision(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        attempt_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[str]:
        """A contact pressed a key."""
        signed = await signed_form(request, installation.settings)
        line = await find_line(session, str(call_id), installation.settings.public_url)
        if line is None:
            return document(twiml.hang_up())
        digits = signed.text("Digits")

        async def decide() -> str:
            return await contacts.decide(session, line, attempt_id, digits=digits, now=context.now)

        key = f"decision:{attempt_id}:{signed.call_sid}"
        return document(await once(session, line.call, key, decide, now=context.now) or twiml.hang_up())


async def _caller(
    request: AnyRequest, session: AsyncSession, installation: Installation, call_id: UUID
) -> tuple[Signed, Line | None]:
    """The signed form and the line, when the webhook is of that call's own caller."""
    signed = await signed_form(request, installation.settings)
    line = await find_line(session, str(call_id), installation.settings.public_url)
    if line is None or line.call.call_sid != signed.call_sid:
        log.warning("webhook.unknown_call", call_id=str(call_id))
        return signed, None
    return signed, line


def _turn(signed: Signed) -> int:
    value = str(signed.query.get("turn", "1"))
    return int(value) if value.isdecimal() else 1


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
