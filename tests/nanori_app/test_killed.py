"""``kill -9`` in mid-call, by the wall clock: of the web process, the worker, and the database.

Real processes on a server of their own; the carrier plays on, as the real one would.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Engagement, Offer
from desks.values import LIVE_OFFERS, OfferState
from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind
from nanori.db import across_shops
from nanori.identity import commands as identity
from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings
from nanori.web.cookies import csrf_token, session_cookie_name
from nanori_app.cluster import Cluster
from nanori_app.migrate import upgrade_database
from nanori_app.post import build_post
from telephony.adapters.simulator.app import serve
from telephony.adapters.simulator.endpoints import CarrierSettings, NumberSettings
from telephony.adapters.simulator.simulator import Simulator
from telephony.adapters.simulator.webhooks import HttpPost
from telephony.models import Call
from telephony.values import CallState
from tenants.models import OpeningSpan
from tests.support.calls import words_of
from tests.support.live_server import free_port
from tests.support.server import SECRET
from tests.telephony.conftest import NUMBER, SHOPPER, a_desk, a_ready_shop, an_agent

NOBODY = UUID(int=0)
ROOT = Path(__file__).parents[2]
NEVER_LONGER = 20.0
"""Seconds of silence that a caller may hear at worst."""
UP_WITHIN, SETTLED_WITHIN = 120.0, 240.0


@dataclass(slots=True)
class House:
    """Processes, database and carrier of one test."""

    settings: Settings
    cluster: Cluster
    simulator: Simulator
    house: Installation
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    agent_id: UUID = NOBODY
    shop_id: UUID = NOBODY
    words: UUID = NOBODY

    def start(self, name: str) -> None:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("NANORI_")}
        environ = clean | {
            "NANORI_DATABASE_URL": self.settings.owner_url(),
            "NANORI_SECRET_KEY": SECRET,
            "NANORI_DATA_DIR": str(self.settings.data_dir),
            "NANORI_PORT": str(self.settings.port),
            "NANORI_CARRIER_PORT": str(self.settings.carrier_port),
            "NANORI_PUBLIC_URL": self.settings.public_url,
            "NANORI_LOG_LEVEL": "error",
        }
        command = [sys.executable, "-m", "nanori_app.cli", {"web": "serve"}.get(name, name)]
        self.running[name] = subprocess.Popen(command, env=environ, cwd=ROOT)

    async def kill(self, victim: str) -> None:
        if victim == "database":
            assert self.cluster.pid is not None
            os.kill(self.cluster.pid, signal.SIGKILL)
            await asyncio.to_thread(self.cluster.stop)
        else:
            self.running[victim].send_signal(signal.SIGKILL)
            self.running[victim].wait()

    async def start_again(self, victim: str) -> None:
        if victim == "database":
            await asyncio.to_thread(self.cluster.start)
        else:
            self.start(victim)
        await self.until_up()

    async def until_up(self) -> None:
        async with asyncio.timeout(UP_WITHIN), httpx.AsyncClient(base_url=self.settings.public_url) as client:
            while True:
                with suppress(httpx.TransportError):
                    if (await client.get("/login")).is_success:
                        return
                await asyncio.sleep(0.2)

    async def rows(self, table: Any) -> list[Any]:
        async with across_shops(self.house.staff) as session:
            return list(await session.scalars(select(table)))

    async def until(self, what: Callable[[], Awaitable[bool]], seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while True:
                with suppress(DBAPIError):
                    if await what():
                        return
                await asyncio.sleep(0.2)

    async def is_settled(self) -> bool:
        return all(call.settled_at is not None for call in await self.rows(Call))

    async def talks(self) -> bool:
        return any(call.state is CallState.TALKING for call in await self.rows(Call))


@asynccontextmanager
async def a_house(folder: Path) -> AsyncGenerator[House]:
    with _a_server(folder / "postgres") as cluster:
        port, carrier_port = free_port(), free_port()
        settings = Settings(
            database_url=cluster.owner_url(),
            secret_key=SECRET,
            data_dir=folder,
            vendor_dir=ROOT / "var" / "vendor",
            port=port,
            carrier_port=carrier_port,
            public_url=f"http://127.0.0.1:{port}",
        )
        upgrade_database(settings)
        post = HttpPost()
        simulator = _carrier(settings, post)
        own = House(
            settings, cluster, simulator, connect(settings, build_post(settings.url_for(LoginKind.STAFF)))
        )
        async with across_shops(own.house.staff) as session:
            await _people(session, own)
        key = settings.carrier_control_key
        carrier = asyncio.create_task(serve(simulator, host="127.0.0.1", port=carrier_port, control_key=key))
        try:
            own.start("web")
            own.start("worker")
            await own.until_up()
            yield own
        finally:
            for process in own.running.values():
                process.kill()
                process.wait()
            carrier.cancel()
            await asyncio.gather(carrier, return_exceptions=True)
            await post.close()
            await own.house.close()


@contextmanager
def _a_server(folder: Path) -> Generator[Cluster]:
    """A server whose files outlive it, until the test is over."""
    cluster = Cluster(folder)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        cluster.remove()


def _carrier(settings: Settings, post: HttpPost) -> Simulator:
    url = settings.public_url
    ours = NumberSettings(f"{url}/tw/in", f"{url}/tw/cb/call", f"{url}/tw/fallback")
    return Simulator(
        seed=1,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        post=post,
        start=datetime.now(UTC),
        settings=CarrierSettings(
            app_url=f"{url}/tw/app",
            application_sid=settings.twilio_app_sid or "AP" + "0" * 32,
            numbers={NUMBER: ours},
        ),
    )


async def _people(session: AsyncSession, own: House) -> None:
    """A shop that is open around the clock, and one agent."""
    shop = await a_ready_shop(session, NUMBER)
    await session.execute(update(OpeningSpan).values(opens=0, closes=1440))
    agent = await an_agent(session, shop, await a_desk(session, shop))
    own.shop_id, own.agent_id, own.words = shop.tenant_id, agent.id, await words_of(session, shop.tenant_id)


async def _browser(own: House) -> httpx.AsyncClient:
    async with own.house.staff.begin() as session:
        cookie = await identity.open_session(session, own.agent_id, now=own.house.clock.now())
    return httpx.AsyncClient(
        base_url=own.settings.public_url,
        cookies={session_cookie_name(own.settings): cookie},
        headers={
            "X-CSRF-Token": csrf_token(own.settings, identity.session_hash(cookie)),
            "Accept": "application/json",
        },
    )


async def _do(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await browser.post(path, data={"tab": "tab", **fields})


async def _beat(browser: httpx.AsyncClient) -> None:
    while True:
        with suppress(httpx.TransportError):
            await _do(browser, "/desk/beat")
        await asyncio.sleep(8)


async def _answer(own: House, browser: httpx.AsyncClient) -> None:
    """Take what is offered and dial in."""

    async def offered() -> bool:
        return any(offer.state is OfferState.OFFERED for offer in await own.rows(Offer))

    await own.until(offered, 30)
    [offer], [call] = await own.rows(Offer), await own.rows(Call)
    shown = {"shop": str(own.shop_id), "call": str(call.id), "phrase": str(own.words)}
    answer = await _do(browser, f"/offers/{offer.id}/acceptance", **shown)
    assert answer.status_code == httpx.codes.OK, answer.text
    own.simulator.client_connect(f"agent_{own.agent_id.hex}", {"leg": answer.json()["leg"]})
    await own.until(own.talks, 20)


async def test_a_kill_in_mid_call_loses_nothing_and_leaves_nobody_in_silence(tmp_path: Path) -> None:
    """Three houses side by side, since most of the time is waiting."""
    async with asyncio.TaskGroup() as houses:
        for victim in ("web", "worker", "database"):
            (tmp_path / victim).mkdir()
            houses.create_task(_loses(victim, tmp_path / victim), name=victim)


async def _loses(victim: str, folder: Path) -> None:
    async with a_house(folder) as own, await _browser(own) as browser:
        simulator = own.simulator
        await _do(browser, "/desk/seat")
        await _do(browser, "/desk/presence", state="ready")
        beating = asyncio.create_task(_beat(browser))
        talking = simulator.place_call(SHOPPER, NUMBER)
        await _answer(own, browser)
        waiting = simulator.place_call("+819011113333", NUMBER)
        await asyncio.sleep(6)
        await own.kill(victim)
        await asyncio.sleep(1)
        simulator.hang_up(talking)  # with a dead web process nobody hears of it
        await asyncio.sleep(2)
        await own.start_again(victim)
        await asyncio.sleep(10)
        simulator.hang_up(waiting)
        await own.until(own.is_settled, SETTLED_WITHIN)
        beating.cancel()
        await _check(own, {talking, waiting})
        assert simulator.live_legs == []
        assert max(simulator.longest_silence(sid) for sid in (talking, waiting)) <= NEVER_LONGER
        assert simulator.contract_violations == []


async def _check(own: House, called: set[str]) -> None:
    """One call, one interaction and one end for each who rang; nobody is kept for a caller who has gone."""
    calls, interactions = await own.rows(Call), await own.rows(Interaction)
    assert {call.call_sid for call in calls} == called
    assert {call.interaction_id for call in calls} == {one.id for one in interactions}
    assert all(one.outcome is not None for one in interactions)
    events = await own.rows(InteractionEvent)
    for one in interactions:
        mine = sorted(
            (event for event in events if event.interaction_id == one.id), key=lambda event: event.seq
        )
        assert [event.seq for event in mine] == list(range(1, len(mine) + 1))
        assert [event.kind for event in mine].count(EventKind.ENDED) == 1
    assert not any(offer.state in LIVE_OFFERS for offer in await own.rows(Offer))
    in_hand = [one for one in await own.rows(Engagement) if one.ended_at is None]
    assert all(one.wrapup_since is not None for one in in_hand)
