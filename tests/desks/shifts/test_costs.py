"""Days by the price of a paid hour that holds on them."""

from datetime import date

from desks.shifts.costs import Stated, by_price

FIRST, LATER = Stated(date(2026, 10, 1), 2100), Stated(date(2026, 11, 16), 2160)


def days(start: int, end: int) -> tuple[date, date]:
    return date(2026, 11, start), date(2026, 11, end)


def test_a_week_over_a_change_of_price() -> None:
    assert by_price([FIRST, LATER], *days(12, 19)) == [(*days(12, 16), 2100), (*days(16, 19), 2160)]


def test_a_price_holds_from_its_own_day_on() -> None:
    assert by_price([FIRST, LATER], *days(16, 17)) == [(*days(16, 17), 2160)]
    assert by_price([FIRST, LATER], *days(15, 16)) == [(*days(15, 16), 2100)]


def test_days_before_the_first_price_have_none() -> None:
    assert by_price([LATER], *days(14, 18)) == [(*days(14, 16), None), (*days(16, 18), 2160)]
    assert by_price([], *days(14, 18)) == [(*days(14, 18), None)]
