"""A report from the request to the shelf, each login role under its own name."""

import asyncio
import io
import json
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from procrastinate.exceptions import ConnectorException
from pypdf import PdfReader
from sqlalchemy import select

from nanori.actors import Role
from nanori.db import across_shops, unit_of_work
from nanori.files import File
from nanori.installation import Installation
from nanori.messages import Post
from nanori.pdf import PdfEngineMissing, PdfFailed, PdfTookTooLong
from reports import worker
from reports.commands import OVERDUE, Made, request_report
from reports.errors import MonthAhead
from reports.jobs import RenderMonthReport
from reports.making import draw
from reports.models import MonthReport
from reports.paper.sheet import Paper
from reports.queries import report_by_month
from reports.values import Failure, ReportState, parse_month
from tests.reports.logged import OCTOBER, ShopLog, an_open_shop, every_kind
from tests.support.clock import TestClock
from tests.support.people import an_account

STATES = ["queued", "rendering", "ready"]


@dataclass
class House:
    """A real installation with one shop that had an October."""

    house: Installation
    shop_id: UUID
    clock: TestClock

    async def ask(self) -> MonthReport:
        async with unit_of_work(self.house.staff, [self.shop_id]) as session:
            return await request_report(session, self.shop_id, OCTOBER, now=self.clock.now())

    async def report(self) -> MonthReport:
        async with unit_of_work(self.house.staff, [self.shop_id]) as session:
            return await report_by_month(session, self.shop_id, OCTOBER)

    async def work(self) -> None:
        """Let a worker do what waits, once."""
        queue = post_of(self.house).queue
        await queue.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    async def jobs(self) -> int:
        return len(list(await post_of(self.house).queue.job_manager.list_jobs_async(status="todo")))

    async def job(self) -> None:
        """The job of the latest request, as the queue would run it."""
        report = await self.report()
        order = RenderMonthReport(tenant_id=self.shop_id, month=OCTOBER, requested_at=report.requested_at)
        await worker.render_month_report.handle(self.house, order)

    def bytes_of(self, file_id: UUID | None) -> bytes:
        assert file_id is not None
        return self.house.files.read(self.shop_id, file_id)


def post_of(house: Installation) -> Post:
    post: Post = house.worker.kw["info"]["post"]
    return post


@pytest.fixture
async def house(clone: Installation, clock: TestClock) -> AsyncGenerator[House]:
    async with across_shops(clone.staff) as session:
        shop = await an_open_shop(session)
        agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
        await every_kind(ShopLog(session, shop, agent.id))
    post_of(clone).register(clone)
    await clone.hub.start()
    yield House(clone, shop.tenant_id, clock)
    await clone.hub.stop()


async def test_a_request_becomes_a_paper_and_the_same_figures_beside_it(house: House) -> None:
    async with house.house.hub.subscription(f"shop:{house.shop_id}") as news:
        await house.ask()
        await house.work()
        told = [await asyncio.wait_for(news.get(), 5) for _ in STATES]
    report = await house.report()

    assert [one.ids["state"] for one in told] == STATES
    assert {(one.event, one.ids["month"]) for one in told} == {("report", "2026-10")}
    assert (report.state, report.ready_at) == (ReportState.READY, house.clock.now())
    figures = json.loads(house.bytes_of(report.figures_file_id))
    printed = printed_text(house.bytes_of(report.pdf_file_id))
    assert figures["shop"] == "ミナト珈琲"
    counts = {figure["key"]: figure["numerator"] for figure in figures["figures"]}
    assert (counts["offered"], counts["answered"], counts["mail_received"]) == (8, 4, 5)
    for figure in figures["figures"]:
        assert re.sub(r"\s", "", figure["text"]) in printed, figure["key"]


def printed_text(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


async def test_asking_twice_makes_one_report_and_asking_later_a_new_one(house: House) -> None:
    await house.ask()
    await house.ask()
    assert await house.jobs() == 1
    await house.work()
    first = await house.report()

    house.clock.advance(timedelta(hours=1))
    again = await house.ask()
    assert (again.state, again.pdf_file_id) == (ReportState.QUEUED, first.pdf_file_id)
    await house.work()
    second = await house.report()
    assert second.state is ReportState.READY
    assert second.pdf_file_id != first.pdf_file_id
    assert house.bytes_of(second.pdf_file_id) == house.bytes_of(first.pdf_file_id)


async def test_a_report_whose_worker_was_lost_may_be_asked_for_again(house: House) -> None:
    await house.ask()
    house.clock.advance(OVERDUE)
    await house.ask()

    assert await house.jobs() == 2
    await house.work()
    assert (await house.report()).state is ReportState.READY
    async with unit_of_work(house.house.staff, [house.shop_id]) as session:
        assert len(list(await session.scalars(select(File)))) == 2


async def test_the_job_run_twice_stores_once(house: House) -> None:
    await house.ask()
    await house.job()
    await house.job()

    async with unit_of_work(house.house.staff, [house.shop_id]) as session:
        assert len(list(await session.scalars(select(File)))) == 2


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (PdfTookTooLong("…"), Failure.TOOK_TOO_LONG),
        (PdfEngineMissing("…"), Failure.ENGINE_MISSING),
        (PdfFailed("…"), Failure.UNEXPECTED),
    ],
)
async def test_a_failure_is_told_and_leaves_what_was_made_before(
    house: House, monkeypatch: pytest.MonkeyPatch, failure: PdfFailed, why: Failure
) -> None:
    await house.ask()
    await house.job()
    made = await house.report()
    house.clock.advance(timedelta(minutes=1))
    await house.ask()

    def refuse(*_: object) -> None:
        raise failure

    monkeypatch.setattr(worker.drawing_room, "draw", refuse)
    await house.job()
    report = await house.report()
    assert (report.state, report.failure) == (ReportState.FAILED, why)
    assert report.pdf_file_id == made.pdf_file_id


async def test_what_nobody_foresaw_is_told_and_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.ask()
    with monkeypatch.context() as patch:
        patch.setattr(worker, "read_paper", broken)
        with pytest.raises(ConnectorException):
            await house.job()
    assert (await house.report()).failure == Failure.UNEXPECTED
    await house.job()
    assert (await house.report()).state is ReportState.READY


async def broken(*_: object, **__: object) -> None:
    raise ConnectorException("the connection is lost")


async def test_no_transaction_is_open_while_the_report_is_drawn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.ask()
    states: list[ReportState] = []

    def watch(paper: Paper) -> Made:
        row = asyncio.run_coroutine_threadsafe(house.ask(), loop).result(10)
        states.append(row.state)
        return draw([paper])[0]

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(worker.drawing_room, "draw", watch)
    await house.job()

    assert states == [ReportState.RENDERING]


async def test_a_month_that_has_not_begun_is_refused(house: House) -> None:
    async with unit_of_work(house.house.staff, [house.shop_id]) as session:
        with pytest.raises(MonthAhead):
            await request_report(session, house.shop_id, parse_month("2026-12"), now=house.clock.now())
