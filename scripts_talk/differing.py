"""What is different between two versions of a script, step by step. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from scripts_talk.steps import Step, Talk
from scripts_talk.values import END, StepKind

SHORTEST_SAME = 3


class Change(StrEnum):
    SAME = "same"
    MOVED = "moved"  # the same words in another place
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``mark`` is "", "added" or "removed"."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One step in both versions; ``before`` is None for a new one, ``after`` for one that was taken away."""

    change: Change
    before: Step | None
    after: Step | None

    @property
    def shown(self) -> Step:
        """The step as it is now, or as it was."""
        return self.after or self.before or Step(title="")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCompared:
    """One step as the shop reads it, in both versions."""

    title: str
    kind: StepKind
    change: Change
    said: Sequence[Piece]
    hint: Sequence[Piece]
    others: Sequence[str]  # other words for a time or situation
    asked: Sequence[str]  # labels of what is written down
    leads_to: Sequence[str]  # titles of the steps to which branches lead, ``END`` for the end


def steps_compared(before: Sequence[Step], after: Sequence[Step]) -> list[StepCompared]:
    """All steps in the order of the new version; what was taken away comes last, and leads nowhere."""
    talk = Talk(tuple(after))
    return [_in_both(one, talk) for one in compare(before, after)]


def compare(before: Sequence[Step], after: Sequence[Step]) -> list[Compared]:
    """All steps in the order of the new version; what was taken away comes last."""
    old = {step.key: step for step in before}
    kept = [step.key for step in after if step.key in old]
    in_order = _longest_in_order([step.key for step in before], kept)
    found = [_compared(old.get(step.key), step, is_in_place=step.key in in_order) for step in after]
    new = {step.key for step in after}
    gone = [step for step in before if step.key not in new]
    return found + [Compared(change=Change.REMOVED, before=step, after=None) for step in gone]


def pieces(before: str, after: str) -> list[Piece]:
    """The two texts as one, letter by letter: Japanese has no spaces to cut at.

    What is the same for fewer than ``SHORTEST_SAME`` letters between two changes is no help to a reader and
    counts as changed.
    """
    found: list[Piece] = []
    gone = come = ""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    at, to = 0, 0
    for block in blocks:
        gone, come = gone + before[at : block.a], come + after[to : block.b]
        same = before[block.a : block.a + block.size]
        at, to = block.a + block.size, block.b + block.size
        is_inside = (gone or come) and at < len(before) and to < len(after)
        if is_inside and len(same) < SHORTEST_SAME:
            gone, come = gone + same, come + same
            continue
        found += _changed(gone, come) + ([Piece(same)] if same else [])
        gone = come = ""
    return found + _changed(gone, come)


def _in_both(one: Compared, talk: Talk) -> StepCompared:
    step, before, after = one.shown, one.before or Step(title=""), one.after or Step(title="")
    ways = [talk.step(branch.to) for branch in after.branches]
    return StepCompared(
        title=step.title,
        kind=step.kind,
        change=one.change,
        said=pieces(before.say, after.say),
        hint=pieces(before.hint, after.hint),
        others=[wording.say for wording in step.wordings],
        asked=[field.label for field in step.fields],
        leads_to=[way.title if way else END for way in ways],
    )


def _changed(gone: str, come: str) -> list[Piece]:
    return [Piece(text, mark) for text, mark in ((gone, "removed"), (come, "added")) if text]


def _compared(before: Step | None, after: Step, *, is_in_place: bool) -> Compared:
    if before is None:
        return Compared(change=Change.ADDED, before=None, after=after)
    if before != after:
        return Compared(change=Change.CHANGED, before=before, after=after)
    change = Change.SAME if is_in_place else Change.MOVED
    return Compared(change=change, before=before, after=after)


def _longest_in_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Keys that keep their order: what is left is what was moved."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {before[block.a + ahead] for block in blocks for ahead in range(block.size)}
