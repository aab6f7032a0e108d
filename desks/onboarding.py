"""What an agent still has to do before answering for a shop. Pure; ``docs/algorithms/onboarding.md``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StepKey(StrEnum):
    ROSTER = "roster"
    PHRASES = "phrases"
    NOTICES = "notices"
    SCRIPT = "script"
    QUIZ = "quiz"
    TRAINED = "trained"
    TEST_CALL = "test_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about one agent and one shop."""

    on_roster: bool = False
    trained: bool = False  # by the supervisor's word
    phrases_since: datetime | None = None  # the newest wording; None: the shop has none
    phrases_read: datetime | None = None
    unread_notices: int = 0
    script_since: datetime | None = None  # published; None: there is no script
    script_read: datetime | None = None
    has_answered: bool = False  # a call for the shop lately, a test call too
    has_quiz: bool = False
    certified: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    key: StepKey
    done: bool


def steps(facts: Facts) -> list[Step]:
    """In the order in which they are done. What the shop does not have has no step."""
    found = [Step(StepKey.ROSTER, facts.on_roster)]
    if facts.phrases_since is not None:
        found.append(Step(StepKey.PHRASES, _is_read(facts.phrases_read, facts.phrases_since)))
    found.append(Step(StepKey.NOTICES, facts.unread_notices == 0))
    if facts.script_since is not None:
        walked = _is_read(facts.script_read, facts.script_since)
        found.append(Step(StepKey.SCRIPT, walked or facts.has_answered))
    if facts.has_quiz:
        found.append(Step(StepKey.QUIZ, facts.certified))
    found.append(Step(StepKey.TRAINED, facts.trained))
    found.append(Step(StepKey.TEST_CALL, facts.has_answered))
    return found


def is_ready(found: Sequence[Step]) -> bool:
    return all(step.done for step in found)


def _is_read(at: datetime | None, since: datetime) -> bool:
    return at is not None and at >= since
