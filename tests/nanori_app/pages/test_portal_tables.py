"""What the portal shows is handed out as CSV and JSON: to the shop's own people alone."""

from collections.abc import AsyncGenerator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.models import LedgerMonth
from interactions import commands as log
from interactions.commands import Opening
from interactions.questions import commands as asking
from interactions.questions.commands import Asked
from interactions.questions.values import Verdict
from interactions.values import Channel
from nanori.actors import Actor, ActorKind
from nanori.db import across_shops
from nanori.installation import Installation
from nanori_app.pages.portal_tables import TABLES
from reports.so_far.commands import count_months
from tenants.wishes.commands import Wish, answer_wish, ask_for
from tenants.wishes.models import WishKind
from tests.support.clock import START
from tests.support.portal import PortalHouse, portal_house
from tests.support.world import Who

SHOP = Actor(kind=ActorKind.MERCHANT)
DESK = Actor(kind=ActorKind.SYSTEM)
FORMULA = '=HYPERLINK("https://evil.example")'
SUMMARY = {
    "with_tax": False,
    "total": 2500,
    "meters": [
        {"desk": None, "plan": "P", "meter": "calls", "used": "12.0", "included": 10, "carried": 0,
         "percent": 120, "expected": "12.5"}
    ],
    "charges": [
        {"kind": "base", "label": FORMULA, "desk": None, "first": "2026-11-01", "end": "2026-12-01",
         "quantity": "1", "unit": "", "unit_price": "-2500", "amount": -2500}
    ],
    "compared": [
        {"desk": None, "plan": "P", "quotes": [{"plan": "Q", "yen_with_tax": 9, "is_own": False}]}
    ],
}  # fmt: skip


@pytest.fixture
async def house(clone: Installation) -> AsyncGenerator[PortalHouse]:
    async with portal_house(clone) as opened:
        yield opened


async def test_every_table_is_the_shops_own_and_nobody_elses(house: PortalHouse) -> None:
    said = house.statements()
    agent = house.world.mine.stage.agent.name
    for name in TABLES:
        for file in (f"{name}.csv", f"{name}.json"):
            before = said()
            status, body = await house.file(file)
            assert (status, said() - before <= 14) == (200, True), (file, said() - before)
            assert agent not in body.decode(), file
            refused = [
                await house.file(file, Who.FOREIGN_MERCHANT), await house.file(file, theirs=True),
                await house.file(file, Who.AGENT), await house.file(file, Who.OPERATOR),
            ]  # fmt: skip
            assert {status for status, _ in refused} == {404}, file
    wrong = [await house.file(one) for one in ("month.pdf", "nothing.csv", "csv", "month.csv?month=x")]

    assert {status for status, _ in wrong} == {404}
    assert await house.handed_out() == sorted(
        f"{one}.{ending}" for one in TABLES for ending in ("csv", "json")
    )


async def test_the_tables_say_what_their_pages_show(house: PortalHouse) -> None:
    tenant_id = house.world.mine.ids["tenant_id"]
    async with across_shops(house.house.staff) as session:
        await _talked_about(session, house)
    assert (await house.told("month"))["figures"] == []
    house.client.cookies.clear()
    await house.client.get("/portal", headers=dict(house.world.headers[Who.MERCHANT]))
    await count_months(house.house, START)

    figures = {one["key"]: one for one in await house.rows("month")}
    assert {"offered", "answer_rate"} <= figures.keys()
    assert figures["offered"]["code"]
    assert [one["state"] for one in await house.rows("wishes")] == ["asked", "declined"]
    assert {one["text"] for one in await house.rows("wishes")} >= {f"'{FORMULA}"}
    assert (await house.rows("articles"))[0]["title"] == "年末の出荷"
    assert [one["is_right"] for one in await house.rows("quiz")] == ["True", "False"]
    (invoice,) = await house.rows("invoices")
    assert invoice["number"]
    assert int(invoice["total_yen"]) == int(invoice["net_yen"]) + int(invoice["tax_yen"])
    assert {one["month"] for one in await house.rows("reports")} == {"2026-10"}
    assert str(tenant_id) not in str(await house.told("wishes"))


async def test_questions_keep_their_words_only_while_they_wait(house: PortalHouse) -> None:
    async with across_shops(house.house.staff) as session:
        await _talked_about(session, house)
    rows = {one["subject"]: one for one in await house.rows("questions")}
    waiting = [one for one in await house.rows("waiting") if one["what"] == "question"]

    assert rows["返金"]["text"].startswith("破損")
    assert rows["返金"]["amount_yen"] == "2800"
    assert rows["返金"]["turn"] == "shop"
    assert (rows["交換"]["text"], rows["交換"]["verdict"]) == ("", "approved")
    assert rows["交換"]["answer"] == f"'{FORMULA}"
    assert "交換" not in [one["title"] for one in waiting]
    assert "返金" in [one["title"] for one in waiting]


async def test_usage_is_told_by_its_parts_and_runs_no_formula(house: PortalHouse) -> None:
    tenant_id = house.world.mine.ids["tenant_id"]
    async with across_shops(house.house.staff) as session:
        found = await session.scalar(
            select(LedgerMonth).where(
                LedgerMonth.tenant_id == tenant_id, LedgerMonth.month == date(2026, 11, 1)
            )
        )
        if found is None:
            found = LedgerMonth(tenant_id=tenant_id, month=date(2026, 11, 1))
            session.add(found)
        found.summary, found.counted_at = SUMMARY, START
    meter, charge, other = await house.rows("usage")
    told = await house.told("usage")

    assert (meter["part"], meter["quantity"], meter["expected"]) == ("meter", "12", "12.5")
    assert (charge["label"], charge["unit_price"], charge["last"]) == (f"'{FORMULA}", "-2500", "2026-11-30")
    assert (other["part"], other["plan"], other["amount_yen"]) == ("on this plan", "Q", "9")
    assert (told["total_yen"], told["month"], told["is_sealed"]) == (2500, "2026-11", False)


async def _talked_about(session: AsyncSession, house: PortalHouse) -> None:
    """A question that waits, one that is answered; one wish more, declined."""
    tenant_id = house.world.mine.ids["tenant_id"]
    for subject in ("返金", "交換"):
        about = await log.open_interaction(session, tenant_id, Opening(channel=Channel.MAIL), now=START)
        asked = Asked(subject=subject, text="破損のためよいですか。", amount_yen=2800)
        question = await asking.ask(session, about, asked, actor=DESK, now=START)
        if subject == "交換":
            await asking.answer(
                session, tenant_id, question.id, Verdict.APPROVED, FORMULA, actor=SHOP, now=START
            )
    wish = Wish(kind=WishKind.OTHER, text=FORMULA, holds_from=date(2026, 12, 1))
    asked_for = await ask_for(session, tenant_id, wish, today=START.date(), now=START)
    await answer_wish(session, tenant_id, asked_for.id, is_done=False, answer="@いいえ", now=START)
