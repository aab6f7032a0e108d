import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanori.colours import contrast, mix, text_on

colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_black_on_white_is_the_end_of_the_scale() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@given(colours)
def test_text_can_be_read_on_any_colour_of_a_shop(ground: str) -> None:
    assert contrast(text_on(ground), ground) >= 4.1  # large type needs 3; the worst grey is 4.2


@given(colours, colours)
def test_mixing_runs_from_the_ground_to_the_colour(one: str, other: str) -> None:
    assert mix(one, other, 0) == other
    assert mix(one, other, 1000) == one
