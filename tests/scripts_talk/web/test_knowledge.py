"""The pages of a shop's knowledge: written, approved, found, read by everybody as far as it is theirs."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.identity.commands import open_session, session_hash
from nanori.installation import Installation
from nanori.settings import Settings
from nanori.web.cookies import csrf_token, session_cookie_name
from scripts_talk.knowledge import commands, queries
from scripts_talk.knowledge.queries import ListFilter
from scripts_talk.knowledge.values import ArticleKind
from tenants.models import Tenant
from tests.nanori_app.pages.test_desk_view import statements
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account

FORM = {"kind": "faq", "title": "返品できますか", "body": "**8日**以内なら承ります。", "keywords": "ヘンソウ"}


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


class Browser:
    """One account at the test's one client."""

    def __init__(self, client: Client, settings: Settings, cookie: str) -> None:
        self.client = client
        self.headers = {
            "Cookie": f"{session_cookie_name(settings)}={cookie}" if cookie else "",
            "X-CSRF-Token": csrf_token(settings, session_hash(cookie)) if cookie else "",
        }

    async def get(self, path: str) -> httpx.Response:
        self.client.cookies.clear()
        return await self.client.get(path, headers=self.headers)

    async def post(self, path: str, data: dict[str, str], *, follows: bool = True) -> httpx.Response:
        self.client.cookies.clear()
        return await self.client.post(path, data=data, headers=self.headers, follow_redirects=follows)


@pytest.fixture
async def browsers(
    app: Litestar, session: AsyncSession, installation: Installation, shop: Tenant
) -> AsyncGenerator[dict[Role | None, Browser]]:
    """Somebody of each kind; None is a stranger."""
    settings = installation.settings
    cookies: dict[Role | None, str] = {None: ""}
    for role in (Role.SUPERVISOR, Role.AGENT, Role.MERCHANT):
        account = await an_account(
            session, role, shops=[shop.tenant_id] if role is not Role.SUPERVISOR else None
        )
        cookies[role] = await open_session(session, account.id, now=START)
    await session.commit()
    async with AsyncTestClient(app, base_url="http://testserver.local") as client:
        yield {role: Browser(client, settings, cookie) for role, cookie in cookies.items()}


async def written(browser: Browser, shop: Tenant, then: str, **more: str) -> str:
    """The address of an article that was written with the button ``then``."""
    answer = await browser.post(
        f"/knowledge/{shop.tenant_id}/new", data=FORM | more | {"then": then}, follows=False
    )
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_an_article_is_written_published_and_found(
    browsers: dict[Role | None, Browser], session: AsyncSession, shop: Tenant
) -> None:
    address = await written(browsers[Role.SUPERVISOR], shop, "save")
    agent = browsers[Role.AGENT]
    assert (await agent.get(address)).status_code == 404
    assert "返品できますか" not in (await agent.get("/knowledge")).text

    await browsers[Role.SUPERVISOR].post(f"{address}/draft", data=FORM | {"then": "publish"})
    page = await agent.get(address)

    assert "<strong>8日</strong>以内" in page.text
    assert "返品できますか" in (await agent.get("/knowledge?q=へんそう")).text
    assert "返品できますか" not in (await agent.get("/knowledge?q=解約")).text
    assert f"{address}/draft" not in page.text


async def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(
    browsers: dict[Role | None, Browser], shop: Tenant
) -> None:
    answer = await browsers[Role.SUPERVISOR].post(
        f"/knowledge/{shop.tenant_id}/new", data=FORM | {"title": "", "then": "publish"}
    )

    assert answer.status_code == 422
    assert "見出しをご入力ください" in answer.text
    assert "以内なら承ります" in answer.text


async def test_a_merchant_approves_before_agents_see_it(
    browsers: dict[Role | None, Browser], session: AsyncSession, shop: Tenant
) -> None:
    supervisor, merchant = browsers[Role.SUPERVISOR], browsers[Role.MERCHANT]
    await supervisor.post(f"/knowledge/{shop.tenant_id}/rules", data={"approves": "y"})
    address = await written(supervisor, shop, "submit")
    page = await merchant.get(address)
    version = page.text.split('name="version" value="')[1].split('"')[0]
    assert "試験 太郎" not in page.text.split("<main")[1]

    refused = await merchant.post(f"{address}/remarks", data={"version": version, "kind": "returned"})
    assert refused.status_code == 422
    await merchant.post(f"{address}/remarks", data={"version": version, "kind": "approved"})
    assert "承認された版を公開" in (await supervisor.get(address)).text
    await supervisor.post(f"{address}/publication", data={})

    assert (await browsers[Role.AGENT].get(address)).status_code == 200


async def test_the_changes_of_a_version_are_shown(browsers: dict[Role | None, Browser], shop: Tenant) -> None:
    supervisor = browsers[Role.SUPERVISOR]
    address = await written(supervisor, shop, "publish")
    await supervisor.post(f"{address}/draft", data=FORM | {"body": "**14日**以内なら承ります。"})

    page = await supervisor.get(f"{address}?version=2&compare=1")

    assert "<del>8</del><ins>14</ins>" in page.text


async def test_the_public_page_is_there_only_when_wanted_and_shows_public_articles_only(
    browsers: dict[Role | None, Browser], app: Litestar, shop: Tenant
) -> None:
    supervisor, stranger = browsers[Role.SUPERVISOR], browsers[None]
    await written(supervisor, shop, "publish", is_public="y")
    await written(supervisor, shop, "publish", title="社内のきまり")
    assert (await stranger.get(f"/faq/{shop.slug}")).status_code == 404

    await supervisor.post(f"/knowledge/{shop.tenant_id}/rules", data={"has_public_page": "y"})
    page = await stranger.get(f"/faq/{shop.slug}")

    assert page.status_code == 200
    assert "返品できますか" in page.text
    assert "社内のきまり" not in page.text
    assert "試験 太郎" not in page.text
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "public, max-age=300"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "#7a3e1d" in (await stranger.get(f"/faq/{shop.slug}/brand.css")).text
    await supervisor.post(
        f"/knowledge/{shop.tenant_id}/rules", data={"has_public_page": "y", "may_be_indexed": "y"}
    )
    assert "x-robots-tag" not in (await stranger.get(f"/faq/{shop.slug}")).headers


async def test_the_list_is_one_statement_however_many_articles(
    browsers: dict[Role | None, Browser], session: AsyncSession, shop: Tenant
) -> None:
    writer = await an_account(session, Role.SUPERVISOR)
    for number in range(3):
        wording = commands.Wording(title=f"記事{number}", body="本文")
        await commands.add_article(session, shop.tenant_id, ArticleKind.FAQ, wording, by=writer.id, now=START)
    wanted = ListFilter(shops=frozenset([shop.tenant_id]))

    with statements(session) as asked:
        rows = await queries.article_list(session, wanted, now=START)

    assert [row.version.title for row in rows] == ["記事2", "記事1", "記事0"]
    assert len(asked) == 1
    last = rows[1].version
    further = ListFilter(shops=wanted.shops, older_than=(last.created_at, last.id))
    assert [one.version.title for one in await queries.article_list(session, further, now=START)] == ["記事0"]
