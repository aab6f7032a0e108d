"""Two web processes serve the same agents: what happens in one is seen in the other."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
from uuid_utils.compat import uuid7

from nanori import live
from nanori.actors import Role
from nanori.clock import SystemClock
from nanori.identity import commands as identity
from nanori.identity.models import Account
from nanori.installation import Installation, connect
from nanori.settings import LoginKind
from nanori.web.cookies import csrf_token, session_cookie_name
from nanori_app.post import build_post
from tests.conftest import ROOT, SERVER, settings_for
from tests.support.live_server import free_port
from tests.support.people import a_shop, an_account
from tests.support.server import database, give_roles

STARTS_WITHIN, SOON = 60.0, 30.0


@dataclass(frozen=True, slots=True)
class Agent:
    account: Account
    headers: dict[str, str]


@pytest.fixture(scope="module")
async def house(template: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Installation]:
    """An installation that all tests here share: its two processes take seconds to start."""
    with database(os.environ[SERVER], template) as url:
        settings = settings_for(url, tmp_path_factory.mktemp("two"))
        give_roles(settings)
        post = build_post(settings.url_for(LoginKind.STAFF))
        installation = connect(settings, post, SystemClock())
        async with post.queue.open_async():
            yield installation
        await installation.close()


@pytest.fixture(scope="module")
async def addresses(house: Installation) -> AsyncGenerator[tuple[str, str]]:
    with web_process(house) as first, web_process(house) as second:
        await asyncio.gather(started(first), started(second))
        yield first, second


@pytest.fixture
async def agent(house: Installation) -> Agent:
    """An agent who is signed in, by the wall clock that real processes have."""
    async with house.staff.begin() as session:
        shop = await a_shop(session)
        account = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
        cookie = await identity.open_session(session, account.id, now=house.clock.now())
    return Agent(
        account,
        {
            "Cookie": f"{session_cookie_name(house.settings)}={cookie}",
            "X-CSRF-Token": csrf_token(house.settings, identity.session_hash(cookie)),
        },
    )


@contextmanager
def web_process(house: Installation) -> Iterator[str]:
    """A web process of its own, as ``nanori serve`` starts them."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NANORI_")}
    environment |= {
        "NANORI_DATABASE_URL": house.settings.owner_url(),
        "NANORI_SECRET_KEY": house.settings.secret_key,
        "NANORI_DATA_DIR": str(house.settings.data_dir),
        "NANORI_VENDOR_DIR": str(house.settings.vendor_dir),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }
    command = [
        sys.executable, "-m", "uvicorn", "--factory", "nanori_app.asgi:create_app",
        "--port", str(port), "--log-level", "warning", "--timeout-graceful-shutdown", "1",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(SOON)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def started(address: str) -> None:
    """Returns when the process answers."""
    end = time.monotonic() + STARTS_WITHIN
    async with httpx.AsyncClient() as client:
        while time.monotonic() < end:
            try:
                await client.get(f"{address}/health")
            except httpx.TransportError:
                await asyncio.sleep(0.2)
            else:
                return
    raise AssertionError(f"{address} did not start")


async def events_of(answer: httpx.Response) -> AsyncGenerator[tuple[str, str]]:
    """Events of a stream with their data, as they come."""
    event = ""
    async for line in answer.aiter_lines():
        if line.startswith("event:"):
            event = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            yield event, line.removeprefix("data:").strip()


async def test_what_an_agent_does_in_one_process_is_told_by_the_other(
    addresses: tuple[str, str], agent: Agent
) -> None:
    here, there = addresses
    async with (
        httpx.AsyncClient(headers=agent.headers, timeout=SOON) as client,
        client.stream("GET", f"{here}/live") as answer,
    ):
        news = events_of(answer)
        hello = await asyncio.wait_for(anext(news), SOON)
        seat = await client.post(f"{there}/desk/seat", data={"tab": "a tab"})
        heard = await asyncio.wait_for(anext(news), SOON)
        await news.aclose()

    assert (hello[0], seat.status_code, heard[0]) == ("hello", 204, "desk")


async def test_a_browser_that_comes_back_to_the_other_process_reads_everything_again(
    addresses: tuple[str, str], agent: Agent
) -> None:
    headers = agent.headers | {"Last-Event-ID": "1"}
    async with (
        httpx.AsyncClient(headers=headers, timeout=SOON) as client,
        client.stream("GET", f"{addresses[1]}/live") as answer,
    ):
        news = events_of(answer)
        first = await asyncio.wait_for(anext(news), SOON)
        await news.aclose()

    assert first[0] == "refresh"


async def test_nobody_hears_what_is_meant_for_another_agent(
    house: Installation, addresses: tuple[str, str], agent: Agent
) -> None:
    async with (
        httpx.AsyncClient(headers=agent.headers, timeout=SOON) as client,
        client.stream("GET", f"{addresses[0]}/live") as answer,
    ):
        news = events_of(answer)
        await asyncio.wait_for(anext(news), SOON)
        async with house.staff.begin() as session:
            await live.announce(session, live.agent(uuid7()), "offer")
            await live.announce(session, live.agent(agent.account.id), "desk")
        heard = await asyncio.wait_for(anext(news), SOON)
        await news.aclose()

    assert heard[0] == "desk"


async def test_signing_out_in_one_process_closes_the_other(addresses: tuple[str, str], agent: Agent) -> None:
    here, there = addresses
    async with httpx.AsyncClient(headers=agent.headers, timeout=SOON) as client:
        before = await client.get(f"{here}/interactions")
        await client.post(f"{there}/logout")
        after = await client.get(f"{here}/interactions")

    assert (before.status_code, after.status_code) == (200, 303)
