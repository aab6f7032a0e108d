"""What a run of all shops' reports costs: from the log to bytes, beside the engine alone on the same pages.

Each shop has a month of its own in the log. The run reads, counts, reckons the pool once and draws, as the
worker does; then the engine draws the same ready pages again, and nothing else.

    python -m benchmarks.reports [--shops 300] [--calls-a-day 42]

Prints seconds, the ratio (the promise: at most 1.15), seconds a report for the first and the last tenth (the
promise: the cost of a shop does not grow with the number of shops), kilobytes without the enclosed figures
(at most 200), and the peak memory of the engine (at most 120 MB).
"""

import argparse
import asyncio
import resource
import time
import zlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nanori.clock import SystemClock
from nanori.db import across_shops
from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings, load_settings
from nanori.words import register_catalogues
from nanori_app.cluster import database_of
from nanori_app.post import build_post
from nanori_app.rehearse.house import throw_away
from reports.making import CATALOGUES, DrawingRoom, Workshop, read_paper
from reports.paper.enclosed import enclosures
from reports.paper.sheet import Paper, paper_press, sheet
from tests.reports.in_bulk import write_month
from tests.reports.logged import an_open_shop
from tests.reports.months import Month

OCTOBER = date(2026, 10, 1)
AT_ONCE = 4  # as many jobs as a worker takes
PROMISED = 1.15


@dataclass(frozen=True, slots=True)
class Drawn:
    """One finished report and when it was finished."""

    paper: Paper
    size: int  # without the enclosed figures
    at: float


async def many_shops(house: Installation, shops: int, calls_a_day: int) -> list[UUID]:
    """Shops with an October each, drawn from their number."""
    found = []
    for number in range(shops):
        async with across_shops(house.staff) as session:
            shop = await an_open_shop(session, slug=f"shop-{number:03}")
            await write_month(session, shop.tenant_id, Month(seed=number, calls_a_day=calls_a_day).facts())
        found.append(shop.tenant_id)
    return found


async def run(house: Installation, shops: list[UUID]) -> tuple[list[Drawn], float]:
    """All reports, as the worker makes them; and how long it took."""
    workshop = Workshop(
        sessions=house.worker, files=house.files, operator="Nanori", public_url=house.settings.public_url
    )
    room, gate, began = DrawingRoom(), asyncio.Semaphore(AT_ONCE), time.perf_counter()

    async def one(shop_id: UUID) -> Drawn:
        async with gate:
            paper = await read_paper(workshop, shop_id, OCTOBER, now=house.clock.now())
            made = await asyncio.to_thread(room.draw, paper)
        enclosed = sum(len(zlib.compress(part.body)) for part in enclosures(paper))
        return Drawn(paper, len(made.pdf) - enclosed, time.perf_counter() - began)

    drawn = await asyncio.gather(*(one(shop_id) for shop_id in shops))
    return drawn, time.perf_counter() - began


def alone(drawn: list[Drawn]) -> float:
    """Seconds in which the engine draws the same pages from ready HTML, pictures and figures."""
    ready = [(sheet(one.paper), enclosures(one.paper)) for one in drawn]
    with paper_press() as press:
        began = time.perf_counter()
        for made, enclosed in ready:
            press.print(made.html, assets=made.assets, enclosed=enclosed)
        return time.perf_counter() - began


async def measure(settings: Settings, shops: int, calls_a_day: int) -> None:
    house = connect(settings, build_post(settings.url_for(LoginKind.STAFF)), SystemClock())
    try:
        drawn, whole = await run(house, await many_shops(house, shops, calls_a_day))
    finally:
        await house.close()
    bare = alone(drawn)
    tenth = max(1, len(drawn) // 10)
    finished = sorted(one.at for one in drawn)
    first, last = finished[tenth - 1] / tenth, (finished[-1] - finished[-tenth]) / max(1, tenth - 1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(
        f"{shops} reports: from the log to bytes {whole:.1f} s, engine alone {bare:.1f} s, "
        f"ratio {whole / bare:.2f} (promised {PROMISED}); {whole / shops:.2f} s a report, "
        f"first tenth {first:.2f} s, last tenth {last:.2f} s; the largest has "
        f"{max(one.size for one in drawn) // 1000} KB without its figures; the largest child had {peak} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=300)
    parser.add_argument("--calls-a-day", type=int, default=42)
    given = parser.parse_args()
    register_catalogues(CATALOGUES)
    with database_of(load_settings()) as settings, throw_away(settings) as mine:
        asyncio.run(measure(mine, given.shops, given.calls_a_day))


if __name__ == "__main__":
    main()
