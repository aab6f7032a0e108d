"""What a shop is shown of a new version beside the one in force."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from scripts_talk.differing import Change, compare, pieces
from scripts_talk.steps import Step
from tests.scripts_talk.made_steps import talks

ONE, TWO, THREE = (Step(key=key, title=key, say=f"{key}です。") for key in ("a", "b", "c"))


def told(before: list[Step], after: list[Step]) -> list[tuple[str, Change]]:
    return [(one.shown.key, one.change) for one in compare(before, after)]


def test_added_changed_moved_and_removed_steps_are_told_apart() -> None:
    other = replace(TWO, say="bでございます。")
    assert told([ONE, TWO], [ONE, other]) == [("a", Change.SAME), ("b", Change.CHANGED)]
    assert told([ONE, TWO], [ONE, THREE, TWO]) == [
        ("a", Change.SAME), ("c", Change.ADDED), ("b", Change.SAME)
    ]  # fmt: skip
    assert told([ONE, TWO], [TWO]) == [("b", Change.SAME), ("a", Change.REMOVED)]
    moved = told([ONE, TWO, THREE], [TWO, THREE, ONE])
    assert moved == [("b", Change.SAME), ("c", Change.SAME), ("a", Change.MOVED)]


@given(st.text(max_size=30), st.text(max_size=30))
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(one.text for one in found if one.mark != "added") == before
    assert "".join(one.text for one in found if one.mark != "removed") == after


@settings(max_examples=40)
@given(talks, talks)
def test_no_step_is_lost_in_a_comparison(before: tuple[Step, ...], after: tuple[Step, ...]) -> None:
    found = compare(before, after)
    assert [one.after for one in found if one.after] == list(after)
    assert {step.key for step in before} == {one.before.key for one in found if one.before}
    same = [one for one in compare(before, before) if one.change is not Change.SAME]
    assert same == []
