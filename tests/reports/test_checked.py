"""名のり正答率, 致命的ミスなし率: what supervisors found who checked calls by a form."""

from datetime import date
from decimal import Decimal

import pytest

from interactions.values import Fault, Outcome
from nanori.words import words_for
from reports.checked import checked_figures, interval, wilson
from reports.facts import PhoneFact
from reports.paper.wording import Wording
from tests.reports.months import at

DAY = date(2026, 10, 14)


def call(number: int, faults: tuple[Fault, ...] | None) -> PhoneFact:
    return PhoneFact(
        number=number, arrived_at=at(DAY, 10), outcome=Outcome.ANSWERED, within_hours=True, faults=faults
    )


def test_the_example_of_the_document() -> None:
    found = [(Fault.NAME,), (Fault.NAME, Fault.CUSTOMER), (Fault.CUSTOMER,), (Fault.COMPLIANCE,)]
    found += [()] * 16
    figures = checked_figures([call(n, one) for n, one in enumerate([*found, None, None])])

    assert [(one.key, one.numerator, one.denominator) for one in figures] == [
        ("calls_checked", 20, None), ("name_right", 18, 20), ("no_customer_error", 18, 20),
        ("no_business_error", 20, 20), ("no_compliance_error", 19, 20),
    ]  # fmt: skip
    assert interval(figures[0]) is None
    assert (interval(figures[1]), interval(figures[3])) == ((699, 972), (839, 1000))
    assert all(one.is_small for one in figures)
    said = Wording(words_for("en")).origin(figures[1])
    assert said == "18 / 20 (95%: 69.9–97.2%)"


def test_a_month_in_which_nothing_was_checked_has_no_such_figure() -> None:
    assert checked_figures([call(1, None)]) == ()


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (0, 40), (1, 3), (45, 50), (999, 1000)])
def test_the_interval_is_where_the_share_is_no_surprise(part: int, whole: int) -> None:
    """Its ends solve |part/whole − p| = 1.96·√(p(1−p)/whole): the equation instead of the formula."""
    for end in wilson(part, whole):
        share = Decimal(end) / 1000
        off = abs(Decimal(part) / whole - share)
        spread = Decimal("1.96") * (share * (1 - share) / whole).sqrt()
        assert abs(off - spread) < Decimal("0.03")
    low, high = wilson(part, whole)
    assert 0 <= low <= part * 1000 / whole <= high <= 1000
