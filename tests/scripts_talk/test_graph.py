"""Which steps are reached and which talks end, against an obvious and slow answer."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from scripts_talk.conditions import Moment, is_never
from scripts_talk.graph import asked_by, ending, reached
from scripts_talk.steps import Step, Talk
from scripts_talk.values import END, StepKind
from scripts_talk.walking import following, held_back, way_from
from tests.scripts_talk.made_steps import captures, moments, talks


def pairs(talk: Talk) -> set[tuple[str, str]]:
    """Which step leads where in any number of moves: a table filled until nothing is added."""
    keys = [step.key for step in talk.steps]
    found: set[tuple[str, str]] = set()
    for place, step in enumerate(talk.steps):
        below = keys[place + 1] if place + 1 < len(keys) else END
        for to in [*(one.to for one in step.branches if not is_never(one.when)), step.then or below]:
            if to == END or to in keys:
                found.add((step.key, to))
    while True:
        more = {(a, d) for a, b in found for c, d in found if b == c} - found
        if not more:
            return found
        found |= more


@settings(max_examples=40)
@given(talks)
def test_reached_ending_and_asked_equal_the_closure_of_all_moves(steps: tuple[Step, ...]) -> None:
    talk = Talk(steps)
    leads = pairs(talk)
    first = steps[0].key

    assert reached(talk) == {first} | {b for a, b in leads if a == first and b != END}
    assert ending(talk) == {a for a, b in leads if b == END}
    for place, step in enumerate(steps):
        before = {step.key} | {a for a, b in leads if b == step.key}
        assert asked_by(talk, place) == {
            field.key for one in steps if one.key in before for field in one.fields
        }


@settings(max_examples=40)
@given(talks, moments, captures)
def test_a_walk_stays_inside_what_is_reached_or_ends(
    steps: tuple[Step, ...], moment: Moment, captured: Mapping[str, str]
) -> None:
    talk = Talk(steps)
    way = way_from(talk, steps[0].key, moment, captured)

    assert way[0] == steps[0].key
    assert len(way) == len(set(way))
    assert set(way) <= reached(talk)
    last = following(talk, way[-1], moment, captured)
    assert last == END or last in way


@settings(max_examples=60)
@given(st.data(), st.lists(st.booleans(), min_size=1, max_size=6))
def test_a_talk_comes_to_a_step_when_and_only_when_all_locked_words_before_it_were_read_out(
    data: st.DataObject, locked: list[bool]
) -> None:
    steps = tuple(
        Step(key=str(number), title="", kind=StepKind.CANCELLATION if one else StepKind.TALK)
        for number, one in enumerate(locked)
    )
    way = [step.key for step in steps]
    gone = data.draw(st.integers(0, len(way)))
    read_out = data.draw(st.sets(st.sampled_from(way)))
    to = data.draw(st.sampled_from(way))

    before = [key for key in way[: way.index(to)] if locked[int(key)] and key not in read_out]
    assert held_back(Talk(steps), way, gone, read_out, to) == (before[0] if before else "")
    assert held_back(Talk(steps), way, gone, set(way), "elsewhere") == ""
    reached = [key for key in way[:gone] if locked[int(key)] and key not in read_out]
    assert bool(held_back(Talk(steps), way, gone, read_out, "elsewhere")) is bool(reached)
