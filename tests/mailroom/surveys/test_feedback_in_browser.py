"""The shopper's page on a telephone: by keyboard and finger, by WCAG's rules, in each shop's language."""

import os
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from interactions.models import Case, Interaction
from mailroom.adapters.sink import Sink
from mailroom.commands.answering import Answer, answer_case
from mailroom.ports import POSTMAN
from mailroom.receiving import receive
from mailroom.surveys.commands import set_rule
from mailroom.surveys.links import Links
from mailroom.surveys.models import Survey
from mailroom.surveys.values import SurveyKind
from nanori.actors import Actor, ActorKind, Role
from nanori.clock import SystemClock
from nanori.db import unit_of_work
from nanori.installation import Installation
from tenants.models import Tenant
from tests.mailroom.conftest import MailShop, a_mail_shop
from tests.support.browser import axe_findings, sign_in, tab_to, windows
from tests.support.live_server import serving
from tests.support.people import an_account

ROOT = Path(__file__).parents[3]
SHOTS = os.environ.get("NANORI_SHOTS")


@pytest.fixture
async def phone_house(clone: Installation) -> Installation:
    return replace(clone, clock=SystemClock(), plugged={POSTMAN: Sink()})


@pytest.fixture
async def phone(phone_house: Installation, browser: Browser) -> AsyncGenerator[BrowserContext]:
    """A telephone without any account."""
    with serving(phone_house.settings) as address:
        async with windows(browser):
            yield await browser.new_context(base_url=address, viewport={"width": 390, "height": 844})


async def a_link(house: Installation, kind: SurveyKind, locale: str) -> tuple[MailShop, str]:
    async with house.staff() as session:
        shop = await a_mail_shop(session, brand="Minato Coffee" if locale == "en" else "ミナト珈琲")
    async with unit_of_work(house.staff, [shop.id]) as session:
        (await session.get_one(Tenant, shop.id)).locale = locale
        await set_rule(session, shop.id, kind, {})
    await receive(house, shop.letter())
    links, now = Links(house.settings.secret_key, house.settings.public_url), house.clock.now()
    async with unit_of_work(house.staff, [shop.id]) as session:
        case = (await session.scalars(select(Case))).one()
        agent = Actor(kind=ActorKind.AGENT, account_id=shop.agent.id)
        answer = Answer(text="発送しました。", version=case.version, links=links)
        await answer_case(session, shop.id, case.id, answer, actor=agent, now=now)
        contact = (await session.scalars(select(Interaction))).one()
    return shop, "/feedback/" + links.token(shop.id, contact.id, now=now)


async def picture(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/feedback-{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("kind", "locale"), [(SurveyKind.CSAT, "ja"), (SurveyKind.NPS, "en"), (SurveyKind.CES, "ja")]
)
async def test_the_page_fits_a_telephone_breaks_no_rule_and_takes_a_score_by_keyboard(
    phone: BrowserContext, phone_house: Installation, kind: SurveyKind, locale: str
) -> None:
    axe = (ROOT / "var" / "vendor" / "axe.js").read_text()
    shop, place = await a_link(phone_house, kind, locale)
    page = await phone.new_page()
    await page.goto(place)
    await expect(page.locator("html")).to_have_attribute("lang", locale)
    await picture(page, f"{kind}-{locale}")
    assert await axe_findings(page, axe) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390

    await page.get_by_role("button").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await axe_findings(page, axe) == []
    await tab_to(page, "input[name=score]")
    await page.keyboard.press("Space")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("input[name=score]").nth(1)).to_be_checked()
    await picture(page, f"{kind}-{locale}-chosen")
    await page.locator("textarea").fill("ありがとう")
    await page.get_by_role("button").click()
    await expect(page.get_by_role("button")).to_have_count(0)
    await picture(page, f"{kind}-{locale}-thanks")
    assert await axe_findings(page, axe) == []
    assert await phone.cookies() == []
    async with unit_of_work(phone_house.staff, [shop.id]) as session:
        kept = (await session.scalars(select(Survey))).one()
    assert (kept.score, kept.comment) == (1 if kind is SurveyKind.NPS else 2, "ありがとう")


async def test_what_a_shopper_said_is_read_to_its_end_on_the_case(
    phone_house: Installation, phone: BrowserContext, browser: Browser
) -> None:
    shop, place = await a_link(phone_house, SurveyKind.CSAT, "ja")
    lines = [f"{number}. 丁寧なご案内でした。" for number in range(1, 9)]
    asked = await phone.new_page()
    await asked.goto(place)
    await asked.locator("label.score").first.click()
    await asked.locator("textarea").fill("\n".join(lines))
    await asked.get_by_role("button").click()
    await expect(asked.get_by_role("button")).to_have_count(0)
    async with phone_house.staff.begin() as session:
        boss = await an_account(session, Role.SUPERVISOR)
    async with unit_of_work(phone_house.staff, [shop.id]) as session:
        case = (await session.scalars(select(Case))).one()

    desk = await sign_in(browser, phone_house, boss, asked.url.partition("/feedback")[0])
    page = await desk.new_page()
    await page.goto(f"/mail/{shop.id}/{case.id}")
    said = page.locator("[data-kind=survey] .mail-note-text")

    assert await said.inner_text() == "\n".join(lines)
    assert await said.evaluate("e => e.scrollHeight <= e.clientHeight")
