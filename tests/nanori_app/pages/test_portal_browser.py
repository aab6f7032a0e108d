"""A merchant changes hours, a single day and the people on the page of its shop, in a real browser."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Dialog, Locator, Page, expect

from nanori.actors import Role
from nanori.clock import SystemClock
from nanori.db import across_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from tenants.calendars import calendar_of
from tenants.changes.models import ChangeState
from tenants.changes.queries import changes_of_shop
from tenants.contacts import ContactPerson, set_contacts
from tenants.hours import Span, spans_on, week_on
from tenants.models import Tenant
from tests.conftest import ROOT
from tests.reports.logged import an_open_shop
from tests.support.browser import axe_findings, sign_in, tab_to, windows
from tests.support.live_server import serving
from tests.support.people import an_account

PHONE = {"width": 390, "height": 844}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OWNER = ContactPerson(name="店長", phone="+819012345678")


@dataclass
class Scene:
    """A shop with hours and one person to be reached, and its merchant at a telephone's width."""

    house: Installation
    shop: Tenant
    page: Page

    async def opens(self, part: str) -> None:
        """From the start page by keyboard, and nothing is wrong with what is shown."""
        await self.page.goto("/portal")
        await tab_to(self.page, f"a[href$='/{part}']")
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator(f"form[action$='/{part}']")).to_be_attached()
        await self.keeps_the_rules()

    async def keeps_the_rules(self) -> None:
        axe = (ROOT / "var" / "vendor" / "axe.js").read_text()
        assert await axe_findings(self.page, axe) == []
        assert await self.page.evaluate(TOO_WIDE) <= 0

    @property
    def announced(self) -> Locator:
        """The changes on the page, the latest day first."""
        return self.page.locator("[aria-labelledby=changes-title] > ul > li")

    async def states(self) -> list[ChangeState]:
        async with across_shops(self.house.staff) as session:
            found = await changes_of_shop(session, self.shop.tenant_id, today=date.min + timedelta(days=61))
        return [one.row.state for one in found]


@pytest.fixture
async def scene(clone: Installation, browser: Browser) -> AsyncGenerator[Scene]:
    house = replace(clone, clock=SystemClock())
    async with across_shops(house.staff) as session:
        shop = await an_open_shop(session, slug="minato-coffee")
        await set_contacts(session, shop.tenant_id, [OWNER])
        merchant = await an_account(session, Role.MERCHANT, shops=[shop.tenant_id], now=house.clock.now())
    with serving(house.settings) as address:
        async with windows(browser):
            page = await merchants_page(browser, house, merchant, address)
            yield Scene(house, shop, page)


async def merchants_page(browser: Browser, house: Installation, merchant: Account, address: str) -> Page:
    window = await sign_in(browser, house, merchant, address, viewport=PHONE, bypass_csp=True, locale="ja-JP")
    return await window.new_page()


def in_days(days: int) -> date:
    return datetime.now(ZoneInfo("Asia/Tokyo")).date() + timedelta(days=days)


async def test_a_single_day_is_entered_by_keyboard_announced_and_taken_back(scene: Scene) -> None:
    page, day = scene.page, in_days(10)
    asked: list[str] = []

    async def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.accept()

    page.on("dialog", agree)
    await scene.opens("hours")
    await page.fill("#days-from", day.isoformat())
    await tab_to(page, "[data-add-row=days]")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-rows=days] [name=opens]")).to_be_focused()
    await page.keyboard.type("１０")
    await page.keyboard.press("Tab")
    await page.keyboard.type("1500")
    await tab_to(page, "#days-label")
    await page.keyboard.type("棚卸し")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice.is-good")).to_be_visible()
    await expect(scene.announced).to_have_count(1)
    await expect(scene.announced).to_contain_text("適用予定")
    await expect(scene.announced).to_contain_text("10:00–15:00 (棚卸し)")
    await scene.keeps_the_rules()
    async with across_shops(scene.house.staff) as session:
        assert spans_on(await calendar_of(session, scene.shop), day) == (Span(600, 900),)

    await tab_to(page, "form[action$='/withdrawal'] button")
    await page.keyboard.press("Enter")
    await expect(scene.announced).to_contain_text("取り下げ済み")
    assert asked == ["この変更を取り下げますか？"]
    assert await scene.states() == [ChangeState.WITHDRAWN]


async def test_a_withdrawal_that_is_thought_better_of_changes_nothing(scene: Scene) -> None:
    page, asked = scene.page, list[str]()

    async def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", refuse)
    await scene.opens("hours")
    await page.fill("#days-from", in_days(10).isoformat())
    await page.click("form[action$='/days'] .actions .button")
    await expect(scene.announced).to_contain_text("休業")
    await page.click("form[action$='/withdrawal'] button")
    assert len(asked) == 1
    await expect(page.locator("form[action$='/withdrawal']")).not_to_have_attribute("aria-busy", "true")
    assert await scene.states() == [ChangeState.STANDS]


async def test_other_weekly_hours_are_entered_with_one_day_copied(scene: Scene) -> None:
    page, since = scene.page, in_days(14)
    await scene.opens("hours")
    await tab_to(page, "summary.panel-head")
    await page.keyboard.press("Enter")
    await expect(page.locator("#week-from")).to_be_visible()
    await page.fill("#week-from", in_days(0).isoformat())
    await page.locator("[name=opens-0]").fill("13")
    await page.locator("[name=closes-0]").fill("21")
    await tab_to(page, "[data-copy-day]")
    await page.keyboard.press("Enter")
    await expect(page.locator("[name=closes-4]")).to_have_value("21")
    await scene.keeps_the_rules()
    await page.press("[name=closes-4]", "Control+Enter")
    await expect(page.locator("#week-from-error")).to_contain_text("明日以降")
    await expect(page.locator("[name=closes-4]")).to_have_value("21")
    await scene.keeps_the_rules()
    await page.fill("#week-from", since.isoformat())
    await page.press("#week-from", "Control+Enter")
    await expect(scene.announced).to_contain_text("月–金 13:00–21:00")

    async with across_shops(scene.house.staff) as session:
        calendar = await calendar_of(session, scene.shop)
    assert week_on(calendar, since)[4] == (Span(780, 1260),)
    assert week_on(calendar, since - timedelta(days=1))[4] == (Span(540, 1080),)


async def test_another_person_is_entered_and_called_first(scene: Scene) -> None:
    page = scene.page
    await scene.opens("contacts")
    await page.fill("#holds_from", in_days(3).isoformat())
    await tab_to(page, "[data-add-row=contact]")
    await page.keyboard.press("Enter")
    name = page.locator("[name=contact-name]").nth(1)
    await expect(name).to_be_focused()
    await page.keyboard.type("副店長")
    await page.locator("[name=contact-phone]").nth(1).fill("０８０－１２３４－５６７８")
    await page.locator("[data-move-up]").nth(1).press("Enter")
    await expect(page.locator("[name=contact-name]").first).to_have_value("副店長")
    await page.locator("[name=contact-name]").first.press("Control+Enter")
    await expect(page.locator(".notice.is-good")).to_be_visible()
    await expect(scene.announced.locator("li")).to_have_text(
        ["1. 副店長 080-1234-5678", "2. 店長 090-1234-5678"]
    )
    await expect(page.locator("[name=contact-name]")).to_have_count(1)
    await scene.keeps_the_rules()
    assert await scene.states() == [ChangeState.STANDS]
