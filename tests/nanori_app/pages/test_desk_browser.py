"""The agent's desk in a real browser: keys, reload, lost network, two tabs, and what axe-core says."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy.ext.asyncio import AsyncSession

from desks import offers
from desks.models import Seat
from desks.values import Presence
from interactions.models import Interaction, Reason
from nanori import live
from nanori.clock import SystemClock
from nanori.db import bind_all_shops
from nanori.installation import Installation
from telephony.models import Call
from telephony.ports import SIMULATED_PHONE
from telephony.values import CallState
from tenants.commands import Profile
from tests.support import desk_stage as scene
from tests.support.browser import PATIENCE, axe_findings, sign_in
from tests.support.desk_stage import Stage
from tests.support.live_server import serving

COFFEE = Profile(
    legal_name="株式会社ミナト珈琲", brand_name="ミナト珈琲", brand_reading="みなとこーひー", colour="#7a3e1d"
)
HONEY = Profile(
    legal_name="有限会社ひまわり", brand_name="ひまわり園芸とはちみつの直売所 オンライン本店",
    brand_reading="ひまわりえんげいとはちみつのちょくばいじょ おんらいんほんてん", colour="#ffd400",
)  # fmt: skip
BROWN = "rgb(122, 62, 29)"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NUMBER = "[data-captured=order]"
NOTHING = UUID(int=0)


class Phone:
    """Stands for the simulated carrier's softphone: writes down who dialled in."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    async def connect(self, identity: str, leg_token: str) -> None:
        assert leg_token
        self.dialled.append(identity)

    async def disconnect(self, identity: str) -> None:
        self.dialled.remove(identity)

    async def carries(self, calls: int) -> None:
        """Wait until so many are dialled in: the page shows what it will do before it has done it."""
        for _ in range(PATIENCE // 10):
            if len(self.dialled) == calls:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.dialled)} dialled in, expected {calls}")


@dataclass(kw_only=True)
class Desk:
    """One agent before one browser."""

    house: Installation
    stage: Stage
    window: BrowserContext
    page: Page
    phone: Phone = field(default_factory=Phone)
    call_id: UUID = NOTHING
    offer_id: UUID = NOTHING

    @asynccontextmanager
    async def behind(self) -> AsyncGenerator[AsyncSession]:
        """What the rest of the house does meanwhile; the desk hears of it."""
        async with self.house.staff.begin() as session:
            await bind_all_shops(session)
            yield session
            await live.announce(session, live.agent(self.stage.agent.id), "desk")

    async def call(self, session: AsyncSession) -> Call:
        return await session.get_one(Call, (self.stage.shops[0].tenant_id, self.call_id))

    async def interaction(self) -> Interaction:
        async with self.behind() as session:
            call = await self.call(session)
            return await session.get_one(Interaction, (call.tenant_id, call.interaction_id))

    async def is_in(self, mode: str) -> None:
        await self.page.wait_for_selector(f"body[data-mode={mode}]")

    async def open(self) -> None:
        await self.page.goto("/desk")
        await self.page.wait_for_selector("#facts[data-holder=mine]", state="attached")

    async def take_calls(self) -> None:
        await self.page.keyboard.press("r")
        await self.page.wait_for_selector("#facts[data-state=ready]", state="attached")

    async def rings(self) -> None:
        """A caller has waited for fourteen seconds and is offered to this desk."""
        async with self.behind() as session:
            now = self.house.clock.now()
            call = await scene.caller_waits(
                session, self.stage, self.stage.shops[0], now=now - timedelta(seconds=14)
            )
            offer = await scene.call_rings(session, self.stage, call, now=now)
            self.call_id, self.offer_id = call.id, offer.id
        await self.is_in("ringing")

    async def is_connected(self) -> None:
        """The carrier reports caller and agent in one conference."""
        async with self.behind() as session:
            await offers.joined(
                session, self.offer_id, agent_id=self.stage.agent.id, now=self.house.clock.now()
            )
            await scene.caller_joins(
                session, self.stage, await self.call(session), now=self.house.clock.now()
            )
        await self.is_in("talking")

    async def talks(self) -> None:
        await self.take_calls()
        await self.rings()
        await self.page.keyboard.press("Enter")
        await self.is_in("joining")
        await self.phone.carries(1)
        await self.is_connected()

    async def ends(self) -> None:
        async with self.behind() as session:
            await scene.call_ends(session, await self.call(session), now=self.house.clock.now())
        await self.is_in("wrapup")


@asynccontextmanager
async def a_desk(
    browser: Browser,
    clone: Installation,
    profile: Profile = COFFEE,
    *,
    locale: str = "ja",
    narrow: bool = False,
) -> AsyncGenerator[Desk]:
    house, phone = replace(clone, clock=SystemClock()), Phone()
    async with house.staff.begin() as session:
        await bind_all_shops(session)
        stage = await scene.set_stage(session, [profile], now=house.clock.now(), locale=locale)
        await scene.had_called_before(session, stage, stage.shops[0], now=house.clock.now())
    with serving(house.settings, {SIMULATED_PHONE: phone}) as address:
        window = await sign_in(
            browser,
            house,
            stage.agent,
            address,
            viewport=NARROW if narrow else WIDE,
            timezone_id="Asia/Tokyo",
        )
        desk = Desk(house=house, stage=stage, window=window, page=await window.new_page(), phone=phone)
        await desk.open()
        try:
            yield desk
        finally:
            await window.close()


async def test_a_call_is_taken_held_ended_and_wrapped_up_by_keys_alone(
    browser: Browser, clone: Installation
) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.talks()
        await desk.page.keyboard.press("h")
        await desk.is_in("held")
        await desk.page.keyboard.press("h")
        await desk.is_in("talking")
        await desk.page.keyboard.press("n")
        await desk.page.keyboard.type("折り返しの電話を希望")
        await desk.page.keyboard.press("Escape")
        await desk.page.keyboard.press("e")
        await expect(desk.page.locator("#do-end")).to_contain_text("もう一度押すと切れます")
        await desk.page.keyboard.press("e")
        await desk.is_in("wrapup")
        await desk.page.keyboard.press("2")
        await desk.page.keyboard.press("w")
        await desk.page.wait_for_selector("#facts[data-state=ready]", state="attached")
        saved = await desk.interaction()
        async with desk.behind() as session:
            reason = await session.get_one(Reason, (saved.tenant_id, saved.reason_id))
    assert (saved.notes, reason.code) == ("折り返しの電話を希望", "delivery")


async def test_after_the_call_a_reason_is_asked_for_where_it_belongs(
    browser: Browser, clone: Installation
) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.talks()
        await desk.ends()
        await desk.page.keyboard.press("w")
        await expect(desk.page.locator("#reason-error")).to_be_visible()
        await expect(desk.page.locator("[name=reason_id]:focus")).to_have_count(1)


async def test_a_refused_call_leaves_the_desk(browser: Browser, clone: Installation) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.take_calls()
        await desk.rings()
        await desk.page.keyboard.press("Escape")
        await desk.is_in("idle")
        assert desk.phone.dialled == []


async def test_the_shop_on_the_line_is_unmistakable(browser: Browser, clone: Installation) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.take_calls()
        await desk.rings()
        ribbon = desk.page.locator(".ribbon")
        assert await ribbon.evaluate("element => getComputedStyle(element).backgroundColor") == BROWN
        await expect(ribbon.locator("ruby rt")).to_have_text("みなとこーひー")
        await expect(desk.page).to_have_title("☎ ミナト珈琲に着信 · Nanori")
        icon = await desk.page.locator('link[rel="icon"]').get_attribute("href")
        assert icon
        assert "%237a3e1d" in icon
        sizes = await desk.page.evaluate(
            "[...document.querySelectorAll('main *')].map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        phrase = await desk.page.locator(".phrase").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        assert phrase == max(sizes)


async def test_reload_in_mid_call_restores_everything(browser: Browser, clone: Installation) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.talks()
        await desk.page.keyboard.press("j")
        await desk.page.fill(NUMBER, "ＭＣ－１０２４８")
        await desk.page.press(NUMBER, "Tab")
        await expect(desk.page.locator("[data-saved=captured]")).to_contain_text("保存済み")
        await desk.page.fill("#notes", "まだ届いていない")
        await expect(desk.page.locator("[data-saved=notes]")).to_contain_text("保存済み")
        await desk.page.reload()
        await desk.page.wait_for_selector("#facts[data-holder=mine]", state="attached")
        await desk.is_in("talking")
        await expect(desk.page.locator(".ribbon-name")).to_contain_text("ミナト珈琲")
        await expect(desk.page.locator(NUMBER)).to_have_value("MC-10248")
        await expect(desk.page.locator(NUMBER)).to_be_visible()
        await expect(desk.page.locator("#notes")).to_have_value("まだ届いていない")
        await expect(desk.page.locator("#notes")).to_be_editable()


async def test_typed_notes_survive_a_failed_save_and_a_reload(browser: Browser, clone: Installation) -> None:
    async def lost(route: Route) -> None:
        await route.abort()

    async with a_desk(browser, clone) as desk:
        await desk.talks()
        await desk.page.route("**/notes", lost)
        await desk.page.fill("#notes", "消えては困るメモ")
        await expect(desk.page.locator("[data-saved=notes]")).to_contain_text("まだ保存できていません")
        await desk.page.reload()
        await expect(desk.page.locator("#notes")).to_have_value("消えては困るメモ")
        await desk.page.unroute("**/notes")
        await expect(desk.page.locator("[data-saved=notes]")).to_contain_text("保存済み")
        assert (await desk.interaction()).notes == "消えては困るメモ"


async def test_keys_do_nothing_while_somebody_types(browser: Browser, clone: Installation) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.talks()
        await desk.page.focus("#notes")
        await desk.page.keyboard.type("hteehe")
        await expect(desk.page.locator("[data-saved=notes]")).to_contain_text("保存済み")
        async with desk.behind() as session:
            assert (await desk.call(session)).state is CallState.TALKING
        assert await desk.page.locator("dialog[open]").count() == 0


async def test_news_during_typing_take_neither_letter_nor_cursor(
    browser: Browser, clone: Installation
) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.talks()
        await desk.page.focus("#notes")
        await desk.page.keyboard.type("前半")
        async with desk.behind() as session:
            call = await desk.call(session)
            call.state, call.held_since = CallState.HELD, desk.house.clock.now()
        await desk.is_in("held")
        await desk.page.keyboard.type("後半")
        await expect(desk.page.locator("#notes")).to_have_value("前半後半")


async def test_a_second_tab_looks_on_until_it_takes_the_seat(browser: Browser, clone: Installation) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.talks()
        other = await desk.window.new_page()
        await other.goto("/desk")
        await expect(other.locator("#do-take")).to_be_visible()
        await expect(other.locator("#notes")).not_to_be_editable()
        await other.click("#do-take")
        await expect(other.locator("#notes")).to_be_editable()
        await expect(desk.page.locator("#do-take")).to_be_visible()
        async with desk.behind() as session:
            seat = await session.get_one(Seat, desk.stage.agent.id)
        assert seat.tab == await other.evaluate("sessionStorage.nanoriTab")


async def test_a_caller_who_hangs_up_while_it_rings_leaves_nothing_behind(
    browser: Browser, clone: Installation
) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.take_calls()
        await desk.rings()
        async with desk.behind() as session:
            await scene.caller_gives_up(session, await desk.call(session), now=desk.house.clock.now())
        await desk.is_in("idle")
        await expect(desk.page.locator(".ribbon")).to_have_count(0)
        async with desk.behind() as session:
            seat = await session.get_one(Seat, desk.stage.agent.id)
            assert seat.state is Presence.READY


async def test_a_lost_connection_is_said_in_words_and_mends_itself(
    browser: Browser, clone: Installation
) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.window.set_offline(offline=True)
        await expect(desk.page.locator("#offline")).to_be_visible()
        await desk.window.set_offline(offline=False)
        await expect(desk.page.locator("#offline")).to_be_hidden()


async def test_a_phone_that_does_not_open_takes_the_agent_out_with_a_way_back(
    browser: Browser, clone: Installation
) -> None:
    async with a_desk(browser, clone) as desk:
        await desk.page.route("**/softphone/token", lambda route: route.abort())
        await desk.page.keyboard.press("r")
        await expect(desk.page.locator(".desk-idle h1")).to_have_text("電話網につながりません")
        async with desk.behind() as session:
            seat = await session.get_one(Seat, desk.stage.agent.id)
            assert (seat.state, seat.reason) == (Presence.NOT_READY, "network")
        await desk.page.unroute("**/softphone/token")
        await desk.page.click("#back-to-calls")
        await desk.page.wait_for_selector("#facts[data-state=ready]", state="attached")


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize(("locale", "profile"), [("ja", HONEY), ("en", COFFEE)], ids=["ja", "en"])
async def test_every_state_is_accessible(
    browser: Browser, clone: Installation, locale: str, profile: Profile, *, narrow: bool
) -> None:
    axe = (Path(clone.settings.vendor_dir) / "axe.js").read_text()
    found: dict[str, list[str]] = {}
    async with a_desk(browser, clone, profile, locale=locale, narrow=narrow) as desk:

        async def look(state: str) -> None:
            found[state] = await axe_findings(desk.page, axe)
            wider = await desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found[state] += [f"{wider} px too wide"] if wider > 0 else []

        await look("off duty")
        await desk.take_calls()
        await desk.rings()
        await look("ringing")
        await desk.page.keyboard.press("Enter")
        await desk.is_in("joining")
        await desk.is_connected()
        await look("talking")
        await desk.page.keyboard.press("t")
        await look("asking whether to call the shop")
        await desk.page.keyboard.press("Escape")
        await desk.ends()
        await desk.page.keyboard.press("w")
        await look("after-call work")
    assert {state: wrong for state, wrong in found.items() if wrong} == {}
