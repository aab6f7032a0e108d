"""From a commit to the agent's browser: two real web processes, one stream to each."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import httpx

from nanori import live
from nanori.clock import SystemClock
from nanori.identity import commands as identity
from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings
from nanori.web.cookies import session_cookie_name
from nanori_app.post import build_post
from nanori_app.rehearse.setting import seat_agents, set_up_shops
from nanori_app.rehearse.shops import invented_shops

STARTS_WITHIN = 120.0


async def news_times(settings: Settings, count: int) -> dict[str, list[float]]:
    """Milliseconds from the end of the commit to the event at the browser's end of the stream.

    The commit is made by this process, as by a worker; both web processes hear it over the database, so that
    neither is nearer than the other.
    """
    house = connect(settings, build_post(settings.url_for(LoginKind.STAFF)), SystemClock())
    with ExitStack() as processes:
        addresses = [processes.enter_context(_web_process(settings)) for _ in range(2)]
        staged = await set_up_shops(house, invented_shops(1), now=datetime.now(UTC))
        (agent_id,) = await seat_agents(house, 1, staged)
        async with house.staff.begin() as session:
            cookie = await identity.open_session(session, agent_id, now=house.clock.now())
        headers = {"Cookie": f"{session_cookie_name(settings)}={cookie}"}
        async with httpx.AsyncClient(timeout=None) as client:  # noqa: S113 - a stream has no end
            ears = [Ear(), Ear()]
            listening = [
                asyncio.create_task(ear.listen(client, address, headers))
                for ear, address in zip(ears, addresses, strict=True)
            ]
            for ear in ears:
                await asyncio.wait_for(ear.ready.wait(), STARTS_WITHIN)
            times = [await _tell(house, live.agent(agent_id), ears) for _ in range(count)]
            for task in listening:
                task.cancel()
    await house.close()
    return {name: [one[place] for one in times] for place, name in enumerate(("one", "another"))}


class Ear:
    """One browser's stream."""

    def __init__(self) -> None:
        self.ready, self.heard = asyncio.Event(), asyncio.Event()
        self.at = 0.0

    async def listen(self, client: httpx.AsyncClient, address: str, headers: dict[str, str]) -> None:
        await _started(client, address)
        async with client.stream("GET", f"{address}/live", headers=headers) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("event: desk"):
                    self.at = time.perf_counter()
                    self.heard.set()
                elif line.startswith("event: hello"):
                    self.ready.set()


async def _tell(house: Installation, audience: str, ears: list[Ear]) -> list[float]:
    for ear in ears:
        ear.heard.clear()
    async with house.staff.begin() as session:
        await live.announce(session, audience, "desk")
    committed = time.perf_counter()
    for ear in ears:
        await asyncio.wait_for(ear.heard.wait(), 10)
    return [max(0.0, (ear.at - committed) * 1000) for ear in ears]


@contextmanager
def _web_process(settings: Settings) -> Generator[str]:
    """As ``nanori serve`` starts them."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("NANORI_")}
    environ |= {
        "NANORI_DATABASE_URL": settings.owner_url(), "NANORI_SECRET_KEY": settings.secret_key,
        "NANORI_DATA_DIR": str(settings.data_dir), "NANORI_VENDOR_DIR": str(settings.vendor_dir),
        "NANORI_LOG_LEVEL": "error",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "uvicorn", "--factory", "nanori_app.asgi:create_app", "--port", str(port),
        "--log-level", "warning", "--timeout-graceful-shutdown", "1",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


async def _started(client: httpx.AsyncClient, address: str) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        try:
            await client.get(f"{address}/health")
        except httpx.TransportError:
            await asyncio.sleep(0.2)
        else:
            return
    raise TimeoutError(address)
