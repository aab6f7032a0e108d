"""The wall display: the same floor, and nothing on it that a visitor must not read."""

from litestar import Litestar
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.words import words_for
from nanori_app.pages.floor.reads import floor_facts
from nanori_app.pages.floor.wall import ROWS, wall_view
from telephony.models import Call
from telephony.values import CallState
from tests.support.clock import TestClock
from tests.support.floor_stage import AGENTS, fill_floor
from tests.support.people import an_account, signed_in


async def test_the_wall_shows_the_desks_that_need_somebody_and_how_many_there_are_besides(
    session: AsyncSession, clock: TestClock
) -> None:
    await fill_floor(session, now=clock.now(), desks=30, agents=24, calls_today=12)
    view = wall_view(await floor_facts(session, now=clock.now()), words_for("en"), zone="Asia/Tokyo")
    assert (len(view.rows), view.more) == (ROWS, 24)
    assert view.rows[0].tone == "urgent"
    assert int(view.totals.waiting) > 0
    assert view.time == "10:00"


async def test_nobodys_name_and_number_are_on_the_wall(
    session: AsyncSession, app: Litestar, clock: TestClock
) -> None:
    floor = await fill_floor(session, now=clock.now(), desks=6, agents=24, calls_today=5)
    await session.execute(
        update(Call).where(Call.state != CallState.CLOSED).values(help_asked_at=clock.now())
    )
    boss = await an_account(session, Role.SUPERVISOR, locale="en")
    await session.commit()
    async with signed_in(app, boss) as browser:
        shown = [(await browser.get(path)).text for path in ("/floor/wall", "/floor/wall/parts")]
    for text in shown:
        assert "Help is asked for" in text
        assert "ミナト珈琲" in text
        for secret in (*AGENTS, "+81", *map(str, floor.agents), *map(str, floor.calls), boss.name):
            assert secret not in text


async def test_an_empty_house_has_a_quiet_wall(session: AsyncSession, app: Litestar) -> None:
    boss = await an_account(session, Role.SUPERVISOR, locale="en")
    await session.commit()
    async with signed_in(app, boss) as browser:
        page = await browser.get("/floor/wall")
    assert page.status_code == 200
    assert "There is no desk yet" in page.text
