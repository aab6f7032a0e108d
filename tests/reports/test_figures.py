from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figures import Comparison, count, mean_ms, percentile_ms, ratio, rounded


@pytest.mark.parametrize(
    ("part", "whole", "value"), [(1, 2000, 1), (1, 2001, 0), (-1, 2000, -1), (2, 3, 667)]
)
def test_halves_are_rounded_away_from_zero(part: int, whole: int, value: int) -> None:
    assert rounded(part * 1000, whole) == value


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_rounding_is_never_more_than_a_half_away(part: int, whole: int) -> None:
    assert abs(Fraction(part, whole) - rounded(part, whole)) <= Fraction(1, 2)


def test_an_empty_denominator_has_no_value_instead_of_nought_or_all() -> None:
    assert ratio("answer_rate", 0, 0).value is None
    assert mean_ms("talk_time", 0, 0).value is None
    assert percentile_ms("wait_median", [], 50).value is None


def test_a_percentile_is_a_value_that_occurred() -> None:
    assert percentile_ms("wait_p90", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 90).value == 90
    assert percentile_ms("wait_median", [7], 50).value == 7
    assert percentile_ms("wait_median", [4, 1], 50).value == 1


@given(st.lists(st.integers(0, 10**6), min_size=1), st.integers(1, 100))
def test_a_percentile_leaves_enough_cases_at_or_below_it(values: list[int], percent: int) -> None:
    found = percentile_ms("wait_p90", values, percent).value
    assert found in values
    assert sum(v <= found for v in values) * 100 >= percent * len(values)


def test_a_trend_needs_thirty_cases_in_both_months() -> None:
    assert Comparison(ratio("answer_rate", 20, 30), ratio("answer_rate", 15, 30)).change == 167
    assert Comparison(ratio("answer_rate", 20, 29), ratio("answer_rate", 15, 30)).change is None
    assert Comparison(count("offered", 40), count("offered", 29)).change is None
    assert Comparison(count("offered", 40), None).change is None


def test_the_json_form_holds_whole_numbers_only() -> None:
    figure = ratio("service_level", 860, 1060, "A").as_json()
    assert figure == {
        "key": "service_level",
        "unit": "permille",
        "formula": "A",
        "numerator": 860,
        "denominator": 1060,
        "value": 811,
        "small": False,
    }
