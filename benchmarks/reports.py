"""What a month's end costs: all shops closed and their PDFs made by workers, beside others on the same pages.

Each shop has a month of its own in the log. Worker processes, one for each core, do the jobs as they do them
in a house: first each close, then each report, from the frozen month to the stored file. A worker has one
engine; so the same pages are drawn from ready HTML by as many engines and nothing else, by turns of fifty
shops: a machine whose speed changes is slow for both. At last some of the pages are drawn by one engine, by
WeasyPrint as it comes, and by headless Chromium, one process each.

    python -m benchmarks.reports [--shops 300] [--calls-a-day 106] [--workers 2] [--sample 20]

300 shops with 106 calls a day have about 1,000,000 interactions. Promised: the run of all PDFs takes at most
1.15 of the engines alone; a shop costs as much in the last tenth as in the first, and as much in a run of 300
as in one of 10; a PDF has at most 200 KB without the figures enclosed; an engine needs at most 120 MB.
Stops when less than 30 GB of disk are left.
"""

import argparse
import asyncio
import os
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from benchmarks.report_peers import bare_weasyprint, headless_chromium
from benchmarks.report_shops import many_shops
from benchmarks.report_worker import CLOSE, OCTOBER, REPORT, Run, Workers
from nanori.clock import SystemClock
from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings, load_settings
from nanori.words import register_catalogues
from nanori_app.cluster import database_of
from nanori_app.post import build_post
from nanori_app.rehearse.house import throw_away
from reports.making import CATALOGUES, Workshop, read_paper
from reports.paper.sheet import FONTS, VARIANT, sheet
from tests.reports.drawn_apart import EngineApart, Ready, draw_apart

PROMISED, PROMISED_KB, PROMISED_MB = 1.15, 200, 120
A_TURN = 50  # shops


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is measured."""

    shops: int
    calls_a_day: int
    workers: int
    sample: int


async def ready_pages(house: Installation, shops: Sequence[UUID]) -> list[Ready]:
    """Everything that the engine gets for these shops' reports."""
    workshop = Workshop(
        sessions=house.worker, files=house.files, operator="Nanori", public_url=house.settings.public_url
    )
    ready = []
    for shop_id in shops:
        paper = await read_paper(workshop, shop_id, OCTOBER, now=house.clock.now())
        made = sheet(paper)
        ready.append(Ready(made.html, made.assets, made.enclosed))
    return ready


@dataclass(slots=True)
class Alone:
    """Engines and nothing else, turn by turn as the workers."""

    engines: Sequence[EngineApart]
    seconds: float = 0.0
    light: list[int] = field(default_factory=list)  # bytes of each PDF without the enclosed figures

    def draw(self, ready: Sequence[Ready]) -> float:
        """All these pages, by all engines at the same time: seconds of the slowest."""
        shares = [ready[number :: len(self.engines)] for number in range(len(self.engines))]
        for engine, share in zip(self.engines, shares, strict=True):
            engine.begin(share)
        drawn = [engine.drawn() for engine in self.engines]
        for (_, sizes), share in zip(drawn, shares, strict=True):
            self.light += [size - _enclosed(one) for size, one in zip(sizes, share, strict=True)]
        turn = max(seconds for seconds, _ in drawn)
        self.seconds += turn
        return turn


def in_turns(settings: Settings, shops: Sequence[UUID], ready: Sequence[Ready], number: int) -> None:
    """Workers and engines on the same shops, by turns, so that a slow minute of the machine meets both."""
    workers = Workers(settings, REPORT, number)
    alone = Alone([EngineApart(FONTS, VARIANT) for _ in range(number)])
    for turn, first in enumerate(range(0, len(shops), A_TURN)):
        some = slice(first, first + A_TURN)
        if turn % 2:
            seconds = alone.draw(ready[some])
            ratio = workers.work(shops[some]) / seconds
        else:
            ratio = workers.work(shops[some]) / alone.draw(ready[some])
        _say(f"  shops {first + 1} to {min(some.stop, len(shops))}: workers / engines {ratio:.2f}")
    run = workers.end()
    _say(_told("PDF", run))
    _say(
        f"{number} engines alone on the same pages: {alone.seconds:.1f} s; "
        f"workers / engines {run.seconds / alone.seconds:.2f} (promised: {PROMISED}); "
        f"the largest PDF has {max(alone.light) // 1000} KB without its figures (promised: {PROMISED_KB}); "
        f"the larger engine had {max(one.end() for one in alone.engines)} MB (promised: {PROMISED_MB})"
    )


def _enclosed(one: Ready) -> int:
    return sum(len(zlib.compress(part.body)) for part in one.enclosed)


async def measure(settings: Settings, wanted: Wanted) -> None:
    house = connect(settings, build_post(settings.url_for(LoginKind.STAFF)), SystemClock())
    try:
        began = time.perf_counter()
        shops, contacts = await many_shops(house, wanted.shops, wanted.calls_a_day, settings.data_dir)
        _say(
            f"{contacts:,} interactions of {len(shops)} shops written in {time.perf_counter() - began:.0f} s"
        )
        await month_end(house, shops, wanted)
    finally:
        await house.close()


async def month_end(house: Installation, shops: Sequence[UUID], wanted: Wanted) -> None:
    """Of shops whose October is in the log."""
    _say(f"{os.cpu_count()} cores, {wanted.workers} workers")
    closing = Workers(house.settings, CLOSE, wanted.workers)
    closing.work(shops)
    _say(_told("close", closing.end()))
    ready = await ready_pages(house, shops)
    await asyncio.to_thread(in_turns, house.settings, shops, ready, wanted.workers)
    await _say_others(ready[: wanted.sample])


def _told(what: str, done: Run) -> str:
    first, last = done.tenths
    return (
        f"{what}: {done.seconds:.1f} s, {done.seconds / len(done.finished):.3f} s a shop, "
        f"first tenth {first:.3f} s with the start, last tenth {last:.3f} s; "
        f"the larger worker had {done.peak} MB"
    )


async def _say_others(sample: Sequence[Ready]) -> None:
    others = (
        ("our engine", draw_apart(sample, fonts=FONTS, variant=VARIANT)),
        ("bare WeasyPrint", bare_weasyprint(sample)),
        ("headless Chromium", await headless_chromium(sample)),
    )
    for name, drawn in others:
        _say(
            f"{len(sample)} PDFs by {name}: {drawn.seconds / len(sample):.2f} s each, "
            f"{max(drawn.sizes) // 1000} KB at most, peak {drawn.peak} MB"
        )


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=300)
    parser.add_argument("--calls-a-day", type=int, default=106)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sample", type=int, default=20)
    given = parser.parse_args()
    wanted = Wanted(given.shops, given.calls_a_day, min(given.workers, given.shops), given.sample)
    register_catalogues(CATALOGUES)
    with database_of(load_settings()) as settings, throw_away(settings) as mine:
        asyncio.run(measure(mine, wanted))


if __name__ == "__main__":
    main()
