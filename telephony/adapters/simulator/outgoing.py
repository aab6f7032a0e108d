"""Calls that the carrier places: what happens from dialling to somebody picking up."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from telephony.adapters.simulator.dialling import be_in_conference
from telephony.adapters.simulator.interpreter import Interpreter
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.runner import ChildChanged, Request, Steps, Wait
from telephony.adapters.simulator.scheduler import Action
from telephony.adapters.simulator.twiml import SCREEN_VERBS, Verb

if TYPE_CHECKING:
    from telephony.adapters.simulator.exchange import Exchange

_DIAL_GAP_MS: Final = 1000
_RING_SECONDS: Final = 0.5
_REFUSAL_SECONDS: Final = 1.0
_RING_BUFFER_SECONDS: Final = 5.0


class Outgoing:
    """Rings telephones: one each second for the REST interface, without limit for ``<Dial>``."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._next_dial_ms = 0

    def dial(self, leg: Leg) -> None:
        """Start an outgoing call of the REST interface, queued behind those before it."""
        scheduler = self._exchange.scheduler
        start = max(scheduler.ms, self._next_dial_ms)
        self._next_dial_ms = start + _DIAL_GAP_MS
        leg.queue_ms = start - scheduler.ms
        leg.timers.append(scheduler.after(leg.queue_ms / 1000, lambda: self.ring(leg)))

    async def dial_early(self, leg: Leg) -> None:
        """Ring at once, and tell of it before whoever ordered the call has an answer."""
        if leg.queue_ms == 0 and not leg.is_over:
            leg.cancel_timers()
            await self._exchange.webhooks.hurry(lambda: self.ring(leg))

    def ring(self, leg: Leg) -> None:
        if leg.is_over:
            return
        exchange = self._exchange
        endpoint = exchange.settings.endpoint(leg.to)
        exchange.set_status(leg, "initiated")
        refusals = {"unreachable": "failed", "busy": "busy"}
        if endpoint.behaviour in refusals:
            status = refusals[endpoint.behaviour]
            self._later(leg, _REFUSAL_SECONDS, lambda: exchange.end_leg(leg, status))
            return
        if endpoint.digits:
            leg.presses.append((endpoint.digits, endpoint.press_after))
        self._later(leg, _RING_SECONDS, lambda: exchange.set_status(leg, "ringing"))
        given_up = leg.ring_seconds + exchange.chance.uniform(0, _RING_BUFFER_SECONDS)
        self._later(leg, given_up, lambda: exchange.end_leg(leg, "no-answer"))
        if endpoint.answers:
            self._later(leg, max(endpoint.answer_after, _RING_SECONDS), lambda: self.pick_up(leg))

    def pick_up(self, leg: Leg) -> None:
        """Somebody (or a machine) answers a ringing telephone."""
        if leg.status != "ringing":
            return
        exchange = self._exchange
        endpoint = exchange.settings.endpoint(leg.to)
        exchange.answer(leg)
        if endpoint.hang_up_after is not None:
            self._later(leg, endpoint.hang_up_after, lambda: exchange.end_leg(leg))
        if leg.joins is not None:
            self._join(leg)
        elif leg.direction == "outbound-dial":
            self._screen(leg)
        else:
            exchange.run(leg, Request(leg.voice_url, twiml=leg.twiml))

    def ring_child(self, parent: Leg, dial: Verb, noun: Verb, base: str) -> Leg:
        """Ring a telephone or browser named inside ``<Dial>``."""
        exchange = self._exchange
        target = f"client:{noun.text}" if noun.name == "Client" else noun.text
        callback = noun.get("statusCallback")
        child = Leg(
            sid=exchange.new_sid("CA"),
            direction="outbound-dial",
            from_=dial.get("callerId", parent.from_),
            to=target,
            created_at=exchange.now,
            voice_url=urljoin(base, noun.get("url")) if noun.get("url") else "",
            status_callback=urljoin(base, callback) if callback else "",
            status_events=frozenset(noun.get("statusCallbackEvent", "completed").split()),
            parent_sid=parent.sid,
            ring_seconds=dial.number("timeout", 30),
        )
        exchange.add_leg(child)
        exchange.scheduler.after(0, lambda: self.ring(child))
        return child

    def _join(self, leg: Leg) -> None:
        """Into the conference for which the telephone rang; whoever leaves it is hung up on."""
        exchange = self._exchange
        leg.interpreter = interpreter = Interpreter(exchange, leg)

        def steps() -> Steps[None]:
            if leg.joins is not None:
                yield from be_in_conference(interpreter, leg.joins_in, leg.joins, leg.recorded_by)

        leg.runner = exchange.runner(leg, steps(), lambda status: exchange.end_leg(leg, status))
        leg.runner.start()

    def _screen(self, child: Leg) -> None:
        """Run the screening document of a ``<Number>``; its end connects the call."""
        exchange = self._exchange
        child.interpreter = interpreter = Interpreter(exchange, child)

        def steps() -> Steps[None]:
            if child.voice_url:
                yield from interpreter.once(Request(child.voice_url), SCREEN_VERBS)
            parent = exchange.legs[child.parent_sid]
            if parent.runner is not None:
                parent.runner.signal(ChildChanged(child.sid, "accepted"))
            while True:
                yield Wait(None)

        child.runner = exchange.runner(child, steps(), lambda status: exchange.end_leg(child, status))
        child.runner.start()

    def _later(self, leg: Leg, seconds: float, action: Action) -> None:
        leg.timers.append(self._exchange.scheduler.after(seconds, action))
