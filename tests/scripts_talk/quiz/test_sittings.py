"""A quiz from the draw to the certificate, and what a changed article does to both."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.errors import InvalidInput
from nanori.identity.models import Account
from scripts_talk.knowledge import commands as articles
from scripts_talk.knowledge.commands import Wording
from scripts_talk.knowledge.errors import ArticleNotFound
from scripts_talk.knowledge.models import ArticleVersion
from scripts_talk.knowledge.values import ArticleKind
from scripts_talk.quiz import commands, queries, sittings
from scripts_talk.quiz.commands import QuestionDraft
from scripts_talk.quiz.drawing import Choice
from scripts_talk.quiz.errors import NoQuestions, NothingAsked, TooSoon
from scripts_talk.quiz.models import QuizSitting
from tenants.models import Tenant
from tests.support.clock import START
from tests.support.people import a_shop, an_account

RETURNS = "商品到着後、8日以内にご連絡ください。送料はお客様のご負担でお願いいたします。"
CHOICES = (Choice("8日", True), Choice("14日", False), Choice("30日", False))
LATER = START + timedelta(minutes=30)


class Scene:
    """A shop with one article and questions about it, its supervisor and an agent."""

    def __init__(self, session: AsyncSession, shop: Tenant, writer: Account, agent: Account) -> None:
        self.session, self.shop, self.writer, self.agent = session, shop, writer, agent

    async def write(self, body: str, *, article: ArticleVersion | None = None) -> ArticleVersion:
        by, wording = self.writer.id, Wording(title="返品の期限", body=body)
        shop, kind = self.shop.tenant_id, ArticleKind.FAQ
        if article is None:
            article = await articles.add_article(self.session, shop, kind, wording, by=by, now=START)
        else:
            await articles.save_draft(self.session, shop, article.article_id, wording, by=by, now=START)
        return await articles.publish_draft(self.session, shop, article.article_id, now=START)

    async def ask(self, article: ArticleVersion, count: int = 1) -> None:
        for n in range(count):
            draft = QuestionDraft(
                article_id=article.article_id, asked=f"期限は{n}", choices=CHOICES, why="規約のとおり"
            )
            await commands.write_question(
                self.session, self.shop.tenant_id, draft, by=self.writer.id, now=START
            )

    async def take(self, *, right: bool, after: timedelta = timedelta()) -> QuizSitting:
        now, shop = START + after, self.shop.tenant_id
        sitting = await sittings.begin(self.session, shop, self.agent.id, now=now)
        chosen = {
            place: one.right if right else frozenset(range(3)) - one.right
            for place, one in enumerate(sittings.questions_on(sitting))
        }
        return await sittings.answer(self.session, shop, self.agent.id, chosen, now=now)

    async def is_certified(self, *, days: float = 0) -> bool:
        held = await queries.certificate_of(self.session, self.shop.tenant_id, self.agent.id)
        return queries.holds(held, START + timedelta(days=days))


@pytest.fixture
async def scene(session: AsyncSession) -> Scene:
    shop = await a_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    return Scene(session, shop, await an_account(session, Role.SUPERVISOR), agent)


async def test_who_passes_is_certified_for_as_long_as_the_rules_say(scene: Scene) -> None:
    await scene.ask(await scene.write(RETURNS), count=3)
    await commands.set_rules(
        scene.session, scene.shop.tenant_id, pass_percent=100, questions=2, valid_days=30
    )

    sitting = await scene.take(right=True)

    assert (sitting.passed, sitting.right_answers, len(sitting.sheet)) == (True, 2, 2)
    assert await scene.is_certified(days=29.9)
    assert not await scene.is_certified(days=30)


async def test_who_fails_waits_and_keeps_an_older_certificate(scene: Scene) -> None:
    await scene.ask(await scene.write(RETURNS))
    assert not (await scene.take(right=False)).passed
    assert not await scene.is_certified()
    with pytest.raises(TooSoon):
        await scene.take(right=True, after=sittings.PAUSE - timedelta(seconds=1))
    assert (await scene.take(right=True, after=sittings.PAUSE)).passed

    await scene.take(right=False, after=timedelta(hours=1))

    assert await scene.is_certified(days=1)


async def test_coming_back_does_not_change_the_questions_and_no_answer_is_left_out(scene: Scene) -> None:
    shop, agent = scene.shop.tenant_id, scene.agent.id
    await scene.ask(await scene.write(RETURNS), count=4)
    drawn = (await sittings.begin(scene.session, shop, agent, now=START)).sheet

    assert (await sittings.begin(scene.session, shop, agent, now=LATER)).sheet == drawn
    with pytest.raises(InvalidInput) as refusal:
        await sittings.answer(scene.session, shop, agent, {0: frozenset({1})}, now=LATER)
    assert list(refusal.value.fields) == ["question-1", "question-2", "question-3"]
    again = await sittings.begin(scene.session, shop, agent, now=START + sittings.SHEET_HOLDS)
    assert again.drawn_at > START


async def test_there_is_nothing_to_answer_without_a_sheet_or_a_question(scene: Scene) -> None:
    shop, agent = scene.shop.tenant_id, scene.agent.id
    with pytest.raises(NothingAsked):
        await sittings.answer(scene.session, shop, agent, {}, now=START)
    with pytest.raises(NoQuestions):
        await sittings.begin(scene.session, shop, agent, now=START)
    article = await scene.write(RETURNS)
    await articles.retire_article(scene.session, shop, article.article_id, now=START)
    with pytest.raises(ArticleNotFound):
        await scene.ask(article)


async def test_a_small_change_of_an_article_changes_nothing(scene: Scene) -> None:
    article = await scene.write(RETURNS)
    await scene.ask(article)
    await scene.take(right=True)

    await scene.write(RETURNS.replace("8日", "14日"), article=article)

    assert await scene.is_certified(days=100)
    assert await queries.quizzes(scene.session, [scene.shop.tenant_id]) == {scene.shop.tenant_id: 1}


async def test_a_large_change_asks_for_a_look_and_for_the_quiz_within_two_weeks(scene: Scene) -> None:
    article = await scene.write(RETURNS)
    await scene.ask(article)
    await scene.take(right=True)

    await scene.write("返品は承っておりません。", article=article)

    assert await scene.is_certified(days=13.9)
    assert not await scene.is_certified(days=14)
    assert await queries.quizzes(scene.session, [scene.shop.tenant_id]) == {}
    ((question, _),) = await queries.questions_of(scene.session, scene.shop.tenant_id)
    await commands.confirm_question(scene.session, scene.shop.tenant_id, question.id)
    assert (await scene.take(right=True)).passed
    assert await scene.is_certified(days=100)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ((Choice("8日", True),), "two choices"),
        ((Choice("8日", True), Choice("8日", False)), "the same"),
        ((Choice("8日", False), Choice("9日", False)), "Please mark"),
        ((Choice("8日", True), Choice("9日", True)), "nothing to decide"),
    ],
)
async def test_choices_that_decide_nothing_are_refused(
    scene: Scene, choices: tuple[Choice, ...], said: str
) -> None:
    draft = QuestionDraft(article_id=scene.shop.tenant_id, asked="期限は", choices=choices, why="規約")
    with pytest.raises(InvalidInput) as refusal:
        commands.check(draft)
    assert said in refusal.value.fields["choices"]
