"""A shop's start page and what lies behind its figures; how reports reach its people."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from litestar import Litestar
from sqlalchemy import event, func, select

from interactions.joins import undo_join
from mailroom.models import Outgoing
from nanori.actors import Actor, ActorKind, Role
from nanori.audit import AuditEntry
from nanori.db import across_shops, unit_of_work
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from nanori_app.due import whats_due
from reports.commands import Made, request_report, store_report
from reports.delivery.commands import Sender, approve, keep_plan, send_report
from reports.delivery.errors import NotApproved
from reports.delivery.models import ReportLetter
from reports.delivery.planning import Wanted, months_before, seen_to
from reports.delivery.worker import make_planned, send_unasked
from reports.queries import report_of
from reports.so_far.commands import count_months
from tenants.models import MailAddress, Tenant
from tests.reports.joined_and_split import Cases
from tests.reports.logged import OCTOBER, ShopLog, an_open_shop
from tests.reports.months import TOKYO, at
from tests.support.clock import TestClock
from tests.support.people import Client, an_account, signed_in

PDF = b"%PDF-1.7 the paper"
PLAN = Wanted(day=3, encloses=True, unasked=True, recipients=("boss@minato.example",))


@dataclass
class House:
    """Two shops; the merchant owns the first, which answered two calls this morning."""

    app: Litestar
    house: Installation
    clock: TestClock
    coffee: Tenant
    flowers: Tenant
    people: dict[Role, Account]

    async def make(self, shop: Tenant) -> None:
        now = self.clock.now()
        async with unit_of_work(self.house.worker, [shop.tenant_id]) as session:
            await request_report(session, shop.tenant_id, OCTOBER, now=now)
            await store_report(
                session, shop.tenant_id, OCTOBER, Made(PDF, b"{}"),
                store=self.house.files, requested_at=now, now=now,
            )  # fmt: skip

    def morning(self, minute: int) -> datetime:
        return at(date(2026, 11, 2), 9, minute)

    async def records(self, client: Client, place: str) -> tuple[str, list[dict[str, object]], str]:
        """Counted now: the page, the records for programs, and the table."""
        await client.get("/portal")
        await count_months(self.house, self.clock.now())
        told = (await client.get(f"{place}/records.json")).json()["records"]
        return (await client.get(place)).text, told, (await client.get(f"{place}/records.csv")).text

    async def letters(self) -> list[tuple[object, ...]]:
        async with across_shops(self.house.staff) as session:
            one = ReportLetter
            rows = await session.execute(
                select(one.recipient, one.seq, one.opened_at.is_not(None)).order_by(one.recipient, one.seq)
            )
            return [tuple(row) for row in rows]


@pytest.fixture
async def house(clone: Installation, clock: TestClock) -> AsyncGenerator[House]:
    async with across_shops(clone.staff) as session:
        coffee = await an_open_shop(session, slug="minato-coffee")
        flowers = await an_open_shop(session, slug="hanakage")
        session.add(MailAddress(tenant_id=coffee.tenant_id, address="cs@minato.example"))
        shops = {Role.AGENT: [coffee.tenant_id], Role.MERCHANT: [coffee.tenant_id]}
        people = {role: await an_account(session, role, shops=shops.get(role)) for role in Role}
        people[Role.AGENT].name = people[Role.SUPERVISOR].name = "内緒 花子"
        book = ShopLog(session, coffee, people[Role.AGENT].id)
        for minute in (5, 10):
            await book.answered(at(date(2026, 11, 2), 9, minute), waits=12)
    with borrowed_app(clone) as app:
        yield House(app, clone, clock, coffee, flowers, people)


async def test_the_running_month_is_counted_when_somebody_looks_and_opens_its_records(house: House) -> None:
    now = house.clock.now()
    place = f"/reports/{house.coffee.tenant_id}/2026-11/figures/answered"
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        first = await client.get("/portal")
        before = await client.get(place)
        async with across_shops(house.house.worker) as session:
            assert count_months in (await whats_due(session, now=now)).steps
        await count_months(house.house, now)
        async with across_shops(house.house.worker) as session:
            assert count_months not in (await whats_due(session, now=now)).steps
        said: list[str] = []
        for engine in house.house.engines:
            event.listen(engine.sync_engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        second = await client.get("/portal")
        page_costs = len(said)
        records = await client.get(place)
        records_cost = len(said) - page_costs
        as_json = (await client.get(f"{place}/records.json")).json()
        as_csv = (await client.get(f"{place}/records.csv")).text
        unknown = await client.get(f"/reports/{house.coffee.tenant_id}/2026-11/figures/nothing")

    assert "集計しています" in first.text
    assert "まだ集計していません" in before.text
    assert "集計しています" not in second.text
    assert ">2<" in second.text  # calls offered
    assert "2 / 2" in second.text
    assert page_costs <= 16
    assert records_cost <= 12
    assert records.text.count('<th scope="row"') == 2
    assert [one["outcome"] for one in as_json["records"]] == ["answered", "answered"]
    assert as_csv.count("\r\n") == 3
    assert house.people[Role.AGENT].name not in second.text + records.text
    assert unknown.status_code == 404


async def test_a_shop_sees_which_mails_are_one_matter_and_nobodys_name(house: House) -> None:
    place = f"/reports/{house.coffee.tenant_id}/2026-11/figures/mail_replied"
    agent = house.people[Role.AGENT]
    async with across_shops(house.house.staff) as session:
        cases = await Cases.of(ShopLog(session, house.coffee, agent.id))
        first, again, alone = [await cases.letter(house.morning(minute)) for minute in (10, 20, 30)]
        join = await cases.join(again, first, house.morning(35))
        part = await cases.split(alone, house.morning(40))
        await cases.reply(first, again, alone, part, when=house.morning(50))
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        page, told, table = await house.records(client, place)
        async with across_shops(house.house.staff) as session:
            by = Actor(kind=ActorKind.AGENT, account_id=agent.id)
            await undo_join(session, join.tenant_id, join.id, actor=by, now=house.morning(55))
        house.clock.set(house.clock.now() + timedelta(minutes=20))
        parted, told_after, _ = await house.records(client, place)

    assert {row["number"]: (row["second_question_of"], row["same_matter_as"]) for row in told} == {
        first.number: (None, None), again.number: (None, first.number),
        alone.number: (None, None), part.number: (alone.number, None),
    }  # fmt: skip
    assert f"#{first.number} と同じ用件" in page
    assert f"#{alone.number} の2つ目の用件" in page
    assert [row.split(",")[12] for row in table.splitlines()[1:]].count(f'"{first.number}"') == 1
    assert agent.name not in page + table
    assert "と同じ用件" not in parted
    assert [row["same_matter_as"] for row in told_after] == [None] * 4


async def test_a_shop_sees_of_each_settled_matter_how_long_it_lay_with_whom(house: House) -> None:
    place = f"/reports/{house.coffee.tenant_id}/2026-11/figures/resolution_shopper"
    async with across_shops(house.house.staff) as session:
        cases = await Cases.of(ShopLog(session, house.coffee, house.people[Role.AGENT].id))
        one = await cases.letter(house.morning(10))
        await cases.reply(one, when=house.morning(25))
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        page, told, table = await house.records(client, place)

    assert [(row["number"], row["with_us_s"], row["with_shop_s"]) for row in told] == [(one.number, 900, 0)]
    assert table.splitlines()[1].endswith('"900.0","0.0","0.0"')
    for said in ("全体", "窓口側", "ショップ側", "お客様側", "15分"):
        assert said in page


async def test_a_code_from_paper_leads_to_its_records_and_a_wrong_one_is_said_to_be(house: House) -> None:
    place = f"/reports/{house.coffee.tenant_id}/2026-10"
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        found = await client.get(f"{place}?code=t%2012", follow_redirects=False)
        wrong = await client.get(f"{place}?code=T99")

    assert found.headers["location"] == f"{place}/figures/service_level"
    assert wrong.status_code == 422
    assert "このコードの指標はありません" in wrong.text


async def test_a_wish_reaches_the_desk_and_its_answer_the_shop(house: House) -> None:
    wishes = f"/portal/{house.coffee.tenant_id}/wishes"
    wish = {"kind": "hours", "text": "12/30から1/3まで休みます。", "holds_from": "2026-12-30"}
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        late = await client.post(wishes, data=wish | {"holds_from": "2026-11-01"})
        empty = await client.post(wishes, data=wish | {"text": " "})
        asked = await client.post(wishes, data=wish, follow_redirects=False)
        foreign = await client.post(f"/portal/{house.flowers.tenant_id}/wishes", data=wish)
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as client:
        page = (await client.get("/wishes")).text
        answer = page.split('action="')[-1].split('"')[0]
        no_reason = await client.post(answer, data={"verdict": "declined"})
        done = await client.post(
            answer, data={"verdict": "done", "answer": "設定しました。"}, follow_redirects=False
        )
        again = await client.post(answer, data={"verdict": "done"})
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        home = (await client.get("/portal")).text

    assert [late.status_code, empty.status_code, asked.status_code] == [422, 422, 303]
    assert "12/30から1/3まで休みます。" in late.text
    assert foreign.status_code == 404
    assert [no_reason.status_code, done.status_code, again.status_code] == [422, 303, 409]
    assert "設定しました。" in home
    assert house.people[Role.SUPERVISOR].name not in home


async def test_a_supervisor_approves_and_each_person_gets_each_version_once(house: House) -> None:
    await house.make(house.coffee)
    await house.make(house.flowers)
    tenant_id = house.coffee.tenant_id
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as client:
        plan = f"/report-sending/{tenant_id}/plan"
        wrong = await client.post(plan, data={"day": "31", "recipients": "nobody"})
        saved = await client.post(
            plan,
            data={"day": "3", "recipients": "boss@minato.example\nＡ@minato.example"},
            follow_redirects=False,
        )
        for _ in range(2):
            page = await client.post("/report-sending", data={"month": "2026-10", "shop": "all"})
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        await client.get(f"/reports/{tenant_id}/2026-10/report.pdf")

    assert [wrong.status_code, saved.status_code] == [422, 303]
    assert page.status_code == 200  # the other shop has nobody to write to; the first one's went
    assert house.flowers.brand_name in page.text
    assert "承認して送る" in page.text
    assert await house.letters() == [("a@minato.example", 1, True), ("boss@minato.example", 1, True)]
    async with across_shops(house.house.staff) as session:
        mails = list(await session.scalars(select(Outgoing.content)))
        sent = await session.scalar(select(func.count()).where(AuditEntry.action == "report.sent"))
    assert len(mails) == 2
    assert sent == 2  # each press is written down; the second sent nothing
    for mail in mails:
        read = message_from_bytes(mail, policy=default)
        assert not list(read.iter_attachments())
        assert f"/reports/{tenant_id}/2026-10/report.pdf" in str(read.get_content())


async def test_a_report_made_again_has_to_be_approved_again(house: House) -> None:
    sender, tenant_id = Sender(house.house.files, "https://x.example"), house.coffee.tenant_id
    for seq in (1, 2):
        await house.make(house.coffee)
        async with unit_of_work(house.house.staff, [tenant_id]) as session:
            await keep_plan(session, tenant_id, PLAN, now=house.clock.now())
            with pytest.raises(NotApproved):
                await send_report(session, sender, tenant_id, OCTOBER, now=house.clock.now())
            await approve(session, tenant_id, OCTOBER, by=None, now=house.clock.now())
            letters = await send_report(session, sender, tenant_id, OCTOBER, now=house.clock.now())
            assert [one.seq for one in letters] == [seq]
            mail = await session.get_one(Outgoing, (tenant_id, letters[0].id))
            assert b"application/pdf" in mail.content


async def test_on_its_day_a_report_is_made_and_sent_without_being_asked_where_the_plan_says_so(
    house: House,
) -> None:
    tenant_id, now = house.coffee.tenant_id, datetime(2026, 11, 3, tzinfo=UTC)  # nine in Tokyo
    async with unit_of_work(house.house.staff, [tenant_id]) as session:
        await keep_plan(session, tenant_id, PLAN, now=house.clock.now())
    async with across_shops(house.house.worker) as session:
        early = await whats_due(session, now=datetime(2026, 11, 2, 22, 59, tzinfo=UTC))
        due = await whats_due(session, now=now)
    assert (make_planned in early.steps, make_planned in due.steps) == (False, True)
    await make_planned(house.house, now)
    await make_planned(house.house, now)
    async with unit_of_work(house.house.worker, [tenant_id]) as session:
        report = await report_of(session, tenant_id, OCTOBER)
        assert report is not None
        await store_report(
            session, tenant_id, OCTOBER, Made(PDF, b"{}"),
            store=house.house.files, requested_at=now, now=now,
        )  # fmt: skip
    for _ in range(2):
        await send_unasked(house.house, tenant_id, OCTOBER, now=now)
    assert await house.letters() == [("boss@minato.example", 1, False)]


def test_a_plan_does_not_make_up_for_a_month_whose_day_has_begun() -> None:
    assert seen_to(3, datetime(2026, 11, 3, 7, 59, tzinfo=TOKYO)) == date(2026, 9, 1)
    assert seen_to(3, datetime(2026, 11, 3, 8, 0, tzinfo=TOKYO)) == date(2026, 10, 1)
    assert (months_before(date(2026, 1, 31), 1), months_before(date(2026, 3, 1), 14)) == (
        date(2025, 12, 1), date(2025, 1, 1),
    )  # fmt: skip
