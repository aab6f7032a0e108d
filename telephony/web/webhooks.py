"""Webhooks that are answered with a document: what a caller, an agent or a contact hears next."""

from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from nanori import directory
from nanori.alerts import raise_alert
from telephony import twiml
from telephony.alarms import UNKNOWN_NUMBER
from telephony.commands import (
    agents,
    callers,
    contacts,
    joining,
    keeping_place,
    menu,
    messages,
    outbound,
    pressing,
    queueing,
)
from telephony.commands.endings import close_call
from telephony.labels import E164
from telephony.values import CallState
from telephony.web.answers import document, log, try_again
from telephony.web.incoming import OnLine, Webhook, Webhooks
from telephony.web.receipts import answer_given

MAX_NUMBER = 40


class CallerWebhooks(Webhooks):
    """The way of a call, in its order (telephony.md 2, rows 1 to 6 and 10, 11)."""

    exception_handlers = Webhooks.exception_handlers | {Exception: try_again}

    @post("/in")
    async def ring(self, webhook: NamedDependency[Webhook]) -> Response[str]:
        """A number of ours rings. The dialled number names the shop; a repeat hears the same document."""
        ringing, session, now = webhook.ringing(), webhook.session, webhook.now
        to = ringing.to_number
        claimed = None
        if E164.fullmatch(to):
            claimed = await directory.claim_call(
                session, to, call_sid=ringing.call_sid, call_id=ringing.call_id
            )  # fmt: skip
        if claimed is not None:
            doors, urls = webhook.doors, webhook.urls
            return document(await callers.arrive(session, claimed, ringing, doors, urls, now=now))
        known = await webhook.find(ringing.call_sid)
        if known is not None:
            await known.note_repeat()
            return document(await answer_given(session, known.line.call, ringing.key) or twiml.sorry())
        log.warning("webhook.unknown_number")
        await raise_alert(session, UNKNOWN_NUMBER, to[:MAX_NUMBER], now=now)
        return document(twiml.not_in_service())

    @post("/v/{call_id:uuid}/ivr")
    async def menu(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """A key of the menu, or none until it was over."""
        step, digits = caller.signed.query_number("step"), caller.signed.text("Digits")

        async def choose() -> str:
            return await menu.choose(caller.session, caller.line, step=step, digits=digits, now=caller.now)

        return document(await caller.once(f"ivr:{step}", choose) or twiml.sorry())

    @post("/v/{call_id:uuid}/wait")
    async def wait(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """In the queue; asked for again whenever the music ends."""
        xml = await queueing.wait(
            caller.session, caller.line, queue_sid=caller.signed.text("QueueSid"), now=caller.now
        )
        return document(xml)

    @post("/v/{call_id:uuid}/callback")
    async def callback(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """A key pressed while waiting: 1 hangs up and keeps the place, all else waits on."""
        session, line, turn = caller.session, caller.line, caller.signed.turn()

        async def ask() -> str | None:
            return await keeping_place.ask_for_callback(session, line, turn=turn, now=caller.now)

        answer = None
        if caller.signed.text("Digits") == keeping_place.YES:
            answer = await caller.once(f"callback:{turn}:{caller.signed.query_number('at')}", ask)
        return document(answer or twiml.wait_on(line.urls, line.call.id))

    @post("/v/{call_id:uuid}/dequeued")
    async def dequeued(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """Out of the queue, and why."""
        result, turn = caller.signed.text("QueueResult"), caller.signed.turn()

        async def leave() -> str:
            return await queueing.leave(caller.session, caller.line, result=result, turn=turn, now=caller.now)

        return document(await caller.once(f"dequeued:{turn}:{result}", leave) or twiml.EMPTY)

    @post("/v/{call_id:uuid}/connect")
    async def connect(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """Our order took the caller out of the queue: on to the agent."""
        leg_id = caller.signed.query_id("leg")
        return document(await callers.connect(caller.session, caller.line, leg_id=leg_id))

    @post("/v/{call_id:uuid}/after-dial")
    async def after_dial(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """The conference is over and the caller still there: goodbye, or back to the queue."""
        session, line = caller.session, caller.line
        if line.call.state in {CallState.GREETING, CallState.QUEUED}:
            return document(await callers.rescue(session, line))

        async def say_goodbye() -> str:
            await close_call(session, line.call, now=caller.now, by="agent")
            return twiml.say_and_hang_up(line.speaker, line.speaker.goodbye())

        key = f"after-dial:{caller.signed.turn()}"
        return document(await caller.once(key, say_goodbye) or twiml.hang_up())

    @post("/v/{call_id:uuid}/rescue")
    async def rescue(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """The caller whose agent was lost hears an apology and waits at the front."""
        return document(await callers.rescue(caller.session, caller.line))

    @post("/v/{call_id:uuid}/hold")
    async def hold(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """What a caller on hold hears."""
        return document(twiml.on_hold(caller.line.speaker, music=caller.line.music()))

    @post("/v/{call_id:uuid}/vm")
    async def voicemail(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """The caller has spoken, or hung up while speaking."""
        signed, line = caller.signed, caller.line
        sid = signed.text("RecordingUrl").rpartition("/")[2]
        if sid:
            seconds = signed.number("RecordingDuration")
            await messages.take_message(
                caller.session, line, recording_sid=sid, seconds=seconds, now=caller.now
            )  # fmt: skip
        return document(twiml.say_and_hang_up(line.speaker, line.speaker.message_taken()))


class PartyWebhooks(Webhooks):
    """Agents who dial in and contacts whom we called (rows 7 to 9)."""

    @post("/app")
    async def dial_in(self, webhook: NamedDependency[Webhook]) -> Response[str]:
        """An agent's browser calls in with the token that accepting gave it."""
        signed = webhook.signed
        token = signed.text("leg")
        call_id = agents.call_of_token(token)
        found = None if call_id is None else await webhook.find(call_id)
        if found is None:
            return document(twiml.hang_up())
        xml = await joining.dial_in(
            found.session, found.line, token=token, call_sid=signed.call_sid, now=found.now
        )
        return document(xml)

    @post("/v/{call_id:uuid}/picked-up")
    async def picked_up(self, party: NamedDependency[OnLine]) -> Response[str]:
        """A shopper whom we called has answered; this may come before the carrier's answer to the order."""
        sid = party.signed.call_sid
        return document(await outbound.picked_up(party.session, party.line, call_sid=sid))

    @post("/v/{call_id:uuid}/ringing")
    async def ringing(self, party: NamedDependency[OnLine]) -> Response[str]:
        """What the agent hears until the shopper is there."""
        return document(twiml.ringing(party.urls))

    @post("/v/{call_id:uuid}/leg/{leg_id:uuid}/after")
    async def leg_after(self) -> Response[str]:
        """A party's own part is over; the conference reports tell what follows."""
        return document(twiml.hang_up())

    @post("/v/{call_id:uuid}/leg/{leg_id:uuid}/screen")
    async def own_phone(self, party: NamedDependency[OnLine], leg_id: FromPath[UUID]) -> Response[str]:
        """An agent's own telephone was answered: whose call it is, and ask for the 1."""
        sid = party.signed.call_sid
        return document(await pressing.screen(party.session, party.line, leg_id, call_sid=sid))

    @post("/v/{call_id:uuid}/leg/{leg_id:uuid}/decision")
    async def own_phone_decision(
        self, party: NamedDependency[OnLine], leg_id: FromPath[UUID]
    ) -> Response[str]:
        """An agent pressed a key at their own telephone."""
        sid, digits = party.signed.call_sid, party.signed.text("Digits")

        async def decide() -> str:
            return await pressing.decide(
                party.session, party.line, leg_id, digits=digits, call_sid=sid, now=party.now
            )

        return document(await party.once(f"own-phone:{leg_id}:{sid}", decide) or twiml.hang_up())

    @post("/v/{call_id:uuid}/esc/{attempt_id:uuid}/screen")
    async def screen(self, party: NamedDependency[OnLine], attempt_id: FromPath[UUID]) -> Response[str]:
        """A contact's phone was answered: ask for the 1."""
        return document(await contacts.screen(party.session, party.line, attempt_id))

    @post("/v/{call_id:uuid}/esc/{attempt_id:uuid}/decision")
    async def decision(self, party: NamedDependency[OnLine], attempt_id: FromPath[UUID]) -> Response[str]:
        """A contact pressed a key."""
        digits = party.signed.text("Digits")

        async def decide() -> str:
            return await contacts.decide(party.session, party.line, attempt_id, digits=digits, now=party.now)

        key = f"decision:{attempt_id}:{party.signed.call_sid}"
        return document(await party.once(key, decide) or twiml.hang_up())
