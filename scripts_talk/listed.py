"""What is said and written in a shop's name, for programs: as its portal shows it, without who wrote it."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from nanori.sheets import Listed
from scripts_talk.knowledge.queries import ArticleRow
from scripts_talk.queries import TalkScript
from scripts_talk.quiz.models import QuizQuestion

ARTICLE_HEADS = (
    "article_id", "kind", "number", "state", "waits_for_the_shop", "is_public", "title", "body", "keywords",
    "written_at", "published_at",
)  # fmt: skip
QUIZ_HEADS = ("question_id", "article", "asked", "why", "is_doubtful", "choice", "is_right")
SCRIPT_HEADS = ("script", "number", "submitted_at", "place", "key", "kind", "title", "say", "hint")


def articles_listed(found: Iterable[ArticleRow], zone: str) -> Listed:
    """A row for each article, the newest wording first; times by the shop's clock."""
    clock = ZoneInfo(zone)
    rows = [
        (
            str(row.article.id), row.article.kind.value, one.number, one.state.value, row.is_waiting,
            row.article.is_public, one.title, one.body, one.keywords,
            one.created_at.astimezone(clock).isoformat(),
            one.published_at.astimezone(clock).isoformat() if one.published_at else None,
        )
        for row in found
        for one in (row.version,)
    ]  # fmt: skip
    return Listed("articles", ARTICLE_HEADS, rows)


def quiz_listed(found: Iterable[tuple[QuizQuestion, str]]) -> Listed:
    """A row for each choice of each question, article by article."""
    rows = [
        (
            str(one.id), title, one.asked, one.why, one.doubtful_since is not None, choice["text"],
            choice["right"],
        )
        for one, title in found
        for choice in one.choices
    ]  # fmt: skip
    return Listed("choices", QUIZ_HEADS, rows)


def scripts_listed(scripts: Iterable[TalkScript], zone: str) -> Listed:
    """A row for each step of each script that waits for the shop's word, the longest waiting first."""
    clock = ZoneInfo(zone)
    rows = [
        (
            one.name, one.number,
            one.submitted_at.astimezone(clock).isoformat() if one.submitted_at else None,
            place, step.key, step.kind.value, step.title, step.say, step.hint,
        )
        for one in scripts
        for place, step in enumerate(one.steps, start=1)
    ]  # fmt: skip
    return Listed("steps", SCRIPT_HEADS, rows)
