"""The shopper's page: looking is no answer, one answer counts, and nobody gets in without the link."""

from collections.abc import AsyncGenerator, Generator
from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.models import Interaction
from mailroom.surveys.links import Links
from mailroom.surveys.models import Survey
from nanori.db import bind_all_shops
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from tests.mailroom.conftest import MailShop
from tests.mailroom.surveys.conftest import Answers
from tests.support.clock import TestClock


@pytest.fixture
def app(house: Installation) -> Generator[Litestar]:
    with borrowed_app(house) as app:
        yield app


@pytest.fixture
async def browser(app: Litestar) -> AsyncGenerator[AsyncTestClient[Litestar]]:
    async with AsyncTestClient(app, base_url="http://127.0.0.1:8400") as client:
        yield client


@pytest.fixture
async def place(
    session: AsyncSession, asking: MailShop, answers: Answers, links: Links, clock: TestClock
) -> str:
    await answers(asking, asking.letter())
    contact = (await session.scalars(select(Interaction))).one()
    return "/feedback/" + links.token(asking.id, contact.id, now=clock.now())


async def survey(session: AsyncSession) -> Survey:
    await bind_all_shops(session)
    return (await session.scalars(select(Survey).execution_options(populate_existing=True))).one()


async def test_looking_is_no_answer_and_shows_nothing_about_anybody(
    session: AsyncSession, browser: AsyncTestClient[Litestar], place: str
) -> None:
    for _ in range(3):
        page = await browser.get(place)
    assert (page.status_code, page.headers["x-robots-tag"]) == (200, "noindex, nofollow")
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    assert "ミナト珈琲" in page.text
    for hidden in ("田中", "tanaka", "発送しました", "Nanori"):
        assert hidden not in page.text
    assert (await survey(session)).answered_at is None
    await browser.head(place)
    assert (await survey(session)).answered_at is None


async def test_one_answer_counts_and_a_second_one_changes_nothing(
    session: AsyncSession, browser: AsyncTestClient[Litestar], place: str
) -> None:
    empty = await browser.post(place, data={"comment": "早かったです"})
    assert empty.status_code == 422
    assert "早かったです" in empty.text
    first = await browser.post(place, data={"score": "4", "comment": "早かったです"}, follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, place)
    second = await browser.post(place, data={"score": "1", "comment": "別の人"})
    assert "ありがとうございました" in second.text
    kept = await survey(session)
    assert (kept.score, kept.comment) == (4, "早かったです")


async def test_a_link_ends_after_fourteen_days(
    session: AsyncSession, browser: AsyncTestClient[Litestar], place: str, clock: TestClock
) -> None:
    clock.advance(timedelta(days=14))
    late = await browser.get(place)
    assert late.status_code == 410
    assert "ミナト珈琲" in late.text
    assert (await browser.post(place, data={"score": "5"})).status_code == 410
    assert (await survey(session)).answered_at is None


async def test_only_the_sealed_link_leads_anywhere(
    browser: AsyncTestClient[Litestar], place: str, links: Links, asking: MailShop, clock: TestClock
) -> None:
    changed = place[:-5] + ("A" if place[-5] != "A" else "B") + place[-4:]
    nobody = "/feedback/" + links.token(asking.id, uuid7(), now=clock.now())
    stranger = "/feedback/" + links.token(uuid7(), uuid7(), now=clock.now())
    for wrong in (changed, nobody, stranger, "/feedback/" + "x" * 5000):
        assert (await browser.get(wrong)).status_code == 404
        assert (await browser.post(wrong, data={"score": "5"})).status_code == 404
    assert "このリンクは使えません" in (await browser.get(nobody)).text
    assert (await browser.get(f"{changed}/colours.css")).status_code == 404
    colours = await browser.get(f"{place}/colours.css")
    assert ":root{--brand:" in colours.text


async def test_whoever_guesses_is_slowed_down(
    browser: AsyncTestClient[Litestar], place: str, clock: TestClock
) -> None:
    for _ in range(101):
        last = await browser.get("/feedback/guessed")
    assert last.status_code == 429
    assert "ただいま開けません" in last.text
    assert (await browser.get(place)).status_code == 429
    clock.advance(timedelta(minutes=16))
    assert (await browser.get(place)).status_code == 200


async def test_another_site_cannot_post_a_strangers_answer(
    session: AsyncSession, browser: AsyncTestClient[Litestar], place: str
) -> None:
    answer = await browser.post(place, data={"score": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert (await survey(session)).answered_at is None
