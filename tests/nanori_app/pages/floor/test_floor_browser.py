"""The floor in a real browser: it moves by itself, never too often, and stays under the hands."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Request, expect
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import live
from nanori.actors import Role
from nanori.clock import SystemClock
from nanori.db import bind_all_shops
from nanori.installation import Installation
from telephony.models import Call, Leg
from telephony.ports import SIMULATED_PHONE
from telephony.values import LegRole, LegState
from tenants.commands import set_hours
from tenants.hours import Span
from tests.nanori_app.pages.test_desk_browser import NARROW, WIDE, Phone
from tests.nanori_app.pages.test_desk_view import COFFEE, FLOWERS
from tests.support import desk_stage as scene
from tests.support.browser import axe_findings, sign_in
from tests.support.desk_stage import Stage
from tests.support.floor_stage import fill_floor
from tests.support.live_server import serving
from tests.support.people import an_account

ALWAYS = {weekday: (Span(0, 1440),) for weekday in range(8)}


@dataclass(kw_only=True)
class Board:
    """A supervisor before the floor, and the house behind it."""

    house: Installation
    page: Page
    phone: Phone
    stage: Stage | None = None
    reads: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def behind(self) -> AsyncGenerator[AsyncSession]:
        async with self.house.staff.begin() as session:
            await bind_all_shops(session)
            yield session

    def row(self, shop: str) -> Any:
        return self.page.locator(".board tbody tr").filter(has_text=shop)


@asynccontextmanager
async def a_board(
    browser: Browser, clone: Installation, *, crowd: int | None = None, locale: str = "en", **window: Any
) -> AsyncGenerator[Board]:
    """Two shops that are always open, with one agent; or as many desks as a crowd has."""
    house, phone = replace(clone, clock=SystemClock()), Phone()
    now, stage = house.clock.now(), None
    async with house.staff.begin() as session:
        await bind_all_shops(session)
        if crowd is None:
            stage = await scene.set_stage(session, [COFFEE, FLOWERS], now=now)
            await bind_all_shops(session)
            for shop in stage.shops:
                await set_hours(session, shop.tenant_id, ALWAYS, [])
        elif crowd:
            await fill_floor(session, now=now, desks=crowd, agents=crowd * 2, calls_today=10)
        boss = await an_account(session, Role.SUPERVISOR, locale=locale, now=now)
    with serving(house.settings, {SIMULATED_PHONE: phone}) as address:
        options = {"viewport": WIDE, "timezone_id": "Asia/Tokyo"} | window
        opened = await sign_in(browser, house, boss, address, **options)
        board = Board(house=house, page=await opened.new_page(), phone=phone, stage=stage)
        board.page.on("request", lambda request: note(board, request))
        await board.page.goto("/floor")
        await board.page.wait_for_function("document.querySelector('#floor-live').dataset.state === 'open'")
        try:
            yield board
        finally:
            await opened.close()


def note(board: Board, request: Request) -> None:
    if "/floor/parts" in request.url:
        board.reads.append(request.url)


async def a_running_call(board: Board) -> Call:
    assert board.stage is not None
    async with board.behind() as session:
        now = board.house.clock.now()
        await scene.be_ready(session, board.stage, now=now)
        call = await scene.caller_waits(session, board.stage, board.stage.shops[0], now=now)
        offer = await scene.call_rings(session, board.stage, call, now=now)
        await scene.call_runs(session, board.stage, call, offer, now=now)
        leg = Leg(
            tenant_id=call.tenant_id, call_id=call.id, role=LegRole.AGENT, state=LegState.JOINED,
            agent_id=board.stage.agent.id, offer_id=offer.id, call_sid="CA" + "1" * 32, created_at=now,
            joined_at=now,
        )  # fmt: skip
        session.add(leg)
        call.conference_sid = "CF" + "1" * 32
        await live.announce(session, live.FLOOR, "call")
    return call


async def supervisor_joins(board: Board) -> None:
    """As the carrier would report it."""
    async with board.behind() as session:
        monitors = update(Leg).where(Leg.role == LegRole.MONITOR)
        await session.execute(monitors.values(state=LegState.JOINED, call_sid="CA" + "2" * 32))


async def test_a_caller_who_waits_appears_without_a_reload_and_the_focus_stays(
    browser: Browser, clone: Installation
) -> None:
    async with a_board(browser, clone) as board:
        assert board.stage is not None
        await board.page.keyboard.press("ArrowDown")
        await board.page.keyboard.press("ArrowDown")
        focused = await board.page.evaluate("document.activeElement.closest('tr').dataset.row")
        async with board.behind() as session:
            other = next(shop for shop in board.stage.shops if not focused.startswith(str(shop.tenant_id)))
            mine = next(shop for shop in board.stage.shops if shop is not other)
            now = board.house.clock.now()
            for shop, ago in ((mine, 5), (other, 70)):
                await scene.caller_waits(
                    session, board.stage, shop, now=now - timedelta(seconds=ago), number=None
                )
        await expect(board.row(other.brand_name).locator("td").first).to_have_text("1")
        first = board.page.locator(".board tbody tr").first
        await expect(first).to_contain_text(other.brand_name)
        assert await board.page.evaluate("document.activeElement.closest('tr').dataset.row") == focused


async def test_however_much_happens_the_board_is_read_twice_a_second_at_most(
    browser: Browser, clone: Installation
) -> None:
    async with a_board(browser, clone) as board:
        await board.page.wait_for_timeout(1200)
        board.reads.clear()
        began = time.monotonic()
        for _ in range(60):
            async with board.behind() as session:
                await live.announce(session, live.FLOOR, "call")
            await board.page.wait_for_timeout(30)
        spent = time.monotonic() - began
        await board.page.wait_for_timeout(700)
    assert 2 <= len(board.reads) <= (spent + 0.7) * 2 + 1


async def test_a_wait_becomes_an_alarm_without_any_news(browser: Browser, clone: Installation) -> None:
    async with a_board(browser, clone) as board:
        assert board.stage is not None
        async with board.behind() as session:
            now = board.house.clock.now()
            await scene.be_ready(session, board.stage, now=now)
            await scene.caller_waits(
                session, board.stage, board.stage.shops[0], now=now - timedelta(seconds=56), number=None
            )
        await expect(board.row("ミナト珈琲").locator("td").first).to_have_text("1")
        alarm = board.page.locator(".alarm.is-urgent").filter(has_text="A caller has waited too long")
        await expect(alarm).to_be_visible()
        await expect(board.page).to_have_title("(1) Floor · Nanori")
        await expect(board.page.locator("#floor-said")).to_contain_text("A caller has waited too long")


async def test_a_supervisor_listens_whispers_and_leaves_by_keys_alone(
    browser: Browser, clone: Installation
) -> None:
    async with a_board(browser, clone) as board:
        call = await a_running_call(board)
        await expect(board.page.locator(".call-list li")).to_have_count(1)
        await board.page.locator(".call-list a").focus()
        await board.page.keyboard.press("Enter")
        await expect(board.page.locator("#drawer [data-heading]")).to_be_focused()
        await board.page.keyboard.press("l")
        await expect(board.page.locator(".mine")).to_be_visible()
        await board.phone.carries(1)
        await expect(board.page.locator("#drawer [data-supervise=listen]")).to_have_attribute(
            "aria-pressed", "true"
        )
        await supervisor_joins(board)
        await board.page.keyboard.press("w")
        await expect(board.page.locator(".mine[data-mode=whisper]")).to_be_visible()
        await board.phone.carries(1)
        await board.page.keyboard.press("x")
        await expect(board.page.locator(".mine")).to_be_hidden()
        await board.phone.carries(0)
        await board.page.keyboard.press("Escape")
        await expect(board.page.locator("#drawer")).to_be_hidden()
        row = board.page.locator(f'[data-row="{call.id}"] a')
        await expect(row).to_be_focused()


async def test_an_agent_is_sent_on_a_break_from_the_drawer(browser: Browser, clone: Installation) -> None:
    async with a_board(browser, clone) as board:
        assert board.stage is not None
        async with board.behind() as session:
            await scene.be_ready(session, board.stage, now=board.house.clock.now())
        await board.page.locator(".column[data-state=ready] .at-work a").click()
        await board.page.locator("#drawer select[name=reason]").select_option("meeting")
        await board.page.locator("#drawer button[value=break]").click()
        await expect(board.page.locator("#drawer .details-state")).to_contain_text("Meeting")
        await expect(board.page.locator(".column[data-state=break] .at-work")).to_have_count(1)
        await board.page.reload()
        await expect(board.page.locator("#drawer .details-state")).to_contain_text("Meeting")


async def test_finding_a_desk_needs_no_mouse_and_survives_a_reload(
    browser: Browser, clone: Installation
) -> None:
    async with a_board(browser, clone) as board:
        await board.page.keyboard.press("/")
        await board.page.keyboard.type("はなかげ")
        await expect(board.page.locator(".board tbody tr")).to_have_count(1)
        assert await board.page.evaluate("document.activeElement.id") == "find"
        await board.page.reload()
        await expect(board.row("花影フラワー")).to_be_visible()
        await expect(board.page.locator(".board tbody tr")).to_have_count(1)


async def test_a_board_that_stands_still_says_so(browser: Browser, clone: Installation) -> None:
    async with a_board(browser, clone) as board:
        await board.page.context.set_offline(offline=True)
        async with board.behind() as session:
            await live.announce(session, live.FLOOR, "call")
        await expect(board.page.locator("#floor-live[data-state=old]")).to_contain_text(
            "the connection is lost", timeout=30_000
        )
        await board.page.context.set_offline(offline=False)
        await expect(board.page.locator("#floor-live[data-state=open]")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize(("crowd", "locale"), [(0, "ja"), (0, "en"), (3, "ja"), (3, "en"), (200, "ja")])
async def test_the_floor_fits_one_screen_and_a_phone_and_axe_finds_nothing(
    browser: Browser, clone: Installation, crowd: int, locale: str
) -> None:
    axe = (Path(clone.settings.vendor_dir) / "axe.js").read_text()
    async with a_board(browser, clone, crowd=crowd, locale=locale) as board:
        high, wide = await sizes(board.page)
        assert (high, wide) == (WIDE["height"], WIDE["width"])
        assert await axe_findings(board.page, axe) == []
        await board.page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
        assert (await sizes(board.page))[1] == NARROW["width"]
        assert await axe_findings(board.page, axe) == []
        await board.page.set_viewport_size({"width": 1920, "height": 1080})
        await board.page.goto("/floor/wall")
        assert await sizes(board.page) == (1080, 1920)
        assert await axe_findings(board.page, axe) == []


async def sizes(page: Page) -> tuple[int, int]:
    """Height and width of the document: the window's, when nothing has to be scrolled."""
    high, wide = await page.evaluate(
        "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
    )
    return high, wide
