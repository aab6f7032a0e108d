"""What a new version of an article does to its questions, and to those who passed."""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from scripts_talk.knowledge.changes import share_changed
from scripts_talk.knowledge.models import Article
from scripts_talk.quiz.models import Certificate, QuizQuestion

A_LOT = 0.3
"""From so much of the text on."""
TIME_TO_RETAKE = timedelta(days=14)


async def article_changed(
    session: AsyncSession, article: Article, before: str, after: str, *, now: datetime
) -> None:
    """A change of a lot: its questions wait for a look, and certificates hold two weeks more at most."""
    if share_changed(before, after) < A_LOT:
        return
    of_article = and_(QuizQuestion.tenant_id == article.tenant_id, QuizQuestion.article_id == article.id)
    asked = await session.execute(
        update(QuizQuestion)
        .where(of_article, QuizQuestion.retired_at.is_(None))
        .values(doubtful_since=func.coalesce(QuizQuestion.doubtful_since, now))
        .returning(QuizQuestion.id)
    )
    if not asked.all():
        return
    until = now + TIME_TO_RETAKE
    await session.execute(
        update(Certificate)
        .where(Certificate.tenant_id == article.tenant_id, Certificate.expires_at > until)
        .values(expires_at=until, article_id=article.id)
    )
