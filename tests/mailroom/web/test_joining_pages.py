"""Joining and splitting as an agent does it: choose, see what will be, do it, take it back."""

import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Case
from interactions.values import CaseState
from mailroom.models import Draft
from nanori.db import bind_all_shops
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from tests.mailroom.conftest import MailShop, Receives
from tests.nanori_app.pages.floor.test_board import statements
from tests.support.people import Client, signed_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def app(house: Installation) -> Generator[Litestar]:
    with borrowed_app(house) as app:
        yield app


@pytest.fixture
async def pair(session: AsyncSession, shop: MailShop, receives: Receives) -> list[Case]:
    """Two mails of one shopper, each in its case."""
    for number in (1, 2):
        await receives(shop.letter(body=f"{number}通目", number=number))
    await bind_all_shops(session)
    return list(await session.scalars(select(Case).order_by(Case.number)))


@asynccontextmanager
async def agent_of(app: Litestar, shop: MailShop) -> AsyncGenerator[Client]:
    async with signed_in(app, shop.agent) as client:
        yield client


def at(case: Case, action: str = "") -> str:
    return f"/mail/{case.tenant_id}/{case.id}{action}"


async def test_an_agent_joins_two_cases_and_takes_it_back(
    app: Litestar, session: AsyncSession, shop: MailShop, pair: list[Case]
) -> None:
    first, second = pair
    async with agent_of(app, shop) as client:
        choice = (await client.get(at(second, "/join"))).text
        assert f"/join?into={first.id}" in choice
        seen = (await client.get(at(second, f"/join?into={first.id}"))).text
        assert "メモのほか、メール1件と電話0件をまとめて表示します。" in seen
        assert "No. 2 は「統合済み」となり、以後は No. 1 で対応します。" in seen
        sent = {"into": str(first.id), "version": str(second.version), "reason": "同じ件"}
        done = await client.post(at(second, "/join"), data=sent, follow_redirects=False)
        assert (done.status_code, done.headers["location"]) == (303, at(first))
        head = (await client.get(at(first))).text
        joined = (await client.get(at(second))).text
        (undo,) = re.findall(r'action="(/mail/[^"]+/undoing)"', head)
        again = await client.post(at(second, "/join"), data=sent, follow_redirects=False)
        assert again.status_code == 409
        back = await client.post(undo, follow_redirects=False)
    assert "1通目" in head
    assert "2通目" in head
    assert "No. 2 をここに統合" in head
    assert "この案件は No. 1 に統合されています。" in joined
    assert "同じ件" in joined
    assert 'name="text"' not in joined, "nobody answers there"
    assert back.headers["location"] == at(second)
    await session.refresh(second)
    assert second.state is CaseState.OPEN


async def test_a_draft_is_asked_about_and_a_refusal_stays_on_the_page(
    app: Litestar, session: AsyncSession, shop: MailShop, pair: list[Case]
) -> None:
    first, second = pair
    async with agent_of(app, shop) as client:
        await client.post(at(second, "/draft"), data={"text": "書きかけ"})
        seen = (await client.get(at(second, f"/join?into={first.id}"))).text
        assert "書きかけ" in seen
        sent = {"into": str(first.id), "version": str(second.version), "reason": "わけ"}
        refused = await client.post(at(second, "/join"), data=sent)
        assert refused.status_code == 409
        assert 'value="わけ"' in refused.text
        done = await client.post(at(second, "/join"), data=sent | {"drafts": "take"})
    assert "書きかけ" in done.text
    assert (await session.scalars(select(Draft.case_id))).all() == [first.id]


async def test_a_case_is_found_by_number_and_subject_inside_its_shop(
    app: Litestar, shop: MailShop, pair: list[Case]
) -> None:
    first, second = pair
    async with agent_of(app, shop) as client:
        for asked, there in (("1", True), ("No.1", True), ("注文", True), ("%", False), ("9", False)):
            page = (await client.get(at(second, "/join"), params={"q": asked})).text
            assert (f"into={first.id}" in page) is there, asked


async def test_a_mail_is_split_and_both_cases_say_where_the_other_is(
    app: Litestar, session: AsyncSession, shop: MailShop, pair: list[Case]
) -> None:
    first = pair[0]
    async with agent_of(app, shop) as client:
        form = (await client.get(at(first, "/split"))).text
        (message,) = re.findall(r'name="message" value="([^"]+)"', form)
        sent = {"message": message, "version": str(first.version), "subject": ""}
        assert (await client.post(at(first, "/split"), data=sent)).status_code == 422
        done = await client.post(at(first, "/split"), data=sent | {"subject": "領収書の件"})
        assert "No. 1 から分割" in done.text
        assert "2つ目の用件：No. 3" in (await client.get(at(first))).text
        assert "領収書の件" in (await client.get("/mail")).text
    made = (await session.scalars(select(Case).where(Case.number == 3))).one()
    assert str(done.url).endswith(at(made))


async def test_the_page_of_a_case_takes_as_many_statements_however_many_are_joined(
    app: Litestar, session: AsyncSession, shop: MailShop, pair: list[Case], receives: Receives
) -> None:
    first, second = pair
    async with agent_of(app, shop) as client:
        with statements(session) as alone:
            await client.get(at(first))
        sent = {"into": str(first.id), "version": str(second.version)}
        await client.post(at(second, "/join"), data=sent)
        with statements(session) as joined:
            await client.get(at(first))
    assert len(joined) == len(alone) > 5


async def test_the_log_finds_a_joined_case_and_says_where_it_went(
    app: Litestar, shop: MailShop, pair: list[Case]
) -> None:
    first, second = pair
    async with agent_of(app, shop) as client:
        sent = {"into": str(first.id), "version": str(second.version)}
        await client.post(at(second, "/join"), data=sent)
        for asked, found in (("No.1", [2, 1]), ("no. 2", [2, 1]), ("No.7", [])):
            rows = await listed(client, asked)
            assert [row["number"] for row in rows] == found, asked
        assert "No. 2 → No. 1" in (await client.get("/interactions")).text
        (row,) = await listed(client, "#2")
        one = (await client.get(row["href"], headers=JSON)).json()
    assert one["case"] == "No. 2 注文の件（No. 1 に統合済み）"
    assert "案件を No. 1 に統合しました" in [event["said"] for event in one["events"]]


async def listed(client: Client, asked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        await client.get("/interactions", params={"q": asked}, headers=JSON)
    ).json()["interactions"]
    return found
