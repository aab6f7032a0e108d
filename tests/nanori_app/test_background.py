"""Urgent work is done as soon as it is announced, the rest when it is due, and no failure stops either."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from nanori import live
from nanori.installation import Installation
from nanori.rooms import Room, Tick
from nanori_app.background import Rounds, ticks, urgent
from nanori_app.due import Due

SOON = 30.0


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not is_so():  # noqa: ASYNC110 - it looks at a plain list
            await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(house: Installation, rounds: Rounds) -> AsyncGenerator[None]:
    await house.hub.start()
    task = asyncio.create_task(rounds.whenever_announced())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await house.hub.stop()


async def announce(house: Installation, audience: str = live.WORK) -> None:
    async with house.staff.begin() as session:
        await live.announce(session, audience, "route")


async def test_announced_work_is_done_at_once(clone: Installation) -> None:
    times: list[datetime] = []

    async def step(_: Installation, now: datetime) -> None:
        times.append(now)

    async with listening(clone, urgent(clone, [Room(name="room", urgent=[step])])):
        await announce(clone)
        await until(lambda: len(times) == 1)
        assert times == [clone.clock.now()]


async def test_news_for_people_is_no_work(clone: Installation) -> None:
    done: list[str] = []

    async def step(_: Installation, __: datetime) -> None:
        done.append("work")

    async with listening(clone, Rounds(clone, [step])):
        await announce(clone, "floor")
        await announce(clone)
        await until(lambda: bool(done))
    assert done == ["work"]


async def test_a_slow_round_does_not_keep_the_next_waiting(clone: Installation) -> None:
    started: list[int] = []
    never = asyncio.Event()

    async def step(_: Installation, __: datetime) -> None:
        started.append(len(started))
        if len(started) == 1:
            await never.wait()

    async with listening(clone, Rounds(clone, [step])):
        await announce(clone)
        await until(lambda: len(started) == 1)
        await announce(clone)
        await until(lambda: len(started) == 2)


async def test_one_failing_step_does_not_keep_the_others_from_running(clone: Installation) -> None:
    done: list[str] = []

    async def breaks(_: Installation, __: datetime) -> None:
        raise RuntimeError("a mistake of ours")

    async def asks_nonsense(house: Installation, _: datetime) -> None:
        async with house.worker.begin() as session:
            await session.execute(text("SELECT 1 / 0"))

    async def works(_: Installation, __: datetime) -> None:
        done.append("worked")

    rounds = ticks(clone, [Room(name="room", ticks=[breaks, asks_nonsense, works])])
    await rounds.go()
    await rounds.go()
    assert done == ["worked", "worked"]


async def test_a_lost_database_ends_the_round_and_the_next_one_goes_on(clone: Installation) -> None:
    done: list[str] = []
    is_there = False

    async def needs_database(_: Installation, __: datetime) -> None:
        if not is_there:
            raise OperationalError("SELECT 1", {}, ConnectionRefusedError())

    async def works(_: Installation, __: datetime) -> None:
        done.append("worked")

    rounds = Rounds(clone, [needs_database, works])
    await rounds.go()
    assert done == []
    is_there = True
    await rounds.go()
    assert done == ["worked"]


async def test_when_nobody_can_tell_what_is_due_everything_is_tried(
    clone: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    async def cannot_tell(*_: object, **__: object) -> Due:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("nanori_app.background.whats_due", cannot_tell)
    monkeypatch.setattr("nanori_app.background.log.exception", lambda *_, **__: done.append("told"))
    rounds = Rounds(clone, [step_of("first", done), step_of("second", done)], only_due=True)
    await rounds.go()
    assert done == ["told", "first", "second"]


def step_of(name: str, done: list[str]) -> Tick:
    async def step(_: Installation, __: datetime) -> None:
        done.append(name)

    return step
