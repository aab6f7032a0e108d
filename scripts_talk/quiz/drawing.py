"""Which questions are asked, and how answers are judged. Pure; the rules: ``docs/algorithms/quiz.md``."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    text: str
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question about an article, with its choices in the order in which they are shown."""

    question_id: UUID
    article_id: UUID
    asked: str
    choices: Sequence[Choice]
    why: str

    @property
    def right(self) -> frozenset[int]:
        """Places of the right choices."""
        return frozenset(place for place, choice in enumerate(self.choices) if choice.is_right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a quiz ended."""

    right: int
    of: int
    passed: bool


def draw(pool: Sequence[Question], count: int, *, seed: int) -> list[Question]:
    """At most ``count`` questions; no article is asked about again before each was asked about once more.

    The same pool in any order and the same seed give the same questions with the same order of choices.
    """
    chance = Random(seed)  # noqa: S311 - nothing secret: it mixes questions
    mixed = sorted(pool, key=lambda one: one.question_id)
    chance.shuffle(mixed)
    turns: dict[UUID, int] = defaultdict(int)
    placed = []
    for place, question in enumerate(mixed):
        placed.append((turns[question.article_id], place, question))
        turns[question.article_id] += 1
    drawn = [question for _, _, question in sorted(placed, key=lambda one: one[:2])[:count]]
    chance.shuffle(drawn)
    return [replace(one, choices=chance.sample(list(one.choices), len(one.choices))) for one in drawn]


def judge(asked: Sequence[Question], chosen: Mapping[int, frozenset[int]], *, pass_percent: int) -> Result:
    """An answer is right when exactly the right choices were chosen. Without a question nobody passes."""
    right = sum(chosen.get(place) == question.right for place, question in enumerate(asked))
    passed = bool(asked) and right * 100 >= pass_percent * len(asked)
    return Result(right=right, of=len(asked), passed=passed)
