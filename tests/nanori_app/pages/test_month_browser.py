"""An operator's month in a real browser: close it, look at the draft, issue the invoice, take its PDF."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.async_api import Browser, expect

from billing.invoices import worker
from billing.invoices.due import END_OF_NEXT_MONTH
from billing.invoices.filing import Drawn
from billing.invoices.parties import set_issuer, set_payer
from billing.plans.commands import Signed, agree, make_plan
from billing.plans.plan import Plan
from nanori.actors import Role
from nanori.clock import whole_milliseconds
from nanori.db import across_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori.messages import Post
from reports.values import month_text, months_back
from tests.billing.invoices.documents import ISSUER, PAYER
from tests.reports.logged import an_open_shop
from tests.support.browser import sign_in, windows
from tests.support.clock import TestClock
from tests.support.live_server import serving
from tests.support.people import an_account

DRAWN = Drawn(pdf=b"%PDF-", xml=b"<?xml", statement=b"")


async def a_month_to_bill(house: Installation, month: date, now: datetime) -> Account:
    """One shop with a plan and a payer; its operator."""
    async with across_shops(house.staff) as session:
        shop = await an_open_shop(session, slug="minato-coffee")
        shop.created_at = now - timedelta(days=120)
        await set_issuer(session, ISSUER, valid_from=month, by=None, now=now)
        await set_payer(session, PAYER, shops=[shop.tenant_id], due=END_OF_NEXT_MONTH)
        plan = await make_plan(session, Plan(name="小", base_fee=3_000), by=None, today=month, now=now)
        signed = Signed(plan_id=plan.id, valid_from=month)
        await agree(session, shop.tenant_id, signed, [], billed_until=None, by=None, now=now)
        return await an_account(session, Role.OPERATOR, now=now, locale="en")


async def test_from_the_close_of_a_month_to_its_invoice(
    clone: Installation, clock: TestClock, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(whole_milliseconds(datetime.now(UTC)))
    monkeypatch.setattr(worker.board, "draw", lambda *_: DRAWN)
    month = months_back(clock.now().date(), 2)[1]
    operator = await a_month_to_bill(clone, month, clock.now())
    post: Post = clone.worker.kw["info"]["post"]
    post.register(clone)

    async def work() -> None:
        await post.queue.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    with serving(clone.settings) as address:
        async with windows(browser):
            page = await (await sign_in(browser, clone, operator, address)).new_page()
            await page.goto(f"/months?month={month_text(month)}")
            await page.get_by_role("button", name="Close ミナト珈琲").click()
            await expect(page.get_by_text("1 being closed")).to_be_visible()
            await work()
            await page.reload()
            await expect(page.get_by_text("1 of 1 closed")).to_be_visible()

            await page.goto(f"/invoices/month?month={month_text(month)}")
            await page.get_by_role("button", name="Make all drafts").click()
            await expect(page.get_by_text("1 being made")).to_be_visible()
            await work()
            await page.reload()
            await page.get_by_role("link", name="Look at it").click()
            await expect(page.get_by_text("A draft has no files.")).to_be_visible()

            page.on("dialog", lambda dialog: dialog.accept())
            await page.get_by_role("button", name="Issue", exact=True).click()
            await expect(page.get_by_text("The files of this invoice are still being made.")).to_be_visible()
            await work()
            await page.reload()
            pdf = page.get_by_role("link", name="Invoice (PDF)")
            await expect(pdf).to_have_attribute("href", re.compile(r"\.pdf$"))
