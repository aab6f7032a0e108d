"""Setting up a shop in a real browser: by keyboard alone, at both widths, in both languages."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from nanori.actors import Role
from nanori.clock import SystemClock
from nanori.db import across_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from scripts_talk import queries as scripts
from tenants import commands, contacts, queries
from tenants.calendars import calendar_of
from tenants.hours import Span
from tests.support.browser import axe_findings, sign_in, tab_to, windows
from tests.support.clock import START
from tests.support.live_server import serving
from tests.support.people import a_shop, an_account

AXE = Path(__file__).parents[3] / "var" / "vendor" / "axe.js"
PARTS = ("", "/profile", "/phrases", "/phone", "/hours", "/lines", "/contacts", "/terms", "/script")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

AT_THE_LOWER_EDGE = """one => {
  const { top, height } = one.getBoundingClientRect();
  const last = document.querySelector(".script-actions .button").getBoundingClientRect().top;
  return Math.round(top + scrollY - height / 3 + Math.max(0, innerHeight - last));
}"""
"""So high a window ends where this one is for the greater part behind a button that stays in sight."""
STREAM_OPENS = "import('/static/nanori/js/connection.js').then((banner) => banner.showStream(false))"


@dataclass
class Stage:
    """A served installation with one shop and its operator."""

    browser: Browser
    house: Installation
    operator: Account
    address: str
    path: str

    async def page(self, path: str = "", **options: object) -> Page:
        context = await sign_in(self.browser, self.house, self.operator, self.address, **options)
        page = await context.new_page()
        await page.goto(path or self.path)
        return page


@pytest.fixture
async def stage(clone: Installation, browser: Browser) -> AsyncGenerator[Stage]:
    house = replace(clone, clock=SystemClock())
    async with house.staff.begin() as session:
        shop = await a_shop(session)
        await commands.adopt_first_phrases(session, shop, now=START)
        await commands.set_hours(session, shop.tenant_id, {0: (Span(540, 720), Span(780, 1080))})
        await commands.add_number(session, shop.tenant_id, "+815031960001")
        people = [contacts.ContactPerson(name="店長", phone="+819012345678")]
        await contacts.set_contacts(session, shop.tenant_id, people)
        operator = await an_account(session, Role.OPERATOR, now=house.clock.now())
    with serving(house.settings) as address:
        async with windows(browser):
            yield Stage(browser, house, operator, address, f"/shops/{shop.tenant_id}")


async def test_a_shop_is_created_by_keyboard_alone(stage: Stage) -> None:
    page = await stage.page("/shops")
    await page.keyboard.press("n")
    await page.wait_for_url("**/shops/new")
    for field, text in {
        "#brand_name": "花影フラワー",
        "#brand_reading": "はなかげふらわー",
        "#legal_name": "有限会社花影",
        "#slug": "hanakage",
    }.items():
        await tab_to(page, field)
        await page.keyboard.type(text)
    await page.keyboard.press("Control+Enter")

    await expect(page.locator(".notice.is-good")).to_contain_text("ショップを登録しました")
    await expect(page.locator("h1 rt")).to_have_text("はなかげふらわー")
    await expect(page.locator(".readiness .is-missing").first).to_be_visible()


async def test_the_colour_is_previewed_with_readable_text_and_warned_of_when_too_close(stage: Stage) -> None:
    page = await stage.page("/shops/new")
    await page.fill("#brand_name", "山吹堂")
    await page.fill("#colour", "#f7c948")
    ribbon = page.locator("[data-brand-preview] .ribbon")

    await expect(ribbon).to_have_css("background-color", "rgb(247, 201, 72)")
    await expect(ribbon).to_have_css("color", "rgb(0, 0, 0)")
    await expect(page.locator("[data-preview-name]")).to_have_text("山吹堂")
    await page.fill("#colour", "#7a3e20")
    await expect(page.locator("#colour-verdict .notice")).to_contain_text("ミナト珈琲")


async def test_mondays_times_are_copied_changed_and_saved(stage: Stage) -> None:
    page = await stage.page(f"{stage.path}/hours")
    await page.click("[data-copy-day]")
    await page.click('[data-add-row="day-5"]')
    await page.keyboard.type("１０：００")
    await page.keyboard.press("Tab")
    await page.keyboard.type("15")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".notice.is-good")).to_be_visible()

    async with across_shops(stage.house.staff) as session:
        [shop] = await queries.shops(session)
        week = (await calendar_of(session, shop)).week
    office = (Span(540, 720), Span(780, 1080))
    assert week == dict.fromkeys(range(5), office) | {5: (Span(600, 900),)}


async def test_a_script_with_a_branch_is_written_by_keyboard_keeps_itself_and_is_tried(stage: Stage) -> None:
    page = await stage.page(f"{stage.path}/script")
    for title, words in (("締め", "失礼いたします。"), ("ご用件", "ご用件は。")):
        await page.click('[data-add-row="step"]')
        await page.keyboard.type(title)
        await page.locator('[name="step-say"]').last.fill(words)
    await page.keyboard.press("Alt+ArrowUp")
    await page.locator('[data-add-row="captured"]').first.click()
    await page.keyboard.type("注文番号")
    await page.locator('[data-add-row="branch"]').first.click()
    await expect(page.locator("[data-state]")).to_contain_text("保存済み")
    await expect(page.locator("[data-branch-row] [data-problem]")).to_contain_text("行き先がありません")
    await page.locator('[name="branch-to"]').select_option(label="2. 締め")
    await page.locator('[name="when-asked"]').select_option(label="注文番号")
    await page.locator('[name="when-test"]').select_option("filled")
    await expect(page.locator("[data-branch-row] [data-problem]")).to_be_hidden()
    await page.set_viewport_size({"width": 1440, "height": 500})
    height = await page.locator("[name=when-asked]").first.evaluate(AT_THE_LOWER_EDGE)
    await page.set_viewport_size({"width": 1440, "height": height})
    await page.evaluate("scrollTo(0, 0)")
    assert await axe_findings(page, AXE.read_text()) == [], "something lies over a field"
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate(TOO_WIDE) <= 0
    assert await axe_findings(page, AXE.read_text()) == []

    await page.goto(f"{stage.path}/script/preview")
    await expect(page.locator(".script-played")).to_contain_text("ご用件は。")
    await page.press("#go-on", "Enter")
    await expect(page.locator(".script-played")).to_contain_text("失礼いたします。")
    async with across_shops(stage.house.staff) as session:
        [shop] = await queries.shops(session)
        script = await scripts.draft_script(session, shop.tenant_id)
    assert script is not None
    [ask, bye] = script.steps
    assert [(branch.to, branch.when.answer.field) for branch in ask.branches if branch.when.answer] == [
        (bye.key, ask.fields[0].key)
    ]


@pytest.mark.parametrize(
    ("width", "locale", "scheme"), [(1440, "ja", "light"), (390, "en", "dark")], ids=["desk", "phone"]
)
async def test_every_part_fits_its_window_and_keeps_the_rules_of_access(
    stage: Stage, width: int, locale: str, scheme: str
) -> None:
    page = await stage.page(
        "/shops", viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True
    )
    if locale == "en":
        await page.evaluate("document.querySelector('.lang-choice[value=en]').click()")
        await page.wait_for_function("document.documentElement.lang === 'en'")
    axe, found = AXE.read_text(), []
    for path in ("/shops", "/shops/new", *(stage.path + part for part in PARTS)):
        await page.goto(path)
        found += [f"{path} {problem}" for problem in await axe_findings(page, axe)]
        if await page.evaluate(TOO_WIDE):
            found.append(f"{path} is wider than {width} pixels")

    assert found == []


async def test_the_pages_keep_their_own_content_policy(stage: Stage) -> None:
    page = await stage.page("/shops")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    for part in PARTS:
        await page.goto(stage.path + part)
        await page.evaluate("() => document.fonts.ready")

    assert said == []


async def test_the_page_says_when_the_network_is_gone_and_lists_its_keys(stage: Stage) -> None:
    page = await stage.page("/shops")
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#keys")).to_be_hidden()
    await page.context.set_offline(True)
    await expect(page.locator("#offline")).to_be_visible()
    await page.evaluate(STREAM_OPENS)
    await expect(page.locator("#offline")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.locator("#offline")).to_be_hidden()
