"""Carries out the steps of one programme: waits, fetches, and lets itself be interrupted."""

from collections import deque
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from telephony.adapters.simulator.scheduler import Scheduler, Timer

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Request:
    """Ask our side for a document, unless ``twiml`` is it."""

    url: str
    method: str = "POST"
    extra: tuple[tuple[str, str], ...] = ()
    twiml: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Until a signal comes, at most ``seconds``; the answer is the signal, or None when time ran out."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Digits:
    """Somebody pressed keys."""

    keys: str


@dataclass(frozen=True, slots=True)
class LeftConference:
    """The leg is out of its conference, not by its own doing."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChildChanged:
    """A leg dialled by this one rang out, was answered and accepted, or ended."""

    sid: str
    status: str


Signal = Digits | LeftConference | ChildChanged
Steps = Generator[Request | Wait, Any, Result]


class CallOver(Exception):  # noqa: N818 - not an error: the document says so
    """The programme ends the call with this status."""

    def __init__(self, status: str = "completed") -> None:
        self.status = status
        super().__init__(status)


class Runner:
    """Drives one generator of steps on the scheduler.

    Stopping closes the generator, whose ``finally`` clauses put the world in order.

    Args:
        fetch: sends a Request and returns the reply that the generator gets.
        on_end: called once with the status when the programme ends by itself.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        steps: Steps[None],
        *,
        fetch: Callable[[Request], Awaitable[Any]],
        on_end: Callable[[str], None],
    ) -> None:
        self._scheduler = scheduler
        self._steps = steps
        self._fetch = fetch
        self._on_end = on_end
        self._signals: deque[Signal] = deque()
        self._timer: Timer | None = None
        self._is_waiting = False
        self.is_stopped = False

    def start(self) -> None:
        self._scheduler.after(0, lambda: self._go_on(None))

    def signal(self, signal: Signal) -> None:
        """Tell the programme something; kept until it next waits."""
        self._signals.append(signal)
        if self._is_waiting:
            self._is_waiting = False
            self._cancel_timer()
            self._scheduler.after(0, lambda: self._go_on(self._signals.popleft()))

    def stop(self) -> None:
        """End the programme from outside. Never called by the programme itself."""
        if self.is_stopped:
            return
        self.is_stopped = True
        self._cancel_timer()
        self._steps.close()

    async def _go_on(self, value: Any) -> None:
        while not self.is_stopped:
            try:
                step = self._steps.send(value)
            except StopIteration:
                self._finish("completed")
                return
            except CallOver as over:
                self._finish(over.status)
                return
            if isinstance(step, Request):
                value = await self._fetch(step)
            elif self._signals:
                value = self._signals.popleft()
            else:
                self._wait(step)
                return

    def _wait(self, step: Wait) -> None:
        self._is_waiting = True
        if step.seconds is not None:
            self._timer = self._scheduler.after(step.seconds, self._time_is_up)

    async def _time_is_up(self) -> None:
        if self._is_waiting:
            self._is_waiting = False
            await self._go_on(None)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _finish(self, status: str) -> None:
        self.is_stopped = True
        self._on_end(status)
