"""Words that only the shop may change. Pure."""

from collections.abc import Mapping, Sequence

from scripts_talk.steps import Step
from scripts_talk.values import StepKind


def locked_words(steps: Sequence[Step]) -> Mapping[str, str]:
    """What is read out word by word in a cancellation, by the step's key."""
    return {step.key: step.say for step in steps if step.kind is StepKind.CANCELLATION}


def needs_the_shop(steps: Sequence[Step], approved: Sequence[Step] | None) -> bool:
    """Must the shop itself approve these steps? ``approved``: what it approved last in its portal."""
    return dict(locked_words(steps)) != dict(locked_words(approved or ()))
