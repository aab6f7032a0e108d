from hypothesis import given
from hypothesis import strategies as st

from nanori.colours import contrast
from nanori.web.colour import brand_colours, distance, is_too_close

COLOURS = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda n: f"#{n:06x}")


@given(COLOURS)
def test_text_on_any_brand_colour_is_readable(colour: str) -> None:
    assert contrast(brand_colours(colour).on_brand, colour) >= 4.5


@given(COLOURS)
def test_dark_text_is_readable_on_the_trace_of_any_colour(colour: str) -> None:
    assert contrast("#17191e", brand_colours(colour).tint) >= 7


@given(COLOURS, COLOURS)
def test_distance_is_the_same_both_ways_and_nothing_to_itself(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert distance(one, one) == 0


def test_black_and_white_are_one_apart() -> None:
    assert abs(distance("#000000", "#ffffff") - 1) < 0.001


def test_two_greens_a_shade_apart_are_too_close_and_green_and_brown_are_not() -> None:
    assert is_too_close("#1f6b45", "#256e4e")
    assert not is_too_close("#1f6b45", "#7a3e1d")
