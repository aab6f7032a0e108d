"""A generated month counted twice: by the ledger, and by SQL over the log that knows nothing of it."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.commands import Counted, count_month
from billing.ledger.models import UsageLine
from billing.ledger.queries import charges_of
from billing.plans.values import Meter
from nanori.actors import Role
from tests.billing.ledger.test_counting import IN_NOVEMBER, sign
from tests.billing.plans.market import priced
from tests.reports.in_bulk import write_month
from tests.reports.joined_and_split import joined_and_split
from tests.reports.logged import OCTOBER, ShopLog, an_open_shop
from tests.reports.months import Month
from tests.support.people import an_account

FREE_BELOW_S = 30
MONTH = "arrived_at >= '2026-10-01 00:00+09' AND arrived_at < '2026-11-01 00:00+09'"
TALKED = "ceil((talk_ms + hold_ms) / 1000.0)"
ANSWERED = f"""
    FROM interaction WHERE {MONTH} AND channel = 'phone' AND direction = 'inbound' AND party = 'human'
    AND outcome = 'answered' AND {TALKED} >= {FREE_BELOW_S}
"""
RECOUNTS = {
    Meter.CALL: f"SELECT count(*) {ANSWERED}",
    Meter.MINUTE: f"SELECT sum(ceil({TALKED} / 6) * 6) / 60 {ANSWERED}",
    Meter.MAIL: f"SELECT count(*) FROM interaction WHERE {MONTH} AND outcome = 'replied'",  # noqa: S608 - our own words
}


@pytest.fixture
async def book(session: AsyncSession) -> ShopLog:
    shop = await an_open_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    await write_month(session, shop.tenant_id, Month(seed=7, calls_a_day=12).facts())
    return ShopLog(session, shop, agent.id)


async def test_the_ledger_says_what_the_log_says_to_the_yen(book: ShopLog) -> None:
    """Calls at 100, minutes in steps of 6 s at 30, mails at 200; every contact has its lines."""
    session, tenant_id = book.session, book.shop.tenant_id
    await sign(book, priced({Meter.CALL: 100, Meter.MINUTE: 30, Meter.MAIL: 200}, free_below_s=FREE_BELOW_S))
    counted = await count_month(session, tenant_id, OCTOBER, now=IN_NOVEMBER)
    assert counted.new > 300
    assert await count_month(session, tenant_id, OCTOBER, now=IN_NOVEMBER) == Counted(0, 0)

    found = {}
    for meter, recount in RECOUNTS.items():
        own = select(func.sum(UsageLine.quantity)).where(UsageLine.meter == meter)
        found[meter] = await session.scalar(text(recount))
        assert await session.scalar(own) == found[meter] > 0, meter
    yen = 100 * found[Meter.CALL] + int(30 * found[Meter.MINUTE]) + 200 * found[Meter.MAIL]
    assert sum(one.amount for one in await charges_of(session, tenant_id, OCTOBER)) == yen
    contacts = text(f"SELECT count(*) FROM interaction WHERE {MONTH}")  # noqa: S608 - our own words
    lines = select(func.count(UsageLine.interaction_id.distinct()))
    assert await session.scalar(lines) == await session.scalar(contacts)


HEADS = """
    WITH one AS (
        SELECT i.*, outcome = 'replied' AS replied, coalesce(c.joined_to, c.id) AS matter
        FROM interaction i LEFT JOIN "case" c ON c.id = i.case_id
    ), first AS (
        SELECT DISTINCT ON (matter) matter, arrived_at FROM one WHERE outcome IN ('answered', 'replied')
        ORDER BY matter, arrived_at, number
    )
"""
IN_CASES = {
    Meter.MAIL: "SELECT count(DISTINCT (matter, first_reply_at)) FROM one WHERE part_of IS NULL AND replied",
    Meter.CASE: "SELECT count(*) FROM first WHERE true",
}


async def test_a_mail_is_billed_once_whatever_is_joined_and_split(session: AsyncSession) -> None:
    """Mails at 200 and cases at 500: a split adds a case and no mail, a join takes the second case back."""
    shop = await an_open_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    book = ShopLog(session, shop, agent.id)
    await joined_and_split(book)
    await sign(book, priced({Meter.MAIL: 200, Meter.CASE: 500}))
    await count_month(session, shop.tenant_id, OCTOBER, now=IN_NOVEMBER)
    for meter, recount in IN_CASES.items():
        own = select(func.sum(UsageLine.quantity)).where(UsageLine.meter == meter)
        counted = await session.scalar(text(f"{HEADS} {recount} AND {MONTH}"))
        assert await session.scalar(own) == counted > 0, meter
