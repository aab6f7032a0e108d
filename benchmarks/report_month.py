"""What a shop's monthly report costs: reading and counting, and all of it beside the engine alone.

A year of calls and mails lies in the log; the report is of its tenth month and compares with the ninth.

    python -m benchmarks.report_month [--calls 20000] [--reports 20]

Prints how long all figures of a month take from the database (the promise: 100 ms on an idle machine), and
how long reports take from SQL to bytes, as the worker makes them, beside the engine alone on ready HTML (the
promise: at most 1.15).
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from nanori.clock import SystemClock
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings, load_settings
from nanori.words import register_catalogues
from nanori_app.cluster import database_of
from nanori_app.post import build_post
from nanori_app.rehearse.house import throw_away
from reports.closing.reading import read_month
from reports.facts import MailFact, Period
from reports.making import DrawingRoom, Workshop, paper_of, read_paper
from reports.month import MonthFacts
from reports.paper.sheet import Paper, paper_pdf, paper_press, sheet
from reports.queries import month_of_shop
from tests.reports.in_bulk import write_month
from tests.reports.logged import an_open_shop
from tests.reports.months import TOKYO, Month, own_case

OCTOBER = date(2026, 10, 1)
MADE_ON = date(2026, 11, 1)
MONTHS, WORKING_DAYS, ROUNDS = 12, 21, 7
AT_ONCE = 4  # as many jobs as a worker takes


@dataclass(frozen=True, slots=True)
class Bench:
    house: Installation
    shop_id: UUID

    @property
    def workshop(self) -> Workshop:
        return Workshop(sessions=self.house.worker, files=self.house.files, operator="Nanori")

    async def figures(self) -> Paper:
        """Read and count; a reader of the figures alone would do the same."""
        async with unit_of_work(self.house.worker, [self.shop_id]) as session:
            read = await read_month(session, self.shop_id, OCTOBER)
        return paper_of(read, self.workshop, made_on=MADE_ON)

    async def reading(self) -> float:
        """Seconds for the statements alone."""
        started = time.perf_counter()
        async with unit_of_work(self.house.worker, [self.shop_id]) as session:
            await month_of_shop(session, self.shop_id, OCTOBER)
        return time.perf_counter() - started


async def a_year(house: Installation, calls: int) -> UUID:
    """One shop with a year of history."""
    async with across_shops(house.staff) as session:
        shop = await an_open_shop(session)
        reasons: dict[str, UUID] = {}
        for number in range(1, MONTHS + 1):
            month = Month(
                period=Period.month(2026, number, TOKYO),
                seed=number,
                calls_a_day=calls // MONTHS // WORKING_DAYS,
            )
            facts = _numbered(month.facts(), number * 1_000_000)
            reasons = await write_month(session, shop.tenant_id, facts, reasons=reasons)
        return shop.tenant_id


def _numbered(facts: MonthFacts, base: int) -> MonthFacts:
    return replace(
        facts,
        calls=[replace(one, number=one.number + base) for one in facts.calls],
        mails=[_settled(one, one.number + base) for one in facts.mails],
        escalations=[replace(one, number=one.number + base) for one in facts.escalations],
    )


def _settled(mail: MailFact, number: int) -> MailFact:
    """The mail under another number, in a case of its own that its answer settled."""
    answered = (mail.first_reply_at,) if mail.first_reply_at else ()
    return replace(mail, number=number, matter=own_case(number), replies=answered, solved=answered)


async def measure(settings: Settings, calls: int, reports: int) -> None:
    house = connect(settings, build_post(settings.url_for(LoginKind.STAFF)), SystemClock())
    try:
        bench = Bench(house, await a_year(house, calls))
        paper = await bench.figures()
        await _print_figures(bench, paper)
        await _print_batch(bench, paper, reports)
    finally:
        await house.close()


async def _print_figures(bench: Bench, paper: Paper) -> None:
    reading = [await bench.reading() for _ in range(ROUNDS)]
    whole = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        await bench.figures()
        whole.append(time.perf_counter() - started)
    with paper_press() as press:
        paper_pdf(paper, press)
        drawing = min(_seconds(lambda: paper_pdf(paper, press)) for _ in range(3))
    contacts = paper.month.figure("calls_inbound").numerator + paper.month.figure("mail_received").numerator
    middle = statistics.median(whole)
    print(
        f"{contacts} contacts in the month: reading {_ms(statistics.median(reading))}, "
        f"all figures {_ms(middle)} (fastest {_ms(min(whole))}), "
        f"drawing {_ms(drawing)}, figures / drawing {middle / drawing:.2f}"
    )


async def _print_batch(bench: Bench, paper: Paper, reports: int) -> None:
    """The same engine draws both; what differs is SQL, counting, charts and templates."""
    ready = sheet(paper)
    with paper_press() as press:
        alone = _seconds(lambda: [press.print(ready.html, assets=ready.assets) for _ in range(reports)])
    room, gate = DrawingRoom(), asyncio.Semaphore(AT_ONCE)

    async def one() -> int:
        async with gate:
            made = await read_paper(bench.workshop, bench.shop_id, OCTOBER, now=bench.house.clock.now())
            return len((await asyncio.to_thread(room.draw, made)).pdf)

    started = time.perf_counter()
    sizes = await asyncio.gather(*(one() for _ in range(reports)))
    whole = time.perf_counter() - started
    print(
        f"{reports} reports: engine alone {alone:.1f} s, from SQL to bytes {whole:.1f} s, "
        f"ratio {whole / alone:.2f}, {max(sizes) // 1000} KB each"
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--reports", type=int, default=20)
    given = parser.parse_args()
    register_catalogues(["reports"])
    with database_of(load_settings()) as settings, throw_away(settings) as mine:
        asyncio.run(measure(mine, given.calls, given.reports))


if __name__ == "__main__":
    main()
