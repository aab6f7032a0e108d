"""How many offers a second the router makes, by one process and by several at once.

A database of its own with twenty shops, 1,000 callers who wait and 500 agents who are ready; each agent
answers for ten of the shops. The router runs until nobody is left to be asked: the real ``route_calls``, log
and live news included, against the real tables and policies. Then everything is set back and played again.

    python -m benchmarks.routing [--waiting 1000] [--agents 500] [--processes 4]

Prints offers per second of each round and the longest transaction; the goal is 1,000. Ends with 1 when
anybody was asked twice at once, when somebody was left over who could be asked, or when the goal was missed.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from sqlalchemy import select

from desks.models import Offer
from desks.values import LIVE_OFFERS
from nanori.db import across_shops
from nanori.installation import Installation, plain_url
from nanori.settings import Settings, load_settings
from nanori_app.cluster import database_of
from nanori_app.rehearse.house import installation, throw_away
from nanori_app.rehearse.seeds import FROZEN
from nanori_app.rehearse.setting import StagedShop, set_up_shops
from nanori_app.rehearse.shops import invented_shops
from telephony.commands.routes import route_calls

NOON = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
SHOPS, DESKS_EACH, ROUNDS, GOAL = 20, 10, 3, 1000
TABLES = "offer, waiting, seat, presence_interval, interaction_event, call, interaction"
PEOPLE = """
WITH people AS (
    INSERT INTO account (id, login, name, password_hash, locale, created_at)
    SELECT gen_random_uuid(), 'agent' || i || '@bench.example', 'agent ' || i, '!', 'ja', %(now)s
    FROM generate_series(1, %(agents)s::int) AS i RETURNING id, split_part(name, ' ', 2)::int AS i
), places AS (
    INSERT INTO roster_entry (tenant_id, id, desk_id, agent_id, level, certified, preferred)
    SELECT (%(shops)s::uuid[])[1 + at], gen_random_uuid(), (%(desks)s::uuid[])[1 + at], people.id,
        1 + (i + at) %% 2, true, false
    FROM people, generate_series(0, %(count)s::int - 1) AS at
    WHERE (i + at) %% %(count)s::int < %(each)s::int
)
INSERT INTO seat (agent_id, state, since, idle_since, misses, by_phone)
SELECT id, 'ready', %(now)s, %(now)s::timestamptz - make_interval(secs => i), 0, false FROM people
"""
CALLERS = """
WITH n AS (
    SELECT i, gen_random_uuid() AS id, (%(shops)s::uuid[])[1 + i %% %(count)s::int] AS shop,
        (%(desks)s::uuid[])[1 + i %% %(count)s::int] AS desk,
        %(now)s::timestamptz - make_interval(secs => i) AS at
    FROM generate_series(1, %(waiting)s::int) AS i
), logged AS (
    INSERT INTO interaction (
        tenant_id, id, number, channel, direction, party, arrived_at, queued_at, talk_ms, hold_ms, acw_ms,
        offers, offers_missed, transferred, escalated, notes, captured, desk_id
    )
    SELECT shop, id, i, 'phone', 'inbound', 'human', at, at, 0, 0, 0, 0, 0, false, false, '', '{}', desk
    FROM n RETURNING id
), queued AS (
    INSERT INTO waiting (
        tenant_id, id, desk_id, interaction_id, kind, turn, state, priority, enqueued_at, connectable_at
    )
    SELECT shop, gen_random_uuid(), desk, n.id, 'call', 1, 'waiting', 0, at, at FROM n JOIN logged USING (id)
)
INSERT INTO call (
    tenant_id, id, interaction_id, account_sid, call_sid, direction, state, to_number, desk_id, turn,
    started_at, status_rank
)
SELECT shop, gen_random_uuid(), n.id, 'AC', 'CA' || i, 'inbound', 'queued', '+815000000000', desk, 1, at, 2
FROM n JOIN logged USING (id)
"""


@dataclass(frozen=True, slots=True)
class Bench:
    house: Installation
    shops: Sequence[StagedShop]
    waiting: int
    agents: int

    def set_back(self) -> None:
        """Everybody ready, everybody waiting; the planner knows the tables."""
        values = {
            "now": NOON, "waiting": self.waiting, "agents": self.agents, "count": len(self.shops),
            "each": DESKS_EACH, "shops": [one.tenant_id for one in self.shops],
            "desks": [one.desk_id for one in self.shops],
        }  # fmt: skip
        url = plain_url(self.house.settings.owner_url())
        with psycopg.connect(url) as connection:
            bound = "{" + ",".join(str(one.tenant_id) for one in self.shops) + "}"
            connection.execute("SELECT set_config('nanori.tenants', %s, true)", [bound])
            frozen = [table for (table,) in connection.execute(FROZEN.text.encode()).fetchall()]
            for table in frozen:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
            connection.execute(f"TRUNCATE {TABLES}, roster_entry, account CASCADE".encode())
            for table in frozen:
                connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
            connection.execute(PEOPLE.encode(), values)
            connection.execute(CALLERS.encode(), values)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"VACUUM ANALYZE {TABLES}, roster_entry, account".encode())

    async def process(self, seconds: list[float]) -> int:
        """Offers that one process makes until it finds nobody any more."""
        made = 0
        while True:
            started = time.perf_counter()
            async with across_shops(self.house.worker) as session:
                offers = await route_calls(session, now=NOON)
            seconds.append(time.perf_counter() - started)
            made += len(offers)
            if not offers:
                return made

    async def play(self, processes: int) -> float:
        """Offers per second; whether all is well is checked."""
        await asyncio.to_thread(self.set_back)
        seconds: list[float] = []
        started = time.perf_counter()
        made = await asyncio.gather(*(self.process(seconds) for _ in range(processes)))
        rate = sum(made) / (time.perf_counter() - started)
        print(
            f"{processes} at once: {sum(made)} offers, {rate:.0f}/s, "
            f"longest transaction {max(seconds) * 1000:.0f} ms"
        )
        await self._check(sum(made))
        return rate

    async def _check(self, made: int) -> None:
        async with across_shops(self.house.worker) as session:
            rows = (await session.execute(select(Offer).where(Offer.state.in_(LIVE_OFFERS)))).scalars().all()
        agents: Counter[UUID] = Counter(one.agent_id for one in rows)
        callers: Counter[UUID] = Counter(one.waiting_id for one in rows)
        if max(*agents.values(), *callers.values()) > 1:
            sys.exit("somebody was asked twice at once")
        if not len(rows) == made == min(self.waiting, self.agents):
            sys.exit(
                f"{made} offers were made, {len(rows)} stand, {min(self.waiting, self.agents)} were possible"
            )


async def measure(settings: Settings, asked: argparse.Namespace) -> list[float]:
    async with installation(settings, NOON) as house:
        shops = await set_up_shops(house, invented_shops(SHOPS), now=NOON)
        bench = Bench(house, shops, asked.waiting, asked.agents)
        await bench.play(1)
        print("(the first round, which compiled the statements, does not count)")
        rates = [await bench.play(1) for _ in range(ROUNDS)]
        return rates + [await bench.play(asked.processes) for _ in range(ROUNDS)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=1000)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--processes", type=int, default=4)
    with database_of(load_settings()) as settings, throw_away(settings) as mine:
        rates = asyncio.run(measure(mine, parser.parse_args()))
    if max(rates) < GOAL:
        sys.exit(f"the goal of {GOAL} offers a second was missed")


if __name__ == "__main__":
    main()
