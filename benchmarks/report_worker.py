"""Workers that do a month's jobs as they are done in a house, each in a process of its own, turn by turn."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nanori.clock import SystemClock
from nanori.db import unit_of_work
from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings
from nanori_app.post import build_post
from nanori_app.processes import leave_alone_what_stays
from reports.closing.jobs import CloseMonth
from reports.closing.queries import is_closed
from reports.closing.worker import freeze_month
from reports.commands import request_report
from reports.jobs import RenderMonthReport
from reports.queries import report_of
from reports.values import ReportState
from reports.worker import drawing_room, render_month_report
from tests.reports.drawn_apart import own_peak
from tests.support.apart import Apart, answer, batches

OCTOBER = date(2026, 10, 1)
AT_ONCE = 4  # as many jobs as a worker takes
CLOSE, REPORT = "close", "report"


@dataclass(frozen=True, slots=True)
class Run:
    """What all workers came to together."""

    finished: Sequence[float]  # seconds of work until each shop was done, in order
    peak: int  # MB of the larger worker, without its engine

    @property
    def seconds(self) -> float:
        return self.finished[-1]

    @property
    def tenths(self) -> tuple[float, float]:
        """Seconds a shop in the first and the last tenth; the first has the workers' start in it."""
        size = max(1, len(self.finished) // 10)
        before_last = self.finished[-size - 1] if len(self.finished) > size else 0.0
        return self.finished[size - 1] / size, (self.finished[-1] - before_last) / size


class Workers:
    """So many, with one job; they stay from turn to turn. Coming up is no part of a turn."""

    def __init__(self, settings: Settings, job: str, number: int) -> None:
        self._all = [Apart("benchmarks.report_worker", settings, job) for _ in range(number)]
        self._finished: list[float] = []
        for worker in self._all:
            worker.answer()

    def work(self, shops: Sequence[UUID]) -> float:
        """One turn, to each worker an equal share: its seconds."""
        worked, began = self._finished[-1] if self._finished else 0.0, time.time()
        for number, worker in enumerate(self._all):
            worker.give(shops[number :: len(self._all)])
        done = sorted(at - began for worker in self._all for at in worker.answer())
        self._finished += [worked + at for at in done]
        return self._finished[-1] - worked

    def end(self) -> Run:
        return Run(self._finished, max(worker.end() for worker in self._all))


async def work(settings: Settings, job: str, shares: Iterator[Sequence[UUID]]) -> None:
    """Answers each share with the times at which its shops were done, by the machine's clock."""
    post = build_post(settings.url_for(LoginKind.WORKER))
    house = connect(settings, post, SystemClock())
    gate, one_job = asyncio.Semaphore(AT_ONCE), {CLOSE: close, REPORT: report}[job]

    async def one(shop_id: UUID) -> float:
        async with gate:
            await one_job(house, shop_id)
        return time.time()

    try:
        async with post.queue.open_async():
            leave_alone_what_stays()
            answer("up")
            while (shops := await asyncio.to_thread(next, shares, None)) is not None:
                answer(await asyncio.gather(*(one(shop_id) for shop_id in shops)))
    finally:
        await house.close()


async def close(house: Installation, shop_id: UUID) -> None:
    await freeze_month.handle(house, CloseMonth(tenant_id=shop_id, month=OCTOBER))
    async with unit_of_work(house.worker, [shop_id]) as session:
        assert await is_closed(session, shop_id, OCTOBER)


async def report(house: Installation, shop_id: UUID) -> None:
    async with unit_of_work(house.worker, [shop_id]) as session:
        asked = await request_report(session, shop_id, OCTOBER, now=house.clock.now())
        requested_at = asked.requested_at
    await render_month_report.handle(
        house, RenderMonthReport(tenant_id=shop_id, month=OCTOBER, requested_at=requested_at)
    )
    async with unit_of_work(house.worker, [shop_id]) as session:
        made = await report_of(session, shop_id, OCTOBER)
        assert made is not None
        assert made.state is ReportState.READY


def main() -> None:
    given = batches()
    settings, job = next(given)
    with drawing_room if job == REPORT else nullcontext():  # a month's run has no pause between two turns
        asyncio.run(work(settings, job, given))
    answer(own_peak())


if __name__ == "__main__":
    main()
