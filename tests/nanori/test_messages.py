"""Messages: queued with the data or not at all, and worked off inside their own shop."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

import procrastinate
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.installation import Installation, plain_url
from nanori.messages import House, Message, Post, handles, send, works_on
from nanori.settings import LoginKind
from tenants.models import Tenant
from tests.support.people import a_shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung(Message):
    """A bell of a shop."""

    bell: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard(Message):
    """Nobody handles this."""


SEEN: list[list[UUID]] = []


@handles(Rung)
async def look_around(session: AsyncSession, _: Rung) -> None:
    SEEN.append(list(await session.scalars(select(Tenant.tenant_id))))


@works_on(Rung)
async def go_around(house: House, news: Rung) -> None:
    async with house.worker() as session:
        bound = await session.scalar(text("SELECT current_setting('nanori.tenants', true)"))
    SEEN.append([] if not bound else [news.tenant_id])


@pytest.fixture
async def post(clone: Installation) -> AsyncGenerator[Post]:
    SEEN.clear()
    connector = procrastinate.PsycopgConnector(conninfo=plain_url(clone.settings.url_for(LoginKind.WORKER)))
    post = Post(procrastinate.App(connector=connector), [look_around, go_around])
    post.register(clone)
    async with post.queue.open_async():
        yield post


async def work_off(post: Post) -> None:
    await post.queue.run_worker_async(wait=False, install_signal_handlers=False)


async def waiting_jobs(clone: Installation) -> int:
    async with clone.worker() as session:
        return (
            await session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")) or 0
        )


async def test_a_message_commits_with_the_data_it_is_about(clone: Installation, post: Post) -> None:
    async with clone.staff() as session:
        session.info["post"] = post
        shop = await a_shop(session)
        await send(session, Rung(tenant_id=shop.tenant_id, bell=shop.tenant_id))
        before = await waiting_jobs(clone)
        await session.commit()

    assert (before, await waiting_jobs(clone)) == (0, 2)


async def test_a_rolled_back_transaction_queues_nothing(clone: Installation, post: Post) -> None:
    async with clone.staff() as session:
        session.info["post"] = post
        shop = await a_shop(session)
        await send(session, Rung(tenant_id=shop.tenant_id, bell=shop.tenant_id))
        await session.rollback()

    assert await waiting_jobs(clone) == 0


async def test_a_handler_sees_the_shop_of_its_message_only(clone: Installation, post: Post) -> None:
    async with clone.staff.begin() as session:
        session.info["post"] = post
        mine, _ = await a_shop(session), await a_shop(session)
        await send(session, Rung(tenant_id=mine.tenant_id, bell=mine.tenant_id))
    await work_off(post)

    assert sorted(SEEN) == [[], [mine.tenant_id]]  # the free one has bound nothing


async def test_a_message_that_nobody_handles_queues_nothing(clone: Installation, post: Post) -> None:
    async with clone.staff.begin() as session:
        session.info["post"] = post
        shop = await a_shop(session)
        await send(session, Unheard(tenant_id=shop.tenant_id))

    assert await waiting_jobs(clone) == 0


def test_a_handlers_name_says_its_room_and_stays_when_the_file_moves() -> None:
    assert look_around.name.endswith(".look_around")
