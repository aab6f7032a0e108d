"""When something holds, and which of several is the most specific."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scripts_talk.conditions import ALWAYS, Answer, Condition, Moment, chosen, holds, is_never, specificity
from scripts_talk.steps import Wording
from scripts_talk.values import Match, Situation
from tests.scripts_talk.made_steps import captures, conditions, moments

PARTS = (
    "situations",
    "campaign",
    "first_day",
    "last_day",
    "from_minute",
    "until_minute",
    "weekdays",
    "answer",
)
MONDAY_NOON = Moment(at=datetime(2026, 11, 23, 12))  # noqa: DTZ001 -- local time of a shop


@given(conditions, st.frozensets(st.sampled_from(PARTS)), moments, captures)
def test_with_parts_taken_away_a_condition_holds_more_often_and_is_never_more_specific(
    stricter: Condition, parts: frozenset[str], moment: Moment, captured: Mapping[str, str]
) -> None:
    assume(not is_never(stricter))
    parts -= {"from_minute", "until_minute"} if len(parts & {"from_minute", "until_minute"}) == 1 else set()
    weaker = replace(stricter, **{part: getattr(ALWAYS, part) for part in parts})

    assert specificity(stricter) >= specificity(weaker)
    assert holds(weaker, moment, captured) or not holds(stricter, moment, captured)


@given(st.lists(conditions, max_size=5), moments, captures)
def test_the_chosen_one_holds_and_nothing_that_holds_is_more_specific(
    whens: list[Condition], moment: Moment, captured: Mapping[str, str]
) -> None:
    options = [Wording(say=str(number), when=when) for number, when in enumerate(whens)]
    held = [one for one in options if holds(one.when, moment, captured)]
    best = chosen(options, moment, captured)

    if best is None:
        assert not held
        return
    assert best in held
    assert all(specificity(one.when) <= specificity(best.when) for one in held)
    equal = [one for one in held if specificity(one.when) == specificity(best.when)]
    assert best is equal[0]


@given(conditions, moments, captures)
def test_what_can_never_hold_never_holds(
    when: Condition, moment: Moment, captured: Mapping[str, str]
) -> None:
    assert not (is_never(when) and holds(when, moment, captured))


@pytest.mark.parametrize(
    ("minute", "expected"), [(1319, False), (1320, True), (1439, True), (0, True), (119, True), (120, False)]
)
def test_a_span_over_midnight_is_half_open(minute: int, expected: bool) -> None:
    at = datetime(2026, 11, 23, minute // 60, minute % 60)  # noqa: DTZ001 -- local time of a shop
    night = Condition(from_minute=22 * 60, until_minute=2 * 60)
    assert holds(night, Moment(at=at), {}) is expected


def test_the_order_of_what_counts_most() -> None:
    """As docs/algorithms/scripts.md has it, from the most specific to the least."""
    order = [
        Condition(answer=Answer(field="wish", value="a")),
        Condition(answer=Answer(field="sum", test=Match.AT_LEAST, value="5000")),
        Condition(answer=Answer(field="sum", test=Match.AT_LEAST, value="3000")),
        Condition(answer=Answer(field="wish", test=Match.FILLED)),
        Condition(campaign="winter"),
        Condition(situations=frozenset(Situation)),
        Condition(situations=frozenset({Situation.AFTER_WAIT})),
        Condition(first_day=date(2026, 11, 23), last_day=date(2026, 11, 23)),
        Condition(first_day=date(2026, 11, 1), last_day=date(2026, 11, 30)),
        Condition(first_day=date(2026, 11, 1)),
        Condition(from_minute=720, until_minute=780),
        Condition(from_minute=540),
        Condition(weekdays=frozenset({0})),
        Condition(weekdays=frozenset({0, 1})),
        ALWAYS,
    ]
    assert sorted(order, key=specificity, reverse=True) == order
    assert holds(order[7], MONDAY_NOON, {})
