"""Interprets TwiML for one leg."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from telephony.adapters.simulator.dialling import dial
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.queues import Member, Queue
from telephony.adapters.simulator.recordings import Recording, RecordingTerms
from telephony.adapters.simulator.runner import CallOver, Digits, Request, Steps, Wait
from telephony.adapters.simulator.speech import Sound, say_seconds
from telephony.adapters.simulator.twiml import (
    CALL_VERBS,
    UNKNOWN_ATTRIBUTE,
    WAIT_VERBS,
    Document,
    TwimlError,
    Verb,
    parse,
)

if TYPE_CHECKING:
    from telephony.adapters.simulator.exchange import Exchange

_ERROR_STATUS: Final = 400
_LOOPS_FOREVER: Final = 1000
_SHORTEST_WAIT_DOCUMENT_SECONDS: Final = 1.0
_BEEP_SECONDS: Final = 1.0
_APOLOGY: Final = "We are sorry, an application error has occurred. Goodbye."


class _Left(Exception):  # noqa: N818 - a document says so
    """``<Leave>`` in a wait document."""


class Interpreter:
    """Runs documents for one leg, one verb after the other.

    Attributes:
        sound: what the leg is being played by this programme now.
        is_recording: the person is being listened to, so that silence is what they expect.
    """

    def __init__(self, exchange: "Exchange", leg: Leg) -> None:
        self.exchange = exchange
        self.leg = leg
        self.sound: Sound | None = None
        self.is_recording = False

    def call(self, request: Request | None) -> Steps[None]:
        """A whole call from its first document; the call is over when documents run out."""
        while request is not None:
            document = yield from self._read_or_fall_back(request)
            request = yield from self._follow(document)

    def once(self, request: Request | None, allowed: frozenset[str]) -> Steps[None]:
        """A document beside the call, such as hold music; silence when it runs out."""
        try:
            while request is not None:
                document = yield from self._read(request, allowed)
                request = yield from self._follow(document)
        except TwimlError as error:
            self.exchange.problem(self.leg, error.code, str(error))

    @contextmanager
    def sounding(self, sound: Sound | None) -> Iterator[None]:
        before, self.sound = self.sound, sound
        try:
            yield
        finally:
            self.sound = before

    def _read(self, request: Request, allowed: frozenset[str]) -> Steps[Document]:
        if request.twiml:
            return parse(request.url, "text/xml", request.twiml)
        reply = yield request
        if reply.seconds:
            yield from self._keys_within(reply.seconds, until_key=False)
        if reply.error_code or reply.status >= _ERROR_STATUS:
            said = reply.text if reply.error_code else reply.status
            raise TwimlError(reply.error_code or 11200, f"{request.url} answered {said}")
        document = parse(request.url, reply.content_type, reply.text)
        for warning in document.warnings:
            self.exchange.problem(self.leg, UNKNOWN_ATTRIBUTE, f"{request.url}: {warning}")
        for verb in document.verbs:
            if verb.name not in allowed:
                raise TwimlError(12100, f"{verb.name} is not allowed in this document")
        return document

    def _read_or_fall_back(self, request: Request) -> Steps[Document]:
        try:
            return (yield from self._read(request, CALL_VERBS))
        except TwimlError as error:
            return (yield from self._fall_back(request, error))

    def _fall_back(self, request: Request, error: TwimlError) -> Steps[Document]:
        self.exchange.problem(self.leg, error.code, f"{request.url}: {error}")
        apology = Document(request.url, (Verb("Say", {}, _APOLOGY), Verb("Hangup", {}, "")))
        if not self.leg.fallback_url:
            return apology
        extra = (("ErrorCode", str(error.code)), ("ErrorUrl", request.url))
        try:
            return (yield from self._read(Request(self.leg.fallback_url, "POST", extra), CALL_VERBS))
        except TwimlError as second:
            self.exchange.problem(self.leg, second.code, f"{self.leg.fallback_url}: {second}")
            return apology

    def _follow(self, document: Document) -> Steps[Request | None]:
        """Carry out the verbs; the answer is the request that takes over, if one does."""
        for verb in document.verbs:
            if verb.name != "Reject" and self.leg.status == "ringing":
                self.exchange.answer(self.leg)
            taken_over = yield from self._do(verb, document.url)
            if taken_over is not None:
                return taken_over
        return None

    def _do(self, verb: Verb, base: str) -> Steps[Request | None]:
        handlers: dict[str, Callable[[Verb, str], Steps[Request | None]]] = {
            "Gather": self._gather,
            "Enqueue": self._enqueue,
            "Record": self._record,
            "Dial": lambda verb, base: dial(self, verb, base),
        }
        if verb.name in handlers:
            return (yield from handlers[verb.name](verb, base))
        if verb.name == "Leave":
            raise _Left
        if verb.name == "Hangup":
            raise CallOver
        if verb.name == "Reject":
            raise CallOver("busy" if verb.get("reason") == "busy" else "no-answer")
        if verb.name == "Redirect":
            return Request(urljoin(base, verb.text), verb.get("method", "POST"))
        yield from self._listen(verb)
        return None

    def _listen(self, verb: Verb, *, until_key: bool = False) -> Steps[str]:
        """Say, Play or Pause; the answer is the keys that cut it short."""
        times = verb.number("loop", 1) or _LOOPS_FOREVER
        if verb.name == "Say":
            seconds, sound = say_seconds(verb.text), Sound("say", verb.text)
        elif verb.name == "Play":
            seconds, sound = self.exchange.play_seconds(verb.text), Sound("play", verb.text)
        else:
            seconds, sound, times = float(verb.number("length", 1)), None, 1
        with self.sounding(sound):
            return (yield from self._keys_within(seconds * times, until_key=until_key))

    def _keys_within(self, seconds: float, *, until_key: bool = True) -> Steps[str]:
        """Wait; the answer is the first keys pressed, empty when time ran out."""
        end = self.exchange.scheduler.ms + round(seconds * 1000)
        while (left := end - self.exchange.scheduler.ms) > 0:
            signal = yield Wait(left / 1000)
            if until_key and isinstance(signal, Digits):
                return signal.keys
        return ""

    def _gather(self, verb: Verb, base: str) -> Steps[Request | None]:
        self.exchange.asked_for_digits(self.leg)
        keys = ""
        for noun in verb.nouns:
            keys = yield from self._listen(noun, until_key=True)
            if keys:
                break
        wanted, finish = verb.number("numDigits", 0), verb.get("finishOnKey", "#")
        finished_on = ""
        while not (wanted and len(keys) >= wanted):
            if keys and keys[-1] in finish:
                keys, finished_on = keys[:-1], keys[-1]
                break
            more = yield from self._keys_within(verb.number("timeout", 5))
            if not more:
                break
            keys += more
        if not keys and not finished_on and not verb.flag("actionOnEmptyResult"):
            return None
        digits = (("Digits", keys),) if keys or finished_on else ()
        extra = (*digits, ("FinishedOnKey", finished_on), ("msg", "Gather End"))
        return Request(urljoin(base, verb.get("action")), verb.get("method", "POST"), extra)

    def _enqueue(self, verb: Verb, base: str) -> Steps[Request | None]:
        queue = self.exchange.queue_named(verb.text)
        if queue.is_full:
            return _dequeued(verb, base, queue, "queue-full", 0)
        member = queue.join(self.leg, self.exchange.now)
        self.exchange.note(self.leg, "queued", queue=queue.name)
        result = "system-error"
        try:
            yield from self._wait_in(queue, member, verb, base)
        except _Left:
            result = "leave"
        except TwimlError as error:
            self.exchange.problem(self.leg, error.code, str(error))
            result = "error"
        except (CallOver, GeneratorExit) as gone:
            over = self.leg.is_over or isinstance(gone, CallOver)
            result = "hangup" if over else "redirected"
            self._tell(_dequeued(verb, base, queue, result, member.waited(self.exchange.now)))
            raise
        finally:
            queue.leave(member)
            self.exchange.note(self.leg, "left queue", queue=queue.name, result=result)
        return _dequeued(verb, base, queue, result, member.waited(self.exchange.now))

    def _wait_in(self, queue: Queue, member: Member, verb: Verb, base: str) -> Steps[None]:
        if "waitUrl" not in verb.attributes:
            with self.sounding(Sound("music", "the carrier's own")):
                while True:
                    yield Wait(None)
        first = Request(urljoin(base, verb.get("waitUrl")), verb.get("waitUrlMethod", "POST"))
        while True:
            began = self.exchange.scheduler.ms
            request: Request | None = first
            while request is not None:
                fields = queue.fields(member, self.exchange.now)
                asked = Request(request.url, request.method, request.extra + fields)
                document = yield from self._read(asked, WAIT_VERBS)
                request = yield from self._follow(document)
            short = _SHORTEST_WAIT_DOCUMENT_SECONDS - (self.exchange.scheduler.ms - began) / 1000
            if short > 0:
                yield from self._keys_within(short, until_key=False)

    def _record(self, verb: Verb, base: str) -> Steps[Request | None]:
        if verb.flag("playBeep", default=True):
            with self.sounding(Sound("beep", "record after the tone")):
                yield from self._keys_within(_BEEP_SECONDS, until_key=False)
        recording = self.exchange.recorder.start(self.leg, RecordingTerms.of(verb, base))
        action = Request(urljoin(base, verb.get("action")), verb.get("method", "POST"))
        keys = ""
        self.is_recording = True
        try:
            keys = yield from self._speak(verb)
        except GeneratorExit:
            keys = "hangup"
            raise
        finally:
            self.is_recording = False
            self.exchange.recorder.finish(recording)
            if keys == "hangup":
                self._tell(_recorded(self.exchange, action, recording, keys))
        return _recorded(self.exchange, action, recording, keys)

    def _speak(self, verb: Verb) -> Steps[str]:
        """The person talks, then is silent; the answer is the key that ended it."""
        seconds = min(verb.number("maxLength", 3600), self.leg.speaks_seconds + verb.number("timeout", 5))
        finish = verb.get("finishOnKey", "1234567890*#")
        end = self.exchange.scheduler.ms + round(seconds * 1000)
        while (left := end - self.exchange.scheduler.ms) > 0:
            keys = yield from self._keys_within(left / 1000)
            if keys and keys[0] in finish:
                return keys[0]
        return ""

    def _tell(self, request: Request | None) -> None:
        """Send a request whose answer nobody will carry out."""
        if request is not None:
            self.exchange.tell(self.leg, request)


def _dequeued(verb: Verb, base: str, queue: Queue, result: str, waited: int) -> Request | None:
    if "action" not in verb.attributes:
        return None
    extra = (("QueueResult", result), ("QueueSid", queue.sid), ("QueueTime", str(waited)))
    return Request(urljoin(base, verb.get("action")), verb.get("method", "POST"), extra)


def _recorded(exchange: "Exchange", action: Request, recording: Recording, keys: str) -> Request:
    extra = (
        ("RecordingUrl", exchange.recorder.url(recording)),
        ("RecordingSid", recording.sid),
        ("RecordingDuration", str(recording.duration)),
        ("Digits", keys),
    )
    return Request(action.url, action.method, extra)
