"""What the shop was asked about one call or mail, for the pages that show it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from interactions.questions.queries import held, questions_about
from interactions.questions.view import QuestionView, question_view
from nanori.words import Words
from tenants.queries import shop as shop_by_id


async def latest_question(
    session: AsyncSession, interaction: Interaction, *, words: Words, now: datetime
) -> QuestionView | None:
    """The latest question about it; None when the shop was not asked."""
    found = await questions_about(session, interaction.tenant_id, [interaction.id])
    shops = {interaction.tenant_id: await shop_by_id(session, interaction.tenant_id)} if found else {}
    return next(
        (question_view(one, shops, words, now) for one in await held(session, found[:1], now=now)), None
    )
