"""Joining and splitting in a real browser: by keys, the focus where the next word goes, by WCAG's rules."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace

import pytest
from playwright.async_api import Browser, BrowserContext, Dialog, Page, expect
from sqlalchemy import select

from interactions.models import Case
from mailroom.adapters.sink import Sink
from mailroom.ports import POSTMAN
from mailroom.receiving import receive
from nanori.clock import SystemClock
from nanori.db import unit_of_work
from nanori.installation import Installation
from tests.conftest import ROOT
from tests.mailroom.conftest import MailShop, a_mail_shop
from tests.support.browser import axe_findings, sign_in, tab_to, windows
from tests.support.live_server import serving

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOOKS = [("light", WIDE), ("dark", NARROW)]


@dataclass
class Work:
    """An agent's window, and two cases with one mail each of the same shopper."""

    window: BrowserContext
    house: Installation
    shop: MailShop

    async def page(self, number: int, action: str = "") -> Page:
        page = await self.window.new_page()
        await page.goto(await self.at(number) + action)
        return page

    async def at(self, number: int) -> str:
        async with unit_of_work(self.house.staff, [self.shop.id]) as session:
            found = await session.scalar(select(Case.id).where(Case.number == number))
        return f"/mail/{self.shop.id}/{found}"


@pytest.fixture
async def work(clone: Installation, browser: Browser) -> AsyncGenerator[Work]:
    house = replace(clone, clock=SystemClock(), plugged={POSTMAN: Sink()})
    async with house.staff() as session:
        shop = await a_mail_shop(session)
    for number in (1, 2):
        await receive(house, shop.letter(body=f"{number}通目", number=number))
    with serving(house.settings) as address:
        async with windows(browser):
            options = {"locale": "ja-JP", "bypass_csp": True}
            yield Work(await sign_in(browser, house, shop.agent, address, **options), house, shop)


async def keeps_the_rules(page: Page) -> None:
    axe = (ROOT / "var" / "vendor" / "axe.js").read_text()
    assert await axe_findings(page, axe) == []
    assert await page.evaluate(TOO_WIDE) <= 0


async def test_two_cases_are_joined_by_keys_alone_and_parted_again(work: Work) -> None:
    page, asked = await work.page(2), list[str]()

    async def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.accept()

    page.on("dialog", agree)
    await page.keyboard.press("m")
    await page.wait_for_url("**/join")
    await expect(page.locator(".mail-choice a")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/join?into=*")
    await expect(page.locator("#reason")).to_be_focused()
    await expect(page.locator(".mail-will")).to_contain_text("以後は No. 1 で対応します。")
    await page.keyboard.type("同じ件")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{await work.at(1)}")
    await expect(page.locator(".notice.is-good")).to_contain_text("統合しました")
    await expect(page.locator(".mail")).to_have_count(2)
    await expect(page.locator(".mail-note")).to_contain_text("同じ件")

    await tab_to(page, "form[action$='/undoing'] button")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{await work.at(2)}")
    await expect(page.locator(".mail")).to_have_count(1)
    assert len(asked) == 1


async def test_another_case_is_found_by_its_number_and_the_way_may_be_turned_round(work: Work) -> None:
    page = await work.page(2, "/join")
    await page.fill("#q", "9")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/join?q=9")
    await expect(page.locator(".empty")).to_be_visible()
    await expect(page.locator("#q")).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("No.1")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/join?q=No.1")
    await expect(page.locator(".mail-choice a")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#will-be")).to_contain_text("No. 2 → No. 1")
    await tab_to(page, f"a[href^='{await work.at(1)}/join']")
    await page.keyboard.press("Enter")
    await expect(page.locator("#will-be")).to_contain_text("No. 1 → No. 2")


async def test_a_refusal_is_read_first_and_what_was_typed_stays(work: Work) -> None:
    page, other = await work.page(2), await work.page(2, f"/join?into={(await work.at(1)).split('/')[-1]}")
    await page.keyboard.press("r")
    await page.keyboard.type("書きかけ")
    await expect(page.locator("#draft-state")).to_contain_text("下書きを保存しました")

    await other.fill("#reason", "わけ")
    await other.keyboard.press("Enter")
    await expect(other.locator(".error-summary")).to_be_focused()
    await expect(other.locator("#reason")).to_have_value("わけ")
    await expect(other.locator("fieldset")).to_contain_text("書きかけ")
    await keeps_the_rules(other)
    await tab_to(other, "#drafts-take")
    await other.keyboard.press("Space")
    await expect(other.locator("#drafts-take")).to_be_checked()
    await other.press("#reason", "Enter")
    await other.wait_for_url(f"**{await work.at(1)}")
    await expect(other.locator("#answer-text")).to_have_value("書きかけ")


async def test_a_mail_is_split_by_keys_alone(work: Work) -> None:
    page = await work.page(1)
    await page.keyboard.press("s")
    await page.wait_for_url("**/split")
    await expect(page.locator("#subject")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#subject-error")).to_be_visible()
    await expect(page.locator(".error-summary")).to_be_focused()
    await keeps_the_rules(page)
    await tab_to(page, "#subject")
    await page.keyboard.type("領収書の件")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("領収書の件")
    await expect(page.locator(".mail .badge", has_text="No. 1 から分割")).to_be_visible()


@pytest.mark.parametrize(("scheme", "size"), LOOKS, ids=["desk", "phone"])
@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_the_pages_keep_the_rules_of_access_and_fit_their_window(
    work: Work, scheme: str, size: dict[str, int], locale: str
) -> None:
    into = (await work.at(1)).split("/")[-1]
    page = await work.page(2)
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size({"width": size["width"], "height": size["height"]})
    if locale == "en":
        await page.evaluate("document.querySelector('.lang-choice[value=en]').click()")
        await page.wait_for_function("document.documentElement.lang === 'en'")
    for action in ("/join", "/join?q=9", f"/join?into={into}", "/split"):
        await page.goto(await work.at(2) + action)
        await keeps_the_rules(page)
