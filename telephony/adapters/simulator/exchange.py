"""The carrier's state and what happens to it: legs, queues, conferences, recordings."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin

from telephony.adapters.simulator.conferences import Conference, Participant
from telephony.adapters.simulator.endpoints import CarrierSettings
from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.hearing import Ears
from telephony.adapters.simulator.interpreter import Interpreter
from telephony.adapters.simulator.legs import EVENT_OF_STATUS, Leg
from telephony.adapters.simulator.queues import Queue
from telephony.adapters.simulator.recordings import Recorder
from telephony.adapters.simulator.runner import ChildChanged, Digits, Request, Runner, Steps, Wait
from telephony.adapters.simulator.scheduler import Scheduler
from telephony.adapters.simulator.speech import Sound
from telephony.adapters.simulator.timeline import Timeline
from telephony.adapters.simulator.twiml import HOLD_VERBS, SCREEN_VERBS, Verb
from telephony.adapters.simulator.webhooks import Fields, Post, Webhooks

_DIAL_GAP_MS: Final = 1000
_RING_SECONDS: Final = 0.5
_REFUSAL_SECONDS: Final = 1.0
_RING_BUFFER_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Problem:
    """An error or warning that the carrier would show in its debugger."""

    at: datetime
    leg: str
    code: int
    message: str


@dataclass(slots=True)
class StaticAside:
    """Music of the carrier's own beside the call."""

    sound: Sound | None


class Exchange:
    """The switch. Methods change state at once; what is told to our side is scheduled, in order.

    Args:
        chance: the one source of chance; the same seed and the same requests give the same timeline.
        play_seconds: how long a played file lasts, by its address.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        *,
        chance: random.Random,
        credentials: tuple[str, str],
        post: Post,
        faults: Faults,
        settings: CarrierSettings,
        play_seconds: Callable[[str], float],
    ) -> None:
        self.scheduler = scheduler
        self.timeline = Timeline()
        self.ears = Ears(scheduler, self.timeline)
        self.settings = settings
        self.faults = faults
        self.play_seconds = play_seconds
        self.account_sid = credentials[0]
        self.legs: dict[str, Leg] = {}
        self.live: dict[str, Leg] = {}
        self.queues: dict[str, Queue] = {}
        self.conferences: dict[str, Conference] = {}
        self.problems: list[Problem] = []
        self.chance = chance
        self._next_dial_ms = 0
        self.webhooks = Webhooks(
            scheduler, self.timeline, post=post, credentials=credentials, faults=faults, chance=chance
        )
        self.recorder = Recorder(scheduler, self.webhooks, chance=chance, faults=faults)
        scheduler.before_time_moves.append(lambda: self.ears.listen(self.live.values()))

    @property
    def now(self) -> datetime:
        return self.scheduler.now

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}{self.chance.getrandbits(128):032x}"

    # Notes

    def note(self, leg: Leg, what: str, **detail: Any) -> None:
        self.timeline.add(self.now, leg.sid, what, **detail)

    def problem(self, leg: Leg, code: int, message: str) -> None:
        """The carrier's debugger shows an error."""
        self.problems.append(Problem(self.now, leg.sid, code, message))
        self.note(leg, "problem", code=code, message=message)

    # Legs

    def add_leg(self, leg: Leg) -> Leg:
        self.legs[leg.sid] = self.live[leg.sid] = leg
        self.note(leg, "created", direction=leg.direction, caller=leg.from_, to=leg.to)
        return leg

    def run(self, leg: Leg, request: Request) -> None:
        """Continue the call with the document of ``request``, leaving whatever it was doing."""
        if leg.runner is not None:
            leg.runner.stop()
        leg.interpreter = Interpreter(self, leg)
        leg.runner = self._runner(
            leg, leg.interpreter.call(request), lambda status: self.end_leg(leg, status)
        )
        leg.runner.start()

    def answer(self, leg: Leg) -> None:
        if leg.is_over or leg.is_talking:
            return
        leg.answered_at = self.now
        leg.cancel_timers()
        leg.timers.append(self.scheduler.after(leg.limit_seconds, lambda: self.end_leg(leg)))
        self.set_status(leg, "in-progress")

    def end_leg(self, leg: Leg, status: str = "completed") -> None:
        """End a leg; repeating does nothing. A call that was never answered cannot end as completed."""
        if leg.is_over:
            return
        was_queued = leg.status == "queued"
        if not leg.is_talking and status == "completed":
            status = "canceled"
        leg.ended_at, leg.status = self.now, status
        if leg.runner is not None:
            leg.runner.stop()
        leg.cancel_timers()
        self.ears.forget(leg)
        self.live.pop(leg.sid, None)
        if not was_queued:
            self.set_status(leg, status)
        parent = self.legs.get(leg.parent_sid)
        if parent is not None and parent.runner is not None:
            parent.runner.signal(ChildChanged(leg.sid, status))

    def set_status(self, leg: Leg, status: str) -> None:
        """Change the status and tell whoever asked to be told."""
        leg.status = status
        self.note(leg, "status", status=status)
        sequence, leg.sequence = leg.sequence, leg.sequence + (leg.direction != "inbound")
        if not leg.status_callback or EVENT_OF_STATUS[status] not in leg.status_events:
            return
        extra: Fields = (
            ("Timestamp", self.webhooks.timestamp()),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(sequence)),
        )
        if leg.is_over:
            seconds = leg.seconds()
            extra += (("CallDuration", str(seconds)), ("Duration", str(-(-seconds // 60))))
        fields = dict(self.webhooks.call_fields(leg) + extra) | {"CallStatus": status}
        self.webhooks.callback(leg.sid, leg.status_callback, tuple(fields.items()))

    def press(self, leg: Leg, keys: str) -> None:
        """The person at the other end presses keys, one after the other."""
        self.note(leg, "pressed", keys=keys)
        if leg.runner is not None and not leg.is_over:
            for key in keys:
                leg.runner.signal(Digits(key))

    def asked_for_digits(self, leg: Leg) -> None:
        """A ``<Gather>`` begins: whoever means to press does so after their time."""
        if leg.presses:
            keys, after = leg.presses.pop(0)
            self.scheduler.after(after, lambda: self.press(leg, keys))

    def tell(self, leg: Leg, request: Request) -> None:
        """Request an action address whose answer cannot be carried out any more."""

        async def ask() -> None:
            await self.webhooks.document(leg, request)

        self.scheduler.after(0, ask)

    # Ringing out

    def dial(self, leg: Leg) -> None:
        """Start an outgoing call of the REST interface: one each second."""
        start = max(self.scheduler.ms, self._next_dial_ms)
        self._next_dial_ms = start + _DIAL_GAP_MS
        leg.queue_ms = start - self.scheduler.ms
        leg.timers.append(self.scheduler.after(leg.queue_ms / 1000, lambda: self.ring(leg)))

    def ring(self, leg: Leg) -> None:
        if leg.is_over:
            return
        endpoint = self.settings.endpoints.get(leg.to, self.settings.usual_endpoint)
        self.set_status(leg, "initiated")
        refusals = {"unreachable": "failed", "busy": "busy"}
        if endpoint.behaviour in refusals:
            status = refusals[endpoint.behaviour]
            leg.timers.append(self.scheduler.after(_REFUSAL_SECONDS, lambda: self.end_leg(leg, status)))
            return
        if endpoint.digits:
            leg.presses.append((endpoint.digits, endpoint.press_after))
        leg.timers.append(self.scheduler.after(_RING_SECONDS, lambda: self.set_status(leg, "ringing")))
        given_up = leg.ring_seconds + self.chance.uniform(0, _RING_BUFFER_SECONDS)
        leg.timers.append(self.scheduler.after(given_up, lambda: self.end_leg(leg, "no-answer")))
        if endpoint.answers:
            seconds = max(endpoint.answer_after, _RING_SECONDS)
            leg.timers.append(self.scheduler.after(seconds, lambda: self.pick_up(leg)))

    def pick_up(self, leg: Leg) -> None:
        """Somebody (or a machine) answers a ringing telephone."""
        if leg.status != "ringing":
            return
        endpoint = self.settings.endpoints.get(leg.to, self.settings.usual_endpoint)
        self.answer(leg)
        if endpoint.hang_up_after is not None:
            leg.timers.append(self.scheduler.after(endpoint.hang_up_after, lambda: self.end_leg(leg)))
        if leg.direction == "outbound-dial":
            self._screen(leg)
        else:
            self.run(leg, Request(leg.voice_url))

    def ring_child(self, parent: Leg, dial: Verb, noun: Verb, base: str) -> Leg:
        """Ring a telephone or browser named inside ``<Dial>``."""
        target = f"client:{noun.text}" if noun.name == "Client" else noun.text
        callback = noun.get("statusCallback")
        child = Leg(
            sid=self.new_sid("CA"),
            direction="outbound-dial",
            from_=dial.get("callerId", parent.from_),
            to=target,
            created_at=self.now,
            voice_url=urljoin(base, noun.get("url")) if noun.get("url") else "",
            status_callback=urljoin(base, callback) if callback else "",
            status_events=frozenset(noun.get("statusCallbackEvent", "completed").split()),
            parent_sid=parent.sid,
            ring_seconds=dial.number("timeout", 30),
        )
        self.add_leg(child)
        self.scheduler.after(0, lambda: self.ring(child))
        return child

    def _screen(self, child: Leg) -> None:
        """Run the screening document of a ``<Number>``; its end connects the call."""
        child.interpreter = interpreter = Interpreter(self, child)

        def steps() -> Steps[None]:
            if child.voice_url:
                yield from interpreter.once(Request(child.voice_url), SCREEN_VERBS)
            parent = self.legs[child.parent_sid]
            if parent.runner is not None:
                parent.runner.signal(ChildChanged(child.sid, "accepted"))
            while True:
                yield Wait(None)

        child.runner = self._runner(child, steps(), lambda status: self.end_leg(child, status))
        child.runner.start()

    # Queues and conferences

    def queue_named(self, name: str) -> Queue:
        if name not in self.queues:
            self.queues[name] = Queue(self.new_sid("QU"), name, self.now)
        return self.queues[name]

    def conference_named(self, name: str) -> Conference:
        """The conference of this name that has not ended, made where there is none."""
        for conference in self.conferences.values():
            if conference.name == name and conference.status != "completed":
                return conference
        made = Conference(self.new_sid("CF"), name, self._tell_conference)
        self.conferences[made.sid] = made
        return made

    def entertain(self, one: Participant) -> None:
        """Play what somebody hears who waits for the conference to start."""
        if one.leg.conference is None or one.leg.conference.has_started or one.terms.wait_url == "":
            return
        if one.terms.wait_url is None:
            one.aside = StaticAside(Sound("music", "the carrier's own"))
        else:
            self._play_aside(one, Request(one.terms.wait_url))

    def hold(self, conference: Conference, one: Participant, request: Request | None) -> None:
        one.stop_aside()
        if request is None:
            one.aside = StaticAside(Sound("music", "the carrier's own"))
        else:
            self._play_aside(one, request)
        conference.hold(one, held=True)

    def resume(self, conference: Conference, one: Participant) -> None:
        if one.held:
            one.stop_aside()
        conference.hold(one, held=False)

    def _play_aside(self, one: Participant, request: Request) -> None:
        interpreter = Interpreter(self, one.leg)
        one.aside = interpreter
        one.aside_runner = self._runner(one.leg, interpreter.once(request, HOLD_VERBS), lambda _: None)
        one.aside_runner.start()

    def _tell_conference(self, conference: Conference, event: str, fields: dict[str, str]) -> None:
        named = {
            "AccountSid": self.account_sid,
            "ConferenceSid": conference.sid,
            "FriendlyName": conference.name,
            "StatusCallbackEvent": event,
            "Timestamp": self.webhooks.timestamp(),
        }
        self.timeline.add(self.now, fields.get("CallSid", ""), event, conference=conference.name)
        self.webhooks.callback(
            fields.get("CallSid", ""), conference.callback or "", tuple((named | fields).items())
        )

    def _runner(self, leg: Leg, steps: Steps[None], on_end: Callable[[str], None]) -> Runner:
        return Runner(
            self.scheduler, steps, fetch=lambda request: self.webhooks.document(leg, request), on_end=on_end
        )
