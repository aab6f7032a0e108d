"""A month that is closed: once, whole, for good; and opened again with a reason."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands as log
from interactions.models import Interaction, Reason
from interactions.values import EventKind, Outcome
from nanori.actors import Role
from nanori.alerts import open_alerts
from nanori.db import ALL_SHOPS_FOR_GOOD, across_shops, unit_of_work
from nanori.installation import Installation, plain_url
from nanori.messages import Post
from nanori_app.due import whats_due
from reports.closing import commands
from reports.closing.commands import Closing, ask_close, close_month, reopen_month
from reports.closing.errors import FigureUnknown, MonthBusy, MonthNotClosed, MonthNotOver, ReasonMissing
from reports.closing.jobs import CloseMonth
from reports.closing.models import ClosedFact, ClosedMonth
from reports.closing.queries import closes_of, editions_of, is_as_frozen, is_closed, records_of, standing_of
from reports.closing.reading import read_month
from reports.closing.values import PATIENCE, MonthState
from reports.closing.worker import close_months, freeze_month
from reports.month import month_figures
from reports.queries import facts_of_month
from tenants.models import Tenant
from tests.reports.logged import OCTOBER, ShopLog, a_few, an_open_shop
from tests.reports.months import at
from tests.support.clock import START, TestClock
from tests.support.people import an_account

NOVEMBER = date(2026, 11, 1)
LATER = START + timedelta(days=3)


@dataclass
class Scene:
    """One shop that had an October, in a transaction that is thrown away."""

    session: AsyncSession
    book: ShopLog

    @property
    def shop_id(self) -> UUID:
        return self.book.shop.tenant_id

    async def close(self, *, now: datetime = START) -> Closing:
        return await close_month(self.session, self.shop_id, OCTOBER, now=now)

    async def state(self) -> MonthState:
        close, _ = (await closes_of(self.session, [self.shop_id], OCTOBER))[self.shop_id]
        return close.state

    async def numbers(self, key: str, *, limit: int = 100) -> list[int]:
        """The records behind a figure, over all pages."""
        after, found = 0, []
        while True:
            page = await records_of(self.session, self.shop_id, OCTOBER, key, after=after, limit=limit)
            found += [line.number for line in page.lines]
            if page.after is None:
                return found
            after = page.after

    async def refused(self, sql: str) -> str:
        """What the database says to a change of frozen rows."""
        with pytest.raises(DBAPIError) as refusal:
            async with self.session.begin_nested():
                await self.session.execute(text(sql))
        return str(refusal.value.orig)


@pytest.fixture
async def scene(session: AsyncSession) -> Scene:
    shop = await an_open_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    book = ShopLog(session, shop, agent.id)
    await a_few(book)
    return Scene(session, book)


async def late_reason(scene: Scene) -> Interaction:
    """After the close somebody sets the reason of a call that had none."""
    one: Interaction | None = await scene.session.scalar(
        select(Interaction)
        .where(Interaction.outcome == Outcome.ANSWERED, Interaction.reason_id.is_(None))
        .order_by(Interaction.number)
        .limit(1)
    )
    reason = await scene.session.scalar(select(Reason.id).limit(1))
    assert one is not None
    assert reason is not None
    await log.set_reason(scene.session, one, reason)
    return one


async def test_a_closed_month_says_what_the_log_said(scene: Scene) -> None:
    facts, hours = await facts_of_month(scene.session, scene.book.shop, OCTOBER)
    counted = month_figures(facts, hours)
    assert not await is_closed(scene.session, scene.shop_id, OCTOBER)

    done = await scene.close()

    standing, frozen = await standing_of(scene.session, scene.shop_id, OCTOBER)
    assert done.anew
    assert standing is not None
    assert (standing.state, standing.edition, standing.closed_at) == (MonthState.CLOSED, 1, START)
    assert frozen == counted
    assert await is_closed(scene.session, scene.shop_id, OCTOBER)
    assert await is_as_frozen(scene.session, done.closed)


async def test_what_happens_later_changes_a_closed_month_only_by_a_restatement(scene: Scene) -> None:
    first = (await scene.close()).closed
    before = await scene.numbers("self_completed")
    await late_reason(scene)
    again = await scene.close(now=LATER)
    assert (again.anew, again.closed.content_hash) == (False, first.content_hash)
    assert await scene.numbers("self_completed") == before

    await reopen_month(scene.session, scene.shop_id, OCTOBER, why=" 理由の入力もれ ", now=LATER)
    standing, frozen = await standing_of(scene.session, scene.shop_id, OCTOBER)
    assert (standing and standing.state, frozen) == (MonthState.REOPENED, None)
    assert not await is_closed(scene.session, scene.shop_id, OCTOBER)
    new = await scene.close(now=LATER)

    assert (new.closed.edition, new.closed.reason) == (2, "理由の入力もれ")
    assert new.closed.content_hash != first.content_hash
    assert [(one["key"], one["reason"]) for one in new.closed.changes] == [
        ("reason", "配送状況"), ("reason", None),
    ]  # fmt: skip
    assert await scene.state() is MonthState.RESTATED
    editions = await editions_of(scene.session, scene.shop_id, OCTOBER)
    assert [one.content_hash for one in editions] == [first.content_hash, new.closed.content_hash]
    assert all([await is_as_frozen(scene.session, one) for one in editions])


async def test_a_month_that_is_not_over_by_the_shops_clock_is_refused(scene: Scene) -> None:
    with pytest.raises(MonthNotOver, match="not over yet"):
        await close_month(scene.session, scene.shop_id, NOVEMBER, now=START)
    midnight = at(NOVEMBER, 0)
    with pytest.raises(MonthNotOver):
        await scene.close(now=midnight - timedelta(milliseconds=1))
    assert (await scene.close(now=midnight)).anew


async def test_a_call_over_midnight_is_waited_for(scene: Scene) -> None:
    start = at(NOVEMBER, 0) - timedelta(minutes=3)
    one = await scene.book.call(start, (EventKind.QUEUED, 5), (EventKind.ANSWERED, 10))
    now = start + timedelta(minutes=10)
    with pytest.raises(MonthBusy):
        await scene.close(now=now)
    await log.close(scene.session, one, Outcome.ANSWERED, actor=scene.book.agent, at=now, by="agent")
    with pytest.raises(MonthBusy):
        await scene.close(now=now)
    await log.wrap_up(scene.session, one, reason_id=None, actor=scene.book.agent, at=now)
    assert (await scene.close(now=now)).anew


async def test_only_a_closed_month_can_be_reopened_and_with_a_reason(scene: Scene) -> None:
    with pytest.raises(MonthNotClosed):
        await reopen_month(scene.session, scene.shop_id, OCTOBER, why="誤り", now=START)
    await scene.close()
    with pytest.raises(ReasonMissing):
        await reopen_month(scene.session, scene.shop_id, OCTOBER, why="  ", now=START)


async def test_the_database_lets_nobody_change_what_is_frozen(scene: Scene) -> None:
    await scene.close()
    for table in ("closed_month", "closed_fact"):
        assert "permission denied" in await scene.refused(f"DELETE FROM {table}")  # noqa: S608 - our names
    later = "INSERT INTO closed_fact SELECT tenant_id, month, edition, 99999, 0, '{}' FROM closed_month"
    assert "no later record" in await scene.refused(later)
    gap = (
        "INSERT INTO closed_month SELECT tenant_id, month, 3, zone, formulas, figures, patterns, 0,"
        " content_hash, closed_at, closed_by, 'x', changes FROM closed_month"
    )
    assert "no gaps" in await scene.refused(gap)
    assert "all its records" in await scene.refused(
        gap.replace(", 3, zone", ", 2, zone").replace(" 0,", " 7,")
    )
    assert "reopened_with_reason" in await scene.refused("UPDATE month_close SET state = 'reopened'")


async def test_the_records_of_a_figure_are_the_same_before_and_after_the_close(scene: Scene) -> None:
    keys = ["offered", "agent_no_answer", "mail_backlog", "handling_time"]
    live = [await scene.numbers(key, limit=2) for key in keys]
    assert all(live)
    await scene.close()
    assert [await scene.numbers(key, limit=2) for key in keys] == live
    with pytest.raises(FigureUnknown):
        await records_of(scene.session, scene.shop_id, OCTOBER, "answer_rat")
    lines = (await records_of(scene.session, scene.shop_id, OCTOBER, "answer_rate")).lines
    assert [line.above for line in lines].count(True) == 4
    assert all(line.below for line in lines)
    assert {line.outcome for line in lines} == {"answered", "abandoned", "overflow"}


async def test_a_close_that_was_asked_for_is_asked_for_once(scene: Scene) -> None:
    async def ask(now: datetime) -> bool:
        return await ask_close(scene.session, scene.shop_id, OCTOBER, now=now)

    assert await ask(START)
    assert not await ask(START)
    assert await ask(START + PATIENCE)
    await scene.close()
    assert not await ask(LATER)


class KilledError(Exception):
    """Stands for a power cut."""


@asynccontextmanager
async def a_worker(house: Installation, shop: Tenant) -> AsyncGenerator[AsyncSession]:
    async with unit_of_work(house.worker, [shop.tenant_id]) as session:
        yield session


async def test_two_workers_and_one_that_was_killed_freeze_one_month(
    clone: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with clone.staff.begin() as session:
        shop = await an_open_shop(session)
        agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
        await a_few(ShopLog(session, shop, agent.id))

    async def close() -> Closing:
        async with a_worker(clone, shop) as session:
            return await close_month(session, shop.tenant_id, OCTOBER, now=START)

    async def cut_off(session: AsyncSession, closed: ClosedMonth, records: Sequence[Any]) -> None:
        await write(session, closed, records)
        raise KilledError

    write = commands._write
    with monkeypatch.context() as patch:
        patch.setattr(commands, "_write", cut_off)
        with pytest.raises(KilledError):
            await close()
    both = await asyncio.gather(close(), close())

    assert sorted(one.anew for one in both) == [False, True]
    assert both[0].closed.content_hash == both[1].closed.content_hash
    async with a_worker(clone, shop) as session:
        stored = await session.scalar(select(func.count()).select_from(ClosedFact))
        assert stored == both[0].closed.records
        assert await is_as_frozen(session, both[0].closed)
    not_even_the_owner_can_change_it(clone)


def not_even_the_owner_can_change_it(house: Installation) -> None:
    with psycopg.connect(plain_url(house.settings.owner_url()), autocommit=True) as owner:
        owner.execute(ALL_SHOPS_FOR_GOOD.text)
        for change in ("UPDATE {} SET month = month", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            for table in ("closed_month", "closed_fact"):
                with pytest.raises(psycopg.errors.RestrictViolation, match="never changes"):
                    owner.execute(change.format(table).encode())


@pytest.fixture
async def real(clone: Installation) -> tuple[Installation, UUID]:
    """A real installation with a shop that began in September and had an October."""
    async with across_shops(clone.staff) as session:
        shop = await an_open_shop(session)
        shop.created_at = at(date(2026, 9, 20), 9)
        agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
        await a_few(ShopLog(session, shop, agent.id))
    post: Post = clone.worker.kw["info"]["post"]
    post.register(clone)
    return clone, shop.tenant_id


async def test_months_that_are_over_are_closed_by_themselves(
    real: tuple[Installation, UUID], clock: TestClock
) -> None:
    house, shop_id = real
    third = at(date(2026, 11, 3), 4)

    async def due(now: datetime) -> bool:
        async with across_shops(house.worker) as session:
            return close_months in (await whats_due(session, now=now)).steps

    async def closed() -> list[date]:
        async with unit_of_work(house.staff, [shop_id]) as session:
            asked = select(ClosedMonth.month).order_by(ClosedMonth.month)
            return list(await session.scalars(asked))

    async def go(now: datetime) -> None:
        await close_months(house, now)
        queue = house.worker.kw["info"]["post"].queue
        await queue.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    clock.set(third)
    assert await due(third - timedelta(minutes=1))
    await go(third - timedelta(minutes=1))
    assert await closed() == [date(2026, 9, 1)]
    assert not await due(third - timedelta(minutes=1))
    await go(third)
    assert await closed() == [date(2026, 9, 1), OCTOBER]
    assert not await due(at(date(2026, 12, 3), 3))


async def test_a_close_that_fails_says_why_and_can_be_asked_for_again(
    real: tuple[Installation, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, shop_id = real

    async def busy(*_: object, **__: object) -> None:
        raise MonthBusy

    async def ask() -> bool:
        async with unit_of_work(house.staff, [shop_id]) as session:
            return await ask_close(session, shop_id, OCTOBER, now=START)

    async def stands() -> tuple[MonthState, str | None]:
        async with unit_of_work(house.staff, [shop_id]) as session:
            close, _ = (await closes_of(session, [shop_id], OCTOBER))[shop_id]
            return close.state, close.failure

    async def told() -> list[tuple[str, str, UUID | None, str]]:
        async with house.staff.begin() as session:
            return [(one.kind, one.subject, one.shop_id, one.detail) for one in await open_alerts(session)]

    assert await ask()
    order = CloseMonth(tenant_id=shop_id, month=OCTOBER)
    with monkeypatch.context() as patch:
        patch.setattr(commands, "close_month", busy)
        await freeze_month.handle(house, order)
    assert await stands() == (MonthState.OPEN, MonthBusy.message)
    assert await told() == [("month_not_closed", f"{shop_id}/2026-10", shop_id, MonthBusy.message)]
    assert await ask()
    await freeze_month.handle(house, order)
    assert await stands() == (MonthState.CLOSED, None)
    assert await told() == []


async def test_a_closed_month_is_printed_from_what_was_frozen(scene: Scene) -> None:
    await scene.close()
    first, _ = (await read_month(scene.session, scene.shop_id, OCTOBER)).figures()
    await late_reason(scene)
    second, _ = (await read_month(scene.session, scene.shop_id, OCTOBER)).figures()
    assert second == first
    assert second.as_json()["standing"] == first.as_json()["standing"] != {"state": "open"}

    await reopen_month(scene.session, scene.shop_id, OCTOBER, why="訂正", now=LATER)
    live, _ = (await read_month(scene.session, scene.shop_id, OCTOBER)).figures()
    assert live.reasons != first.reasons
    assert live.standing is not None
    assert (live.standing.state, live.standing.reason) == (MonthState.REOPENED, "訂正")
