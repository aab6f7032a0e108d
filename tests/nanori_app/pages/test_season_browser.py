"""A supervisor opens a seasonal desk in one go, in a real browser."""

import re
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from desks.models import Desk
from desks.values import DeskKind, DeskState
from interactions.models import Interaction
from nanori.actors import Role
from nanori.clock import SystemClock
from nanori.db import across_shops
from nanori.installation import Installation
from scripts_talk import versions
from scripts_talk.steps import Step
from tests.support.browser import axe_findings, sign_in, windows
from tests.support.clock import START
from tests.support.live_server import serving
from tests.support.people import an_account
from tests.support.seasons import a_pool
from tests.telephony.conftest import NUMBER, a_desk, a_ready_shop, an_agent

AXE = Path(__file__).parents[3] / "var" / "vendor" / "axe.js"
FIVE_MINUTES = 300.0
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def test_a_supervisor_opens_a_seasonal_desk_in_one_go(clone: Installation, browser: Browser) -> None:
    house = replace(clone, clock=SystemClock())
    async with across_shops(house.staff) as session:
        shop = await a_ready_shop(session, NUMBER)
        desk = await a_desk(session, shop)
        for _ in range(3):
            await an_agent(session, shop, desk)
        step = Step(title="名のり", say="ご用件を承ります。")
        await versions.put_in_force(session, shop.tenant_id, "受付", [step], now=START)
        await a_pool(session)
        at = house.clock.now() - timedelta(days=7)
        session.add(
            Interaction(
                tenant_id=shop.tenant_id, number=9000, channel="phone", direction="inbound", party="human",
                arrived_at=at, queued_at=at, answered_at=at, ended_at=at, outcome="answered", desk_id=desk.id,
            )
        )  # fmt: skip
        account = await an_account(session, Role.SUPERVISOR, now=house.clock.now())
    with serving(house.settings) as address:
        async with windows(browser):
            window = await sign_in(browser, house, account, address, viewport={"width": 1440, "height": 900})
            page = await window.new_page()
            began = time.monotonic()
            await _plan(page)
            await _pass_the_gate(page)
            assert time.monotonic() - began < FIVE_MINUTES
            assert await axe_findings(page, AXE.read_text()) == []
            await page.set_viewport_size({"width": 390, "height": 844})
            assert await page.evaluate(TOO_WIDE) <= 0
    async with across_shops(house.staff) as session:
        made = await session.scalar(select(Desk).where(Desk.kind == DeskKind.SEASONAL))
        assert made is not None
        assert (made.name, made.state) == ("母の日窓口", DeskState.SCHEDULED)


async def _plan(page: Page) -> None:
    """One page: what is typed changes the list beside it."""
    await page.goto("/seasons")
    await page.get_by_role("link", name="新しい季節窓口").click()
    await page.get_by_role("link", name="「受付」をもとに").click()
    await page.wait_for_url("**/seasons/new?like=*")  # loaded: what is typed before that is not heard
    await expect(page.get_by_label("最も混む30分の入電数")).to_have_value("1")
    await page.get_by_label("窓口の名前").fill("母の日窓口")
    await page.get_by_label("それに対する期間中の見込み").fill("150")
    await expect(page.get_by_label("最も混む30分の入電数")).to_have_value("2")
    await expect(page.locator('[data-item="roster"].is-done')).to_be_visible()
    await expect(page.locator(".season-curve svg")).to_be_visible()
    await page.context.set_offline(True)
    await page.get_by_role("button", name="保存して番号を確保する").click()
    await expect(page.get_by_text("入力した内容は残っています")).to_be_visible()
    await expect(page.get_by_label("窓口の名前")).to_have_value("母の日窓口")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="保存して番号を確保する").click()
    await page.wait_for_url(re.compile(r"/seasons/[0-9a-f-]+/[0-9a-f-]+$"))


async def _pass_the_gate(page: Page) -> None:
    await expect(page.get_by_role("button", name="予定どおり開く")).to_be_disabled()
    await page.get_by_role("button", name="テスト通話").click()
    await expect(page.get_by_text("名のりを確認", exact=True)).to_be_visible()
    await page.get_by_role("button", name="店長に確認しました").click()
    await page.get_by_role("button", name="予定どおり開く").click()
    await expect(page.get_by_text("に自動で開きます。")).to_be_visible()
