"""Articles from the draft to the search, under row-level security."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands as log
from interactions.commands import Opening
from interactions.values import Channel
from nanori.actors import Role
from nanori.errors import InvalidInput
from nanori.identity.models import Account
from scripts_talk.knowledge import commands, queries, usage
from scripts_talk.knowledge.commands import Wording
from scripts_talk.knowledge.errors import ArticleNotFound, NotApproved, NothingWritten, QuestionNotFound
from scripts_talk.knowledge.matching import words_of
from scripts_talk.knowledge.models import ArticleVersion
from scripts_talk.knowledge.queries import ListFilter
from scripts_talk.knowledge.search import find_articles
from scripts_talk.knowledge.values import ArticleKind, RemarkKind, UseKind, VersionState
from tenants.models import Tenant
from tests.support.clock import START
from tests.support.people import a_shop, an_account

RETURNS = Wording(
    title="返品の期限", body="商品到着後、**８日以内**にご連絡ください。\n㈱髙﨑あてに着払いで承ります。",
    keywords="返送 クーリングオフ",
)  # fmt: skip
GIFTS = Wording(title="ギフト包装", body="のしは無料です。返品のときは包装料をお返ししません。")


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def writer(session: AsyncSession) -> Account:
    return await an_account(session, Role.SUPERVISOR)


async def published(
    session: AsyncSession,
    shop: Tenant,
    writer: Account,
    wording: Wording,
    kind: ArticleKind = ArticleKind.FAQ,
) -> ArticleVersion:
    draft = await commands.add_article(session, shop.tenant_id, kind, wording, by=writer.id, now=START)
    return await commands.publish_draft(session, shop.tenant_id, draft.article_id, now=START)


async def titles(session: AsyncSession, shop: Tenant, query: str) -> list[str]:
    return [found.title for found in await find_articles(session, shop.tenant_id, query, now=START)]


async def test_every_two_letters_of_an_article_find_it(
    session: AsyncSession, shop: Tenant, writer: Account
) -> None:
    version = await published(session, shop, writer, RETURNS)
    text = f"{RETURNS.title}\n{RETURNS.body}\n{RETURNS.keywords}"

    for start in range(len(text) - 1):
        pair = text[start : start + 2]
        found = await find_articles(session, shop.tenant_id, pair, now=START)
        assert [one.version_id for one in found] == [version.id], (pair, words_of(pair))


async def test_the_title_goes_before_the_text_and_what_helped_before_what_did_not(
    session: AsyncSession, shop: Tenant, writer: Account
) -> None:
    gifts = await published(session, shop, writer, GIFTS)
    await published(session, shop, writer, RETURNS)
    other = await published(session, shop, writer, Wording(title="送料", body="返品の送料は着払いです。"))
    assert await titles(session, shop, "返品") == ["返品の期限", "送料", "ギフト包装"]

    call = await log.open_interaction(session, shop.tenant_id, Opening(channel=Channel.PHONE), now=START)
    for how in (UseKind.OPENED, UseKind.OPENED, UseKind.INSERTED):
        await usage.count_use(session, gifts, interaction_id=call.id, agent_id=writer.id, how=how, now=START)

    assert await titles(session, shop, "ヘンピン　ﾉｼ") == []
    assert await titles(session, shop, "返品") == ["返品の期限", "ギフト包装", "送料"]
    article = await queries.article(session, shop.tenant_id, gifts.article_id)
    assert await queries.uses_of(session, article, now=START) == (1, 1)
    assert await queries.uses_of(session, article, now=START + timedelta(days=31)) == (0, 1)
    assert other.article_id != gifts.article_id


async def test_no_shop_finds_anothers_articles(session: AsyncSession, shop: Tenant, writer: Account) -> None:
    await published(session, shop, writer, RETURNS)
    other = await a_shop(session, brand="花影フラワー")

    assert await titles(session, other, "返品") == []


async def test_only_what_is_in_force_is_found(session: AsyncSession, shop: Tenant, writer: Account) -> None:
    version = await published(session, shop, writer, RETURNS)
    changed = Wording(title="返品の条件", body="30日以内です。")
    tenant_id, article_id = shop.tenant_id, version.article_id
    draft = await commands.save_draft(session, tenant_id, article_id, changed, by=writer.id, now=START)
    assert (draft.number, await titles(session, shop, "30日")) == (2, [])

    await commands.publish_draft(session, tenant_id, article_id, now=START)
    assert await titles(session, shop, "8日") == []
    assert await titles(session, shop, "30日") == ["返品の条件"]

    await commands.retire_article(session, tenant_id, article_id, now=START)
    assert await titles(session, shop, "30日") == []
    with pytest.raises(ArticleNotFound):
        await queries.published_version(session, tenant_id, article_id)
    with pytest.raises(NothingWritten):
        await commands.publish_draft(session, tenant_id, article_id, now=START)


async def test_the_database_keeps_the_words_of_a_published_version(
    session: AsyncSession, shop: Tenant, writer: Account
) -> None:
    version = await published(session, shop, writer, RETURNS)

    with pytest.raises(IntegrityError, match="keeps its words"):
        await session.execute(
            update(ArticleVersion).where(ArticleVersion.id == version.id).values(body="別のことば")
        )


async def test_a_shop_that_approves_is_asked_and_a_changed_draft_is_asked_about_anew(
    session: AsyncSession, shop: Tenant, writer: Account
) -> None:
    tenant_id = shop.tenant_id
    await commands.set_rules(session, tenant_id, approves=True, has_public_page=False, may_be_indexed=True)
    draft = await commands.add_article(session, tenant_id, ArticleKind.FAQ, RETURNS, by=writer.id, now=START)
    article_id = draft.article_id
    with pytest.raises(InvalidInput):
        await commands.say(session, draft, RemarkKind.APPROVED, "", by=writer.id, now=START)
    await commands.submit_draft(session, tenant_id, article_id)
    with pytest.raises(NotApproved):
        await commands.publish_draft(session, tenant_id, article_id, now=START)

    await commands.say(session, draft, RemarkKind.APPROVED, "", by=writer.id, now=START)
    await commands.save_draft(session, tenant_id, article_id, GIFTS, by=writer.id, now=START)
    with pytest.raises(NotApproved):
        await commands.publish_draft(session, tenant_id, article_id, now=START)

    await commands.submit_draft(session, tenant_id, article_id)
    await commands.say(session, draft, RemarkKind.APPROVED, "", by=writer.id, now=START)
    done = await commands.publish_draft(session, tenant_id, article_id, now=START)
    assert (done.id, done.state, done.title) == (draft.id, VersionState.PUBLISHED, "ギフト包装")


async def test_a_notice_waits_until_each_agent_has_read_it(
    session: AsyncSession, shop: Tenant, writer: Account
) -> None:
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    shops = frozenset([shop.tenant_id])
    notice = await published(session, shop, writer, GIFTS, ArticleKind.NOTICE)
    await published(session, shop, writer, RETURNS)
    assert [one.id for one in await queries.unread_notices(session, agent.id, shops)] == [notice.id]

    for _ in range(2):
        await commands.confirm_read(session, notice, agent_id=agent.id, now=START)

    assert await queries.unread_notices(session, agent.id, shops) == []
    assert [(one.agent.id, one.at) for one in await queries.readers_of(session, notice)] == [
        (agent.id, START)
    ]


async def test_an_article_is_to_be_read_when_its_author_asks_for_it_each_version_anew(
    session: AsyncSession, shop: Tenant, writer: Account
) -> None:
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    shops, asked = frozenset([shop.tenant_id]), []
    first = await published(session, shop, writer, RETURNS)
    key = (session, shop.tenant_id, first.article_id)
    await commands.set_kind(*key, kind=ArticleKind.FAQ, is_public=True, asks_readers=True)
    asked.append([one.id for one in await queries.unread_notices(session, agent.id, shops)])
    await commands.confirm_read(session, first, agent_id=agent.id, now=START)
    asked.append([one.id for one in await queries.unread_notices(session, agent.id, shops)])
    await commands.save_draft(*key, GIFTS, by=writer.id, now=START)
    second = await commands.publish_draft(*key, now=START)
    asked.append([one.id for one in await queries.unread_notices(session, agent.id, shops)])

    assert asked == [[first.id], [], [second.id]]
    listed = await queries.article_list(session, ListFilter(shops=shops, is_to_be_read=True), now=START)
    assert [(row.article.id, row.article.is_public) for row in listed] == [(first.article_id, True)]


async def test_what_the_shop_would_have_different_stands_in_the_writers_list_until_something_newer_is_written(
    session: AsyncSession, shop: Tenant, writer: Account
) -> None:
    shops, said = frozenset([shop.tenant_id]), []

    async def listed(states: tuple[VersionState, ...] = ()) -> list[str]:
        wanted = ListFilter(shops=shops, states=states)
        return [row.remark for row in await queries.article_list(session, wanted, now=START)]

    first = await published(session, shop, writer, RETURNS)
    await commands.say(session, first, RemarkKind.COMMENT, "着払いではありません", by=writer.id, now=START)
    said.append(await listed())
    assert await listed((VersionState.PUBLISHED,)) == [""]
    draft = await commands.save_draft(
        session, shop.tenant_id, first.article_id, GIFTS, by=writer.id, now=START
    )
    said.append(await listed())
    await commands.submit_draft(session, shop.tenant_id, first.article_id)
    await commands.say(session, draft, RemarkKind.RETURNED, "袋は紙だけです", by=writer.id, now=START)
    said.append(await listed())
    later = START + timedelta(minutes=1)
    await commands.say(session, draft, RemarkKind.APPROVED, "", by=writer.id, now=later)
    said.append(await listed())

    assert said == [["着払いではありません"], [""], ["袋は紙だけです"], [""]]


async def test_questions_nobody_could_answer_become_one_draft(
    session: AsyncSession, shop: Tenant, writer: Account
) -> None:
    tenant_id = shop.tenant_id
    call = await log.open_interaction(session, tenant_id, Opening(channel=Channel.PHONE), now=START)
    asked = ["冷凍できますか", "冷凍できますか", "冷凍は出来ますか？", "店舗はどこですか"]
    kept = [
        await usage.collect_question(
            session, tenant_id, one, interaction_id=call.id, agent_id=writer.id, now=START
        )
        for one in asked
    ]
    groups = await usage.open_questions(session, frozenset([tenant_id]))
    assert [len(group.questions) for group in groups] == [2, 1]

    draft = await usage.answer_questions(session, tenant_id, kept[2].id, by=writer.id, now=START)
    await usage.dismiss_questions(session, tenant_id, kept[3].id, by=writer.id, now=START)

    assert (draft.title, draft.keywords, draft.state) == (
        "冷凍できますか", "冷凍は出来ますか？", VersionState.DRAFT
    )  # fmt: skip
    assert kept[0].article_id == kept[2].article_id == draft.article_id
    assert await usage.open_questions(session, frozenset([tenant_id])) == []
    with pytest.raises(QuestionNotFound):
        await usage.dismiss_questions(session, tenant_id, kept[0].id, by=writer.id, now=START)


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (Wording(title="", body="a"), "title"),
        (Wording(title="a", body=""), "body"),
        (Wording(title="あ" * 121, body="a"), "title"),
        (Wording(title="a", body="あ" * 20_001), "body"),
        (Wording(title="a", body="a", keywords="あ" * 501), "keywords"),
    ],
)
async def test_half_an_article_is_refused_at_its_field(
    session: AsyncSession, shop: Tenant, writer: Account, wording: Wording, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await commands.add_article(session, shop.tenant_id, ArticleKind.FAQ, wording, by=writer.id, now=START)
    assert list(refusal.value.fields) == [field]
