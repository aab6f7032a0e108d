"""A talk script on a form: steps and their fields, wordings and branches in the order of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from uuid_utils.compat import uuid7

from nanori.text import one_line, tidied
from scripts_talk.steps import Branch, CapturedField, Goods, Step, Wording
from scripts_talk.values import FieldKind, StepKind
from scripts_talk.web.condition_rows import ConditionRow, condition_row, meant_condition


@dataclass(slots=True)
class FieldRow:
    """One field to capture, as typed."""

    key: str = ""
    label: str = ""
    kind: str = FieldKind.TEXT.value
    required: str = ""  # "yes" or ""
    choices: str = ""  # one a line
    error: str = ""


@dataclass(slots=True)
class WordingRow:
    say: str = ""
    when: ConditionRow = field(default_factory=ConditionRow)
    error: str = ""


@dataclass(slots=True)
class BranchRow:
    to: str = ""
    when: ConditionRow = field(default_factory=ConditionRow)
    error: str = ""


@dataclass(slots=True)
class StepRow:
    """One step, as typed."""

    key: str = ""
    title: str = ""
    kind: str = StepKind.TALK.value
    say: str = ""
    hint: str = ""
    then: str = ""
    goods: str = ""
    subscription: str = ""  # "yes" or ""
    wordings: list[WordingRow] = field(default_factory=list)
    fields: list[FieldRow] = field(default_factory=list)
    branches: list[BranchRow] = field(default_factory=list)
    error: str = ""

    @property
    def is_empty(self) -> bool:
        texts = (self.title, self.say, self.hint, self.goods)
        return not any((*texts, self.wordings, self.fields, self.branches))


OWN = {"kind", "title", "say", "hint", "then", "goods", "subscription"}


def step_rows(steps: Sequence[Step]) -> list[StepRow]:
    return [
        StepRow(
            key=step.key or f"s{number}",
            title=step.title,
            kind=step.kind.value,
            say=step.say,
            hint=step.hint,
            then=step.then,
            goods=step.goods.code if step.goods else "",
            subscription="yes" if step.goods and step.goods.is_subscription else "",
            wordings=[WordingRow(one.say, condition_row(one.when)) for one in step.wordings],
            fields=[_field_row(captured) for captured in step.fields],
            branches=[BranchRow(one.to, condition_row(one.when)) for one in step.branches],
        )
        for number, step in enumerate(steps, start=1)
    ]


def posted_steps(items: Iterable[tuple[str, object]]) -> list[StepRow]:
    """Read the posted names in their order: ``step-key`` opens a step, ``field-key``, ``wording-say`` and
    ``branch-to`` a row of it, and ``when-…`` belongs to the wording or branch before it.

    Steps in which nothing was typed are dropped; a step or field without a key gets a new one.
    """
    steps: list[StepRow] = []
    when = ConditionRow()
    for name, value in items:
        kind, _, part = name.partition("-")
        typed = tidied(str(value))
        if name == "step-key":
            steps.append(StepRow(key=one_line(typed) or _fresh("s")))
        elif not steps:
            continue
        elif kind == "step" and part in OWN:
            setattr(steps[-1], part, one_line(typed) if part == "title" else typed)
        elif kind == "field":
            _read_field(steps[-1], part, typed)
        elif name == "wording-say":
            steps[-1].wordings.append(WordingRow(say=typed))
            when = steps[-1].wordings[-1].when
        elif name == "branch-to":
            steps[-1].branches.append(BranchRow(to=one_line(typed)))
            when = steps[-1].branches[-1].when
        elif kind == "when":
            when.read(part, one_line(typed))
    return [step for step in steps if not step.is_empty]


def meant(rows: Sequence[StepRow]) -> tuple[Step, ...]:
    """The steps that the rows stand for; an unknown kind is the plainest one."""
    fields = {one.key: _captured(one) for row in rows for one in row.fields}
    return tuple(_step(row, fields) for row in rows)


def mark(rows: Sequence[StepRow], wrong: dict[str, str]) -> None:
    """Put what ``problems.problems`` found beside its row."""
    for number, row in enumerate(rows):
        place = f"step-{number}"
        row.error = wrong.get(place, "")
        lists: list[tuple[str, Sequence[FieldRow | WordingRow | BranchRow]]] = [
            ("field", row.fields), ("wording", row.wordings), ("branch", row.branches)
        ]  # fmt: skip
        for kind, inner in lists:
            for at, one in enumerate(inner):
                one.error = wrong.get(f"{place}-{kind}-{at}", "")


def _step(row: StepRow, fields: dict[str, CapturedField]) -> Step:
    kind = StepKind(row.kind) if row.kind in set(StepKind) else StepKind.TALK
    goods = Goods(code=one_line(row.goods), is_subscription=row.subscription == "yes")
    return Step(
        key=row.key,
        title=row.title,
        kind=kind,
        say=row.say,
        wordings=tuple(Wording(say=one.say, when=meant_condition(one.when, fields)) for one in row.wordings),
        hint=row.hint,
        fields=tuple(_captured(one) for one in row.fields),
        branches=tuple(Branch(to=one.to, when=meant_condition(one.when, fields)) for one in row.branches),
        then=row.then,
        goods=goods if kind is StepKind.OFFER else None,
    )


def _read_field(step: StepRow, part: str, typed: str) -> None:
    if part == "key":
        step.fields.append(FieldRow(key=one_line(typed) or _fresh("f")))
    elif step.fields and part in {"label", "kind", "required", "choices"}:
        setattr(step.fields[-1], part, typed)


def _field_row(captured: CapturedField) -> FieldRow:
    return FieldRow(
        key=captured.key,
        label=captured.label,
        kind=captured.kind.value,
        required="yes" if captured.required else "",
        choices="\n".join(captured.choices),
    )


def _captured(row: FieldRow) -> CapturedField:
    kind = FieldKind(row.kind) if row.kind in set(FieldKind) else FieldKind.TEXT
    choices = tuple(dict.fromkeys(one_line(line) for line in row.choices.splitlines() if line.strip()))
    return CapturedField(
        key=row.key,
        label=one_line(row.label),
        kind=kind,
        required=row.required == "yes",
        choices=choices if kind is FieldKind.CHOICE else (),
    )


def _fresh(letter: str) -> str:
    return f"{letter}-{uuid7().hex[-8:]}"
