"""Shifts as they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desks.shifts.entry import A_DAY, LONGEST, Span, Times, Unreadable, read, written

NINE, NOON, SIX = 540, 720, 1080


@pytest.mark.parametrize(
    "typed",
    [
        "9-18/12-13",
        " ９：００～１８：００／１２：００－１３：００ ",
        "0900-1800/1200-1300",
        "9時〜18時/12時-13時",
    ],
)
def test_one_shift_is_written_in_many_ways(typed: str) -> None:
    assert read(typed) == (Times(NINE, SIX, (Span(NOON, NOON + 60),)),)
    assert written(read(typed)) == "9-18/12-13"


def test_a_night_ends_on_the_next_day_and_its_break_is_in_the_night() -> None:
    (night,) = read("22-7:30/2-3")
    assert night == Times(22 * 60, A_DAY + 450, (Span(A_DAY + 120, A_DAY + 180),))


def test_a_day_may_have_two_shifts_and_a_day_off_has_none() -> None:
    assert written(read("17-21; 9-13")) == "9-13; 17-21"
    assert read("  ") == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nine", "like 9-18/12-13"),
        ("9-", "like 9-18/12-13"),
        ("9-18/", ""),
        ("9-18/19-20", "within its shift"),
        ("9-18/12-13,12:30-14", "breaks of this shift overlap"),
        ("9-13;12-18", "shifts of this day overlap"),
        ("9-9", "at most 16 hours"),
        ("6-23", "at most 16 hours"),
        ("9-25", "0:00 to 24:00"),
        ("9:60-18", "0:00 to 24:00"),
    ],
)
def test_what_is_no_shift_is_said(typed: str, said: str) -> None:
    if not said:
        assert read(typed) == (Times(NINE, SIX),)
        return
    with pytest.raises(Unreadable, match=said):
        read(typed)


@given(st.integers(0, A_DAY - 1), st.integers(1, LONGEST), st.data())
def test_what_is_written_reads_the_same(begins: int, length: int, data: st.DataObject) -> None:
    edges = data.draw(st.lists(st.integers(begins, begins + length), max_size=4, unique=True).map(sorted))
    breaks = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    one = Times(begins, begins + length, breaks)
    assert read(written([one])) == (one,)
