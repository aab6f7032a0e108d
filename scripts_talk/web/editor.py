"""What the script's editor shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nanori.words import Words
from scripts_talk.models import Campaign
from scripts_talk.queries import TalkScript
from scripts_talk.values import ScriptState
from scripts_talk.web.rows import BranchRow, FieldRow, StepRow, WordingRow
from scripts_talk.wording import KINDS, NOTHING_IN_FORCE, SITUATIONS, STATES, STEP_KINDS, TESTS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class StateBadge:
    said: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True)
class Empty:
    """Rows in which nothing is typed yet, for the templates that the browser copies."""

    step: StepRow
    field: FieldRow
    wording: WordingRow
    branch: BranchRow


def editor_values(
    rows: Sequence[StepRow],
    versions: Mapping[ScriptState, TalkScript],
    campaigns: Sequence[Campaign],
    words: Words,
) -> dict[str, Any]:
    """Everything that the template needs besides the shop's frame."""
    draft = versions.get(ScriptState.DRAFT)
    return {
        "rows": rows,
        "draft": draft,
        "submitted": versions.get(ScriptState.SUBMITTED),
        "approved": versions.get(ScriptState.APPROVED),
        "published": versions.get(ScriptState.PUBLISHED),
        "shown": bool(rows),
        "refusal": draft.decision_note if draft else "",
        "states": [_badge(state, versions[state], words) for state in STATES if state in versions]
        or [StateBadge(words.gettext(NOTHING_IN_FORCE), "bad", "circle-alert")],
        "targets": [(row.key, f"{number}. {row.title}") for number, row in enumerate(rows, start=1)],
        "asked": [(one.key, one.label) for row in rows for one in row.fields],
        "campaigns": [(one.code, one.name) for one in campaigns],
        "goods": sorted({goods["code"] for one in campaigns for goods in one.goods}),
        "empty": Empty(StepRow(), FieldRow(), WordingRow(), BranchRow()),
        **choices(),
    }


def choices() -> dict[str, Any]:
    return {
        "kinds": [(kind.value, said) for kind, said in KINDS.items()],
        "step_kinds": [(kind.value, said) for kind, said in STEP_KINDS.items()],
        "tests": [(test.value, said) for test, said in TESTS.items()],
        "situations": [(situation.value, said) for situation, said in SITUATIONS.items()],
        "weekdays": [(str(day), said) for day, said in enumerate(WEEKDAYS)],
    }


def _badge(state: ScriptState, version: TalkScript, words: Words) -> StateBadge:
    said, kind, icon = STATES[state]
    return StateBadge(words.gettext(said).format(n=version.number), kind, icon)
