"""Rosters in a real browser, by keyboard alone: from the list of desks to an agent on one, and back."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Dialog, Page, expect
from sqlalchemy import select

from desks import roster
from desks.models import Desk, RosterEntry
from nanori.actors import Role
from nanori.clock import SystemClock
from nanori.db import across_shops
from nanori.identity import commands as identity
from nanori.identity.models import Account
from nanori.installation import Installation
from tests.support.browser import axe_findings, sign_in, tab_to, windows
from tests.support.live_server import serving
from tests.support.people import a_shop, an_account

AXE = Path(__file__).parents[3] / "var" / "vendor" / "axe.js"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PUT_ON, LEVEL, SAVE_TIMES = "form[action$='/agents'] button", "#level", "form[action$='/times'] button"


@dataclass(frozen=True, slots=True)
class Scene:
    browser: Browser
    house: Installation
    address: str
    supervisor: Account
    desk: Desk
    agent: Account

    async def page(self, path: str, **options: Any) -> Page:
        window = await sign_in(self.browser, self.house, self.supervisor, self.address, **options)
        page = await window.new_page()
        await page.goto(path)
        return page

    @property
    def path(self) -> str:
        return f"/desks/{self.desk.tenant_id}/{self.desk.id}"

    async def entries(self) -> list[tuple[object, int]]:
        async with across_shops(self.house.staff) as session:
            rows = await session.execute(select(RosterEntry.agent_id, RosterEntry.level))
            return [(agent_id, level) for agent_id, level in rows]


@pytest.fixture
async def scene(clone: Installation, browser: Browser) -> AsyncGenerator[Scene]:
    house = replace(clone, clock=SystemClock())
    now = house.clock.now()
    async with across_shops(house.staff) as session:
        shop, other = await a_shop(session), await a_shop(session, brand="ひまわり園芸")
        desk = await roster.open_standing_desk(session, shop.tenant_id, name="窓口", now=now)
        await roster.open_standing_desk(session, other.tenant_id, name="窓口", now=now)
        supervisor = await an_account(session, Role.SUPERVISOR, now=now)
        await an_account(session, Role.AGENT, shops=[other.tenant_id], now=now)
        agent = await identity.add_account(
            session, "aoki@nanori.example", name="Aoki Haruka", password="a long enough password",
            locale="ja", now=now,
        )  # fmt: skip
    with serving(house.settings) as address:
        async with windows(browser):
            yield Scene(browser, house, address, supervisor, desk, agent)


async def test_a_roster_is_kept_by_keyboard_alone(scene: Scene) -> None:
    page = await scene.page("/desks")
    await tab_to(page, f"a[href='{scene.path}']")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{scene.path}")
    await tab_to(page, "#agent")
    await page.keyboard.type("Aoki")
    await tab_to(page, LEVEL)
    await page.keyboard.press("ArrowDown")
    await tab_to(page, PUT_ON)
    await page.keyboard.press("Enter")

    await expect(page.locator(".notice.is-good")).to_be_visible()
    assert await scene.entries() == [(scene.agent.id, 2)]

    asked: list[str] = []

    async def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.accept()

    page.on("dialog", agree)
    await tab_to(page, "form[action$='/removal'] button")
    await page.keyboard.press("Space")
    await expect(page.locator("form[action$='/removal']")).to_have_count(0)
    assert len(asked) == 1
    assert "Aoki Haruka" in asked[0]
    assert await scene.entries() == []


async def test_the_keys_lead_back_to_the_field_that_is_wrong(scene: Scene) -> None:
    page = await scene.page(scene.path)
    await tab_to(page, "#ring_seconds")
    await page.keyboard.type("3")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#ring_seconds")).to_have_value("3")
    await expect(page.locator("#ring_seconds")).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("20")
    await tab_to(page, SAVE_TIMES)
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice.is-good")).to_be_visible()

    async with across_shops(scene.house.staff) as session:
        desk = await session.get_one(Desk, (scene.desk.tenant_id, scene.desk.id))
    assert desk.ring_seconds == 20


async def test_a_desk_and_what_its_callers_meet_are_within_reach_of_everybody(scene: Scene) -> None:
    page = await scene.page(scene.path, viewport={"width": 390, "height": 844}, bypass_csp=True)
    found = await axe_findings(page, AXE.read_text())
    await page.goto(f"{scene.path}/callers")
    await page.click("[data-add-row=key]")
    found += await axe_findings(page, AXE.read_text())
    assert await page.evaluate(TOO_WIDE) == 0
    escalation = f"/shops/{scene.desk.tenant_id}/escalation"
    others = (f"{scene.path}/words", escalation, f"{escalation}/on-call", f"{escalation}/limits")
    for path in ("/desks", *others):
        await page.goto(path)
        found += await axe_findings(page, AXE.read_text())
        assert await page.evaluate(TOO_WIDE) == 0

    assert found == []
