"""From an agent's accepting to the request that takes the caller out of the queue: the time that is ours."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from desks.models import Offer
from desks.values import OfferState
from nanori.db import across_shops
from nanori.settings import Settings
from nanori_app.processes import leave_alone_what_stays
from nanori_app.rehearse.agents import ON_SCREEN, SHOWN
from nanori_app.rehearse.house import installation
from nanori_app.rehearse.setting import seat_agents, set_up_shops
from nanori_app.rehearse.shops import invented_shops
from nanori_app.rehearse.stage import Browser, Stage, stage
from telephony.dispatch import dispatch
from telephony.ports import CARRIER

MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
STEP, STEPS, WARM_UP = 0.25, 40, 5


class Watched:
    """The carrier; notes when it was asked to connect a waiting caller."""

    def __init__(self, carrier: Any) -> None:
        self._carrier = carrier
        self.asked_at = 0.0

    def __getattr__(self, deed: str) -> Any:
        return getattr(self._carrier, deed)

    async def connect_waiting(self, **arguments: Any) -> None:
        self.asked_at = self.asked_at or time.perf_counter()
        await self._carrier.connect_waiting(**arguments)


@dataclass(frozen=True, slots=True)
class Answered:
    """One request to our application, by the wall clock."""

    path: str
    began_at: float
    ended_at: float

    @property
    def took(self) -> float:
        return self.ended_at - self.began_at


def timed(play: Stage) -> list[Answered]:
    """Requests that the application answers from now on, in the order in which their answers end.

    What a conference's report calls for is done at once, as by a process that the news has woken.
    """
    inner, answered = play.app.asgi_handler, []

    async def handle(scope: Any, receive: Any, send: Any) -> None:
        began_at = time.perf_counter()
        await inner(scope, receive, send)
        answered.append(Answered(scope["path"], began_at, time.perf_counter()))
        if "/cb/conf/" in scope["path"]:
            await dispatch(play.house, play.house.clock.now())

    play.app.asgi_handler = handle
    return answered


@dataclass(frozen=True, slots=True)
class Bench:
    """One agent and one number; ``answered`` is emptied before each acceptance."""

    play: Stage
    browser: Browser
    watched: Watched
    answered: list[Answered]
    number: str

    def ours(self) -> float:
        """Seconds of the last acceptance in which somebody waited for us.

        The acceptance itself, the document for the agent's leg, and from the report that the agent has joined
        to the request that connects the caller. The carrier's own time in between is not ours.
        """
        steps = {one.path.rpartition("/")[2]: one.took for one in self.answered}
        asked_at = self.watched.asked_at
        joined = max(
            one.began_at for one in self.answered if "/cb/conf/" in one.path and one.ended_at < asked_at
        )
        return steps["acceptance"] + steps["app"] + asked_at - joined


async def accept_times(settings: Settings, calls: int) -> list[float]:
    """Milliseconds of our own from the accepting request to the REST request, one call at a time.

    The carrier is the simulated one in virtual time. The way of the news to the process that sends the
    request is not in it; ``benchmarks.news`` measures that.
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
            bench = Bench(play, browser, watched, timed(play), number)
            for _ in range(WARM_UP):
                await _one(bench)
            leave_alone_what_stays()
            return [await _one(bench) for _ in range(calls)]


async def _one(bench: Bench) -> float:
    play, browser = bench.play, bench.browser
    sid = play.simulator.place_call("+819011112222", bench.number)
    for _ in range(STEPS):
        await browser.do("/desk/beat")
        await play.simulator.advance(1)
        shown = await _offered(play, browser)
        if shown is not None:
            break
    assert shown is not None, "nobody was asked"
    bench.watched.asked_at = 0.0
    bench.answered.clear()
    accepted = await browser.do(f"/offers/{shown.pop('offer', '')}/acceptance", **shown)
    assert accepted.status_code == 200, accepted.text  # noqa: PLR2004 - it was accepted
    await browser.do("/softphone/connection", leg=accepted.json()["leg"])
    for _ in range(STEPS):
        if bench.watched.asked_at:
            break
        await play.simulator.advance(STEP)
    took = bench.ours() * 1000
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
