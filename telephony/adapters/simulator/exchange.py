"""The carrier's state and what happens to it: legs, queues, conferences, recordings."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telephony.adapters.simulator.conferences import Conference
from telephony.adapters.simulator.endpoints import CarrierSettings
from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.hall import Hall
from telephony.adapters.simulator.hearing import Ears
from telephony.adapters.simulator.interpreter import Interpreter
from telephony.adapters.simulator.legs import EVENT_OF_STATUS, Leg
from telephony.adapters.simulator.outgoing import Outgoing
from telephony.adapters.simulator.queues import Queue
from telephony.adapters.simulator.recordings import Recorder
from telephony.adapters.simulator.runner import ChildChanged, Digits, Request, Runner, Steps
from telephony.adapters.simulator.scheduler import Scheduler
from telephony.adapters.simulator.timeline import Timeline
from telephony.adapters.simulator.webhooks import Fields, Post, Webhooks


@dataclass(frozen=True, slots=True)
class Problem:
    """An error or warning that the carrier would show in its debugger."""

    at: datetime
    leg: str
    code: int
    message: str


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
        self.hall = Hall(self)
        self.outgoing = Outgoing(self)
        self.messages: dict[str, dict[str, Any]] = {}
        self.problems: list[Problem] = []
        self.chance = chance
        self.webhooks = Webhooks(
            scheduler, self.timeline, post=post, credentials=credentials, faults=faults, chance=chance
        )
        self.recorder = Recorder(scheduler, self.webhooks, chance=chance, faults=faults)
        scheduler.before_time_moves += [lambda: self.ears.listen(self.live.values()), self.recorder.listen]

    @property
    def conferences(self) -> dict[str, Conference]:
        """By SID, those that have ended included."""
        return self.hall.conferences

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
        leg.runner = self.runner(leg, leg.interpreter.call(request), lambda status: self.end_leg(leg, status))
        leg.runner.start()

    def answer(self, leg: Leg) -> None:
        if leg.is_over or leg.is_talking:
            return
        leg.answered_at = self.now
        leg.cancel_timers()
        self.limit(leg, leg.limit_seconds)
        self.set_status(leg, "in-progress")

    def limit(self, leg: Leg, seconds: int) -> None:
        """End the call by itself so many seconds from now, whatever was said about it before."""
        if leg.limit is not None:
            leg.limit.cancel()
        leg.limit = self.scheduler.after(seconds, lambda: self.end_leg(leg))
        leg.timers.append(leg.limit)

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
        self.recorder.forget(leg)
        self.ears.forget(leg)
        if leg.joins_in and (expecting := self.hall.find(leg.joins_in)) is not None:
            expecting.expect_no_longer(leg)
        self.live.pop(leg.sid, None)
        if not was_queued:
            self.set_status(leg, status)
        parent = self.legs.get(leg.parent_sid)
        if parent is not None and parent.runner is not None:
            parent.runner.signal(ChildChanged(leg.sid, status))

    def set_status(self, leg: Leg, status: str) -> None:
        """Change the status and tell whoever asked to be told."""
        leg.status = status
        leg.past.append((self.scheduler.ms, status))
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
        self.recorder.take_keys(leg, keys)
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

    # Queues

    def queue_named(self, name: str) -> Queue:
        if name not in self.queues:
            self.queues[name] = Queue(self.new_sid("QU"), name, self.now)
        return self.queues[name]

    def runner(self, leg: Leg, steps: Steps[None], on_end: Callable[[str], None]) -> Runner:
        """Somebody who carries out a programme for a leg."""
        return Runner(
            self.scheduler, steps, fetch=lambda request: self.webhooks.document(leg, request), on_end=on_end
        )
