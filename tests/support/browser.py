"""Chromium for tests: the machine's own, closed to the world, signed in as somebody."""

import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from nanori.identity import commands as identity
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori.web.cookies import session_cookie_name
from nanori_app.setup.system_packages import BROWSERS

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--autoplay-policy=no-user-gesture-required"]
PRESS_TAB_AT_MOST = 60
PATIENCE = 30_000
"""Milliseconds that a page has for what it should do at once: the machine may be busy with other tests."""


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """The browser named in ``NANORI_CHROMIUM``, the system's, or the one that Playwright has brought."""
    named = os.environ.get("NANORI_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=named, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def windows(browser: Browser) -> AsyncGenerator[None]:
    """What is opened in the block is closed with it: a page that listens would hold up its server's end."""
    try:
        yield
    finally:
        for window in browser.contexts:
            await window.close()


async def sign_in(
    browser: Browser, house: Installation, account: Account, address: str, **options: Any
) -> BrowserContext:
    """A window of this account, without typing the password."""
    async with house.staff.begin() as session:
        cookie = await identity.open_session(session, account.id, now=house.clock.now())
    window = await browser.new_context(base_url=address, **options)
    window.set_default_timeout(PATIENCE)
    await window.add_cookies(
        [{"name": session_cookie_name(house.settings), "value": cookie, "url": address, "httpOnly": True}]
    )
    return window


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands there, as somebody without a mouse does."""
    for _ in range(PRESS_TAB_AT_MOST):
        if await page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reached {selector}")


async def axe_findings(page: Page, axe: str) -> list[str]:
    """What axe-core (its source text) holds against the page by WCAG 2.2 AA, each as rule and place.

    What is at work is dimmed for a moment, and what is read before its style sheet is not yet drawn: the page
    is judged loaded and at rest.
    """
    await page.wait_for_load_state("load")
    await page.wait_for_selector("[aria-busy=true]", state="detached")
    await page.evaluate(axe)
    found = await page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
