"""One sequence of events in virtual or real time."""

import asyncio
import heapq
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

Action = Callable[[], Awaitable[None] | None]


@dataclass(order=True, slots=True)
class Timer:
    """Something that happens later, unless cancelled before."""

    at_ms: int
    seq: int
    action: Action | None = field(compare=False)

    def cancel(self) -> None:
        self.action = None


class Scheduler:
    """Runs actions one after the other, ordered by time and then by when they were asked for.

    Virtual: time moves only in ``run_until``, ``advance`` and ``settle``. Real: ``drive`` follows the wall
    clock. Actions may schedule more; one that awaits holds up the others: order never depends on chance.

    Args:
        start: the moment at which the scheduler's time begins, aware.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._ms = 0
        self._seq = count()
        self._heap: list[Timer] = []
        self._running = False
        self._woken = asyncio.Event()
        self._wall: Callable[[], int] | None = None
        self.before_time_moves: list[Callable[[], None]] = []

    @property
    def ms(self) -> int:
        """Milliseconds since the start."""
        if self._wall is not None:
            self._ms = max(self._ms, self._wall())
        return self._ms

    @property
    def is_driven(self) -> bool:
        """Whether time is that of the wall clock."""
        return self._wall is not None

    @property
    def now(self) -> datetime:
        return self._start + timedelta(milliseconds=self.ms)

    def after(self, seconds: float, action: Action) -> Timer:
        """Do something ``seconds`` from now; 0 means next, after what is already due."""
        timer = Timer(self.ms + max(0, round(seconds * 1000)), next(self._seq), action)
        heapq.heappush(self._heap, timer)
        self._woken.set()
        return timer

    async def settle(self) -> None:
        """Do all that is due now; time does not move."""
        await self._run_to(self._ms)

    async def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass, doing everything on the way."""
        await self._run_to(self._ms + round(seconds * 1000))

    async def run_until(self, moment: datetime) -> None:
        """Let time pass until ``moment``; nothing happens when that is past."""
        await self._run_to(max(self._ms, round((moment - self._start) / timedelta(milliseconds=1))))

    async def drive(self) -> None:
        """Follow the wall clock until cancelled."""
        loop = asyncio.get_running_loop()
        origin, base = loop.time(), self._ms
        self._wall = lambda: base + int((loop.time() - origin) * 1000)
        try:
            while True:
                await self._run_to(self.ms)
                self._woken.clear()
                await self._wait_for_next()
        finally:
            self._wall = None

    async def _wait_for_next(self) -> None:
        due = self._next_due()
        seconds = None if due is None else max(0.0, (due - self.ms) / 1000)
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return

    async def _run_to(self, target_ms: int) -> None:
        if self._running:
            raise RuntimeError("Time cannot be moved from inside an event.")
        self._running = True
        try:
            while (due := self._next_due()) is not None and due <= target_ms:
                self._move_to(due)
                await self._perform(heapq.heappop(self._heap))
            self._move_to(target_ms)
        finally:
            self._running = False

    def _next_due(self) -> int | None:
        while self._heap and self._heap[0].action is None:
            heapq.heappop(self._heap)
        return self._heap[0].at_ms if self._heap else None

    def _move_to(self, ms: int) -> None:
        if ms > self._ms or self._wall is not None:
            for look in self.before_time_moves:
                look()
        self._ms = max(self._ms, ms)

    async def _perform(self, timer: Timer) -> None:
        action, timer.action = timer.action, None
        if action is None:
            return
        outcome = action()
        if inspect.isawaitable(outcome):
            await outcome
