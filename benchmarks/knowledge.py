"""The search of a shop's articles for two-letter Japanese words, at 200 and at 2,000 articles a shop.

    python -m benchmarks.knowledge [--shops 10]

Fills a database of its own, every shop with as many articles, each of about 700 letters with 20 uses of late,
and searches as the staff login with one shop bound. Beside it stands what an index of letter pairs would cost
(one row for each pair of each article, found by plain ``=``, since no trigram index works under row-level
security): the design that was not taken. Prints the ratios from one run; the milliseconds mean nothing. Ends
with 1 when the search at 2,000 articles takes more than five times what it takes at 200, or, where something
is found, more than three times what the index takes.
"""

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.clock import SystemClock
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation, connect, plain_url
from nanori.settings import LoginKind, Settings, load_settings
from nanori_app.cluster import database_of
from nanori_app.post import build_post
from nanori_app.rehearse.house import throw_away
from scripts_talk.knowledge.matching import searchable, words_of
from scripts_talk.knowledge.search import find_articles
from tests.support.people import a_shop

SMALL, LARGE, ROUNDS = 200, 2_000, 30
MOST_GROWTH, MOST_AGAINST_INDEX = 5.0, 3.0
QUERIES = ("返品", "解約", "ギフト", "送料 離島", "ない語")
NOWHERE = "ない語"
PARTS = (
    "お届け日の変更", "定期便の解約", "返品と交換の条件", "ギフト包装の料金", "送料と離島への配送",
    "領収書の発行", "支払い方法の変更", "ポイントの有効期限", "アレルギー表示の確認", "会員情報の更新",
    "キャンペーンの対象商品", "再配達の依頼先",
)  # fmt: skip
TAILS = (
    "についてご案内します。",
    "は発送前に限り承ります。",
    "は七日以内にお申し出ください。",
    "を確認してから折り返します。",
)
PAIRS = """
CREATE TABLE article_pair (
    tenant_id uuid, pair text, version_id uuid, PRIMARY KEY (tenant_id, pair, version_id)
);
ALTER TABLE article_pair ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON article_pair USING
    (tenant_id = ANY (ARRAY(SELECT unnest(current_setting('nanori.tenants')::uuid[]))));
"""
BY_PAIR = text("""
SELECT v.article_id, v.title, v.body FROM article_version AS v
WHERE v.tenant_id = :tenant AND v.state = 'published' AND strpos(v.searched, :word) > 0 AND v.id IN (
    SELECT version_id FROM article_pair WHERE tenant_id = :tenant AND pair = ANY (:pairs)
    GROUP BY version_id HAVING count(*) = :count
)
ORDER BY strpos(v.searched_title, :word) > 0 DESC, v.published_at DESC LIMIT 20
""")

Search = Callable[[AsyncSession, UUID, str], Awaitable[object]]


def fill(settings: Settings, shops: Sequence[UUID], start: int, end: int) -> None:
    """Articles ``start`` to ``end`` of every shop, with their letter pairs."""
    chance = random.Random(start)
    with psycopg.connect(plain_url(settings.owner_url())) as connection:
        bound = "{" + ",".join(map(str, shops)) + "}"
        connection.execute("SELECT set_config('nanori.tenants', %s, true)", [bound])
        for shop in shops:
            for _ in range(start, end):
                _add(connection, shop, chance)
    with psycopg.connect(plain_url(settings.owner_url()), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE article, article_version, article_pair")


def _add(connection: psycopg.Connection, shop: UUID, chance: random.Random) -> None:
    article, version = uuid7(), uuid7()
    title = chance.choice(PARTS)
    body = "".join(chance.choice(PARTS) + chance.choice(TAILS) for _ in range(40))
    plain = searchable(f"{title}\n{body}")
    connection.execute(
        "INSERT INTO article (tenant_id, id, kind, is_public, created_at)"
        " VALUES (%s, %s, 'faq', false, '2026-11-01')", [shop, article],
    )  # fmt: skip
    connection.execute(
        "INSERT INTO article_version (tenant_id, id, article_id, number, state, title, body, keywords,"
        " searched_title, searched, created_at, published_at)"
        " VALUES (%s, %s, %s, 1, 'published', %s, %s, '', %s, %s, '2026-11-01', '2026-11-01')",
        [shop, version, article, title, body, searchable(title), plain],
    )
    pairs = {plain[place : place + 2] for place in range(len(plain) - 1)}
    connection.execute(
        "INSERT INTO article_pair SELECT %s, unnest(%s::text[]), %s", [shop, list(pairs), version]
    )


async def by_reading(session: AsyncSession, shop: UUID, query: str) -> object:
    return await find_articles(session, shop, query, now=SystemClock().now())


async def by_pairs(session: AsyncSession, shop: UUID, query: str) -> object:
    word = max(words_of(query), key=len)
    pairs = sorted({word[place : place + 2] for place in range(len(word) - 1)})
    values = {"tenant": shop, "word": word, "pairs": pairs, "count": len(pairs)}
    return (await session.execute(BY_PAIR, values)).all()


async def milliseconds(house: Installation, shop: UUID, search: Search) -> dict[str, float]:
    """Median of each query, the binding of the shop included."""
    found = {}
    for query in QUERIES:
        spent = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            async with unit_of_work(house.staff, [shop]) as session:
                await search(session, shop, query)
            spent.append(1000 * (time.perf_counter() - started))
        found[query] = statistics.median(spent)
    return found


async def measure(settings: Settings, count: int) -> int:
    house = connect(settings, build_post(settings.url_for(LoginKind.STAFF)), SystemClock())
    try:
        async with across_shops(house.staff) as session:
            shops = [(await a_shop(session)).tenant_id for _ in range(count)]
        with psycopg.connect(plain_url(settings.owner_url())) as connection:
            connection.execute(PAIRS)
            connection.execute(
                f'GRANT SELECT ON article_pair TO "{settings.role_for(LoginKind.STAFF)}"'.encode()
            )
        fill(settings, shops, 0, SMALL)
        small = await milliseconds(house, shops[0], by_reading)
        fill(settings, shops, SMALL, LARGE)
        large = await milliseconds(house, shops[0], by_reading)
        index = await milliseconds(house, shops[0], by_pairs)
    finally:
        await house.close()
    return report(small, large, index)


def report(small: dict[str, float], large: dict[str, float], index: dict[str, float]) -> int:
    for query in QUERIES:
        print(
            f"{query:10} {small[query]:5.1f} ms at {SMALL}, {large[query]:5.1f} ms at {LARGE}"
            f" ({large[query] / small[query]:.1f} times); by pairs {index[query]:5.1f} ms"
            f" ({large[query] / index[query]:.1f} times that)"
        )
    growth = max(large[query] / small[query] for query in QUERIES)
    against = max(large[query] / index[query] for query in QUERIES if query != NOWHERE)
    return int(growth > MOST_GROWTH or against > MOST_AGAINST_INDEX)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shops", type=int, default=10, help="how many shops have as many articles")
    shops: int = parser.parse_args().shops
    with database_of(load_settings()) as found, throw_away(found) as settings:
        return asyncio.run(measure(settings, shops))


if __name__ == "__main__":
    sys.exit(main())
