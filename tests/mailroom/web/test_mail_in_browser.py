"""The agent's mail in a real browser: foreign mails do nothing, typed words stay, WCAG's rules are kept."""

import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page
from sqlalchemy import select

from interactions.models import Case
from mailroom.adapters.sink import Sink
from mailroom.models import Draft, Outgoing
from mailroom.ports import POSTMAN
from mailroom.receiving import receive
from nanori.clock import SystemClock
from nanori.db import unit_of_work
from nanori.installation import Installation
from tests.mailroom.conftest import MailShop, a_mail_shop
from tests.support.browser import axe_findings, sign_in, windows
from tests.support.live_server import serving

ROOT = Path(__file__).parents[3]
HOSTILE = """
<p hx-get="/stolen-1" hx-trigger="load" data-hx-get="/stolen-2" data-hx-on:load="x()">挨拶</p>
<img src="https://leak.example/1.gif"><img src="/stolen-3" onerror="fetch('/stolen-4')">
<script>fetch('/stolen-5')</script><link rel="stylesheet" href="/stolen-6"><iframe src="/stolen-7"></iframe>
<form action="/stolen-8"><button autofocus onfocus="this.form.submit()">x</button></form>
<style>@import url('/stolen-9'); p { background: url('/stolen-10') }</style>
<svg><script>fetch('/stolen-11')</script></svg><meta http-equiv="refresh" content="0;url=/stolen-12">
"""


@dataclass
class Window:
    """A signed-in agent's window on a real server, and every address that it asked for."""

    context: BrowserContext
    house: Installation
    shop: MailShop
    case: Case
    address: str
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def open(self, path: str) -> Page:
        page = await self.context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        await page.goto(path)
        await page.wait_for_load_state("networkidle")
        return page

    @property
    def case_path(self) -> str:
        return f"/mail/{self.shop.id}/{self.case.id}"


@pytest.fixture
async def window(clone: Installation, browser: Browser) -> AsyncGenerator[Window]:
    house = replace(clone, clock=SystemClock(), plugged={POSTMAN: Sink()})
    async with house.staff() as session:
        shop = await a_mail_shop(session)
    letter = shop.letter(body=HOSTILE).replace(b"text/plain", b"text/html")
    await receive(house, letter)
    async with unit_of_work(house.staff, [shop.id]) as session:
        case = (await session.scalars(select(Case))).one()
    with serving(house.settings) as address:
        async with windows(browser):
            context = await sign_in(browser, house, shop.agent, address, locale="ja-JP")
            yield Window(context, house, shop, case, address)


async def test_a_hostile_mail_asks_for_nothing_even_when_shown_as_designed(window: Window) -> None:
    page = await window.open(window.case_path)
    await page.locator(".mail-html > summary").click()
    frame = page.frame_locator(".mail-frame")
    await frame.get_by_text("挨拶").wait_for()
    await page.wait_for_load_state("networkidle")
    assert [url for url in window.asked if "stolen" in url or not url.startswith(window.address)] == []
    assert window.said == []
    loaded = await frame.locator("html").evaluate(
        "() => performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    assert loaded == [f"{window.address}/static/mailroom/letter.css"]
    assert await frame.locator("body").evaluate("body => getComputedStyle(body).paddingTop") == "16px"
    assert await frame.locator("body").evaluate("() => window.origin") == "null"


async def test_what_is_typed_is_kept_over_a_reload_and_sent_by_keyboard(window: Window) -> None:
    page = await window.open(window.case_path)
    await page.keyboard.press("r")
    await page.keyboard.type("お調べしますので、")
    await page.locator("#draft-state", has_text="下書きを保存しました").wait_for()
    async with unit_of_work(window.house.staff, [window.shop.id]) as session:
        assert (await session.scalars(select(Draft.text))).all() == ["お調べしますので、"]
    await page.reload()
    await page.keyboard.press("r")
    await page.keyboard.press("Control+End")
    await page.keyboard.type("少々お待ちください。")
    await page.keyboard.press("Control+Enter")
    await page.get_by_text("返信を送信します。").wait_for()
    async with unit_of_work(window.house.staff, [window.shop.id]) as session:
        assert len((await session.scalars(select(Outgoing))).all()) == 1


@pytest.mark.parametrize("width", [1440, 390])
async def test_the_pages_break_no_rule_and_fit_their_width(window: Window, width: int) -> None:
    axe = (ROOT / "var" / "vendor" / "axe.js").read_text()
    shots = os.environ.get("NANORI_SHOTS")
    for name, path in (("list", "/mail"), ("case", window.case_path), ("sent", "/demo/mail")):
        page = await window.open(path)
        await page.set_viewport_size({"width": width, "height": 900})
        if shots:
            await page.screenshot(path=f"{shots}/mail-{name}-{width}.png", full_page=True)
        assert await axe_findings(page, axe) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
