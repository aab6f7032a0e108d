"""Whole calls through the simulated carrier, as in the demo: from the ringing phone to the wrap-up."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

import httpx
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from interactions.models import Interaction
from interactions.values import Outcome
from nanori.clock import SystemClock
from nanori.db import bind_all_shops
from nanori.installation import Installation
from nanori.settings import Settings
from nanori_app.wiring import plugs
from telephony.models import Call
from tenants import commands as shops
from tenants.commands import Profile
from tenants.hours import Span
from tests.support import desk_stage as scene
from tests.support.browser import sign_in, windows
from tests.support.desk_stage import Stage
from tests.support.live_server import free_port, serving

NUMBER = "+815031960001"
CALLER = "+819012345678"
COFFEE = Profile(
    legal_name="株式会社ミナト珈琲", brand_name="ミナト珈琲", brand_reading="みなとこーひー", colour="#7a3e1d"
)
ALWAYS = {day: (Span(0, 1440),) for day in range(8)}
GREETING_MS = 30_000
REACHES_CARRIER_MS = 1_500


@contextmanager
def carrier(settings: Settings) -> Generator[httpx.Client]:
    """The simulated carrier as a process of its own. Yields its control interface."""
    told = {
        "NANORI_DATABASE_URL": settings.owner_url(), "NANORI_SECRET_KEY": settings.secret_key,
        "NANORI_DATA_DIR": str(settings.data_dir), "NANORI_PORT": str(settings.port),
        "NANORI_CARRIER_PORT": str(settings.carrier_port), "NANORI_PUBLIC_URL": settings.public_url,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "nanori_app.cli", "carrier"],
        env={**os.environ, **told},
        stdout=subprocess.DEVNULL,
    )
    lever = httpx.Client(
        base_url=f"http://127.0.0.1:{settings.carrier_port}/sim",
        headers={"X-Sim-Key": settings.carrier_control_key},
        transport=httpx.HTTPTransport(retries=20),
    )
    try:
        yield lever
    finally:
        lever.close()
        process.terminate()
        process.wait(10)


def in_the_demo(settings: Settings) -> Settings:
    """The same installation with a simulated carrier at a port of its own."""
    port = free_port()
    return Settings(
        database_url=settings.database_url, secret_key=settings.secret_key, data_dir=settings.data_dir,
        vendor_dir=settings.vendor_dir, port=port, carrier_port=free_port(),
    )  # fmt: skip


async def open_shop(house: Installation) -> Stage:
    now = house.clock.now()
    async with house.staff.begin() as session:
        stage = await scene.set_stage(session, [COFFEE], now=now)
        await shops.add_number(session, stage.shops[0].tenant_id, NUMBER)
        await shops.set_hours(session, stage.shops[0].tenant_id, ALWAYS)
    return stage


async def only_call(house: Installation) -> tuple[Call, Interaction]:
    async with house.staff.begin() as session:
        await bind_all_shops(session)
        call = (await session.scalars(select(Call))).one()
        return call, await session.get_one(Interaction, (call.tenant_id, call.interaction_id))


class Caller:
    """The person at the telephone."""

    def __init__(self, lever: httpx.Client) -> None:
        self.lever = lever
        self.sid = ""

    async def calls(self, number: str) -> None:
        leg = await asyncio.to_thread(self.lever.post, "/calls", json={"from": CALLER, "to": number})
        self.sid = leg.raise_for_status().json()["sid"]

    async def knows(self, number: str, **behaviour: object) -> None:
        """How somebody else at a telephone behaves."""
        told = await asyncio.to_thread(self.lever.post, f"/endpoints/{number}", json=behaviour)
        told.raise_for_status()

    async def hears(self) -> set[str]:
        """Kinds of what reaches the ear now."""
        return set(await self.hears_all())

    async def hears_all(self) -> list[str]:
        """The kind of each thing that reaches the ear now."""
        told = await asyncio.to_thread(self.lever.get, f"/hears/{self.sid}")
        return [thing["kind"] for thing in told.raise_for_status().json()["hears"]]

    async def hangs_up(self) -> None:
        (await asyncio.to_thread(self.lever.post, f"/legs/{self.sid}/hangup", json={})).raise_for_status()


@asynccontextmanager
async def a_demo(clone: Installation, browser: Browser) -> AsyncGenerator[tuple[Page, Caller]]:
    """A shop that is open, an agent who takes calls in a browser, a carrier, and somebody at a telephone."""
    house = replace(clone, clock=SystemClock())
    settings = in_the_demo(clone.settings)
    stage = await open_shop(house)
    with carrier(settings) as lever, serving(settings, plugs(settings), dispatches=True) as address:
        async with windows(browser):
            window = await sign_in(browser, house, stage.agent, address)
            page = await window.new_page()
            await page.goto("/desk")
            await page.click("#do-ready")
            await page.wait_for_selector("#facts[data-state=ready]", state="attached")
            try:
                yield page, Caller(lever)
            finally:
                await window.close()


async def is_answered(page: Page, caller: Caller) -> None:
    await caller.calls(NUMBER)
    await page.wait_for_selector("body[data-mode=ringing]", timeout=GREETING_MS)
    await expect(page.locator(".phrase")).to_contain_text("ミナト珈琲でございます")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("body[data-mode=talking]")
    assert await caller.hears() == {"leg"}


async def is_wrapped_up(page: Page) -> None:
    await page.wait_for_selector("body[data-mode=wrapup]")
    await page.keyboard.press("1")
    await page.keyboard.press("w")
    await page.wait_for_selector("#facts[data-state=ready]", state="attached")


async def test_a_caller_reaches_the_agent_under_the_shops_name(clone: Installation, browser: Browser) -> None:
    async with a_demo(clone, browser) as (page, caller):
        await is_answered(page, caller)
        await page.keyboard.press("h")
        await page.wait_for_selector("body[data-mode=held]")
        await page.wait_for_timeout(REACHES_CARRIER_MS)
        assert "leg" not in await caller.hears()
        await page.keyboard.press("h")
        await page.wait_for_selector("body[data-mode=talking]")
        await caller.hangs_up()
        await is_wrapped_up(page)
    call, interaction = await only_call(clone)
    assert (interaction.outcome, call.from_number) == (Outcome.ANSWERED, CALLER)
    assert interaction.wrapped_up_at is not None
    assert interaction.hold_ms > 0


async def test_the_second_contact_of_the_shop_takes_the_call_over(
    clone: Installation, browser: Browser
) -> None:
    async with a_demo(clone, browser) as (page, caller):
        await caller.knows("+819000000001", behaviour="busy")
        await caller.knows("+819000000002", behaviour="human", digits="1", answer_after=1, press_after=1)
        await is_answered(page, caller)
        await page.keyboard.press("t")
        await page.keyboard.press("Enter")
        await expect(page.locator("#escalation-title")).to_contain_text("ショップを呼び出しています")
        await page.wait_for_selector("#do-handover", timeout=GREETING_MS)
        await expect(page.locator("#escalation-title")).to_contain_text("鈴木 副店長")
        await page.wait_for_timeout(REACHES_CARRIER_MS)
        await page.keyboard.press("l")
        await page.wait_for_selector("body[data-mode=wrapup]")
        await page.wait_for_timeout(REACHES_CARRIER_MS)
        assert await caller.hears() == {"leg"}
        await is_wrapped_up(page)
        await caller.hangs_up()
    _, interaction = await only_call(clone)
    assert (interaction.escalated, interaction.transferred) == (True, True)
