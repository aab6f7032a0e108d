"""From an agent's accepting to the order that takes the caller out of the queue: an upper bound."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from desks.models import Offer
from desks.values import OfferState
from nanori.db import across_shops
from nanori.settings import Settings
from nanori_app.rehearse.agents import ON_SCREEN, SHOWN
from nanori_app.rehearse.house import installation
from nanori_app.rehearse.setting import seat_agents, set_up_shops
from nanori_app.rehearse.shops import invented_shops
from nanori_app.rehearse.stage import Browser, Stage, stage
from telephony.ports import CARRIER

MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
STEP, STEPS = 0.25, 40


class Watched:
    """The carrier; notes when it was asked to connect a waiting caller."""

    def __init__(self, carrier: Any) -> None:
        self._carrier = carrier
        self.asked_at = 0.0

    def __getattr__(self, deed: str) -> Any:
        return getattr(self._carrier, deed)

    async def connect_waiting(self, **arguments: Any) -> None:
        self.asked_at = time.perf_counter()
        await self._carrier.connect_waiting(**arguments)


async def accept_times(settings: Settings, calls: int) -> list[float]:
    """Milliseconds of the wall clock from the accepting request to the REST request, one call at a time.

    The carrier is the simulated one in virtual time: waiting for it costs nothing here, the work of both
    sides does, and so do the timers of the seconds that pass meanwhile. In between lie the acceptance, the
    agent's leg, its joining, and the order's way out.
    """
    async with installation(settings, MORNING) as house:
        staged = await set_up_shops(house, invented_shops(1), now=MORNING)
        (agent_id,) = await seat_agents(house, 1, staged)
        number = staged[0].setup.numbers[0]
        async with stage(house, seed=1, start=MORNING, numbers=[number]) as play:
            watched = Watched(play.carrier)
            play.house = replace(play.house, plugged={**play.house.plugged, CARRIER: watched})
            browser = await play.browser(agent_id)
            await browser.do("/desk/presence", state="ready")
            return [await _one(play, browser, watched, number) for _ in range(calls)]


async def _one(play: Stage, browser: Browser, watched: Watched, number: str) -> float:
    sid = play.simulator.place_call("+819011112222", number)
    for _ in range(STEPS):
        await browser.do("/desk/beat")
        await play.simulator.advance(1)
        shown = await _offered(play, browser)
        if shown is not None:
            break
    assert shown is not None, "nobody was asked"
    started, watched.asked_at = time.perf_counter(), 0.0
    accepted = await browser.do(f"/offers/{shown.pop('offer', '')}/acceptance", **shown)
    assert accepted.status_code == 200, accepted.text  # noqa: PLR2004 - it was accepted
    await browser.do("/softphone/connection", leg=accepted.json()["leg"])
    for _ in range(STEPS):
        if watched.asked_at:
            break
        await play.simulator.advance(STEP)
    took = (watched.asked_at - started) * 1000
    await play.simulator.advance(5)
    play.simulator.hang_up(sid)
    await play.simulator.advance(2)
    await browser.do(f"/calls/{shown['call']}/wrap-up", next="ready")
    return took


async def _offered(play: Stage, browser: Browser) -> dict[str, str] | None:
    """What the agent's screen shows of the one open offer, with its id."""
    async with across_shops(play.house.staff) as session:
        offer_id = await session.scalar(select(Offer.id).where(Offer.state == OfferState.OFFERED))
    if offer_id is None:
        return None
    page = await browser.client.get(f"/desk/panel?tab={browser.tab}")
    facts = ON_SCREEN.search(page.text)
    assert facts is not None, "the screen shows no offer"
    return {"offer": str(offer_id), **dict(SHOWN.findall(facts[0]))}
