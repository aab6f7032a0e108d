"""What opens from the floor, and what a supervisor can do there."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import RosterEntry, Seat
from desks.values import Presence
from interactions import commands as log
from interactions.values import EventKind
from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.db import bind_all_shops
from nanori.identity.models import Account
from nanori_app.pages.floor.facts import Thresholds
from nanori_app.pages.floor.reads import floor_facts
from telephony.models import Call, Leg
from telephony.values import LegRole, LegState, Supervision
from tests.nanori_app.pages.test_desk_view import COFFEE, FLOWERS
from tests.support import desk_stage as scene
from tests.support.calls import SHOPPER_NUMBER
from tests.support.clock import START, TestClock
from tests.support.desk_stage import Stage
from tests.support.people import Client, an_account, signed_in

FRAGMENT = {"HX-Request": "true"}
LIMITS = {
    "wait_seconds": "45", "level_percent": "", "talk_seconds": "600", "wrapup_seconds": "0",
    "away_seconds": "1800", "not_ready_seconds": "60", "nobody": "y",
}  # fmt: skip


@pytest.fixture
async def stage(session: AsyncSession) -> Stage:
    stage = await scene.set_stage(session, [COFFEE, FLOWERS], now=START, locale="en")
    await bind_all_shops(session)
    return stage


@pytest.fixture
async def boss(session: AsyncSession) -> Account:
    return await an_account(session, Role.SUPERVISOR, locale="en")


async def a_call(session: AsyncSession, stage: Stage, clock: TestClock) -> Call:
    await scene.be_ready(session, stage, now=clock.now())
    call = await scene.caller_waits(session, stage, stage.shops[0], now=clock.now())
    clock.advance(timedelta(seconds=5))
    offer = await scene.call_rings(session, stage, call, now=clock.now())
    await scene.call_runs(session, stage, call, offer, now=clock.now())
    return call


def desk_of(stage: Stage, place: int = 0) -> str:
    shop = stage.shops[place].tenant_id
    return f"/floor/desks/{shop}/{stage.desks[shop].id}"


async def audited(session: AsyncSession, action: str) -> list[UUID | None]:
    rows = await session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == action))
    return list(rows)


async def test_a_call_opens_as_a_page_and_as_a_drawer_with_ways_to_take_part(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    call = await a_call(session, stage, clock)
    await session.commit()
    path = f"/floor/calls/{call.tenant_id}/{call.id}"
    async with signed_in(app, boss) as browser:
        page, drawer = await browser.get(path), await browser.get(path, headers=FRAGMENT)
    assert "<html" in page.text
    assert "<html" not in drawer.text
    for text in (page.text, drawer.text):
        for mode in ("listen", "whisper", "barge"):
            assert f'data-supervise="{mode}"' in text
        assert stage.agent.name in text
        assert "Began to wait for an agent" in text
        assert SHOPPER_NUMBER not in text


async def test_an_operator_sees_the_call_but_cannot_listen(
    session: AsyncSession, app: Litestar, stage: Stage, clock: TestClock
) -> None:
    call = await a_call(session, stage, clock)
    operator = await an_account(session, Role.OPERATOR, locale="en")
    await session.commit()
    async with signed_in(app, operator) as browser:
        page = (await browser.get(f"/floor/calls/{call.tenant_id}/{call.id}")).text
    assert "data-supervise" not in page
    assert "Supervisors can listen in here." in page


async def test_the_board_shows_in_which_call_one_takes_part_oneself(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    call = await a_call(session, stage, clock)
    session.add(
        Leg(
            tenant_id=call.tenant_id, id=uuid4(), call_id=call.id, role=LegRole.MONITOR,
            state=LegState.JOINED, agent_id=boss.id, supervision=Supervision.BARGE, created_at=clock.now(),
        )
    )  # fmt: skip
    other = await an_account(session, Role.SUPERVISOR, locale="en")
    await session.commit()
    async with signed_in(app, boss) as browser:
        mine = (await browser.get("/floor/parts")).text
    async with signed_in(app, other) as browser:
        theirs = (await browser.get("/floor/parts")).text
    assert 'data-mode="barge"' in mine
    assert 'data-mode="barge"' not in theirs
    for board in (mine, theirs):
        assert "A supervisor takes part" in board


async def test_a_desk_shows_its_queue_and_at_whose_desk_each_call_rings(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    await scene.be_ready(session, stage, now=clock.now())
    first = await scene.caller_waits(session, stage, stage.shops[0], now=clock.now())
    await scene.call_rings(session, stage, first, now=clock.now())
    await session.commit()
    async with signed_in(app, boss) as browser:
        page = (await browser.get(desk_of(stage))).text
    assert f"rings at {stage.agent.name}" in page


async def test_an_agent_is_brought_to_another_desk_and_taken_off_again(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account
) -> None:
    newcomer = await an_account(session, Role.AGENT, shops=[stage.shops[0].tenant_id])
    await session.commit()
    async with signed_in(app, boss) as browser:
        brought = await browser.post(
            f"{desk_of(stage, 1)}/agents", data={"agent": str(newcomer.id), "level": "2"}, headers=FRAGMENT
        )
        assert brought.status_code == 200
        assert newcomer.name in brought.text
        assert await levels_of(session, newcomer.id) == [2]
        await browser.post(f"{desk_of(stage, 1)}/agents/{newcomer.id}/removal")
    assert await levels_of(session, newcomer.id) == []
    desk = stage.desks[stage.shops[1].tenant_id].id
    assert await audited(session, "desk.agent_added") == [desk]
    assert await audited(session, "desk.agent_removed") == [desk]


async def levels_of(session: AsyncSession, agent_id: UUID) -> list[int]:
    rows = await session.scalars(select(RosterEntry.level).where(RosterEntry.agent_id == agent_id))
    return list(rows)


async def test_the_overflow_is_open_for_as_long_as_was_said(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    await session.commit()
    async with signed_in(app, boss) as browser:
        assert (await browser.post(f"{desk_of(stage)}/overflow", data={"minutes": "7"})).status_code == 422
        await browser.post(f"{desk_of(stage)}/overflow", data={"minutes": "30"})
        assert await overflowing(session, clock) == ["ミナト珈琲"]
        clock.advance(timedelta(minutes=30))
        assert await overflowing(session, clock) == []
        await browser.post(f"{desk_of(stage)}/overflow", data={"minutes": "15"})
        await browser.post(f"{desk_of(stage)}/overflow-closing")
    assert await overflowing(session, clock) == []


async def overflowing(session: AsyncSession, clock: TestClock) -> list[str]:
    session.expire_all()
    floor = await floor_facts(session, now=clock.now())
    return [desk.shop.name for desk in floor.desks if desk.overflow]


async def test_alarm_limits_are_set_desk_by_desk(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    await session.commit()
    async with signed_in(app, boss) as browser:
        await browser.post(f"{desk_of(stage)}/alarms", data=LIMITS)
        wrong = await browser.post(
            f"{desk_of(stage)}/alarms", data=LIMITS | {"wait_seconds": "soon"}, headers=FRAGMENT
        )
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.text
    session.expire_all()
    floor = await floor_facts(session, now=clock.now())
    limits = {desk.shop.name: desk.thresholds for desk in floor.desks}
    changed, other = limits["ミナト珈琲"], limits["花影フラワー"]
    assert (changed.wait_seconds, changed.level_percent, changed.wrapup_seconds, changed.nobody) == (
        45,
        None,
        0,
        True,
    )
    assert other.wait_seconds == Thresholds().wait_seconds


async def test_an_agent_is_sent_on_a_break_and_back(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    await scene.be_ready(session, stage, now=clock.now())
    await session.commit()
    async with signed_in(app, boss) as browser:
        await sent(browser, stage, state="break", reason="meeting")
        assert await state_of(session, stage) == (Presence.BREAK, "meeting")
        await sent(browser, stage, state="ready")
        assert await state_of(session, stage) == (Presence.READY, None)
    assert await audited(session, "agent.directed") == [stage.agent.id] * 2


async def test_nobody_is_sent_into_calls_whose_page_is_not_open(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    await scene.be_ready(session, stage, now=clock.now())
    await session.commit()
    async with signed_in(app, boss) as browser:
        await sent(browser, stage, state="break", reason="lunch")
        clock.advance(timedelta(minutes=5))
        refused = await sent(browser, stage, state="ready")
    assert refused.status_code == 409
    assert "page is not open" in refused.text
    assert await state_of(session, stage) == (Presence.BREAK, "lunch")


async def test_an_agent_in_a_call_stays_in_it(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    await a_call(session, stage, clock)
    await session.commit()
    async with signed_in(app, boss) as browser:
        refused = await sent(browser, stage, state="break", reason="lunch")
        page = (await browser.get(f"/floor/agents/{stage.agent.id}")).text
    assert refused.status_code == 409
    assert await state_of(session, stage) == (Presence.BUSY, None)
    assert "can be moved when it is done" in page


async def sent(browser: Client, stage: Stage, **form: str) -> Any:
    return await browser.post(f"/floor/agents/{stage.agent.id}/presence", data=form, headers=FRAGMENT)


async def state_of(session: AsyncSession, stage: Stage) -> tuple[Presence, str | None]:
    seat = await session.get_one(Seat, stage.agent.id, populate_existing=True)
    return seat.state, seat.reason


async def test_an_agents_day_says_when_what_and_how_long(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    call = await a_call(session, stage, clock)
    clock.advance(timedelta(minutes=3))
    await scene.call_ends(session, call, now=clock.now())
    clock.advance(timedelta(minutes=1))
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await scene.wrap_up_is_saved(session, stage, interaction, now=clock.now())
    clock.advance(timedelta(minutes=2))
    await session.commit()
    async with signed_in(app, boss) as browser:
        path = f"/floor/agents/{stage.agent.id}"
        told = (await browser.get(path, headers={"Accept": "application/json"})).json()
        page = (await browser.get(path)).text
        empty = (await browser.get(f"{path}?day=2026-10-30")).text
        assert (await browser.get(f"{path}?day=yesterday")).status_code == 404
        assert (await browser.get(f"/floor/agents/{boss.id}")).status_code == 404
    assert [(one["state"], one["length"]) for one in told["sums"]] == [
        ("busy", "3 min"), ("ready", "2 min 5 s"), ("wrapup", "1 min"),
    ]  # fmt: skip
    assert dict(told["figures"]) == {
        "Calls answered": "1", "Talk, each": "3 min", "Hold, each": "0 s", "After-call work, each": "1 min",
    }  # fmt: skip
    assert 'class="day-bar"' in page
    assert "Off duty all day." in empty
    assert len(await audited(session, "agent.day_read")) == 3


async def test_a_call_of_another_shop_does_not_open_under_this_one(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    call = await a_call(session, stage, clock)
    await session.commit()
    async with signed_in(app, boss) as browser:
        answer = await browser.get(f"/floor/calls/{stage.shops[1].tenant_id}/{call.id}")
    assert answer.status_code == 404


async def test_help_is_seen_in_the_call(
    session: AsyncSession, app: Litestar, stage: Stage, boss: Account, clock: TestClock
) -> None:
    call = await a_call(session, stage, clock)
    call.help_asked_at = clock.now()
    interaction = await log.locked(session, call.tenant_id, call.interaction_id)
    await log.record(
        session, interaction, EventKind.HELP_ASKED, actor=stage.actor, at=clock.now(), agent_id=stage.agent.id
    )
    await session.commit()
    async with signed_in(app, boss) as browser:
        page = (await browser.get(f"/floor/calls/{call.tenant_id}/{call.id}")).text
    assert "The agent asks for help." in page
