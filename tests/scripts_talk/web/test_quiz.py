"""The pages of a shop's quiz: written by supervisors and the merchant, taken by agents."""

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.db import bind_all_shops
from nanori.identity.commands import open_session
from nanori.identity.models import Account
from nanori.installation import Installation
from scripts_talk.knowledge import commands as articles
from scripts_talk.knowledge.commands import Wording
from scripts_talk.knowledge.values import ArticleKind
from scripts_talk.quiz import commands, queries
from scripts_talk.quiz.commands import QuestionDraft
from scripts_talk.quiz.drawing import Choice
from tenants.models import Tenant
from tests.nanori_app.pages.test_desk_view import statements
from tests.scripts_talk.web.test_knowledge import Browser
from tests.support.clock import START
from tests.support.people import a_shop, an_account, certify

CHOICE = r'name="(question-\d)" value="(\d)"[^>]*>\s*<label[^>]*>.*?<span[^>]*>{}<'


class Pages:
    """A shop with an article in force, and somebody of each kind at a browser."""

    def __init__(self, session: AsyncSession, shop: Tenant, people: dict[Role, Account]) -> None:
        self.session, self.shop, self.people = session, shop, people
        self.browsers: dict[Role, Browser] = {}
        self.article_id = shop.tenant_id  # until there is one

    @property
    def base(self) -> str:
        return f"/knowledge/{self.shop.tenant_id}/quiz"

    def form(self, **more: Any) -> dict[str, Any]:
        return {
            "article": str(self.article_id), "asked": "返品の期限は", "why": "規約の第3条です。",
            "choice": ["8日", "14日", "", "", "", ""], "right": ["1"],
        } | more  # fmt: skip

    async def questions(self, count: int) -> None:
        for n in range(count):
            draft = QuestionDraft(
                article_id=self.article_id, asked=f"期限は{n}", why="規約です。",
                choices=[Choice("8日", True), Choice("14日", False)],
            )  # fmt: skip
            by = self.people[Role.SUPERVISOR].id
            await commands.write_question(self.session, self.shop.tenant_id, draft, by=by, now=START)


@pytest.fixture
async def pages(app: Litestar, session: AsyncSession, installation: Installation) -> AsyncGenerator[Pages]:
    shop = await a_shop(session)
    roles = (Role.SUPERVISOR, Role.AGENT, Role.MERCHANT)
    people = {
        role: await an_account(session, role, shops=None if role is Role.SUPERVISOR else [shop.tenant_id])
        for role in roles
    }
    made = Pages(session, shop, people)
    by, wording = people[Role.SUPERVISOR].id, Wording(title="返品の期限", body="8日以内です。")
    draft = await articles.add_article(session, shop.tenant_id, ArticleKind.FAQ, wording, by=by, now=START)
    await articles.publish_draft(session, shop.tenant_id, draft.article_id, now=START)
    made.article_id = draft.article_id
    cookies = {role: await open_session(session, people[role].id, now=START) for role in roles}
    await session.commit()
    await bind_all_shops(session)
    async with AsyncTestClient(app, base_url="http://testserver.local") as client:
        made.browsers = {
            role: Browser(client, installation.settings, cookie) for role, cookie in cookies.items()
        }
        yield made


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MERCHANT])
async def test_a_question_is_written_and_shown_but_agents_names_only_to_supervisors(
    pages: Pages, role: Role
) -> None:
    browser = pages.browsers[role]
    await browser.post(f"{pages.base}/questions/new", data=pages.form())
    answer = await browser.get(pages.base)
    assert "返品の期限は" in answer.text
    assert ("試験 太郎" in answer.text.split("<main")[1]) is (role is Role.SUPERVISOR)


async def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(pages: Pages) -> None:
    answer = await pages.browsers[Role.SUPERVISOR].post(
        f"{pages.base}/questions/new", data=pages.form(asked="", right=[])
    )
    assert answer.status_code == 422
    assert "問題文をご入力ください" in answer.text
    assert "正しい選択肢に印を付けてください" in answer.text
    assert 'value="14日"' in answer.text
    assert await queries.quizzes(pages.session, [pages.shop.tenant_id]) == {}


async def test_an_agent_takes_the_quiz_and_is_certified(pages: Pages) -> None:
    agent, address = pages.browsers[Role.AGENT], f"/quiz/{pages.shop.tenant_id}"
    assert "まだ問題がありません" in (await agent.get(address)).text
    await pages.questions(2)
    await pages.session.commit()

    await agent.post(address, {})
    sheet = (await agent.get(address)).text
    refused = await agent.post(f"{address}/answers", data={"question-0": "0"})
    assert refused.status_code == 422
    assert "まだ答えていない問題が1問" in refused.text
    assert 'id="question-0-0" checked' in refused.text
    right = dict(
        re.findall(r'name="(question-\d)" value="(\d)"[^>]*>\s*<label[^>]*>.*?<span[^>]*>8日<', sheet)
    )
    await agent.post(f"{address}/answers", data=right)
    result = await agent.get(address)

    assert "2問中2問正解" in result.text
    assert "認定済み" in result.text
    people = await pages.browsers[Role.SUPERVISOR].get(pages.base)
    assert "2問中2問正解" in people.text


async def test_an_article_that_changed_a_lot_is_named_to_those_it_makes_take_the_quiz_again(
    pages: Pages,
) -> None:
    shop, agent = pages.shop.tenant_id, pages.people[Role.AGENT].id
    await pages.questions(1)
    await certify(pages.session, shop, agent, until=START + timedelta(days=90))
    by, wording = pages.people[Role.SUPERVISOR].id, Wording(title="返品の期限", body="承れません。")
    await articles.save_draft(pages.session, shop, pages.article_id, wording, by=by, now=START)
    await articles.publish_draft(pages.session, shop, pages.article_id, now=START)
    await pages.session.commit()

    page = (await pages.browsers[Role.AGENT].get(f"/quiz/{shop}")).text

    assert "大きく変わったため" in page
    assert f'href="/knowledge/{shop}/{pages.article_id}"' in page


async def test_who_was_wrong_reads_why_and_waits(pages: Pages) -> None:
    agent, address = pages.browsers[Role.AGENT], f"/quiz/{pages.shop.tenant_id}"
    await pages.questions(1)
    await pages.session.commit()
    await agent.post(address, {})
    sheet = (await agent.get(address)).text
    assert "規約です" not in sheet
    wrong = dict(re.findall(CHOICE.format("14日"), sheet))
    await agent.post(f"{address}/answers", data=wrong)
    result = await agent.get(address)

    assert "規約です" in result.text
    assert f"/knowledge/{pages.shop.tenant_id}/{pages.article_id}" in result.text
    assert (await agent.post(address, {})).status_code == 409


async def test_the_page_asks_no_more_for_more_questions(pages: Pages) -> None:
    async def asked() -> int:
        pages.session.expunge_all()
        with statements(pages.session) as found:
            assert (await pages.browsers[Role.SUPERVISOR].get(pages.base)).status_code == 200
        return len(found)

    await pages.questions(1)
    few = await asked()
    await pages.questions(20)
    assert await asked() == few
