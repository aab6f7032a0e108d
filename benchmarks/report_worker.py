"""One worker's share of a month: the jobs themselves, in a process of its own as a worker is.

``start`` brings it up to the point where it could begin, ``run`` lets several go at the same moment.
"""

import asyncio
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from nanori.clock import SystemClock
from nanori.db import unit_of_work
from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings
from nanori_app.post import build_post
from reports.closing.jobs import CloseMonth
from reports.closing.queries import is_closed
from reports.closing.worker import freeze_month
from reports.commands import request_report
from reports.jobs import RenderMonthReport
from reports.queries import report_of
from reports.values import ReportState
from reports.worker import render_month_report
from tests.reports.drawn_apart import own_peak

HERE = Path(__file__).parents[1]
OCTOBER = date(2026, 10, 1)
AT_ONCE = 4  # as many jobs as a worker takes
CLOSE, REPORT = "close", "report"


@dataclass(frozen=True, slots=True)
class Share:
    """When each shop was done, by the machine's clock; the peak of the worker itself, without its engine."""

    finished: Sequence[float]
    peak: int


@dataclass(frozen=True, slots=True)
class Run:
    """What all workers came to together. ``finished``: seconds from the start, in order."""

    seconds: float
    finished: Sequence[float]
    peak: int

    @property
    def tenths(self) -> tuple[float, float]:
        """Seconds a shop in the first and the last tenth; the first has the workers' start in it."""
        size = max(1, len(self.finished) // 10)
        before_last = self.finished[-size - 1] if len(self.finished) > size else 0.0
        return self.finished[size - 1] / size, (self.finished[-1] - before_last) / size


def run(settings: Settings, job: str, shops: Sequence[UUID], workers: int) -> Run:
    """The job of every shop, by so many workers, each with an equal share."""
    started = [_start(settings, job, shops[number::workers]) for number in range(workers)]
    for process in started:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("a worker did not come up")
    began = time.time()
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
    shares = [_share(process) for process in started]
    finished = sorted(at - began for share in shares for at in share.finished)
    return Run(finished[-1], finished, max(share.peak for share in shares))


def _start(settings: Settings, job: str, shops: Sequence[UUID]) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.report_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=HERE,
        env=dict(os.environ) | {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE / 'platform'}"},
    )
    assert process.stdin is not None
    pickle.dump((settings, job, list(shops)), process.stdin)
    process.stdin.flush()
    return process


def _share(process: "subprocess.Popen[bytes]") -> Share:
    assert process.stdout is not None
    share: Share = pickle.load(process.stdout)  # noqa: S301 -- from the process that we started
    process.wait()
    return share


async def work(settings: Settings, job: str, shops: Sequence[UUID]) -> list[float]:
    post = build_post(settings.url_for(LoginKind.WORKER))
    house = connect(settings, post, SystemClock())
    gate, one_job = asyncio.Semaphore(AT_ONCE), {CLOSE: close, REPORT: report}[job]

    async def one(shop_id: UUID) -> float:
        async with gate:
            await one_job(house, shop_id)
        return time.time()

    try:
        async with post.queue.open_async():
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.buffer.read)
            return list(await asyncio.gather(*(one(shop_id) for shop_id in shops)))
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
    settings, job, shops = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the process that started us
    finished = asyncio.run(work(settings, job, shops))
    sys.stdout.flush()
    pickle.dump(Share(finished, own_peak()), sys.stdout.buffer)


if __name__ == "__main__":
    from benchmarks.report_worker import main as named

    named()
