"""The pages of reports, each login role on its own connection."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from uuid_utils.compat import uuid7

from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.db import across_shops, unit_of_work
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from reports.commands import OVERDUE, Made, fail_report, request_report, store_report
from reports.queries import report_by_month
from reports.values import Failure, ReportState
from tenants.models import Tenant
from tests.reports.logged import OCTOBER, an_open_shop
from tests.support.clock import TestClock
from tests.support.people import an_account, signed_in

PDF = b"%PDF-1.7 the paper"


@dataclass
class House:
    """Two shops; the merchant owns the first."""

    app: Litestar
    house: Installation
    clock: TestClock
    coffee: Tenant
    flowers: Tenant
    people: dict[Role, Account]

    async def ask(self, shop: Tenant, month: date = OCTOBER) -> None:
        async with unit_of_work(self.house.staff, [shop.tenant_id]) as session:
            await request_report(session, shop.tenant_id, month, now=self.clock.now())

    async def make(self, shop: Tenant, month: date = OCTOBER, **figures: Any) -> None:
        """Put a report on the shelf, as the worker would."""
        await self.ask(shop, month)
        made = Made(PDF, json.dumps(document(month, **figures)).encode())
        async with unit_of_work(self.house.worker, [shop.tenant_id]) as session:
            await store_report(
                session, shop.tenant_id, month, made,
                store=self.house.files, requested_at=self.clock.now(), now=self.clock.now(),
            )  # fmt: skip

    async def state(self, shop: Tenant) -> ReportState:
        async with unit_of_work(self.house.staff, [shop.tenant_id]) as session:
            return (await report_by_month(session, shop.tenant_id, OCTOBER)).state

    async def deeds(self, action: str) -> list[tuple[object, object]]:
        async with across_shops(self.house.staff) as session:
            asked = select(AuditEntry.actor_kind, AuditEntry.detail).where(AuditEntry.action == action)
            return [tuple(row) for row in await session.execute(asked.order_by(AuditEntry.id))]

    def address(self, shop: Tenant, file: str = "report.pdf", month: str = "2026-10") -> str:
        return f"/reports/{shop.tenant_id}/{month}/{file}"


def document(month: date, **changed: Any) -> dict[str, Any]:
    """The part of a figures file that the shelf reads."""

    def figure(key: str, numerator: int, denominator: int | None, formula: str = "") -> dict[str, object]:
        unit = "count" if denominator is None else "permille"
        return {
            "key": key, "numerator": numerator, "denominator": denominator, "formula": formula, "unit": unit,
        }  # fmt: skip

    def figures(answered: int, letter: str) -> list[dict[str, object]]:
        return [
            figure("offered", 1000, None), figure("answer_rate", answered, 1000),
            figure("service_level", answered, 1000, letter), figure("mail_within_target", 0, 0),
            figure("self_completed", 990, 1000),
        ]  # fmt: skip

    terms = {"answer_within_s": 20}
    end = month + timedelta(days=31)
    return {
        "made_on": "2026-11-02",
        "period": {"first": month.isoformat(), "end": end.replace(day=1).isoformat()},
        "terms": terms,
        "previous_terms": terms,
        "figures": figures(931, "A"),
        "previous_figures": figures(919, "A"),
    } | changed


@pytest.fixture
async def house(clone: Installation, clock: TestClock) -> AsyncGenerator[House]:
    async with across_shops(clone.staff) as session:
        coffee = await an_open_shop(session, slug="minato-coffee")
        flowers = await an_open_shop(session, slug="hanakage")
        flowers.brand_name = "花影フラワー"
        shops = {Role.AGENT: [coffee.tenant_id], Role.MERCHANT: [coffee.tenant_id]}
        people = {role: await an_account(session, role, shops=shops.get(role)) for role in Role}
    with borrowed_app(clone) as app:
        yield House(app, clone, clock, coffee, flowers, people)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OPERATOR])
async def test_staff_see_the_month_that_ended_last_for_every_shop(house: House, role: Role) -> None:
    await house.make(house.coffee)
    async with signed_in(house.app, house.people[role]) as client:
        page = await client.get("/reports")

    assert page.status_code == 200
    assert "2026年10月" in page.text
    assert house.address(house.coffee) in page.text
    assert house.address(house.flowers) not in page.text
    assert "未作成" in page.text


async def test_agents_have_no_reports(house: House) -> None:
    await house.make(house.coffee)
    async with signed_in(house.app, house.people[Role.AGENT]) as client:
        answers = [await client.get(path) for path in ("/reports", house.address(house.coffee))]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_a_supervisor_has_a_report_made_and_the_list_says_so(house: House) -> None:
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as client:
        asked = {"shop": str(house.coffee.tenant_id), "month": "2026-10"}
        answer = await client.post("/reports", data=asked, headers={"HX-Request": "true"})

    assert answer.status_code < 400
    assert "順番待ち" in answer.text
    assert "every 4s" in answer.text
    assert "<html" not in answer.text
    assert await house.state(house.coffee) is ReportState.QUEUED
    assert await house.deeds("report.requested") == [("supervisor", {"month": "2026-10"})]


async def test_without_scripts_the_browser_goes_back_to_the_same_list(house: House) -> None:
    async with signed_in(house.app, house.people[Role.OPERATOR]) as client:
        asked = {"shop": str(house.coffee.tenant_id), "month": "2026-09"}
        answer = await client.post(
            "/reports?shop=minato-coffee&month=all", data=asked, follow_redirects=False
        )

    assert (answer.status_code, answer.headers["location"]) == (303, "/reports?shop=minato-coffee&month=all")


async def test_all_that_are_missing_are_made_at_once(house: House) -> None:
    await house.make(house.coffee)
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as client:
        await client.post("/reports", data={"shop": "missing", "month": "2026-10"})

    assert await house.state(house.coffee) is ReportState.READY
    assert await house.state(house.flowers) is ReportState.QUEUED


@pytest.mark.parametrize(
    ("month", "shop", "status"),
    [("2026-12", "", 422), ("October", "", 422), ("", "", 422), ("2026-10", "nobody", 404)],
)
async def test_a_request_that_means_nothing_is_refused(
    house: House, month: str, shop: str, status: int
) -> None:
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as client:
        asked = {"shop": shop or str(house.coffee.tenant_id), "month": month}
        answer = await client.post("/reports", data=asked)

    assert answer.status_code == status
    assert await house.deeds("report.requested") == []


@pytest.mark.parametrize("query", ["shop=nobody", "month=2026-13", "month=%00", "shop=%22&month=all"])
async def test_a_wrong_filter_is_said_beside_its_field(house: House, query: str) -> None:
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as client:
        answer = await client.get(f"/reports?{query}")

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text


async def test_a_failure_and_a_lost_worker_are_told_with_a_way_on(house: House) -> None:
    await house.ask(house.coffee)
    await house.ask(house.flowers)
    async with unit_of_work(house.house.worker, [house.coffee.tenant_id]) as session:
        await fail_report(
            session, house.coffee.tenant_id, OCTOBER, Failure.TOOK_TOO_LONG, requested_at=house.clock.now()
        )
    house.clock.advance(OVERDUE)
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as client:
        page = (await client.get("/reports")).text

    assert "時間がかかりすぎた" in page
    assert "中断" in page
    assert page.count("もう一度試す") == 2


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OPERATOR, Role.MERCHANT])
async def test_files_are_handed_out_under_a_name_and_each_is_written_down(house: House, role: Role) -> None:
    await house.make(house.coffee)
    async with signed_in(house.app, house.people[role]) as client:
        pdf = await client.get(house.address(house.coffee))
        figures = await client.get(house.address(house.coffee, "figures.json"))

    assert (pdf.content, pdf.headers["content-type"]) == (PDF, "application/pdf")
    assert figures.json()["made_on"] == "2026-11-02"
    assert pdf.headers["content-disposition"] == (
        "attachment; filename=\"minato-coffee-2026-10.pdf\"; filename*=UTF-8''"
        "%E3%83%9F%E3%83%8A%E3%83%88%E7%8F%88%E7%90%B2_%E5%BF%9C%E5%AF%BE%E6%9C%88%E6%AC%A1"
        "%E5%A0%B1%E5%91%8A%E6%9B%B8_2026-10.pdf"
    )
    assert (pdf.headers["cache-control"], pdf.headers["x-content-type-options"]) == (
        "private, no-store",
        "nosniff",
    )
    assert await house.deeds("report.downloaded") == [
        (role.value, {"month": "2026-10", "as": "pdf"}),
        (role.value, {"month": "2026-10", "as": "json"}),
    ]


async def test_a_foreign_report_answers_like_one_that_never_was(house: House) -> None:
    await house.make(house.flowers)
    await house.ask(house.coffee)
    nowhere = Tenant(tenant_id=uuid7())
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        answers = [
            await client.get(path, headers={"Accept": "application/json"})
            for path in (
                house.address(house.flowers),
                house.address(nowhere),
                house.address(house.coffee),
                house.address(house.coffee, month="2026-09"),
                house.address(house.coffee, month="then"),
            )
        ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({json.dumps(answer.json() | {"request_id": ""}) for answer in answers}) == 1
    assert await house.deeds("report.downloaded") == []


async def test_a_file_whose_bytes_are_gone_is_said_to_be(house: House) -> None:
    await house.make(house.coffee)
    for file in (house.house.files.folder / str(house.coffee.tenant_id)).iterdir():
        file.unlink()
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        answer = await client.get(house.address(house.coffee))
        shelf = await client.get("/reports")

    assert answer.status_code == 409
    assert shelf.status_code == 200
    assert "ただいま数字を表示できません" in shelf.text


async def test_a_merchant_sees_five_figures_beside_the_month_before_and_the_covers(house: House) -> None:
    await house.make(house.coffee, date(2026, 9, 1))
    await house.make(house.coffee)
    await house.make(house.flowers)
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        page = (await client.get("/reports")).text

    assert ["93.1%" in page, "前月 91.9%" in page, "+1.2ポイント" in page, "1,000" in page] == [True] * 4
    assert "途中経過" not in page
    assert house.address(house.coffee, month="2026-09") in page
    assert "花影" not in page
    assert '<form method="post" action="/reports' not in page


async def test_a_service_level_by_other_terms_is_not_put_beside(house: House) -> None:
    await house.make(house.coffee, previous_terms={"answer_within_s": 30})
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        page = (await client.get("/reports")).text

    assert page.count("前月 ") == 4


async def test_a_month_that_runs_is_called_so(house: House) -> None:
    await house.make(house.coffee, date(2026, 11, 1))
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        page = (await client.get("/reports")).text

    assert "2026年11月の途中経過" in page


async def test_a_merchant_without_reports_is_told_when_the_first_one_comes(house: House) -> None:
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        first = (await client.get("/reports")).text
        await house.ask(house.coffee)
        waiting = (await client.get("/reports")).text
        made = await client.post("/reports", data={"shop": "missing", "month": "2026-10"})

    assert "最初の報告書をお待ちください" in first
    assert "準備中です" in waiting
    assert made.status_code == 404


async def test_the_merchants_login_role_cannot_change_a_report(house: House) -> None:
    await house.make(house.coffee)
    async with unit_of_work(house.house.merchant, [house.coffee.tenant_id]) as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(text("UPDATE month_report SET state = 'queued'"))
