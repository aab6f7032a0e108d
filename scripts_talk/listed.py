"""What is said and written in a shop's name, for programs: as its portal shows it, without who wrote it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from nanori.sheets import Listed
from scripts_talk.differing import StepCompared, steps_compared
from scripts_talk.knowledge.models import Article, ArticleRemark, ArticleVersion
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
            row.article.is_public, one.title, one.body, one.keywords, _at(one.created_at, clock),
            _at(one.published_at, clock),
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
            one.name, one.number, _at(one.submitted_at, clock), place, step.key, step.kind.value, step.title,
            step.say, step.hint,
        )
        for one in scripts
        for place, step in enumerate(one.steps, start=1)
    ]  # fmt: skip
    return Listed("steps", SCRIPT_HEADS, rows)


def script_listed(script: TalkScript, before: TalkScript | None, zone: str) -> dict[str, Any]:
    """A version that waits for the shop's word against the one in force, as the shop's page compares them.

    ``say`` and ``hint`` of a step are runs of text, each ``same``, ``added`` or ``removed``: without those
    added they are the old words, without those removed the new ones. What was taken away comes last.
    """
    steps = steps_compared(before.steps if before else (), script.steps)
    return {
        "name": script.name,
        "number": script.number,
        "submitted_at": _at(script.submitted_at, ZoneInfo(zone)),
        "compared_with": before.number if before else None,
        "steps": [_step(one) for one in steps],
    }


def article_listed(
    article: Article,
    versions: Iterable[ArticleVersion],
    remarks: Iterable[tuple[ArticleRemark, int]],
    zone: str,
) -> dict[str, Any]:
    """An article with these versions and what its shop said about them, both the newest first.

    ``body`` is Markdown; a remark names its version by its number, and nobody who made it.
    """
    clock = ZoneInfo(zone)
    return {
        "article_id": str(article.id), "kind": article.kind.value, "is_public": article.is_public,
        "is_retired": article.retired_at is not None,
        "versions": [
            {"number": one.number, "state": one.state.value, "title": one.title, "body": one.body,
             "written_at": _at(one.created_at, clock), "published_at": _at(one.published_at, clock)}
            for one in versions
        ],
        "remarks": [
            {"version": number, "kind": one.kind.value, "text": one.text, "said_at": _at(one.said_at, clock)}
            for one, number in remarks
        ],
    }  # fmt: skip


def _step(one: StepCompared) -> dict[str, Any]:
    said, hint = [
        [{"kind": run.mark or "same", "text": run.text} for run in runs] for runs in (one.said, one.hint)
    ]
    return {
        "title": one.title, "kind": one.kind.value, "change": one.change.value, "say": said, "hint": hint,
        "other_words": one.others, "written_down": one.asked, "may_lead_to": one.leads_to,
    }  # fmt: skip


def _at(moment: datetime | None, clock: ZoneInfo) -> str | None:
    return moment.astimezone(clock).isoformat() if moment else None
