"""One question to the database tells which of the worker's steps have work."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Seat
from desks.presence import SILENT_AFTER
from nanori.db import across_shops, bind_all_shops
from nanori.installation import Installation
from nanori_app.due import KNOWN, Due, whats_due
from nanori_app.rooms import ROOMS
from telephony.commands import left_messages
from telephony.dispatch import dispatch, tick
from telephony.message_search import search_messages
from telephony.reconciler import reconcile_calls
from tests.nanori_app.pages.floor.test_board import COFFEE
from tests.support import desk_stage as scene
from tests.support.clock import START
from tests.support.desk_stage import Stage


async def ask(house: Installation, now: datetime = START) -> Due:
    async with across_shops(house.worker) as session:
        return await whats_due(session, now=now)


@asynccontextmanager
async def behind(house: Installation) -> AsyncGenerator[AsyncSession]:
    async with house.staff.begin() as session:
        await bind_all_shops(session)
        yield session


@pytest.fixture
async def stage(clone: Installation) -> Stage:
    """A shop with an agent; the carrier was searched for messages just now."""
    async with clone.worker.begin() as session:
        await left_messages.claim_search(session, "AC" + "1" * 32, now=START)
    async with behind(clone) as session:
        return await scene.set_stage(session, [COFFEE], now=START)


def test_of_every_step_of_every_room_it_can_tell() -> None:
    assert {step for room in ROOMS for step in room.ticks} <= KNOWN


async def test_what_has_never_been_searched_is_searched(clone: Installation) -> None:
    assert (await ask(clone)).steps == {search_messages}


async def test_a_house_without_work_runs_only_what_nobody_can_tell_of(
    clone: Installation, stage: Stage
) -> None:
    async def new_step(*_: object) -> None: ...

    due = await ask(clone)
    assert due == Due(frozenset(), urgent=False, ringing=False, next_at=None)
    assert due.of([new_step, reconcile_calls]) == [new_step]


async def test_a_caller_is_urgent_and_compared_with_the_carrier_in_time(
    clone: Installation, stage: Stage
) -> None:
    async with behind(clone) as session:
        await scene.caller_waits(session, stage, stage.shops[0], now=START)
    due = await ask(clone)
    assert due.urgent
    assert due.steps == {dispatch}
    assert due.next_at is not None
    assert due.next_at > START
    assert (await ask(clone, due.next_at)).steps >= {dispatch, reconcile_calls}


async def test_an_agent_who_is_not_heard_is_looked_for_but_wakes_nobody(
    clone: Installation, stage: Stage
) -> None:
    async with behind(clone) as session:
        await scene.be_ready(session, stage, now=START)
        await session.execute(update(Seat).values(beat_at=START))
    assert await ask(clone) == Due(frozenset(), urgent=False, ringing=False, next_at=None)
    assert (await ask(clone, START + SILENT_AFTER)).steps == {tick}
