"""What the floor shows, and what it costs to look."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from desks.values import Presence
from nanori.actors import Role
from nanori.db import bind_all_shops
from nanori.words import words_for
from nanori_app.pages.floor.alarms import AlarmKind
from nanori_app.pages.floor.parts import FloorView
from nanori_app.pages.floor.reads import floor_facts
from nanori_app.pages.floor.view import AGENTS_SHOWN, DESKS_SHOWN, floor_view
from telephony.values import CallState
from tenants.commands import Profile, set_hours
from tenants.hours import Span
from tests.support import desk_stage as scene
from tests.support.clock import START, TestClock
from tests.support.desk_stage import Stage
from tests.support.floor_stage import fill_floor
from tests.support.people import an_account, signed_in

COFFEE = Profile(
    legal_name="株式会社ミナト珈琲", brand_name="ミナト珈琲", brand_reading="みなとこーひー", colour="#7a3e1d"
)
STATEMENTS = 10


@pytest.fixture
async def stage(session: AsyncSession) -> Stage:
    stage = await scene.set_stage(session, [COFFEE], now=START)
    await bind_all_shops(session)
    week = {weekday: (Span(0, 1440),) for weekday in range(8)}
    await set_hours(session, stage.shops[0].tenant_id, week, [])
    return stage


async def seen(session: AsyncSession, clock: TestClock, **asked: Any) -> FloorView:
    return floor_view(await floor_facts(session, now=clock.now()), words_for("en"), **asked)


@contextmanager
def statements(session: AsyncSession) -> Generator[list[str]]:
    bind = session.bind
    assert isinstance(bind, AsyncConnection)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(bind.sync_connection, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(bind.sync_connection, "before_cursor_execute", note)


async def test_a_call_moves_over_the_board_from_the_queue_to_the_wrap_up(
    session: AsyncSession, stage: Stage, clock: TestClock
) -> None:
    await scene.be_ready(session, stage, now=clock.now())
    call = await scene.caller_waits(session, stage, stage.shops[0], now=clock.now())
    clock.advance(timedelta(seconds=30))
    waits = await seen(session, clock)
    assert (waits.desks[0].waiting, waits.desks[0].ready, waits.totals.waiting) == (1, 1, "1")
    assert waits.totals.longest is not None
    assert waits.totals.longest.shown == "0:30"
    assert waits.calls == []

    offer = await scene.call_rings(session, stage, call, now=clock.now())
    await scene.call_runs(session, stage, call, offer, now=clock.now())
    clock.advance(timedelta(seconds=90))
    talks = await seen(session, clock)
    line = talks.calls[0]
    assert (line.shop, line.agent, line.state, line.timer.shown) == (
        "ミナト珈琲",
        stage.agent.name,
        "talking",
        "1:30",
    )
    assert (talks.desks[0].waiting, talks.desks[0].on_calls) == (0, 1)
    assert (talks.desks[0].offered, talks.desks[0].level.value) == ("1", 0)

    await scene.call_ends(session, call, now=clock.now())
    ended = await seen(session, clock)
    assert ended.calls == []
    assert (ended.desks[0].wrapup, ended.totals.wrapup) == (1, "1")


async def test_a_held_call_counts_from_the_hold_and_help_stands_on_top(
    session: AsyncSession, stage: Stage, clock: TestClock
) -> None:
    await scene.be_ready(session, stage, now=clock.now())
    call = await scene.caller_waits(session, stage, stage.shops[0], now=clock.now())
    offer = await scene.call_rings(session, stage, call, now=clock.now())
    await scene.call_runs(session, stage, call, offer, now=clock.now())
    clock.advance(timedelta(seconds=60))
    call.state, call.held_since, call.help_asked_at = CallState.HELD, clock.now(), clock.now()
    await session.flush()
    clock.advance(timedelta(seconds=7))
    view = await seen(session, clock)
    assert (view.calls[0].state, view.calls[0].timer.shown, view.calls[0].asks_help) == ("held", "0:07", True)
    assert [one.kind for one in view.alarms] == [AlarmKind.HELP.value]
    assert view.alarms[0].href == f"/floor/calls/{call.tenant_id}/{call.id}"
    assert stage.agent.name in view.alarms[0].title


async def test_the_board_is_read_in_as_many_statements_for_sixty_desks_as_for_three(
    session: AsyncSession, clock: TestClock
) -> None:
    counts = []
    for desks, agents in ((3, 12), (60, 100)):
        await fill_floor(session, now=clock.now(), desks=desks, agents=agents, calls_today=5)
        session.expunge_all()
        with statements(session) as asked:
            await floor_facts(session, now=clock.now())
        counts.append(len(asked))
    assert counts == [STATEMENTS, STATEMENTS]


async def test_a_big_floor_shows_the_needy_and_says_how_many_more_there_are(
    session: AsyncSession, clock: TestClock
) -> None:
    await fill_floor(session, now=clock.now(), desks=60, agents=120, calls_today=0)
    view = await seen(session, clock)
    assert (len(view.desks), view.more_desks, view.found) == (DESKS_SHOWN, 20, 60)
    assert all(desk.waiting or desk.tone for desk in view.desks[:10])
    ready = next(column for column in view.columns if column.state == Presence.READY.value)
    assert len(ready.agents) == min(ready.count, AGENTS_SHOWN)
    assert len((await seen(session, clock, everything=True)).desks) == 60


async def test_a_desk_is_found_by_its_shop_its_reading_and_its_own_name(
    session: AsyncSession, clock: TestClock
) -> None:
    await fill_floor(session, now=clock.now(), desks=6, agents=6, calls_today=0)
    for find, shop in (
        ("花影", "花影フラワー"),
        ("こだまあ", "こだまアウトドア"),
        ("customer", "Northwind Tea"),
    ):
        assert [desk.shop for desk in (await seen(session, clock, find=find)).desks] == [shop]
    assert (await seen(session, clock, find="nothing")).desks == []


async def test_many_alarms_of_one_kind_share_a_line(session: AsyncSession, clock: TestClock) -> None:
    await fill_floor(session, now=clock.now(), desks=9, agents=0, calls_today=0)
    clock.advance(timedelta(minutes=5))
    view = await seen(session, clock)
    titles = [line.title for line in view.alarms]
    assert titles == ["Callers wait too long at 3 desks", "Nobody is at 9 desks"]


async def test_an_empty_house_says_so_in_words(session: AsyncSession, app: Litestar) -> None:
    boss = await an_account(session, Role.SUPERVISOR, locale="en")
    await session.commit()
    async with signed_in(app, boss) as browser:
        page = await browser.get("/floor")
    assert page.status_code == 200
    for said in ("There is no desk yet", "Nobody is on the line", "No agent is at work", "No alarm."):
        assert said in page.text


async def test_programs_get_every_desk_as_json(
    session: AsyncSession, app: Litestar, clock: TestClock
) -> None:
    await fill_floor(session, now=clock.now(), desks=50, agents=12, calls_today=2)
    boss = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with signed_in(app, boss) as browser:
        told = (await browser.get("/floor", headers={"Accept": "application/json"})).json()
    assert len(told["desks"]) == 50
    assert told["totals"]["on_calls"].isdigit()
    assert "Emily Carter" in {agent["name"] for column in told["columns"] for agent in column["agents"]}


async def test_the_parts_are_those_of_the_page_and_say_when_to_look_again(
    session: AsyncSession, app: Litestar, clock: TestClock
) -> None:
    await fill_floor(session, now=clock.now(), desks=4, agents=12, calls_today=5)
    boss = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, boss) as browser:
        page = (await browser.get("/floor?find=花影")).text
        parts = (await browser.get("/floor/parts?find=花影")).text
    for part in ("totals", "alarms", "desks", "calls", "agents", "facts"):
        assert f'data-part="{part}"' in page
        assert f'data-part="{part}"' in parts
    assert 'data-next="2026-' in parts
    assert "ご予約デスク" not in parts.split('data-part="calls"')[0].split("<tbody>")[1]


async def test_a_supervisors_work_begins_on_the_floor(session: AsyncSession, app: Litestar) -> None:
    boss = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, boss) as browser:
        answer = await browser.get("/", follow_redirects=False)
    assert answer.headers["location"] == "/floor"
