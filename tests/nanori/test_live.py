"""News for browsers: told with the commit, heard by every process, and never pretended to be complete."""

import asyncio
from collections.abc import AsyncGenerator

import psycopg
import pytest
from uuid_utils.compat import uuid7

from nanori import live
from nanori.installation import Installation, plain_url
from nanori.live import BACKLOG, Hub, News
from nanori.settings import LoginKind

SOON = 30


@pytest.fixture
async def hubs(clone: Installation) -> AsyncGenerator[tuple[Hub, Hub]]:
    """Two processes' ears on one database."""
    pair = tuple(Hub(plain_url(clone.settings.url_for(LoginKind.STAFF))) for _ in range(2))
    for hub in pair:
        await hub.start()
    yield pair[0], pair[1]
    for hub in pair:
        await hub.stop()


async def test_every_process_hears_the_same_news(clone: Installation, hubs: tuple[Hub, Hub]) -> None:
    agent, offer = live.agent(uuid7()), uuid7()
    async with hubs[0].subscription(agent) as first, hubs[1].subscription(agent) as second:
        async with clone.staff.begin() as session:
            await live.announce(session, agent, "offer", offer=offer)
        heard = [await asyncio.wait_for(queue.get(), SOON) for queue in (first, second)]

    assert heard == [News(agent, "offer", {"offer": str(offer)})] * 2


async def test_news_of_a_transaction_that_failed_is_never_heard(
    clone: Installation, hubs: tuple[Hub, Hub]
) -> None:
    async with hubs[0].subscription("floor") as queue:
        async with clone.staff() as session:
            await live.announce(session, "floor", "never")
            await session.rollback()
        async with clone.staff.begin() as session:
            await live.announce(session, "floor", "later")
        heard = await asyncio.wait_for(queue.get(), SOON)

    assert heard.event == "later"


async def test_a_savepoint_that_is_rolled_back_takes_its_own_news_with_it(
    clone: Installation, hubs: tuple[Hub, Hub]
) -> None:
    async with hubs[0].subscription("floor") as queue:
        async with clone.staff.begin() as session:
            await live.announce(session, "floor", "before")
            async with session.begin_nested() as outer:
                async with session.begin_nested():
                    await live.announce(session, "floor", "never")
                await outer.rollback()
            await live.announce(session, "floor", "after")
        heard = [(await asyncio.wait_for(queue.get(), SOON)).event for _ in range(2)]

    assert heard == ["before", "after"]


async def test_one_agents_news_is_not_for_another(clone: Installation, hubs: tuple[Hub, Hub]) -> None:
    mine, other = live.agent(uuid7()), live.agent(uuid7())
    async with hubs[0].subscription(mine) as queue:
        async with clone.staff.begin() as session:
            await live.announce(session, other, "offer")
            await live.announce(session, mine, "desk")
        heard = await asyncio.wait_for(queue.get(), SOON)

    assert heard.event == "desk"
    assert queue.empty()


async def test_after_a_lost_connection_everybody_is_told_to_read_again(
    clone: Installation, hubs: tuple[Hub, Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "RECONNECT_SECONDS", 0.05)
    async with hubs[0].subscription("floor") as queue:
        with psycopg.connect(plain_url(clone.settings.owner_url()), autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        heard = await asyncio.wait_for(queue.get(), SOON)
        async with clone.staff.begin() as session:
            await live.announce(session, "floor", "after")
        after = await asyncio.wait_for(queue.get(), SOON)

    assert (heard.event, after.event) == ("refresh", "after")


async def test_a_reader_who_is_too_slow_is_told_to_read_again() -> None:
    hub = Hub("never connected")
    async with hub.subscription("floor") as queue:
        for number in range(BACKLOG + 1):
            hub.deliver(News("floor", str(number)))

        assert queue.qsize() == 1
        assert queue.get_nowait().event == "refresh"


async def test_a_payload_carries_ids_and_words_of_the_product_only(clone: Installation) -> None:
    """What goes over the channel can be heard by every login of the database."""
    with psycopg.connect(plain_url(clone.settings.url_for(LoginKind.WORKER)), autocommit=True) as ear:
        ear.execute(f"LISTEN {live.CHANNEL}".encode())
        offer = uuid7()
        async with clone.staff.begin() as session:
            await live.announce(session, "floor", "offer", offer=offer)
        payloads = [notice.payload for notice in ear.notifies(timeout=SOON, stop_after=1)]

    assert payloads == [f'{{"a": "floor", "e": "offer", "i": {{"offer": "{offer}"}}}}']
