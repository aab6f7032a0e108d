"""What a month's end costs: all shops closed and their PDFs made by workers, beside others on the same pages.

Each shop has a month of its own in the log. Worker processes, one for each core, do the jobs as they do them
in a house: first each close, then each report, from the frozen month to the stored file. A worker has one
engine; so the same pages are then drawn from ready HTML by as many engines and nothing else. At last some of
the pages are drawn by one engine, by WeasyPrint as it comes, and by headless Chromium, one process each.

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
from dataclasses import dataclass
from uuid import UUID

from benchmarks.report_peers import bare_weasyprint, headless_chromium
from benchmarks.report_shops import many_shops
from benchmarks.report_worker import CLOSE, OCTOBER, REPORT, Run, run
from nanori.clock import SystemClock
from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings, load_settings
from nanori.words import register_catalogues
from nanori_app.cluster import database_of
from nanori_app.post import build_post
from nanori_app.rehearse.house import throw_away
from reports.making import CATALOGUES, Workshop, read_paper
from reports.paper.enclosed import enclosures
from reports.paper.sheet import FONTS, VARIANT, sheet
from tests.reports.drawn_apart import Drawn, Ready, draw_apart, drawn_apart

PROMISED, PROMISED_KB, PROMISED_MB = 1.15, 200, 120


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
        ready.append(Ready(made.html, made.assets, enclosures(paper)))
    return ready


def engines_alone(ready: Sequence[Ready], engines: int) -> list[Drawn]:
    """All pages, by so many engines at the same time."""
    begun = [draw_apart(ready[number::engines], fonts=FONTS, variant=VARIANT) for number in range(engines)]
    return [drawn_apart(one) for one in begun]


async def measure(settings: Settings, wanted: Wanted) -> None:
    house = connect(settings, build_post(settings.url_for(LoginKind.STAFF)), SystemClock())
    try:
        began = time.perf_counter()
        shops, contacts = await many_shops(house, wanted.shops, wanted.calls_a_day, settings.data_dir)
        _say(
            f"{contacts:,} interactions of {len(shops)} shops written in {time.perf_counter() - began:.0f} s"
        )
        _say(f"{os.cpu_count()} cores, {wanted.workers} workers")
        _say(_told("close", await asyncio.to_thread(run, settings, CLOSE, shops, wanted.workers)))
        reports = await asyncio.to_thread(run, settings, REPORT, shops, wanted.workers)
        _say(_told("PDF", reports))
        ready = await ready_pages(house, shops)
    finally:
        await house.close()
    _say_beside(reports, ready, engines_alone(ready, wanted.workers))
    await _say_others(ready[: wanted.sample])


def _told(what: str, done: Run) -> str:
    first, last = done.tenths
    return (
        f"{what}: {done.seconds:.1f} s, {done.seconds / len(done.finished):.3f} s a shop, "
        f"first tenth {first:.3f} s with the start, last tenth {last:.3f} s; "
        f"the larger worker had {done.peak} MB"
    )


def _say_beside(reports: Run, ready: Sequence[Ready], alone: Sequence[Drawn]) -> None:
    seconds, peak = max(one.seconds for one in alone), max(one.peak for one in alone)
    sizes = [size for number, one in enumerate(alone) for size in _light(one, ready[number :: len(alone)])]
    _say(
        f"{len(alone)} engines alone on the same pages: {seconds:.1f} s; "
        f"workers / engines {reports.seconds / seconds:.2f} (promised: {PROMISED}); "
        f"the largest PDF has {max(sizes) // 1000} KB without its figures (promised: {PROMISED_KB}); "
        f"the larger engine had {peak} MB (promised: {PROMISED_MB})"
    )


async def _say_others(sample: Sequence[Ready]) -> None:
    [ours] = engines_alone(sample, 1)
    others = (
        ("our engine", ours),
        ("bare WeasyPrint", bare_weasyprint(sample)),
        ("headless Chromium", await headless_chromium(sample)),
    )
    for name, drawn in others:
        _say(
            f"{len(sample)} PDFs by {name}: {drawn.seconds / len(sample):.2f} s each, "
            f"{max(drawn.sizes) // 1000} KB at most, peak {drawn.peak} MB"
        )


def _light(drawn: Drawn, ready: Sequence[Ready]) -> list[int]:
    """Bytes without the enclosed figures."""
    enclosed = [sum(len(zlib.compress(part.body)) for part in one.enclosed) for one in ready]
    return [size - less for size, less in zip(drawn.sizes, enclosed, strict=True)]


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
