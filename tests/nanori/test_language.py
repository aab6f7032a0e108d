"""The language switch: it stays on the page that it was pressed on."""

import re
from html import unescape

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from tests.support.people import an_account, signed_in

BACK = re.compile(r'name="back" value="([^"]*)"')


def back_of(page: str) -> str:
    found = BACK.search(page)
    assert found, "no language switch on this page"
    return unescape(found[1])


async def test_the_page_asked_for_is_not_forgotten_at_the_door(app: Litestar) -> None:
    async with AsyncTestClient(app) as client:
        door = await client.get("/login?next=/shops")
        in_english = await client.post("/language", data={"locale": "en", "back": back_of(door.text)})

    assert 'name="next" value="/shops"' in in_english.text
    assert '<html lang="en"' in in_english.text


async def test_what_was_chosen_on_a_page_stays_chosen(app: Litestar, session: AsyncSession) -> None:
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with signed_in(app, operator) as client:
        log = await client.get("/interactions?since=2026-10-01&until=2026-10-31")
        answer = await client.post(
            "/language", data={"locale": "en", "back": back_of(log.text)}, follow_redirects=False
        )

    assert answer.headers["location"] == "/interactions?since=2026-10-01&until=2026-10-31"


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver.local/shops/new?from=list", "/shops/new?from=list"),
        ("http://elsewhere.example/shops/new", "/"),
        ("", "/"),
    ],
)
async def test_a_form_shown_again_leads_back_to_where_it_stood(
    app: Litestar, session: AsyncSession, came_from: str, back: str
) -> None:
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with signed_in(app, operator) as client:
        refused = await client.post("/shops", data={}, headers={"Referer": came_from})

    assert (refused.status_code, back_of(refused.text)) == (422, back)
