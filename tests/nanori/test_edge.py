"""The door and the edge: sessions, refusals, transactions, CSRF."""

import re

from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from tests.support.people import a_shop, an_account, signed_in

PASSWORD = "a long enough password"


async def test_a_stranger_is_sent_to_the_door(app: Litestar) -> None:
    async with AsyncTestClient(app) as client:
        answer = await client.get("/", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/")


async def test_signing_in_gives_a_new_session_whatever_the_browser_brought(
    app: Litestar, session: AsyncSession
) -> None:
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with AsyncTestClient(app) as client:
        client.cookies.set("nanori", "planted")
        answer = await client.post(
            "/login", data={"email": operator.login.upper(), "password": PASSWORD}, follow_redirects=False
        )

    assert answer.status_code == 303
    assert answer.cookies["nanori"] != "planted"


async def test_a_wrong_password_and_an_unknown_account_read_the_same(
    app: Litestar, session: AsyncSession
) -> None:
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with AsyncTestClient(app) as client:
        wrong = await client.post("/login", data={"email": operator.login, "password": "wrong"})
        unknown = await client.post("/login", data={"email": operator.login[::-1], "password": "wrong"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(operator.login, "") == unknown.text.replace(operator.login[::-1], "")


async def test_guessing_is_slowed_down(app: Litestar, session: AsyncSession) -> None:
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with AsyncTestClient(app) as client:
        answers = [
            (await client.post("/login", data={"email": operator.login, "password": "wrong"})).status_code
            for _ in range(7)
        ]

    assert answers == [401] * 5 + [429] * 2


async def test_signing_out_is_for_good(app: Litestar, session: AsyncSession) -> None:
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with signed_in(app, operator) as client:
        cookie = client.cookies["nanori"]
        await client.post("/logout", follow_redirects=False)
        client.cookies.set("nanori", cookie)
        answer = await client.get("/", follow_redirects=False)

    assert answer.headers["location"].startswith("/login")


async def test_a_form_without_the_sessions_own_token_changes_nothing(
    app: Litestar, session: AsyncSession
) -> None:
    first, second = await an_account(session, Role.OPERATOR), await an_account(session, Role.OPERATOR)
    await session.commit()
    async with signed_in(app, second) as other:
        foreign_token = other.headers["X-CSRF-Token"]
    async with signed_in(app, first) as client:
        client.headers["X-CSRF-Token"] = foreign_token
        foreign = await client.post("/logout", follow_redirects=False)
        del client.headers["X-CSRF-Token"]
        missing = await client.post("/logout", follow_redirects=False)

    assert (foreign.status_code, missing.status_code) == (403, 403)


async def test_a_form_from_another_site_is_refused(app: Litestar, session: AsyncSession) -> None:
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with signed_in(app, operator) as client:
        site = await client.post("/logout", headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False)
        origin = await client.post(
            "/logout", headers={"Origin": "https://evil.example"}, follow_redirects=False
        )

    assert (site.status_code, origin.status_code) == (403, 403)


async def test_the_start_page_leads_each_role_to_its_work(app: Litestar, session: AsyncSession) -> None:
    shop = await a_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    await session.commit()
    async with signed_in(app, agent) as client:
        answer = await client.get("/", follow_redirects=False)

    assert answer.headers["location"] == "/desk"


async def test_login_never_leads_to_another_site(app: Litestar, session: AsyncSession) -> None:
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with AsyncTestClient(app) as client:
        answer = await client.post(
            "/login",
            data={"email": operator.login, "password": PASSWORD, "next": "//evil.example"},
            follow_redirects=False,
        )

    assert answer.headers["location"] == "/"


async def test_a_language_chosen_at_the_door_is_the_accounts(app: Litestar, session: AsyncSession) -> None:
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with AsyncTestClient(app) as client:
        door = await client.post("/language", data={"locale": "en", "back": "/login?next=/shops"})
        chosen = re.findall(r'name="(next|locale)" value="([^"]*)"', door.text)
        form = {"email": operator.login, **dict(chosen)}
        refused = await client.post("/login", data={**form, "password": "wrong"})
        shops = await client.post("/login", data={**form, "password": PASSWORD})

    assert dict(chosen) == {"next": "/shops", "locale": "en"}
    assert 'name="locale" value="en"' in refused.text
    assert (shops.url.path, '<html lang="en"' in shops.text) == ("/shops", True)
