"""The pages of plans, agreements and usage, with a month in the log."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.commands import count_since, seal_month
from billing.ledger.models import LedgerMonth
from billing.ledger.queries import charges_of
from billing.ledger.summary import count_and_sum_up, count_due
from billing.plans.models import PlanVersion
from billing.plans.queries import agreements_of
from interactions.values import PartyKind
from nanori.actors import Role
from nanori.alerts import open_alerts
from nanori.db import bind_all_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from tests.nanori_app.pages.floor.test_board import statements
from tests.reports.logged import ShopLog, an_open_shop
from tests.reports.months import at
from tests.support.clock import START
from tests.support.people import Client, an_account, signed_in

NOVEMBER = date(2026, 11, 1)
PLAN = {
    "name": "コール20", "base_fee": "３，０００", "minimum": "0", "set_up": "15000", "seasonal_set_up": "0",
    "free_below_s": "0", "opens": "00:00", "closes": "24:00", "after_hours_percent": "100",
    "holiday_percent": "100", "notice_days": "30", "prorates": "y", "free": ["wrong_number", "sales"],
    "call-included": "4", "call-tiers": "190", "option_code": "", "option_name": "番号追加",
    "option_monthly": "1100", "option_set_up": "0",
}  # fmt: skip
MOST_STATEMENTS = 12


@dataclass
class Desk:
    """A shop with five answered calls and a test call this morning, and its operator."""

    app: Litestar
    house: Installation
    session: AsyncSession
    book: ShopLog
    operator: Account

    @property
    def base(self) -> str:
        return f"/billing/{self.book.shop.tenant_id}"

    async def agree(self, client: Client, **more: str) -> str:
        made = await client.post("/billing/plans", data=PLAN, follow_redirects=False)
        assert made.status_code == 303, made.text
        plan_id = urlsplit(made.headers["location"]).path.rpartition("/")[2]
        typed = {"plan_id": plan_id, "desk_id": "", "valid_from": "2026-11-01", "last_day": "", "seats": "0"}
        agreed = await client.post(f"{self.base}/agreement", data=typed | more, follow_redirects=False)
        assert agreed.status_code == 303, agreed.text
        return plan_id

    async def count(self) -> None:
        await count_and_sum_up(self.session, self.book.shop.tenant_id, NOVEMBER, now=START)
        await self.session.commit()
        await bind_all_shops(self.session)


@pytest.fixture
async def desk(app: Litestar, installation: Installation, session: AsyncSession) -> Desk:
    shop = await an_open_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    book = ShopLog(session, shop, agent.id)
    morning = at(START.date(), 9)
    for minute in range(5):
        await book.answered(morning + timedelta(minutes=3 * minute))
    await book.answered(morning, party=PartyKind.TEST)
    operator = await an_account(session, Role.OPERATOR, locale="en")
    await session.commit()
    await bind_all_shops(session)
    return Desk(app, installation, session, book, operator)


async def test_from_a_plan_to_a_bill_in_the_browser(desk: Desk) -> None:
    async with signed_in(desk.app, desk.operator) as client:
        plan_id = await desk.agree(client)
        await desk.count()
        plan = await client.get(f"/billing/plans/{plan_id}")
        plans = await client.get("/billing/plans")
        listed = await client.get("/billing?month=2026-11")
        month = await client.get(f"{desk.base}?month=2026-11")
        twin = await client.get(f"{desk.base}?month=2026-11", headers={"accept": "application/json"})
    assert [(one["plan"], one["yen_with_tax"]) for one in twin.json()["compared"][0]["quotes"]] == [
        ("コール20", 3_509)
    ]
    charges = await charges_of(desk.session, desk.book.shop.tenant_id, NOVEMBER)
    assert twin.json()["total"] == sum(one.amount for one in charges) == 3_190
    assert "Calls handled: 4 calls included, ¥190 for each further one" in plan.text
    assert "番号追加: ¥1,100 a month" in plan.text
    assert "コール20" in plans.text
    assert "¥3,190" in listed.text
    assert "125%" in listed.text
    assert "基本料金（コール20）" in month.text
    assert "The same month on every plan" in month.text


async def test_a_credit_for_a_missed_level_is_agreed_on_and_read_back(desk: Desk) -> None:
    back = "of the base fee back"
    async with signed_in(desk.app, desk.operator) as client:
        await desk.agree(client, credit_steps="７０ 10、80 5", credit_most="4000")
        page = await client.get(f"{desk.base}/agreement")
        unread = await client.post(f"{desk.base}/agreement", data={"credit_steps": "80 5, 70 5"})
    assert f"under 80%: 5% {back} · under 70%: 10% {back} · at most ¥4,000" in page.text
    assert unread.status_code == 422
    assert "a lower level gives more back" in unread.text.split('id="credit_steps-error"')[1]


async def test_prices_change_from_a_day_on_and_never_in_a_billed_month(desk: Desk) -> None:
    async with signed_in(desk.app, desk.operator) as client:
        plan_id = await desk.agree(client)
        path, dearer = f"/billing/plans/{plan_id}/revision", PLAN | {"base_fee": "3500"}
        too_soon = await client.post(path, data=dearer | {"valid_from": "2026-11-20"})
        tenant_id = desk.book.shop.tenant_id
        await seal_month(desk.session, tenant_id, NOVEMBER, now=START)
        await desk.session.commit()
        await bind_all_shops(desk.session)
        billed = await client.post(path, data=dearer | {"valid_from": "2026-11-30", "base_fee": "100"})
        good = await client.post(path, data=dearer | {"valid_from": "2026-12-10"}, follow_redirects=False)
        form = await client.get(path)
    assert "announced 30 days before" in too_soon.text
    assert "The first free day is 2026-12-01" in billed.text
    assert good.status_code == 303
    assert 'value="3500"' in form.text
    versions = await desk.session.scalars(select(PlanVersion.number).order_by(PlanVersion.number))
    assert list(versions) == [1, 2]


async def test_the_ledger_names_the_rule_beside_each_contact(desk: Desk) -> None:
    async with signed_in(desk.app, desk.operator) as client:
        await desk.agree(client)
        await desk.count()
        path = f"{desk.base}/ledger?month=2026-11"
        page = await client.get(path)
        free = await client.get(f"{path}&kind=free", headers={"accept": "application/json"})
    assert page.text.count("Answered by us") == 5
    assert [one["rule"] for one in free.json()["lines"]] == ["Test call"]


async def test_a_merchant_sees_the_own_meter_and_no_other_shop(desk: Desk) -> None:
    tenant_id = desk.book.shop.tenant_id
    other = await an_open_shop(desk.session, slug="hanakage")
    merchant = await an_account(desk.session, Role.MERCHANT, shops=[tenant_id], locale="en")
    await desk.session.commit()
    async with signed_in(desk.app, desk.operator) as client:
        await desk.agree(client)
        await desk.count()
    async with signed_in(desk.app, merchant) as client:
        page = await client.get("/my-usage?month=2026-11")
        twin = await client.get("/my-usage?month=2026-11", headers={"accept": "application/json"})
        refused = [(await client.get(f"/billing/{one}")).status_code for one in (tenant_id, other.tenant_id)]
    assert "125%" in page.text
    assert [(one["total"], one["meters"][0]["percent"]) for one in twin.json()["months"]] == [(3_190, 125)]
    assert page.text.count("Answered by us") == 5
    assert "/interactions/" not in page.text
    assert refused == [404, 404]
    assert "the other plans" not in page.text
    assert "compared" not in twin.json()["months"][0]


async def test_a_merchant_sees_the_other_plans_where_the_agreement_says_so(desk: Desk) -> None:
    merchant = await an_account(desk.session, Role.MERCHANT, shops=[desk.book.shop.tenant_id], locale="en")
    await desk.session.commit()
    async with signed_in(desk.app, desk.operator) as client:
        cheaper = await client.post("/billing/plans", data=PLAN | {"name": "コール5", "base_fee": "1000"})
        assert cheaper.status_code == 200
        await desk.agree(client, shows_others="y")
        await desk.count()
        assert "sees the other plans" in (await client.get(f"{desk.base}/agreement")).text
    async with signed_in(desk.app, merchant) as client:
        page = (await client.get("/my-usage?month=2026-11")).text
        twin = await client.get("/my-usage?month=2026-11", headers={"accept": "application/json"})
    assert "This month on the other plans" in page
    assert "−¥2,200" in page
    assert [(one["plan"], one["is_own"]) for one in twin.json()["months"][0]["compared"][0]["quotes"]] == [
        ("コール5", False), ("コール20", True),
    ]  # fmt: skip


async def test_the_worker_counts_what_is_due_and_tells_of_used_units_once(desk: Desk) -> None:
    async with signed_in(desk.app, desk.operator) as client:
        await desk.agree(client)
    for later in (timedelta(), timedelta(hours=2)):
        await count_due(desk.house, START + later)
        await bind_all_shops(desk.session)
        told = [(one.kind, one.times) for one in await open_alerts(desk.session)]
        assert told == [("usage_120", 1)]


async def test_a_plan_agreed_afterwards_counts_the_months_since(desk: Desk) -> None:
    tenant_id, now = desk.book.shop.tenant_id, datetime.fromisoformat("2027-01-15T03:00Z")
    await count_since(desk.session, tenant_id, date(2026, 11, 20), now=now)
    found = await desk.session.scalars(select(LedgerMonth.month).order_by(LedgerMonth.month))
    assert [one.month for one in found] == [11, 12, 1]


async def test_an_agreement_ends_and_the_next_one_begins(desk: Desk) -> None:
    tenant_id = desk.book.shop.tenant_id
    async with signed_in(desk.app, desk.operator) as client:
        plan_id = await desk.agree(client)
        typed = {"plan_id": plan_id, "desk_id": "", "valid_from": "2026-12-01", "seats": "0"}
        await client.post(f"{desk.base}/agreement", data=typed, follow_redirects=False)
        twice = await client.post(f"{desk.base}/agreement", data=typed)
        first, second = await agreements_of(desk.session, tenant_id)
        path = f"{desk.base}/agreement/{second.row.id}/end"
        await client.post(path, data={"last_day": "2026-12-31"}, follow_redirects=False)
    assert "Another agreement begins on 2026-12-01 already." in twice.text
    desk.session.expire_all()
    first, second = await agreements_of(desk.session, tenant_id)
    assert (first.row.valid_until, second.row.valid_until) == (date(2026, 12, 1), date(2027, 1, 1))


PAGES = ("/billing/plans", "/billing", "{base}", "{base}/ledger", "{base}/agreement")


async def test_a_page_asks_few_questions_however_much_there_is(desk: Desk) -> None:
    async with signed_in(desk.app, desk.operator) as client:
        await desk.agree(client)
        await desk.count()
        for path in PAGES:
            with statements(desk.session) as asked:
                answer = await client.get(path.format(base=desk.base))
            assert answer.status_code == 200
            assert len(asked) <= MOST_STATEMENTS, asked
