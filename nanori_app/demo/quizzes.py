"""The quiz of one of the demo's shops: questions from its articles, who has passed and who has not."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scripts_talk.quiz import commands, queries, sittings
from scripts_talk.quiz.commands import QuestionDraft
from scripts_talk.quiz.drawing import Choice
from tenants.models import Tenant

QUESTIONS = (
    (
        "返品・交換はできますか", "未開封の商品を返品できるのは、到着後いつまでですか。",
        ("8日以内", "14日以内", "30日以内"), {0}, "商品到着後8日以内にご連絡いただきます。",
    ),
    (
        "返品・交換はできますか", "送料を当店が負担するのはどのときですか。",
        ("商品に傷があったとき", "別の商品が届いたとき", "味が合わなかったとき"), {0, 1},
        "不良品と誤配送は着払いです。お客様のご都合による返品の送料は、お客様のご負担です。",
    ),
    (
        "お届け日は変更できますか", "発送後に、お届け日を変えたいと言われました。何をご案内しますか。",
        ("配送会社の再配達", "注文の取消", "変更はできないとだけお伝えする"), {0},
        "発送後は配送会社の再配達をご利用いただきます。",
    ),
    (
        "定期便の解約を申し出られたとき", "次回お届け予定日の5日前です。解約はどうなりますか。",
        ("次の回からになる", "その場で承る", "承れない"), {0},
        "7日前までならその場で、過ぎていれば次の回からです。",
    ),
)  # fmt: skip
"""Title of the article, question, choices, places of the right ones, and why."""


async def write_quiz(
    session: AsyncSession,
    shop: Tenant,
    *,
    by: UUID,
    passed: Sequence[UUID],
    failed: Sequence[UUID],
    now: datetime,
) -> None:
    """Agents of neither list have not taken it."""
    titles = await queries.articles_to_ask_about(session, shop.tenant_id)
    articles = {title: article_id for article_id, title in titles}
    for title, asked, texts, right, why in QUESTIONS:
        choices = [Choice(text, place in right) for place, text in enumerate(texts)]
        draft = QuestionDraft(article_id=articles[title], asked=asked, choices=choices, why=why)
        await commands.write_question(session, shop.tenant_id, draft, by=by, now=now)
    for agent_id in (*passed, *failed):
        sitting = await sittings.begin(session, shop.tenant_id, agent_id, now=now)
        first = frozenset({0})
        chosen = {
            place: one.right if agent_id in passed else first
            for place, one in enumerate(sittings.questions_on(sitting))
        }
        await sittings.answer(session, shop.tenant_id, agent_id, chosen, now=now)
