"""The demo in a browser, with its real processes: somebody calls a shop, an agent answers under its name."""

import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

import psutil
import pytest
from playwright.async_api import Browser, Page, expect

from nanori_app.demo.cast import AGENTS, PASSWORD
from tests.support.browser import axe_findings
from tests.support.demo_process import ROOT, DemoStage, demo_stage, greeting

LOGIN, NAME = AGENTS[0]
CALLER = "090-0000-1001"
SOON = 20_000
STORY = ".line-story li"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoStage]:
    """One demo for all tests here; Ctrl-C ends all of its processes."""
    with demo_stage(tmp_path_factory.mktemp("demo")) as ready, ready.demo() as running:
        greeting(running)
        yield ready
        family = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
        assert psutil.wait_procs(family, timeout=20)[1] == []


async def test_a_call_goes_from_the_first_ring_to_the_log(stage: DemoStage, browser: Browser) -> None:
    async with _desk(browser, stage) as desk, _window(browser, stage) as phone:
        await _be_ready(desk)
        await _call_northwind(phone)
        await _answer_and_talk(desk, phone)
        await _hold(desk, phone)
        await _ask_the_shop(desk, phone)
        await _hang_up_and_wrap_up(desk, phone)
        await _see_it_in_the_log(desk)


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_the_telephone_is_within_reach_of_everybody(
    stage: DemoStage, browser: Browser, locale: str
) -> None:
    axe = (ROOT / "var" / "vendor" / "axe.js").read_text()
    async with _window(browser, stage, locale=locale) as phone:
        await expect(phone.locator("#dial")).to_be_visible()
        await phone.set_viewport_size({"width": 390, "height": 844})
        assert await phone.evaluate("document.documentElement.scrollWidth") == 390
        assert await axe_findings(phone, axe) == []
        await _call_northwind(phone)
        assert await axe_findings(phone, axe) == []
        assert await phone.evaluate("document.documentElement.scrollWidth") == 390
        await phone.reload()
        await phone.locator("#hang-up").click(timeout=SOON)
        await expect(phone.locator("[data-again]")).to_be_visible(timeout=SOON)


async def test_a_number_that_is_none_is_refused_where_it_was_typed(
    stage: DemoStage, browser: Browser
) -> None:
    async with _window(browser, stage) as phone:
        await phone.fill("#from", "my telephone")
        await phone.locator("#dial button[type=submit]").click()
        await expect(phone.locator("#from-error")).to_contain_text("090-0000-1001", timeout=SOON)
        assert await phone.input_value("#from") == "my telephone"


@asynccontextmanager
async def _window(browser: Browser, stage: DemoStage, locale: str = "en") -> AsyncGenerator[Page]:
    """A caller's window, signed in nowhere."""
    window = await browser.new_context(base_url=stage.address, locale=locale)
    page = await window.new_page()
    await page.goto("/demo/carrier")
    yield page
    await window.close()


@asynccontextmanager
async def _desk(browser: Browser, stage: DemoStage) -> AsyncGenerator[Page]:
    """An agent's window, signed in by the form."""
    window = await browser.new_context(base_url=stage.address, locale="ja")
    page = await window.new_page()
    await page.goto("/login")
    await page.fill("#email", LOGIN)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_url("**/desk*")
    yield page
    await window.close()


async def _be_ready(desk: Page) -> None:
    await desk.locator("#do-ready").click()
    await expect(desk.locator("[data-state=ready]").first).to_be_visible(timeout=SOON)


async def _call_northwind(phone: Page) -> None:
    await phone.locator("label", has_text="Northwind Tea").click()
    await phone.fill("#from", CALLER)
    await phone.locator("#dial button[type=submit]").click()
    await expect(phone.locator(".line-name")).to_contain_text("Northwind Tea", timeout=SOON)
    await expect(phone.locator(".line-now")).to_contain_text("calling Northwind Tea", timeout=SOON)


async def _answer_and_talk(desk: Page, phone: Page) -> None:
    await expect(desk.locator("body[data-mode=ringing]")).to_be_visible(timeout=2 * SOON)
    await expect(desk.locator(".ribbon-name")).to_contain_text("Northwind Tea")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("body[data-mode=talking]")).to_be_visible(timeout=SOON)
    await expect(phone.locator(".line-now")).to_contain_text(NAME, timeout=SOON)


async def _hold(desk: Page, phone: Page) -> None:
    await desk.keyboard.press("h")
    await expect(phone.locator(".line-state")).to_have_text("You are on hold", timeout=SOON)
    await desk.keyboard.press("h")
    await expect(phone.locator(".line-state")).to_have_text("In conversation", timeout=SOON)


async def _ask_the_shop(desk: Page, phone: Page) -> None:
    """The shop's own telephone rings in the caller's window; pressing 1 connects it, and nothing else."""
    await desk.keyboard.press("t")
    await desk.keyboard.press("Enter")
    await phone.locator("[data-deed=answer]").click(timeout=SOON)
    await phone.locator("aside [data-digits='1']").click(timeout=SOON)
    await expect(phone.locator("aside .line-sound")).to_contain_text(NAME, timeout=SOON)
    await desk.keyboard.press("t")
    await expect(phone.locator(".line-state")).to_have_text("In conversation", timeout=SOON)


async def _hang_up_and_wrap_up(desk: Page, phone: Page) -> None:
    await phone.locator("#hang-up").click()
    await expect(phone.locator(".line-state")).to_have_text("The call is over", timeout=SOON)
    await expect(phone.locator(STORY).first).to_contain_text("You hung up")
    await expect(desk.locator("body[data-mode=wrapup]")).to_be_visible(timeout=SOON)
    await desk.keyboard.press("1")
    await desk.keyboard.press("w")
    await expect(desk.locator("body[data-mode=idle]")).to_be_visible(timeout=SOON)


async def _see_it_in_the_log(desk: Page) -> None:
    await desk.goto("/interactions")
    first = desk.locator("tbody tr").first
    await expect(first).to_contain_text("Northwind Tea")
    await expect(first).to_contain_text(NAME)


async def test_an_agent_takes_the_quiz_by_keys_alone(stage: DemoStage, browser: Browser) -> None:
    async with _desk(browser, stage) as desk:
        await desk.goto("/my-shops")
        card = desk.locator("section.panel[id^=shop-]", has_text="ミナト珈琲").first
        shop_id = str(await card.get_attribute("id")).removeprefix("shop-")
        await desk.goto(f"/quiz/{shop_id}")
        await expect(desk.locator("[data-key=n]")).to_be_visible(timeout=SOON)
        await desk.keyboard.press("n")
        questions = desk.locator("[data-quiz] fieldset")
        await expect(questions.first).to_be_visible(timeout=SOON)
        await desk.wait_for_load_state("load")  # keys are heard from then on
        for number in range(await questions.count()):
            choice = questions.nth(number).locator("input").first
            await desk.keyboard.press("1")
            await expect(choice).to_be_checked(timeout=SOON)
            if await choice.get_attribute("type") == "checkbox":
                await desk.keyboard.press("j")
        await desk.locator("[data-quiz] button[type=submit]").press("Enter")
        await expect(desk.locator(".notice[role=status]")).to_be_visible(timeout=SOON)
        await expect(desk.locator("main header")).to_contain_text("問中")
