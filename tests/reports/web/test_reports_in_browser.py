"""Reports in a real browser: the list follows the worker by itself; axe has nothing against it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Dialog, expect
from sqlalchemy import func, select

from mailroom.models import Outgoing
from nanori.actors import Role
from nanori.clock import whole_milliseconds
from nanori.db import across_shops, unit_of_work
from nanori.identity.models import Account
from nanori.installation import Installation
from reports.commands import Made, request_report, store_report
from reports.delivery.commands import keep_plan
from reports.delivery.planning import Wanted
from reports.queries import report_by_month
from reports.values import month_text, months_back
from tenants.models import MailAddress, Tenant
from tests.conftest import ROOT
from tests.reports.logged import an_open_shop
from tests.reports.months import TOKYO
from tests.support.browser import axe_findings, sign_in, windows
from tests.support.clock import TestClock
from tests.support.live_server import serving
from tests.support.people import an_account

PHONE = {"viewport": {"width": 390, "height": 844}}


@dataclass
class Street:
    """One shop, its merchant and a supervisor; the server runs by the wall clock."""

    house: Installation
    address: str
    shop: Tenant
    supervisor: Account
    merchant: Account

    async def window(self, browser: Browser, who: Account, **options: object) -> BrowserContext:
        return await sign_in(browser, self.house, who, self.address, **options)

    async def finish(self, month: date) -> None:
        """The worker's last step."""
        async with unit_of_work(self.house.worker, [self.shop.tenant_id]) as session:
            report = await report_by_month(session, self.shop.tenant_id, month)
            await store_report(
                session, self.shop.tenant_id, month, Made(b"%PDF-", b"{}"),
                store=self.house.files, requested_at=report.requested_at, now=self.house.clock.now(),
            )  # fmt: skip

    async def made(self, month: date) -> None:
        """A report that is ready, and somebody to send it to."""
        now, tenant_id = self.house.clock.now(), self.shop.tenant_id
        async with unit_of_work(self.house.staff, [tenant_id]) as session:
            session.add(MailAddress(tenant_id=tenant_id, address="cs@minato.example"))
            wanted = Wanted(day=3, encloses=False, unasked=False, recipients=("boss@minato.example",))
            await keep_plan(session, tenant_id, wanted, now=now)
            await request_report(session, tenant_id, month, now=now)
        await self.finish(month)

    async def mails_sent(self) -> int:
        async with across_shops(self.house.staff) as session:
            return await session.scalar(select(func.count()).select_from(Outgoing)) or 0


@pytest.fixture
async def street(clone: Installation, clock: TestClock) -> AsyncGenerator[Street]:
    clock.set(whole_milliseconds(datetime.now(UTC)))
    async with across_shops(clone.staff) as session:
        shop = await an_open_shop(session, slug="minato-coffee")
        supervisor = await an_account(session, Role.SUPERVISOR, now=clock.now(), locale="en")
        merchant = await an_account(session, Role.MERCHANT, shops=[shop.tenant_id], now=clock.now())
    with serving(clone.settings) as address:
        yield Street(clone, address, shop, supervisor, merchant)


@pytest.fixture(scope="module")
def axe() -> str:
    return Path(ROOT / "var" / "vendor" / "axe.js").read_text()


async def test_a_report_that_is_asked_for_appears_without_a_reload(
    street: Street, browser: Browser, axe: str
) -> None:
    async with windows(browser):
        page = await (await street.window(browser, street.supervisor)).new_page()
        await page.goto("/reports")
        await page.get_by_role("button", name="Make ミナト珈琲").click()
        await expect(page.get_by_text("Waiting its turn")).to_be_visible()
        assert await axe_findings(page, axe) == []
        last_month = months_back(datetime.now(TOKYO).date(), 2)[1]
        await street.finish(last_month)
        await expect(page.get_by_text("Finished")).to_be_visible()
        await expect(page.get_by_role("link", name="PDF ミナト珈琲")).to_be_visible()
        assert await axe_findings(page, axe) == []


async def test_a_merchants_phone_shows_the_shelf_in_its_width(
    street: Street, browser: Browser, axe: str
) -> None:
    async with windows(browser):
        page = await (await street.window(browser, street.merchant, **PHONE)).new_page()
        await page.goto("/reports")
        await expect(page.get_by_text("最初の報告書をお待ちください")).to_be_visible()
        assert await axe_findings(page, axe) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == 390
        await page.goto("/")
        await expect(page.get_by_role("heading", name="ご確認をお待ちしています")).to_be_visible()
        await page.get_by_label("変更の内容").fill("12/30から休みます。")
        await page.get_by_role("button", name="依頼を送る").click()
        await expect(page.get_by_text("適用開始日を指定してください。")).to_be_visible()
        await expect(page.get_by_label("変更の内容")).to_have_value("12/30から休みます。")
        assert await axe_findings(page, axe) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_report_is_sent_once_more_only_when_the_question_is_answered(
    street: Street, browser: Browser
) -> None:
    month, answers, asked = months_back(datetime.now(TOKYO).date(), 2)[1], [False, True], list[str]()
    await street.made(month)

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await (dialog.accept() if answers.pop(0) else dialog.dismiss())

    async with windows(browser):
        page = await (await street.window(browser, street.supervisor)).new_page()
        page.on("dialog", answer)
        await page.goto(f"/report-sending?month={month_text(month)}")
        await page.get_by_role("button", name="Approve and send ミナト珈琲").click()
        again = page.get_by_role("button", name="Send again ミナト珈琲")
        await expect(again).to_be_visible()
        await again.click()
        assert (len(asked), await street.mails_sent()) == (1, 1)
        await again.click()
        await expect(page.get_by_text("1 mail is on its way.")).to_be_visible()
        assert (len(asked), await street.mails_sent()) == (2, 2)
