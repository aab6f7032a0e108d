"""Registration numbers, returns and days of payment."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices.due import END_OF_NEXT_MONTH, DueRule, Shift, due_date, is_banking_day
from billing.invoices.errors import RegistrationMalformed
from billing.invoices.registration import check_digit_fits, registration_number
from billing.invoices.returns import has_to_be_issued

DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "T7010705000725", "t7010705000725", "Ｔ７０１０７０５０００７２５", "T7-0107-0500-0725",
        " T 7010705000725 ", "T7010705−000725",
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(typed: str) -> None:
    assert registration_number(typed) == "T7010705000725"


@pytest.mark.parametrize(
    "typed", ["", "7010705000725", "T701070500072", "T70107050007255", "TT010705000725", "T701070500072٥"]
)
def test_another_shape_is_an_error(typed: str) -> None:
    with pytest.raises(RegistrationMalformed):
        registration_number(typed)


def test_a_check_digit_is_only_a_warning() -> None:
    assert check_digit_fits("T7010705000725")
    assert registration_number("T1010705000725") == "T1010705000725"
    assert not check_digit_fits("T1010705000725")


@given(st.integers(0, 10**12 - 1), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_figure_is_noticed_but_for_0_and_9(base: int, place: int, more: int) -> None:
    figures = f"{base:012}"
    [good] = [f"T{digit}{figures}" for digit in range(1, 10) if check_digit_fits(f"T{digit}{figures}")]
    other = (int(figures[place]) + more) % 10
    wrong = f"{good[:2]}{figures[:place]}{other}{figures[place + 1 :]}"

    assert check_digit_fits(wrong) == ({int(figures[place]), other} == {0, 9})


def test_a_small_reduction_needs_no_document() -> None:
    assert [has_to_be_issued(yen) for yen in (9_999, 10_000, -9_999, -10_000)] == [False, True] * 2


@pytest.mark.parametrize(
    ("rule", "issued_on", "due_on"),
    [
        (END_OF_NEXT_MONTH, date(2026, 11, 1), date(2027, 1, 4)),  # 31 December: banks are closed
        (END_OF_NEXT_MONTH, date(2027, 1, 5), date(2027, 3, 1)),  # 28 February is a Sunday
        (DueRule(1, 31, Shift.PREVIOUS), date(2027, 1, 5), date(2027, 2, 26)),
        (DueRule(1, 31, Shift.STAY), date(2028, 1, 31), date(2028, 2, 29)),
        (DueRule(2, 3, Shift.NEXT), date(2026, 3, 31), date(2026, 5, 7)),  # Golden Week
        (DueRule(0, 10, Shift.STAY), date(2026, 11, 20), date(2026, 11, 20)),  # never before it is issued
    ],
)
def test_the_day_of_payment(rule: DueRule, issued_on: date, due_on: date) -> None:
    assert due_date(rule, issued_on) == due_on


@given(DAYS, st.integers(0, 3), st.integers(1, 31), st.sampled_from(Shift))
def test_a_due_day_is_near_its_rule_and_banks_are_open(
    issued_on: date, months: int, day: int, shift: Shift
) -> None:
    due = due_date(DueRule(months, day, shift), issued_on)
    plain = due_date(DueRule(months, day, Shift.STAY), issued_on)

    assert due >= issued_on
    assert abs(due - plain) <= timedelta(days=10)
    assert shift is Shift.STAY or due == issued_on or is_banking_day(due)
