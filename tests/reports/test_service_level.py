import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.service_level import AnswerCounts, service_level
from tenants.values import ServiceLevelLetter

ICMI = AnswerCounts(answered=1000, abandoned=60, answered_within=860, abandoned_within=20, abandoned_short=10)


@pytest.mark.parametrize(
    ("letter", "percent"),
    [("A", "81.13"), ("B", "81.90"), ("C", "82.08"), ("D", "82.69"), ("E", "83.02"), ("F", "86.00")],
)
def test_the_letters_give_the_published_values_of_the_icmi_example(letter: str, percent: str) -> None:
    figure = service_level(ICMI, ServiceLevelLetter(letter))
    assert figure.denominator is not None
    assert f"{100 * figure.numerator / figure.denominator:.2f}" == percent
    assert figure.formula == letter


@pytest.mark.parametrize("letter", list(ServiceLevelLetter))
def test_a_month_without_calls_has_no_service_level(letter: ServiceLevelLetter) -> None:
    nothing = AnswerCounts(answered=0, abandoned=0, answered_within=0, abandoned_within=0, abandoned_short=0)
    assert service_level(nothing, letter).value is None


def test_calls_out_of_hours_weigh_only_where_the_contract_says_so() -> None:
    counts = AnswerCounts(
        answered=8,
        abandoned=2,
        answered_within=8,
        abandoned_within=0,
        abandoned_short=0,
        lost_out_of_hours=10,
    )
    assert service_level(counts, ServiceLevelLetter.A).value == 400


@given(st.integers(0, 500), st.data())
def test_the_strictest_letter_is_never_above_the_others_and_none_leaves_the_scale(
    answered: int, data: st.DataObject
) -> None:
    abandoned_within = data.draw(st.integers(0, 100))
    counts = AnswerCounts(
        answered=answered,
        answered_within=data.draw(st.integers(0, answered)),
        abandoned=abandoned_within + data.draw(st.integers(0, 100)),
        abandoned_within=abandoned_within,
        abandoned_short=data.draw(st.integers(0, abandoned_within)),
    )
    strict = service_level(counts, ServiceLevelLetter.A)
    for letter in ServiceLevelLetter:
        figure = service_level(counts, letter)
        assert figure.denominator is not None
        assert 0 <= figure.numerator <= figure.denominator
        assert figure.numerator * (strict.denominator or 0) >= strict.numerator * figure.denominator
