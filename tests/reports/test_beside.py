"""What stands beside a month's figures, as it was when the month ended, whatever happened later."""

from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from interactions.questions.commands import Asked, answer, ask, close_question
from interactions.questions.values import Verdict
from nanori.actors import SYSTEM, Role
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation
from reports.beside import Clock, NewArticle, NewQuestion, Used, beside_month
from reports.pooled import pool_shares
from scripts_talk.knowledge.commands import Wording, add_article, publish_draft
from scripts_talk.knowledge.models import ArticleUse, OpenQuestion
from scripts_talk.knowledge.values import ArticleKind, UseKind
from tests.reports.logged import ShopLog, an_open_shop
from tests.reports.months import OCTOBER, at
from tests.support.people import an_account

FIRST, LAST = at(date(2026, 10, 5), 10), at(date(2026, 10, 30), 10)
LATER = at(date(2026, 11, 2), 10)


async def learn(session: AsyncSession, call: Interaction, agent_id: UUID) -> None:
    """One of three who asked was answered in time, by an article that helped in the call."""
    key = call.tenant_id
    wording = Wording(title="のし紙について", body="外せます。", keywords="")
    draft = await add_article(session, key, ArticleKind.FAQ, wording, by=agent_id, now=FIRST)
    version = await publish_draft(session, key, draft.article_id, now=LAST)
    for asked_at, settled_at in ((FIRST, LAST), (LAST, LATER), (LATER, None)):
        article_id = draft.article_id if settled_at else None
        session.add(
            OpenQuestion(
                tenant_id=key, asked="のし紙だけ外せますか", agent_id=agent_id, asked_at=asked_at,
                article_id=article_id, settled_at=settled_at,
            )
        )  # fmt: skip
    session.add(
        ArticleUse(
            tenant_id=key, article_id=draft.article_id, version_id=version.id, interaction_id=call.id,
            agent_id=agent_id, how=UseKind.OPENED, at=LAST,
        )
    )  # fmt: skip


async def test_clocks_questions_and_articles_are_those_of_the_months_end(clone: Installation) -> None:
    async with across_shops(clone.staff) as session:
        shop, other = await an_open_shop(session), await an_open_shop(session, slug="hanakage")
        agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
        call = await ShopLog(session, shop, agent.id).answered(FIRST, waits=12)
        key = shop.tenant_id
        asked = await ask(session, call, Asked(subject="返金", text="返金しますか。"), actor=SYSTEM, now=LAST)
        hour = timedelta(hours=1)
        await answer(session, key, asked.id, Verdict.APPROVED, "", actor=SYSTEM, now=LAST + 2 * hour)
        await close_question(session, key, asked.id, actor=SYSTEM, now=LATER)
        await learn(session, call, agent.id)
    async with unit_of_work(clone.worker, [key]) as session:
        found = await beside_month(session, key, OCTOBER)
    async with unit_of_work(clone.worker, [other.tenant_id]) as session:
        nothing = await beside_month(session, other.tenant_id, OCTOBER)

    still_open = OCTOBER.ends_at - LAST - 2 * hour
    assert found.clocks == [
        Clock(number=call.number, with_shop=2 * hour, with_desk=still_open, is_settled=False)
    ]
    assert sorted(found.questions, key=lambda one: one.answer) == [
        NewQuestion(asked="のし紙だけ外せますか", times=1),
        NewQuestion(asked="のし紙だけ外せますか", times=1, answer="のし紙について"),
    ]
    assert found.articles == [
        NewArticle(title="のし紙について", on=date(2026, 10, 30), is_first=True, is_public=False)
    ]
    assert found.used == [Used("のし紙について", 1)]
    assert (nothing.clocks, nothing.questions, nothing.articles, nothing.used) == ([], [], [], [])


async def test_shops_that_called_share_a_pool_and_the_others_are_not_in_it(clone: Installation) -> None:
    async with across_shops(clone.staff) as session:
        shops = [await an_open_shop(session, slug=f"shop-{n}") for n in range(3)]
        for shop in shops[:2]:
            agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
            book = ShopLog(session, shop, agent.id)
            for day in range(5, 10):
                await book.answered(at(date(2026, 10, day), 10), waits=12)
    shares = await pool_shares(clone.worker, OCTOBER.first)

    assert set(shares) == {shop.tenant_id for shop in shops[:2]}
    assert {(one.shops, one.alone, one.saved) for one in shares.values()} == {(2, 1, Fraction(1, 2))}
