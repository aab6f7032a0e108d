"""What processes do by themselves, besides answering requests: urgent work at once, the rest when due."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError

from nanori import live
from nanori.db import across_shops
from nanori.installation import Installation
from nanori.rooms import Room, Tick
from nanori_app.due import whats_due

TICK_SECONDS = 1.0
AT_ONCE = 3
"""Urgent rounds side by side: one that waits for a slow carrier must not keep the next caller waiting."""
LOST = ("08", "57P")
"""Classes of SQLSTATE: no connection, the server shuts down or starts."""

log = structlog.get_logger()


class Rounds:
    """Goes through some rooms' steps, again and again. What fails is logged and tried in the next round.

    ``only_due``: one question to the database tells first which steps have work.
    """

    def __init__(self, installation: Installation, steps: Sequence[Tick], *, only_due: bool = False) -> None:
        self._installation = installation
        self._steps = steps
        self._only_due = only_due
        self._database_answers = True

    async def go(self) -> None:
        """Each step once. Without a database the first failure ends the round, and is logged once."""
        steps = list(self._steps)

        async def leave_what_is_due(house: Installation, now: datetime) -> None:
            async with across_shops(house.worker) as session:
                due = await whats_due(session, now=now)
            steps[:] = due.of(self._steps)

        if self._only_due and not await self._done(leave_what_is_due):
            return
        for step in steps:
            if not await self._done(step):
                return
        if not self._database_answers:
            log.info("background.database_back")
        self._database_answers = True

    async def _done(self, step: Tick) -> bool:
        """False when there is no database, and no step can be done."""
        try:
            await step(self._installation, self._installation.clock.now())
        except (DBAPIError, OSError) as lost:
            if not _connection_is_lost(lost):
                log.exception("background.failed", task=_name(step))
                return True
            if self._database_answers:
                log.warning("background.database_lost", error=type(lost).__name__)
            self._database_answers = False
            return False
        except Exception:
            log.exception("background.failed", task=_name(step))
        return True

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
    """What the worker looks after each second, and does when it is due."""
    return Rounds(installation, [step for room in rooms for step in room.ticks], only_due=True)


@asynccontextmanager
async def dispatching(rounds: Rounds) -> AsyncGenerator[None]:
    """Within it urgent work is done whenever it is announced."""
    task = asyncio.create_task(rounds.whenever_announced())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _connection_is_lost(problem: DBAPIError | OSError) -> bool:
    """Not so when the server answered: a lock that was not free is the business of one step alone."""
    if not isinstance(problem, DBAPIError):
        return True
    code = getattr(problem.orig, "sqlstate", None)
    return problem.connection_invalidated or code is None or code.startswith(LOST)


def _name(step: Tick) -> str:
    return f"{step.__module__}.{getattr(step, '__name__', 'step')}"
