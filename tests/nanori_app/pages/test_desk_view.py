"""What the desk shows, and what it costs to look."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from litestar import Litestar
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from desks.presence import SILENT_AFTER
from interactions import commands as log
from interactions import escalation
from interactions.cases import open_case
from interactions.escalation import ToCall
from nanori.actors import Role
from nanori.context import Context
from nanori.db import Sessions, bind_tenants
from nanori.identity.models import Account
from nanori_app.pages.desk_parts import Holder, Mode
from nanori_app.pages.desk_view import desk_view
from tenants.commands import Profile
from tests.support import desk_stage as scene
from tests.support.clock import START, TestClock
from tests.support.desk_stage import TAB, Stage
from tests.support.people import an_account, signed_in

COFFEE = Profile(
    legal_name="株式会社ミナト珈琲", brand_name="ミナト珈琲", brand_reading="みなとこーひー", colour="#7a3e1d"
)
FLOWERS = Profile(
    legal_name="有限会社花影", brand_name="花影フラワー", brand_reading="はなかげふらわー", colour="#b3266b"
)
MOST_STATEMENTS = 16


@pytest.fixture
async def stage(session: AsyncSession) -> Stage:
    return await scene.set_stage(session, [COFFEE, FLOWERS], now=START)


def context_of(stage: Stage, clock: TestClock) -> Context:
    return Context(
        actor=stage.actor, name="試験 太郎", roles=frozenset({Role.AGENT}),
        shops=frozenset(shop.tenant_id for shop in stage.shops), locale="ja", zone=ZoneInfo("Asia/Tokyo"),
        now=clock.now(), request_id=uuid4(),
    )  # fmt: skip


@contextmanager
def statements(session: AsyncSession) -> Generator[list[str]]:
    """What is asked of the database meanwhile."""
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


async def a_call_in_hand(session: AsyncSession, stage: Stage, clock: TestClock) -> Any:
    await scene.had_called_before(session, stage, stage.shops[0], now=clock.now())
    await scene.be_ready(session, stage, now=clock.now())
    call = await scene.caller_waits(session, stage, stage.shops[0], now=clock.now())
    clock.advance(timedelta(seconds=4))
    offer = await scene.call_rings(session, stage, call, now=clock.now())
    return call, offer


async def test_a_ringing_offer_names_the_shop_its_reading_and_the_words_to_say(
    session: AsyncSession, stage: Stage, clock: TestClock
) -> None:
    await a_call_in_hand(session, stage, clock)
    view = await desk_view(session, context_of(stage, clock), tab=TAB)
    assert view.mode is Mode.RINGING
    assert view.shop is not None
    assert (view.shop.name, view.shop.reading) == ("ミナト珈琲", "みなとこーひー")
    assert view.phrase == "お電話ありがとうございます。ミナト珈琲でございます。"
    assert ("ミナト珈琲", True) in view.phrase_pieces
    assert [step.title for step in view.steps] == [step.title for step in scene.STEPS]


async def test_who_has_waited_is_greeted_with_an_apology(
    session: AsyncSession, stage: Stage, clock: TestClock
) -> None:
    _, _ = await a_call_in_hand(session, stage, clock)
    clock.advance(timedelta(seconds=8))
    view = await desk_view(session, context_of(stage, clock), tab=TAB)
    assert view.phrase.startswith("大変お待たせいたしました")


async def test_the_desk_is_read_in_few_statements_whatever_is_on_it(
    session: AsyncSession, sessions: Sessions, stage: Stage, clock: TestClock
) -> None:
    asked = {"idle": await statements_of_a_look(sessions, stage, clock)}
    call, offer = await a_call_in_hand(session, stage, clock)
    asked["ringing"] = await statements_of_a_look(sessions, stage, clock)
    interaction = await scene.call_runs(session, stage, call, offer, now=clock.now())
    shop = [ToCall("山田", "+819000000001", 20)]
    await escalation.start_run(session, interaction, shop, actor=stage.actor, now=clock.now())
    asked["escalating"] = await statements_of_a_look(sessions, stage, clock)
    await scene.call_ends(session, call, now=clock.now())
    asked["wrap-up"] = await statements_of_a_look(sessions, stage, clock)
    assert {state: count for state, count in asked.items() if not 0 < count <= MOST_STATEMENTS} == {}


async def statements_of_a_look(sessions: Sessions, stage: Stage, clock: TestClock) -> int:
    """By a session that has nothing in memory yet, as a request's has not."""
    context = context_of(stage, clock)
    async with sessions() as fresh:
        await bind_tenants(fresh, context.shops)
        with statements(fresh) as asked:
            await desk_view(fresh, context, tab=TAB)
    return len(asked)


async def test_what_was_typed_comes_back(session: AsyncSession, stage: Stage, clock: TestClock) -> None:
    call, offer = await a_call_in_hand(session, stage, clock)
    interaction = await scene.call_runs(session, stage, call, offer, now=clock.now())
    await log.save_notes(session, interaction, "折り返す")
    await log.save_captured(session, interaction, {"order": "MC-1"})
    view = await desk_view(session, context_of(stage, clock), tab=TAB)
    assert view.mode is Mode.TALKING
    assert view.notes == "折り返す"
    assert [field.value for step in view.steps for field in step.fields if field.key == "order"] == ["MC-1"]


async def test_only_what_the_shopper_had_with_this_shop_is_shown(
    session: AsyncSession, stage: Stage, clock: TestClock
) -> None:
    elsewhere = await scene.had_called_before(session, stage, stage.shops[1], now=clock.now())
    await a_call_in_hand(session, stage, clock)
    view = await desk_view(session, context_of(stage, clock), tab=TAB)
    assert len(view.earlier) == 1
    assert view.earlier[0].href.startswith(f"/interactions/{stage.shops[0].tenant_id}/")
    assert str(elsewhere.id) not in view.earlier[0].href


async def test_a_second_tab_looks_on_until_the_first_falls_silent(
    session: AsyncSession, stage: Stage, clock: TestClock
) -> None:
    await scene.be_ready(session, stage, now=clock.now())
    seen = await desk_view(session, context_of(stage, clock), tab="another")
    assert (seen.seat.holder, seen.is_mine) == (Holder.OTHER, False)
    clock.advance(SILENT_AFTER + timedelta(seconds=1))
    assert (await desk_view(session, context_of(stage, clock), tab="another")).seat.holder is Holder.FREE
    assert (await desk_view(session, context_of(stage, clock), tab=TAB)).seat.holder is Holder.MINE


async def test_every_link_of_the_desk_leads_somewhere(
    session: AsyncSession, app: Litestar, stage: Stage, clock: TestClock
) -> None:
    before = await scene.had_called_before(session, stage, stage.shops[1], now=clock.now())
    await a_call_in_hand(session, stage, clock)
    case = await open_case(
        session, stage.shops[1].tenant_id, subject="返品の送り先", shopper_id=None, due_at=START, now=START
    )
    case.assigned_to, before.case_id = stage.agent.id, case.id
    view = await desk_view(session, context_of(stage, clock), tab=TAB)
    await session.commit()
    links = [view.earlier[0].href, view.cases[0].href]
    async with signed_in(app, stage.agent) as browser:
        assert [(await browser.get(link)).status_code for link in links] == [200, 200]


async def test_an_agent_on_no_roster_is_told_so(
    session: AsyncSession, app: Litestar, clock: TestClock
) -> None:
    nobody = await _committed(session, clock)
    async with signed_in(app, nobody) as browser:
        page = await browser.get("/desk")
    assert page.status_code == 200
    assert "担当する窓口がまだありません" in page.text


async def test_after_the_wrap_up_the_day_counts_one_more(
    session: AsyncSession, stage: Stage, clock: TestClock
) -> None:
    call, offer = await a_call_in_hand(session, stage, clock)
    interaction = await scene.call_runs(session, stage, call, offer, now=clock.now())
    clock.advance(timedelta(seconds=90))
    await scene.call_ends(session, call, now=clock.now())
    clock.advance(timedelta(seconds=30))
    await scene.wrap_up_is_saved(session, stage, interaction, now=clock.now())
    view = await desk_view(session, context_of(stage, clock), tab=TAB)
    assert view.mode is Mode.IDLE
    assert view.today is not None
    assert (view.today.calls, view.today.talked, view.today.wrapup_each) == ("1", "1分30秒", "30秒")


async def _committed(session: AsyncSession, clock: TestClock) -> Account:
    stage = await scene.set_stage(session, [COFFEE], now=clock.now(), bare=True)
    await session.commit()
    await bind_tenants(session, [])
    return stage.agent


async def test_supervisors_and_merchants_have_no_desk(session: AsyncSession, app: Litestar) -> None:
    supervisor = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, supervisor) as browser:
        assert (await browser.get("/desk/panel")).status_code == 404
