"""What one wording changed in another, letter by letter where the lines are short enough. Pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LONGEST_BY_LETTER = 2_000


class ChangeKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    kind: ChangeKind
    text: str


def changes(before: str, after: str) -> list[Change]:
    """Pieces of both in order: without those added it is the one text, without those removed the other."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if kind == "replace" and len(gone) + len(come) <= LONGEST_BY_LETTER:
            found += _by_letter(gone, come)
        else:
            found += _whole(kind, gone, come)
    return _joined(found)


def _by_letter(before: str, after: str) -> list[Change]:
    found: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        found += _whole(kind, before[a:b], after[c:d])
    return found


def _whole(kind: str, before: str, after: str) -> list[Change]:
    if kind == "equal":
        return [Change(ChangeKind.SAME, after)]
    parts = [Change(ChangeKind.REMOVED, before), Change(ChangeKind.ADDED, after)]
    return [part for part in parts if part.text]


def _joined(parts: list[Change]) -> list[Change]:
    found: list[Change] = []
    for part in parts:
        if found and found[-1].kind is part.kind:
            found[-1] = Change(part.kind, found[-1].text + part.text)
        else:
            found.append(part)
    return found


def share_changed(before: str, after: str) -> float:
    """How much of the two texts is not the same: 0 alike, 1 nothing in common."""
    whole = len(before) + len(after)
    same = sum(len(one.text) for one in changes(before, after) if one.kind is ChangeKind.SAME)
    return 1 - 2 * same / whole if whole else 0.0
