"""The figures of one shop's month, in a log that many shops have filled.

    python -m benchmarks.large_log [--events 10000000]

One shop's year is drawn and counted alone. Then its log is copied to as many other shops as the events need,
each call with the events of its whole life, and one month is counted again, as a report does it: with the
month before. Prints how long one sequential scan of all events takes, on one core and from memory, beside the
figures of the month (the promise: less), taken in turn so that a slow minute of the machine meets both, and
the figures in the full log beside those in the small one (the promise: about the same). Middles of some.

Ends with 1 when the first promise is broken. Stops when less than 30 GB of disk would be left.
"""

import argparse
import asyncio
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import LiteralString, cast
from uuid import UUID

import psycopg
from psycopg import sql

from benchmarks.report_month import Bench, a_year
from interactions.models import Interaction, InteractionEvent, Reason
from nanori.clock import SystemClock
from nanori.db import Base, across_shops
from nanori.installation import connect, plain_url
from nanori.settings import LoginKind, Settings, load_settings
from nanori.words import register_catalogues
from nanori_app.cluster import database_of
from nanori_app.post import build_post
from nanori_app.rehearse.house import throw_away
from reports.making import CATALOGUES
from tests.reports.logged import an_open_shop

CALLS, ROUNDS = 20_000, 7
KEEP_FREE = 30 * 2**30
IDS = ("id", "interaction_id", "reason_id")
STORY: LiteralString = """
INSERT INTO interaction_event (tenant_id, id, interaction_id, seq, kind, at, actor_kind, data)
SELECT call.tenant_id, gen_random_uuid(), call.id, 10 + place, kind, at, 'system', '{}'
FROM interaction AS call, LATERAL (VALUES
    (1, 'guidance_ended', call.arrived_at), (2, 'queued', call.queued_at), (3, 'offered', call.queued_at),
    (4, 'answered', call.answered_at), (5, 'held', call.answered_at), (6, 'resumed', call.answered_at),
    (7, 'ended', call.ended_at), (8, 'wrapped_up', call.wrapped_up_at)
) AS story (place, kind, at)
WHERE call.channel = 'phone' AND at IS NOT NULL AND call.answered_at IS NOT NULL
"""
KEYS: LiteralString = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass"
SCAN: LiteralString = "SELECT count(*) FROM interaction_event"


class Log:
    """The log's tables as their owner fills them: what checks each row of the rooms is out of the way."""

    def __init__(self, settings: Settings) -> None:
        self._connection = psycopg.connect(plain_url(settings.owner_url()), autocommit=True)
        self._connection.execute("SET max_parallel_workers_per_gather = 0")
        self._connection.execute("SET synchronous_commit = off")
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            self._connection.execute(f"SET enable_{way} = off".encode())

    def let_in(self) -> None:
        """Rows of all shops, without triggers and foreign keys, which cost more than the rows."""
        for table in ("reason", "interaction", "interaction_event"):
            named = sql.Identifier(table)
            self._connection.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(named))
            self._connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(named))
            for (key,) in self._connection.execute(KEYS, [table]).fetchall():
                drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(named, sql.Identifier(key))
                self._connection.execute(drop)

    def tell_whole_stories(self) -> None:
        """Each answered call gets the events between its arrival and its end."""
        self._connection.execute(STORY)

    def copy(self, source: UUID, to: UUID) -> None:
        """All that one shop's log holds, as another's; only ids differ."""
        for table in (Reason, Interaction, InteractionEvent):
            self._connection.execute(_copied(table), {"source": source, "to": to})

    def tidy(self) -> None:
        self._connection.execute("VACUUM (ANALYZE) interaction")
        self._connection.execute("VACUUM (ANALYZE) interaction_event")

    def events(self) -> int:
        row = self._connection.execute(SCAN).fetchone()
        assert row is not None
        return cast("int", row[0])

    def scan(self) -> float:
        """Seconds of one look at every event."""
        started = time.perf_counter()
        self.events()
        return time.perf_counter() - started


def _copied(table: type[Base]) -> sql.Composed:
    """An insert of one shop's rows as another's; ids follow from the old one and the new shop."""
    names = [column.name for column in table.__table__.columns]
    values = [
        sql.SQL("%(to)s")
        if name == "tenant_id"
        else sql.SQL("md5({}::text || %(to)s::text)::uuid").format(sql.Identifier(name))
        if name in IDS
        else sql.Identifier(name)
        for name in names
    ]
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE tenant_id = %(source)s"
    ).format(
        table=sql.Identifier(table.__tablename__),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(values),
    )


async def counted(bench: Bench) -> float:
    """Seconds of all figures of the month, from the database."""
    started = time.perf_counter()
    await bench.figures()
    return time.perf_counter() - started


async def middle(bench: Bench) -> float:
    """The same, the middle of some."""
    return statistics.median([await counted(bench) for _ in range(ROUNDS)])


async def in_turn(bench: Bench, log: Log) -> tuple[float, float]:
    """Seconds of the figures and of a scan; the middles of some."""
    taken = [(await counted(bench), log.scan()) for _ in range(ROUNDS)]
    figures, scan = (statistics.median(column) for column in zip(*taken, strict=True))
    return figures, scan


async def fill(bench: Bench, log: Log, events: int, disk: Path) -> list[UUID]:
    """Copy the shop until the log has so many events; all the shops."""
    shops = [bench.shop_id]
    log.let_in()
    log.tell_whole_stories()
    of_one = log.events()
    for number in range(1, -(-events // of_one)):
        if shutil.disk_usage(disk).free < KEEP_FREE:
            print(f"stopped: less than {KEEP_FREE // 2**30} GB of disk left")
            break
        async with across_shops(bench.house.staff) as session:
            shop = await an_open_shop(session, slug=f"shop-{number:04}")
        shops.append(shop.tenant_id)
        log.copy(bench.shop_id, shop.tenant_id)
    log.tidy()
    return shops


async def measure(settings: Settings, events: int, disk: Path) -> bool:
    house = connect(settings, build_post(settings.url_for(LoginKind.STAFF)), SystemClock())
    log = Log(settings)
    try:
        bench = Bench(house, await a_year(house, CALLS))
        await counted(bench)
        alone = await middle(bench)
        shops = await fill(bench, log, events, disk)
        other = Bench(house, shops[len(shops) // 2])
        await counted(other)
        full, scan = await in_turn(other, log)
    finally:
        await house.close()
    print(
        f"{log.events():,} events of {len(shops)} shops: one scan {scan * 1000:.0f} ms; "
        f"all figures of a month {full * 1000:.0f} ms, "
        f"{full / scan:.2f} of the scan (promised: under 1); "
        f"{full / alone:.2f} of the same figures with one shop in the log ({alone * 1000:.0f} ms)"
    )
    return full < scan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    given = parser.parse_args()
    register_catalogues(CATALOGUES)
    here = load_settings()
    with database_of(here) as settings, throw_away(settings) as mine:
        sys.exit(0 if asyncio.run(measure(mine, given.events, here.data_dir)) else 1)


if __name__ == "__main__":
    main()
