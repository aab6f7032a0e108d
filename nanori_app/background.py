"""What processes do by themselves, besides answering requests: urgent work at once, the rest each second."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from litestar import Litestar
from sqlalchemy.exc import DBAPIError

from nanori import live
from nanori.installation import Installation
from nanori.rooms import Room, Tick

TICK_SECONDS = 1.0
AT_ONCE = 3
"""Urgent rounds side by side: one that waits for a slow carrier must not keep the next caller waiting."""
LOST = ("08", "57P")
"""Classes of SQLSTATE: no connection, the server shuts down or starts."""

log = structlog.get_logger()


class Rounds:
    """Goes through some rooms' steps, again and again. What fails is logged and tried in the next round."""

    def __init__(self, installation: Installation, steps: Sequence[Tick]) -> None:
        self._installation = installation
        self._steps = steps
        self._database_answers = True

    async def go(self) -> None:
        """Each step once. Without a database the first failure ends the round, and is logged once."""
        for step in self._steps:
            try:
                await step(self._installation, self._installation.clock.now())
            except (DBAPIError, OSError) as lost:
                if not _connection_is_lost(lost):
                    log.exception("background.failed", task=_name(step))
                    continue
                if self._database_answers:
                    log.warning("background.database_lost", error=type(lost).__name__)
                self._database_answers = False
                return
            except Exception:
                log.exception("background.failed", task=_name(step))
        if not self._database_answers:
            log.info("background.database_back")
        self._database_answers = True

    async def each_second(self) -> None:
        """Until cancelled."""
        while True:
            await self.go()
            await asyncio.sleep(TICK_SECONDS)

    async def whenever_announced(self) -> None:
        """A round as soon as work is announced; what comes meanwhile shares the next. Until cancelled."""
        async with self._installation.hub.subscription(live.WORK) as announced, asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._follow(announced))

    async def _follow(self, announced: asyncio.Queue[live.News]) -> None:
        while True:
            await announced.get()
            while not announced.empty():
                announced.get_nowait()
            await self.go()


def urgent(installation: Installation, rooms: Iterable[Room]) -> Rounds:
    """What every web process does as soon as work is announced."""
    return Rounds(installation, [step for room in rooms for step in room.urgent])


def ticks(installation: Installation, rooms: Iterable[Room]) -> Rounds:
    """What the worker does each second."""
    return Rounds(installation, [step for room in rooms for step in room.ticks])


def dispatching(rounds: Rounds) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """A lifespan of the application in which urgent work is done."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None]:
        task = asyncio.create_task(rounds.whenever_announced())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return lifespan


def _connection_is_lost(problem: DBAPIError | OSError) -> bool:
    """Not so when the server answered: a lock that was not free is the business of one step alone."""
    if not isinstance(problem, DBAPIError):
        return True
    code = getattr(problem.orig, "sqlstate", None)
    return problem.connection_invalidated or code is None or code.startswith(LOST)


def _name(step: Tick) -> str:
    return f"{step.__module__}.{getattr(step, '__name__', 'step')}"
