"""The log and the desks in a real browser: rows are swapped, addresses stay true, no mouse is needed."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from desks import presence, roster
from desks.models import RosterEntry
from desks.values import Presence
from nanori.actors import Role
from nanori.clock import SystemClock
from nanori.db import across_shops, bind_all_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from tests.conftest import ROOT
from tests.support.browser import axe_findings, sign_in
from tests.support.calls import an_abandoned_call, an_answered_call
from tests.support.live_server import serving
from tests.support.people import a_shop, an_account

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LONG = "ひまわり園芸とはちみつの直売所 オンライン本店 お客様相談窓口"


@dataclass(frozen=True, slots=True)
class Scene:
    house: Installation
    address: str
    supervisor: Account
    call: str
    desk: str


@pytest.fixture
async def scene(clone: Installation) -> AsyncGenerator[Scene]:
    house = replace(clone, clock=SystemClock())
    now = house.clock.now()
    async with across_shops(house.staff) as session:
        coffee, honey = await a_shop(session, slug="minato"), await a_shop(session, slug="honey", brand=LONG)
        supervisor = await an_account(session, Role.SUPERVISOR, now=now)
        agent = await an_account(session, Role.AGENT, shops=[coffee.tenant_id], now=now)
        await bind_all_shops(session)
        desk = await roster.open_standing_desk(session, coffee.tenant_id, name="窓口", now=now)
        await roster.put_on_desk(session, coffee.tenant_id, desk_id=desk.id, agent_id=agent.id, level=1)
        call = await an_answered_call(session, coffee.tenant_id, agent.id, at=now - timedelta(hours=1))
        for minute in range(60):
            await an_abandoned_call(session, honey.tenant_id, at=now - timedelta(hours=2, minutes=minute))
    with serving(house.settings) as address:
        yield Scene(
            house, address, supervisor, f"/interactions/{call.tenant_id}/{call.id}",
            f"/desks/{desk.tenant_id}/{desk.id}",
        )  # fmt: skip


async def opened(browser: Browser, scene: Scene, path: str, **options: object) -> Page:
    window = await sign_in(browser, scene.house, scene.supervisor, scene.address, **options)
    page = await window.new_page()
    await page.goto(path)
    return page


async def test_a_filter_swaps_the_rows_and_its_address_can_be_kept(browser: Browser, scene: Scene) -> None:
    page = await opened(browser, scene, "/interactions", viewport=WIDE)
    await expect(page.locator("#log tbody tr")).to_have_count(50)
    await page.evaluate("window.kept = true")
    await page.select_option("#shop", "minato")
    await expect(page.locator("#log tbody tr")).to_have_count(1)

    assert await page.evaluate("window.kept")  # the page itself has stayed
    assert "shop=minato" in page.url
    await page.reload()
    await expect(page.locator("#log tbody tr")).to_have_count(1)
    assert await page.input_value("#shop") == "minato"


async def test_going_back_shows_the_whole_page_again(browser: Browser, scene: Scene) -> None:
    page = await opened(browser, scene, "/interactions", viewport=WIDE)
    await page.select_option("#shop", "minato")
    await expect(page.locator("#log tbody tr")).to_have_count(1)
    await page.locator("#log tbody a").first.click()
    await page.wait_for_url(f"**{scene.call}")
    await page.go_back()

    await expect(page.locator("h1")).to_have_text("応対履歴")
    await expect(page.locator("#log tbody tr")).to_have_count(1)


async def test_the_log_is_searched_and_a_call_opened_without_a_mouse(browser: Browser, scene: Scene) -> None:
    page = await opened(browser, scene, "/interactions", viewport=WIDE)
    await page.keyboard.press("/")
    await page.keyboard.type("minato#1")
    await page.keyboard.press("Enter")
    await expect(page.locator("#log tbody tr")).to_have_count(1)
    await page.locator("#log tbody a").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{scene.call}")

    await expect(page.locator(".ribbon")).to_contain_text("ミナト珈琲")


async def test_without_scripts_the_same_form_asks_the_same(browser: Browser, scene: Scene) -> None:
    page = await opened(browser, scene, "/interactions", viewport=WIDE, java_script_enabled=False)
    await page.select_option("#shop", "minato")
    await page.click(".log-filters button[type=submit]")

    await expect(page.locator("#log tbody tr")).to_have_count(1)
    await expect(page.locator("h1")).to_have_text("応対履歴")


async def test_a_wrong_filter_is_told_where_the_rows_would_be(browser: Browser, scene: Scene) -> None:
    page = await opened(browser, scene, "/interactions", viewport=WIDE)
    await page.fill("#q", "090-1234-5678")
    await page.press("#q", "Enter")

    await expect(page.locator("#log .error-summary")).to_contain_text("先にショップを選んでください")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "phone"])
async def test_nothing_is_held_against_the_pages_at_any_width(
    browser: Browser, scene: Scene, viewport: dict[str, int]
) -> None:
    axe = (ROOT / "var" / "vendor" / "axe.js").read_text()
    page = await opened(browser, scene, "/interactions", viewport=viewport)
    for path in ("/interactions", "/interactions?q=x&since=x", "/interactions?channel=mail", scene.call,
                 "/desks", scene.desk):  # fmt: skip
        await page.goto(path)

        assert await axe_findings(page, axe) == [], path
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], path


async def test_the_desks_move_by_themselves(browser: Browser, scene: Scene) -> None:
    page = await opened(browser, scene, "/desks", viewport=WIDE)
    await expect(page.locator(".people .badge")).to_have_text("勤務外")
    await page.wait_for_timeout(500)
    async with across_shops(scene.house.staff) as session:
        agent = await session.scalar(select(RosterEntry.agent_id))
        assert agent is not None
        seat = await presence.locked_seat(session, agent, now=scene.house.clock.now())
        await presence.enter(session, seat, Presence.READY, now=scene.house.clock.now())

    await expect(page.locator(".people .badge")).to_have_text("受付可")
