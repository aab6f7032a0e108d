"""The log stays as quick at 100,000 rows as at 1,000, with many shops bound.

    python -m benchmarks.log_list [--shops 60]

Fills a database of its own through SQL and times pages of the list as the staff login. Prints each page's
ratio against the same page at 1,000 rows, from one run; the seconds mean nothing. Ends with 1 when a ratio is
above three, or when the planner reads a big table from end to end.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import psycopg
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from interactions.log import LogFilter, Place, log_page
from interactions.models import Interaction
from interactions.values import Channel, HandleKind, Outcome
from nanori.clock import SystemClock
from nanori.db import Sessions, across_shops, unit_of_work
from nanori.installation import connect, plain_url
from nanori.settings import LoginKind, Settings, load_settings
from nanori_app.cluster import database_of
from nanori_app.post import build_post
from nanori_app.rehearse.house import throw_away
from tests.support.people import a_shop

SMALL, LARGE, ROUNDS, MOST = 1_000, 100_000, 25, 3.0
BIG_TABLES = ("interaction", "shopper", "shopper_handle")
FILL = """
WITH n AS (
    SELECT i, (%(shops)s::uuid[])[1 + i %% %(count)s::int] AS tenant_id,
        timestamptz '2026-11-01' - make_interval(secs => (i::bigint * 7919) %% 5000000) AS at
    FROM generate_series(%(start)s::int, %(end)s::int) AS i
), person AS (
    INSERT INTO shopper (tenant_id, id, name, created_at)
    SELECT tenant_id, gen_random_uuid(), 'shopper ' || i, at FROM n RETURNING tenant_id, id, name
), handle AS (
    INSERT INTO shopper_handle (tenant_id, id, shopper_id, kind, value)
    SELECT tenant_id, gen_random_uuid(), id, 'phone', '+8190' || lpad(split_part(name, ' ', 2), 8, '0')
    FROM person
)
INSERT INTO interaction (
    tenant_id, id, number, channel, direction, party, outcome, arrived_at, queued_at, answered_at, ended_at,
    talk_ms, hold_ms, acw_ms, offers, offers_missed, transferred, escalated, notes, captured, shopper_id
)
SELECT n.tenant_id, gen_random_uuid(), i, 'phone', 'inbound', 'human',
    CASE WHEN hashint4(i) %% 5 = 0 THEN 'abandoned' ELSE 'answered' END, at, at, at, at,
    60000, 0, 30000, 1, 0, false, false, '', '{}', person.id
FROM n JOIN person ON person.name = 'shopper ' || i
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One thing that people ask of the list."""

    name: str
    wanted: LogFilter
    older_than: Place | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    settings: Settings
    sessions: Sessions
    shops: tuple[UUID, ...]

    def fill(self, start: int, end: int) -> None:
        """Rows ``start`` to ``end``, spread over the shops and over two months."""
        url = plain_url(self.settings.owner_url())
        with psycopg.connect(url) as connection:
            bound = "{" + ",".join(map(str, self.shops)) + "}"
            connection.execute("SELECT set_config('nanori.tenants', %s, true)", [bound])
            values = {"shops": list(self.shops), "count": len(self.shops), "start": start, "end": end}
            connection.execute(FILL.encode(), values)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"VACUUM ANALYZE {', '.join(BIG_TABLES)}".encode())

    async def pages(self) -> list[Page]:
        every, one = LogFilter(shops=frozenset(self.shops)), LogFilter(shops=frozenset(self.shops[:1]))
        first = len(self.shops)  # the number of the first shop's first call
        caller = (HandleKind.PHONE, f"+8190{first:08}")
        return [
            Page("first page, every shop", every),
            Page("page in the middle, every shop", every, await self._middle()),
            Page("first page, one shop", one),
            Page("abandoned calls, every shop", replace(every, outcome=Outcome.ABANDONED)),
            Page("mails of one shop that has none", replace(one, channel=Channel.MAIL)),
            Page("one shopper's calls", replace(one, handle=caller)),
            Page("one call by its number", replace(one, number=first)),
        ]

    async def milliseconds(self, page: Page) -> float:
        """Median of one page, the binding of the shops included."""
        spent = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            await self._show(page)
            spent.append(1000 * (time.perf_counter() - started))
        return statistics.median(spent)

    async def read_from_end_to_end(self, engine: AsyncEngine, page: Page) -> list[str]:
        """Lines of the plan that read a big table as a whole."""
        plan: list[str] = []

        def explain(
            _: object, cursor: psycopg.Cursor, statement: str, values: dict[str, object], *__: object
        ) -> None:
            if "of_one" in statement:
                cursor.execute(f"EXPLAIN {statement}".encode(), values)
                plan.extend(str(line[0]) for line in cursor.fetchall())

        event.listen(engine.sync_engine, "before_cursor_execute", explain)
        await self._show(page)
        event.remove(engine.sync_engine, "before_cursor_execute", explain)
        return [line.strip() for line in plan if any(f"Seq Scan on {name} " in line for name in BIG_TABLES)]

    async def _show(self, page: Page) -> None:
        async with unit_of_work(self.sessions, self.shops) as session:
            await log_page(session, page.wanted, older_than=page.older_than)

    async def _middle(self) -> Place:
        """The place that has half of the log above it."""
        half = select(Interaction.arrived_at, Interaction.id).order_by(Interaction.arrived_at, Interaction.id)
        async with unit_of_work(self.sessions, self.shops) as session:
            rows = (await session.execute(half)).all()
        return Place(*rows[len(rows) // 2])


async def measure(settings: Settings, shops: int) -> int:
    house = connect(settings, build_post(settings.url_for(LoginKind.STAFF)), SystemClock())
    try:
        async with across_shops(house.staff) as session:
            ids = [(await a_shop(session)).tenant_id for _ in range(shops)]
        bench = Bench(settings, house.staff, tuple(ids))
        bench.fill(1, SMALL)
        before = [await bench.milliseconds(page) for page in await bench.pages()]
        bench.fill(SMALL + 1, LARGE)
        pages = await bench.pages()
        after = [await bench.milliseconds(page) for page in pages]
        scans = [line for page in pages for line in await bench.read_from_end_to_end(house.engines[0], page)]
    finally:
        await house.close()
    return report([page.name for page in pages], before, after, scans)


def report(
    names: Sequence[str], before: Sequence[float], after: Sequence[float], scans: Sequence[str]
) -> int:
    ratios = [large / small for small, large in zip(before, after, strict=True)]
    for name, small, large, ratio in zip(names, before, after, ratios, strict=True):
        print(f"{name:34} {small:6.1f} ms at {SMALL}, {large:6.1f} ms at {LARGE}, ratio {ratio:.2f}")
    print(f"read from end to end: {'; '.join(scans) or 'nothing'}")
    return int(max(ratios) > MOST or bool(scans))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shops", type=int, default=60, help="how many shops share the rows")
    shops: int = parser.parse_args().shops
    with database_of(load_settings()) as found, throw_away(found) as settings:
        return asyncio.run(measure(settings, shops))


if __name__ == "__main__":
    sys.exit(main())
