"""The pages of the close: every shop's month, its figures, and the records behind one."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.audit import AuditEntry
from reports.closing.commands import close_month, fail_close
from reports.closing.errors import MonthBusy
from reports.paper.codes import CODES
from tenants.models import Tenant
from tests.reports.logged import OCTOBER, ShopLog, a_few, an_open_shop
from tests.reports.months import at
from tests.reports.test_queries import statements
from tests.support.clock import START
from tests.support.people import Client, an_account, signed_in

MOST_STATEMENTS = 12
"""Of the list, with what every page asks for; more shops ask nothing more."""


@dataclass
class Desk:
    """A supervisor over two shops, the first of which had an October."""

    session: AsyncSession
    client: Client
    coffee: Tenant
    flowers: Tenant
    book: ShopLog

    async def read(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    @property
    def place(self) -> str:
        return f"/months/{self.coffee.tenant_id}/2026-10"

    async def close(self, shop: Tenant) -> None:
        await close_month(self.session, shop.tenant_id, OCTOBER, now=START)
        await self.session.commit()

    async def deeds(self) -> list[str]:
        asked = select(AuditEntry.action).where(AuditEntry.action.like("month.%")).order_by(AuditEntry.id)
        return list(await self.session.scalars(asked))


@pytest.fixture
async def desk(app: Litestar, session: AsyncSession) -> AsyncGenerator[Desk]:
    shops = [await an_open_shop(session, slug=slug) for slug in ("minato-coffee", "hanakage")]
    for shop in shops:
        shop.created_at = START - timedelta(days=60)
    shops[1].brand_name = "花影フラワー"
    agent = await an_account(session, Role.AGENT, shops=[shops[0].tenant_id])
    book = ShopLog(session, shops[0], agent.id)
    await a_few(book)
    account = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, account) as client:
        yield Desk(session, client, shops[0], shops[1], book)


async def test_every_shop_has_its_state_and_all_that_are_ready_are_closed_at_once(desk: Desk) -> None:
    page = await desk.read("/months")
    assert "2店舗中0店舗が締め済み" in page
    assert page.count("締められます") == 2
    asked = await desk.client.post(
        "/months", data={"month": "2026-10", "shop": "ready"}, headers={"HX-Request": "true"}
    )
    assert asked.text.count("締め処理中") >= 2
    assert "every 4s" in asked.text
    assert await desk.deeds() == ["month.close_asked"] * 2

    await fail_close(desk.session, desk.flowers.tenant_id, OCTOBER, MonthBusy.message, now=START)
    await desk.close(desk.coffee)
    page = await desk.read("/months?month=2026-10")
    assert "2店舗中1店舗が締め済み" in page
    assert "通話がまだ続いています" in page
    assert "月の途中" in await desk.read("/months?month=2026-11")


async def test_a_figure_leads_to_its_records_in_one_click(desk: Desk) -> None:
    await desk.close(desk.coffee)
    page = await desk.read(desk.place)
    figures = f"/reports/{desk.coffee.tenant_id}/2026-10/figures"
    assert all(f'href="{figures}/{key}"' in page for key in CODES if key in page)
    assert f'href="{figures}/answer_rate"' in page
    assert "50.0%" in page

    records = await desk.read(f"{figures}/answer_rate")
    assert records.count('<th scope="row"') == 8
    assert records.count("分母のみ") == 4
    assert f'href="/interactions/{desk.coffee.tenant_id}/' in records
    assert f'href="{desk.place}"' in records, "the way back is the page of the close"
    assert (await desk.client.get(f"{figures}/nonsense")).status_code == 404
    assert "対象になった通話やメールはありません" in await desk.read(f"{figures}/apart_blocked")


async def test_a_month_is_reopened_with_a_reason_and_restated_beside_the_old_figures(desk: Desk) -> None:
    await desk.close(desk.coffee)
    refused = await desk.client.post(f"{desk.place}/reopening", data={"reason": " "})
    assert refused.status_code == 422
    assert "理由を書いてください" in refused.text
    done = await desk.client.post(
        f"{desk.place}/reopening", data={"reason": "<b>誤り</b>"}, follow_redirects=False
    )
    assert done.status_code == 303
    assert "締め解除" in await desk.read(desk.place)

    await desk.book.answered(at(OCTOBER + timedelta(days=5), 10))
    await desk.close(desk.coffee)
    page = await desk.read(desk.place)
    assert "&lt;b&gt;誤り&lt;/b&gt;" in page
    assert "50.0% (4 / 8)" in page
    assert "55.6% (5 / 9)" in page


async def test_the_list_asks_the_database_the_same_however_many_shops_there_are(desk: Desk) -> None:
    with statements(desk.session) as few:
        await desk.read("/months")
    for number in range(4):
        (await an_open_shop(desk.session, slug=f"more-{number}")).created_at = START - timedelta(days=60)
    await desk.session.commit()
    with statements(desk.session) as more:
        await desk.read("/months")
    assert len(few) == len(more) <= MOST_STATEMENTS


async def test_figures_of_any_days_can_be_narrowed_and_taken_along(desk: Desk) -> None:
    asked = "shop=minato-coffee&first=2026-10-01&last=2026-10-31"
    page = await desk.read(f"/figures?{asked}")
    assert "50.0%" in page
    assert "4 / 8" in page
    assert f"/figures/workbook.xlsx?{asked}".replace("&", "&amp;") in page
    reason = page.split(">配送状況</option>")[0].rsplit('value="', 1)[1].rstrip('"')
    narrowed = await desk.read(f"/figures?{asked}&reason={reason}")
    assert "100.0%" in narrowed
    assert "4 / 8" not in narrowed
    table = await desk.client.get(f"/figures/table.csv?{asked}")
    assert table.content.startswith("\ufeff".encode())
    assert "応答率" in table.text
    book = await desk.client.get(f"/figures/workbook.xlsx?{asked}")
    assert book.content.startswith(b"PK")
    assert 'filename="minato-coffee-2026-10-01-2026-10-31.xlsx"' in book.headers["content-disposition"]
    await a_view_is_kept_mailed_and_removed(desk, asked)
    for wrong in ("first=x", "first=2026-10-02&last=2026-10-01"):
        assert (await desk.client.get(f"/figures?shop=minato-coffee&{wrong}")).status_code == 422
    assert (await desk.client.get("/figures?shop=nobody")).status_code == 404


async def a_view_is_kept_mailed_and_removed(desk: Desk, asked: str) -> None:
    values = dict(part.split("=") for part in asked.split("&"))
    refused = await desk.client.post("/figures/views", data={**values, "name": " "})
    assert refused.status_code == 422
    assert "ビューに名前を付けてください" in refused.text
    await desk.client.post("/figures/views", data={**values, "name": "<b>毎月</b>", "span": "month"})
    page = await desk.read("/figures")
    assert "&lt;b&gt;毎月&lt;/b&gt;" in page
    assert "常に前の月" in page
    place = page.split('/readers"')[0].rsplit('action="', 1)[1]
    reader = page.split('name="reader" value="')[1].split('"')[0]
    await desk.client.post(f"{place}/readers", data={"reader": reader})
    assert "毎月1日に送信" in await desk.read("/figures")
    await desk.client.post(f"{place}/removal")
    assert "保存したビュー" not in await desk.read("/figures")
