"""Makes the demo's past and writes it: thousands of rows in one statement for each table."""

import json
import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nanori_app.demo.archive import Archive, Ids, Row
from nanori_app.demo.cast import SHOPS
from nanori_app.demo.filing import Filing
from nanori_app.demo.history import CallHistory
from nanori_app.demo.letters import mails_between
from nanori_app.demo.past import Past
from nanori_app.demo.people import Crowd
from nanori_app.demo.shops import ZONE

SEED = 2026
ROWS_AT_ONCE = 5_000
TABLES = (
    "counter", "shopper", "shopper_handle", "case", "interaction", "interaction_event",
    "shop_question", "question_move", "call",
    "escalation_run", "escalation_attempt", "leg", "message", "survey",
)  # fmt: skip
"""In the order in which rows refer to each other."""


def past_until(first: date, now: datetime, *, seed: int = SEED) -> list[Past]:
    """Every contact from ``first`` until now, in the order of arrival, the unfinished ones included."""
    crowds = {part.slug: Crowd(part) for part in SHOPS}
    end = now.astimezone(ZONE).date() + timedelta(days=1)
    calls = CallHistory(seed, crowds).between(first, end)
    mails = mails_between(first, end, seed=seed, crowds=crowds)
    return sorted((one for one in (*calls, *mails) if one.at <= now), key=_order)


def archives(pasts: Iterable[Past], ids: Mapping[str, Ids], now: datetime) -> list[Archive]:
    """The rows of each shop."""
    found = {
        part.slug: Archive(part=part, ids=ids[part.slug], now=now, chance=random.Random(part.slug))  # noqa: S311 - a play
        for part in SHOPS
    }
    filings = {slug: Filing(archive) for slug, archive in found.items()}
    for past in pasts:
        filings[past.shop].file(past)
    for archive in found.values():
        archive.counters()
    return list(found.values())


async def store(session: AsyncSession, archive: Archive) -> None:
    """Write the rows of one shop; the transaction is bound to it."""
    for table in TABLES:
        rows = archive.rows.get(table, [])
        for start in range(0, len(rows), ROWS_AT_ONCE):
            await _insert(session, table, rows[start : start + ROWS_AT_ONCE])


async def _insert(session: AsyncSession, table: str, rows: list[Row]) -> None:
    columns = ", ".join(f'"{name}"' for name in rows[0])
    statement = text(
        f'INSERT INTO "{table}" ({columns}) SELECT {columns}'  # noqa: S608 - names of our own tables
        f' FROM jsonb_populate_recordset(NULL::"{table}", CAST(:rows AS jsonb))'
    )
    await session.execute(statement, {"rows": json.dumps(rows, default=str, ensure_ascii=False)})


def _order(past: Past) -> tuple[datetime, str, str]:
    return past.at, past.shop, past.channel
