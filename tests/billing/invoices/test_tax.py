"""Tax once per rate: the law's own example, and laws that hold for every bill."""

from hypothesis import given
from hypothesis import strategies as st

from billing.charges import TaxRate
from billing.invoices.tax import PERCENT, RateTotal, Rounding, spread, summed_up

YEN = st.integers(-10_000_000, 10_000_000)
LINES = st.lists(st.tuples(st.sampled_from(TaxRate), YEN), max_size=60)
STANDARD = TaxRate.STANDARD


def standard(*amounts: int) -> list[tuple[TaxRate, int]]:
    return [(STANDARD, amount) for amount in amounts]


def test_four_lines_are_taxed_together_and_not_one_by_one() -> None:
    four = summed_up(standard(333, 333, 333, 1005), rounding=Rounding.FLOOR)

    assert (four.net, four.tax, four.gross) == (2004, 200, 2204)
    assert sum(summed_up(standard(one), rounding=Rounding.FLOOR).tax for one in (333, 333, 333, 1005)) == 199


def test_each_operator_rounds_in_one_of_three_ways() -> None:
    def taxes(amount: int) -> list[int]:
        return [summed_up(standard(amount), rounding=one).tax for one in Rounding]

    assert taxes(1004) == [100, 101, 100]
    assert taxes(1005) == [100, 101, 101]
    assert taxes(1000) == [100, 100, 100]


def test_prices_with_tax_are_taken_apart_once() -> None:
    both = summed_up(
        [(STANDARD, 11_040), (TaxRate.REDUCED, 108)], rounding=Rounding.FLOOR, with_tax=True
    )  # fmt: skip

    assert both.rates == (
        RateTotal(rate=STANDARD, net=10_037, tax=1_003),
        RateTotal(rate=TaxRate.REDUCED, net=100, tax=8),
    )
    assert both.gross == 11_148


def test_damages_carry_no_tax_and_stand_apart() -> None:
    summary = summed_up([(STANDARD, 10_000), (TaxRate.OUTSIDE, -3_000)], rounding=Rounding.FLOOR)

    assert [(one.rate, one.percent, one.tax) for one in summary.rates] == [
        (STANDARD, 10, 1_000),
        (TaxRate.OUTSIDE, 0, 0),
    ]
    assert summary.gross == 8_000


@given(LINES, st.sampled_from(Rounding))
def test_the_total_is_the_lines_and_one_rounding_for_each_rate(
    lines: list[tuple[TaxRate, int]], rounding: Rounding
) -> None:
    summary = summed_up(lines, rounding=rounding)

    assert summary.net == sum(amount for _, amount in lines)
    for one in summary.rates:
        exact = sum(amount for rate, amount in lines if rate is one.rate) * PERCENT[one.rate]
        assert abs(one.tax * 100 - exact) < 100
    assert len(summary.rates) == len({rate for rate, _ in lines})


@given(LINES, st.sampled_from(Rounding))
def test_prices_with_tax_keep_their_sum(lines: list[tuple[TaxRate, int]], rounding: Rounding) -> None:
    assert summed_up(lines, rounding=rounding, with_tax=True).gross == sum(amount for _, amount in lines)


@given(LINES, st.sampled_from(Rounding), st.booleans())
def test_a_reversal_is_the_same_figures_with_the_other_sign(
    lines: list[tuple[TaxRate, int]], rounding: Rounding, with_tax: bool
) -> None:
    there = summed_up(lines, rounding=rounding, with_tax=with_tax)
    back = summed_up([(rate, -yen) for rate, yen in lines], rounding=rounding, with_tax=with_tax)

    assert [(one.net, one.tax) for one in back.rates] == [(-one.net, -one.tax) for one in there.rates]


@given(LINES)
def test_the_order_of_lines_changes_nothing(lines: list[tuple[TaxRate, int]]) -> None:
    assert summed_up(lines[::-1], rounding=Rounding.FLOOR) == summed_up(lines, rounding=Rounding.FLOOR)


@given(YEN, st.lists(YEN, min_size=1, max_size=20))
def test_what_is_spread_adds_up_again(total: int, weights: list[int]) -> None:
    assert sum(spread(total, weights)) == total


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=20))
def test_each_share_is_at_most_a_yen_off(weights: list[int]) -> None:
    total = sum(weights) * 10 // 11
    for part, weight in zip(spread(total, weights), weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1
