"""Two browsers, three shops: a name is seen before it is said, a colleague takes over, somebody barges in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from playwright.async_api import Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Desk, RosterEntry
from desks.values import DeskState
from interactions.models import Interaction
from nanori.actors import Role
from nanori.clock import SystemClock
from nanori.db import bind_all_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori_app.wiring import plugs
from telephony.models import Leg
from telephony.values import LegRole
from tenants import commands as shops
from tenants.commands import Profile
from tests.nanori_app.pages.test_desk_with_carrier import (
    ALWAYS,
    GREETING_MS,
    REACHES_CARRIER_MS,
    Caller,
    carrier,
    in_the_demo,
)
from tests.support import desk_stage as scene
from tests.support.browser import chromium, sign_in
from tests.support.desk_stage import Stage
from tests.support.live_server import serving
from tests.support.people import an_account

NUMBERS = ("+815031960001", "+815031960002", "+815031960003")
PROFILES = [
    Profile(
        legal_name="株式会社ミナト珈琲", brand_name="ミナト珈琲", brand_reading="みなとこーひー",
        colour="#7a3e1d",
    ),
    Profile(
        legal_name="有限会社花影", brand_name="花影フラワー", brand_reading="はなかげふらわー",
        colour="#b3266b",
    ),
    Profile(
        legal_name="合同会社こむぎ", brand_name="こむぎ製パン", brand_reading="こむぎせいぱん",
        colour="#b3266b",
    ),
]  # fmt: skip
"""The second and the third look alike but for the name: colour alone tells nobody anything."""
BARGE_IN = """
async () => {
  const requests = await import('/static/nanori/js/ask.js');
  const { openSoftphone } = await import('/static/telephony/softphone.js');
  const phone = await openSoftphone(requests);
  const { leg } = await requests.ask(CALL + '/supervision', { mode: 'barge', tab: 'floor' });
  await phone.connect({ leg });
}
"""


@dataclass(kw_only=True)
class House:
    """Who sits where."""

    installation: Installation
    agent: Page
    colleague: Page
    supervisor: Page
    caller: Caller

    async def rings(self, number: str, name: str) -> None:
        await self.caller.calls(number)
        await is_in(self.agent, "ringing")
        await expect(self.agent.locator(".ribbon-name")).to_contain_text(name)

    async def is_done(self) -> None:
        await self.caller.hangs_up()
        await is_in(self.agent, "wrapup")
        await self.agent.keyboard.press("1")
        await self.agent.keyboard.press("w")
        await is_in(self.agent, "idle")


@asynccontextmanager
async def a_house(clone: Installation) -> AsyncGenerator[House]:
    house = replace(clone, clock=SystemClock())
    settings = in_the_demo(clone.settings)
    async with house.staff.begin() as session:
        stage, colleague, supervisor = await three_shops(session, house)
    with carrier(settings) as lever, serving(settings, plugs(settings), dispatches=True) as address:
        async with chromium() as first, chromium() as second:
            windows = [
                await sign_in(browser, house, who, address, viewport={"width": 1440, "height": 900})
                for browser, who in ((first, stage.agent), (second, colleague), (second, supervisor))
            ]
            agent, other, above = [await window.new_page() for window in windows]
            await agent.goto("/desk")
            await takes_calls(agent)
            yield House(
                installation=house, agent=agent, colleague=other, supervisor=above, caller=Caller(lever)
            )
            for window in windows:
                await window.close()


async def three_shops(session: AsyncSession, house: Installation) -> tuple[Stage, Account, Account]:
    """An agent for three shops, and a colleague who answers at a second desk of each."""
    now = house.clock.now()
    stage = await scene.set_stage(session, PROFILES, now=now)
    ids = [shop.tenant_id for shop in stage.shops]
    colleague = await an_account(session, Role.AGENT, shops=ids, now=now)
    supervisor = await an_account(session, Role.SUPERVISOR, now=now)
    for shop, number in zip(ids, NUMBERS, strict=True):
        await shops.add_number(session, shop, number)
        await shops.set_hours(session, shop, ALWAYS)
        desk = Desk(tenant_id=shop, id=uuid7(), name="返品デスク", state=DeskState.OPEN, created_at=now)
        session.add(desk)
        await session.flush()
        session.add(RosterEntry(tenant_id=shop, id=uuid7(), desk_id=desk.id, agent_id=colleague.id))
    await session.flush()
    return stage, colleague, supervisor


async def takes_calls(page: Page) -> None:
    await page.wait_for_selector("#facts[data-holder=mine]", state="attached")
    await page.keyboard.press("r")
    await page.wait_for_selector("#facts[data-state=ready]", state="attached")


async def is_in(page: Page, mode: str) -> None:
    await page.wait_for_selector(f"body[data-mode={mode}]", timeout=GREETING_MS)


async def test_each_name_is_seen_a_colleague_takes_over_and_a_supervisor_barges_in(
    clone: Installation,
) -> None:
    async with a_house(clone) as house:
        await the_first_shop_needs_no_warning(house)
        await another_shop_is_seen_before_it_is_answered(house)
        await the_colleague_takes_over(house)
        await the_supervisor_barges_in(house)
        await house.caller.hangs_up()
        await is_in(house.colleague, "wrapup")
    async with clone.staff.begin() as session:
        await bind_all_shops(session)
        calls = (await session.scalars(select(Interaction).order_by(Interaction.arrived_at))).all()
        legs = (await session.scalars(select(Leg).where(Leg.role != LegRole.MONITOR))).all()
    assert [call.transferred for call in calls] == [False, False, True]
    assert all(call.name_confirmed_at and call.phrase_id for call in calls)
    assert all(leg.confirmed_at and leg.phrase_id for leg in legs)


async def the_first_shop_needs_no_warning(house: House) -> None:
    await house.rings(NUMBERS[0], "ミナト珈琲")
    await expect(house.agent.locator(".desk-switch")).to_have_count(0)
    await house.agent.keyboard.press("Enter")
    await is_in(house.agent, "talking")
    await house.is_done()


async def another_shop_is_seen_before_it_is_answered(house: House) -> None:
    for number, name, before in (
        (NUMBERS[1], "花影フラワー", "ミナト珈琲"),
        (NUMBERS[2], "こむぎ製パン", "花影フラワー"),
    ):
        await house.caller.calls(number)
        await house.agent.wait_for_selector("body[data-switching]", timeout=GREETING_MS)
        await expect(house.agent.locator(".desk-switch-name")).to_have_text(name)
        await expect(house.agent.locator(".desk-switch-before s")).to_have_text(before)
        seen = await house.agent.locator(".desk-switch").bounding_box()
        assert seen is not None
        assert seen["width"] == 1440
        await house.agent.keyboard.press("Enter")  # by habit, before the name was in sight
        await is_in(house.agent, "ringing")
        await house.agent.wait_for_selector("body:not([data-switching])")
        await house.agent.keyboard.press("Enter")
        await is_in(house.agent, "talking")
        await expect(house.agent.locator(".phrase")).to_contain_text(name)
        if number != NUMBERS[2]:
            await house.is_done()


async def the_colleague_takes_over(house: House) -> None:
    await house.colleague.goto("/desk")
    await takes_calls(house.colleague)
    await house.agent.fill("#notes", "食パンの定期便を止めたい")
    await house.agent.keyboard.press("Escape")
    await house.agent.keyboard.press("t")
    await house.agent.get_by_role("button", name="返品デスクの同僚に相談する").click()
    await is_in(house.agent, "held")
    await is_in(house.colleague, "ringing")
    await expect(house.colleague.locator(".offer-asks")).to_contain_text("相談")
    await expect(house.colleague.locator(".ribbon-name")).to_contain_text("こむぎ製パン")
    await house.colleague.keyboard.press("Enter")
    await is_in(house.colleague, "helping")
    assert "leg" not in await house.caller.hears()
    await house.agent.wait_for_selector("#do-handover")
    await house.agent.keyboard.press("l")
    await is_in(house.agent, "wrapup")
    await is_in(house.colleague, "talking")
    await expect(house.colleague.locator("#notes")).to_have_value("食パンの定期便を止めたい")
    await expect(house.agent.locator("#notes")).to_have_attribute("data-notes", "addition")
    await house.agent.wait_for_timeout(REACHES_CARRIER_MS)
    assert await house.caller.hears() == {"leg"}
    await house.agent.keyboard.press("w")
    await is_in(house.agent, "idle")


async def the_supervisor_barges_in(house: House) -> None:
    call_id = await house.colleague.locator("#facts").get_attribute("data-call")
    before = len(await house.caller.hears_all())
    await house.supervisor.goto("/floor")
    await house.supervisor.evaluate(BARGE_IN.replace("CALL", f"'/calls/{call_id}'"))
    await house.supervisor.wait_for_timeout(2 * REACHES_CARRIER_MS)
    assert len(await house.caller.hears_all()) == before + 1, "colleague and supervisor"
