"""Questions, candidates and results as the pages of a quiz show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from nanori.context import Context
from nanori.words import N_, Words
from scripts_talk.quiz.models import Certificate, QuizQuestion, QuizSitting
from scripts_talk.quiz.queries import Candidate, holds
from scripts_talk.quiz.sittings import questions_on

Badge = tuple[str, str]
NEVER: Badge = (N_("Not passed yet"), "warn")
OVER: Badge = (N_("No longer valid"), "bad")
VALID: Badge = (N_("Certified"), "good")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGroup:
    """The questions about one article."""

    title: str
    article_id: UUID
    questions: Sequence[QuizQuestion]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateLine:
    """One agent and the shop's certificate."""

    name: str
    badge: Badge
    until: str
    last: str  # of the last quiz: right of all, and when


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceLine:
    text: str
    is_right: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """One question of a sheet; of a judged one with what was chosen."""

    place: int
    asked: str
    several: bool  # choices are right
    choices: Sequence[ChoiceLine]
    is_right: bool
    why: str
    title: str
    href: str  # of the article, while it is in force


def question_groups(found: Sequence[tuple[QuizQuestion, str]]) -> list[QuestionGroup]:
    """As the query orders them: article by article."""
    return [
        QuestionGroup(title=title, article_id=article_id, questions=[one for one, _ in rows])
        for (title, article_id), rows in groupby(found, key=lambda row: (row[1], row[0].article_id))
    ]


def certificate_badge(held: Certificate | None, context: Context) -> Badge:
    if held is None:
        return NEVER
    return VALID if holds(held, context.now) else OVER


def candidate_line(one: Candidate, words: Words, context: Context) -> CandidateLine:
    held = one.certificate
    return CandidateLine(
        name=one.agent.name,
        badge=certificate_badge(held, context),
        until=words.date(held.expires_at, context.zone) if held else "",
        last=result_in(words, one.sitting, context.zone) if one.sitting else "",
    )


def result_in(words: Words, sitting: QuizSitting, zone: ZoneInfo) -> str:
    """For example: 8 of 10 right, 3 March."""
    said = words.gettext(N_("{right} of {all} right, {date}"))
    at = words.date(sitting.judged_at, zone)
    return said.format(right=sitting.right_answers, all=len(sitting.sheet), date=at)


def sheet_lines(
    sitting: QuizSitting, titles: Mapping[UUID, str], chosen: Mapping[int, frozenset[int]]
) -> list[AskedLine]:
    """The sheet with these choices marked."""
    lines = []
    for place, one in enumerate(questions_on(sitting)):
        mine = chosen.get(place, frozenset())
        title = titles.get(one.article_id, "")
        choices = [
            ChoiceLine(text=choice.text, is_right=choice.is_right, is_chosen=number in mine)
            for number, choice in enumerate(one.choices)
        ]
        lines.append(
            AskedLine(
                place=place, asked=one.asked, several=len(one.right) > 1, choices=choices,
                is_right=mine == one.right, why=one.why, title=title,
                href=f"/knowledge/{sitting.tenant_id}/{one.article_id}" if title else "",
            )
        )  # fmt: skip
    return lines
