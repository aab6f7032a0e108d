"""The phone in the browser behind its one interface: Twilio's SDK, played by a small script, and ours."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route

from nanori.actors import Role
from nanori.installation import Installation
from tests.support.browser import sign_in, windows
from tests.support.live_server import serving
from tests.support.people import a_shop, an_account

SDK = """
class Call {
  constructor() { this.told = {}; }
  on(event, told) { this.told[event] = told; }
  mute(on) { window.seen.push(["mute", on]); }
  sendDigits(digits) { window.seen.push(["digits", digits]); }
  disconnect() { this.told.disconnect(); }
}
class Device {
  constructor(token, options) {
    window.seen = [["token", token], ["edge", options.edge]];
    window.device = this;
    this.told = {};
  }
  on(event, told) { this.told[event] = told; }
  updateToken(token) { window.seen.push(["token", token]); }
  async connect({ params }) {
    if (params.leg === "no microphone") throw Object.assign(new Error("denied"), { code: 31401 });
    window.seen.push(["connect", params]);
    window.call = new Call();
    return window.call;
  }
}
window.Twilio = { Device, Call };
"""
OPEN = """async (given) => {
  const { openSoftphone } = await import("/static/telephony/softphone.js");
  window.heard = [];
  window.asked = [];
  const requests = {
    look: async () => given,
    ask: async (path, fields) => { window.asked.push([path, fields ?? null]); return null; },
  };
  window.phone = await openSoftphone(requests);
  for (const event of ["connected", "disconnected", "error", "warning"]) {
    window.phone.on(event, (detail) => window.heard.push([event, detail?.kind ?? null]));
  }
}"""


@pytest.fixture
async def page(clone: Installation, browser: Browser) -> AsyncGenerator[Page]:
    async with clone.staff.begin() as session:
        shop = await a_shop(session)
        agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    with serving(clone.settings) as address:
        async with windows(browser):
            window = await sign_in(browser, clone, agent, address)
            page = await window.new_page()
            await page.route("**/static/vendor/twilio-voice.js", sdk)
            await page.goto("/login")
            yield page
            await window.close()


async def sdk(route: Route) -> None:
    await route.fulfill(body=SDK, content_type="text/javascript")


async def seen(page: Page, name: str) -> Any:
    return await page.evaluate(f"() => window.{name}")


async def test_twilios_phone_dials_in_with_the_leg_and_tells_how_it_goes(page: Page) -> None:
    await page.evaluate(OPEN, {"kind": "twilio", "token": "T1", "edge": ["tokyo", "roaming"]})
    await page.evaluate("() => window.phone.connect({ leg: 'one use' })")
    await page.evaluate("() => window.call.told.accept()")
    await page.evaluate("() => { window.phone.mute(true); window.phone.sendDigits('1'); }")
    await page.evaluate("() => window.phone.disconnect()")
    assert await seen(page, "seen") == [
        ["token", "T1"],
        ["edge", ["tokyo", "roaming"]],
        ["connect", {"leg": "one use"}],
        ["mute", True],
        ["digits", "1"],
    ]
    assert await seen(page, "heard") == [["connected", None], ["disconnected", None]]


async def test_a_token_is_renewed_before_it_ends(page: Page) -> None:
    await page.evaluate(OPEN, {"kind": "twilio", "token": "T1", "edge": [], "renew_after": 2160})
    await page.evaluate("() => window.device.told.tokenWillExpire()")
    await page.wait_for_function("() => window.seen.length === 3")
    assert (await seen(page, "seen"))[-1] == ["token", "T1"]


async def test_twilios_errors_are_told_by_what_mends_them(page: Page) -> None:
    await page.evaluate(OPEN, {"kind": "twilio", "token": "T1", "edge": []})
    for code in (31402, 20101, 31204, 53000):
        await page.evaluate("(code) => window.device.told.error({ code, message: 'x' })", code)
    told = [kind for _, kind in await seen(page, "heard")]
    assert told == ["microphone", "token", "token", "network"]


async def test_the_simulated_phone_speaks_through_our_own_server(page: Page) -> None:
    await page.evaluate(OPEN, {"kind": "simulated", "token": None, "edge": []})
    await page.evaluate(
        "async () => { await window.phone.connect({ leg: 'L' }); await window.phone.disconnect(); }"
    )
    assert await seen(page, "asked") == [
        ["/softphone/connection", {"leg": "L"}],
        ["/softphone/disconnection", None],
    ]
    assert await seen(page, "heard") == [["connected", None], ["disconnected", None]]
