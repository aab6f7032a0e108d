"""What is wrong with a script is said at its place."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from scripts_talk.conditions import Answer, Condition
from scripts_talk.graph import ending, reached
from scripts_talk.problems import problems
from scripts_talk.steps import Branch, CapturedField, Goods, Step, Talk, Wording
from scripts_talk.values import END, FieldKind, Match, Situation, StepKind
from tests.scripts_talk.made_steps import talks

WISH = CapturedField(key="wish", label="ご希望", kind=FieldKind.CHOICE, choices=("返品", "交換"))
AMOUNT = CapturedField(key="sum", label="金額", kind=FieldKind.AMOUNT)
ASK = Step(key="ask", title="ご用件", say="ご用件は。", fields=(WISH, AMOUNT))
LATER = Step(key="later", title="数", say="いくつ。", fields=(CapturedField(key="n", label="数"),))
BYE = Step(key="bye", title="締め", say="失礼いたします。")


def answered(value: str, test: Match = Match.EQUALS, field: str = "wish") -> Condition:
    return Condition(answer=Answer(field=field, test=test, value=value))


def leading(to: str, when: Condition) -> Step:
    return replace(ASK, branches=(Branch(to=to, when=when),))


def test_a_good_script_has_none() -> None:
    steps = [
        leading("bye", answered("返品")),
        replace(LATER, wordings=(Wording(say="x", when=Condition(campaign="w")),)),
        BYE,
    ]
    assert problems(steps) == {}
    assert problems([replace(step, key="") for step in (ASK, LATER, BYE)]) == {}


@pytest.mark.parametrize(
    ("steps", "place", "words"),
    [
        ([replace(ASK, title="")], "step-0", "title"),
        ([replace(ASK, say="")], "step-0", "what to say"),
        ([ASK, replace(BYE, key="ask")], "step-1", "same key"),
        ([replace(ASK, fields=(WISH, WISH))], "steps", "same key"),
        ([replace(ASK, fields=(replace(WISH, choices=("返品",)),))], "step-0-field-0", "two choices"),
        ([replace(ASK, then="bye"), LATER, BYE], "step-1", "No step leads here"),
        ([replace(ASK, then="gone"), BYE], "step-0", "not exist any more"),
        ([ASK, replace(BYE, then="ask")], "step-1", "circle"),
        ([leading("", answered("返品")), BYE], "step-0-branch-0", "nowhere"),
        ([leading("gone", answered("返品")), BYE], "step-0-branch-0", "not exist any more"),
        ([leading(END, Condition()), BYE], "step-0-branch-0", "when the talk goes"),
        ([leading(END, answered("修理")), BYE], "step-0-branch-0", "can never hold"),
        ([leading(END, answered("x", field="gone")), BYE], "step-0-branch-0", "does not exist"),
        ([leading(END, answered("", Match.FILLED, "n")), LATER], "step-0-branch-0", "only later"),
        ([leading(END, answered("9", Match.BELOW)), BYE], "step-0-branch-0", "more or less"),
        ([leading(END, answered("0", Match.BELOW, "sum")), BYE], "step-0-branch-0", "never hold"),
        ([leading(END, Condition(from_minute=60, until_minute=60)), BYE], "step-0-branch-0", "never hold"),
        (
            [leading(END, Condition(first_day=date(2026, 2, 2), last_day=date(2026, 2, 1))), BYE],
            "step-0-branch-0", "never hold",
        ),
        (
            [leading(END, Condition(
                first_day=date(2026, 11, 23), last_day=date(2026, 11, 24), weekdays=frozenset({6})
            )), BYE],
            "step-0-branch-0", "never hold",
        ),
        (
            [replace(ASK, branches=(Branch(to=END, when=answered("返品")),) * 2), BYE],
            "step-0-branch-1", "never taken",
        ),
        ([replace(BYE, wordings=(Wording(say="x"),))], "step-0-wording-0", "when these words"),
        (
            [replace(BYE, wordings=(Wording(say="", when=Condition(campaign="w")),))],
            "step-0-wording-0", "what to say then",
        ),
        ([replace(BYE, kind=StepKind.OFFER)], "step-0", "goods"),
        ([replace(BYE, kind=StepKind.OFFER, goods=Goods(code=""))], "step-0", "goods"),
        (
            [replace(BYE, kind=StepKind.CANCELLATION, wordings=(
                Wording(say="x", when=Condition(situations=frozenset({Situation.AFTER_WAIT}))),
            ))],
            "step-0", "cancellation",
        ),
        ([BYE] * 61, "steps", "at most 60"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_where_it_is(steps: list[Step], place: str, words: str) -> None:
    assert words in problems(steps)[place]


@settings(max_examples=40)
@given(talks)
def test_every_step_that_is_not_reached_or_never_ends_has_a_sentence(steps: tuple[Step, ...]) -> None:
    talk, found = Talk(steps), problems(steps)
    for number, step in enumerate(steps):
        if step.key not in reached(talk) or step.key not in ending(talk):
            assert found[f"step-{number}"]


def test_a_loop_with_a_way_out_is_fine() -> None:
    again = replace(BYE, key="again", then="ask")
    steps = [leading("bye", answered("返品")), again, BYE]
    assert problems(steps) == {}
