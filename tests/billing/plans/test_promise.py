"""What a missed service level gives back: the worked numbers of the documents, and what always holds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.charges import ChargeKind
from billing.ledger.promised import Missed, credits_of
from billing.plans.plan import Plan
from billing.plans.promise import Promise, Step, owed, read, read_steps, steps_as_text, stored
from reports.figures import ratio
from tests.billing.plans.bills import NOVEMBER, SAY, total, under

STEPS = (Step(80, 5), Step(70, 10))
PERCENT = st.integers(1, 100)


@pytest.mark.parametrize(
    ("within", "calls", "base", "most", "first", "yen"),
    [
        (400, 500, 50_000, None, date(2026, 1, 1), 0),
        (399, 500, 50_000, None, date(2026, 1, 1), 2_500),
        (7_999, 10_000, 50_000, None, date(2026, 1, 1), 2_500),
        (349, 500, 50_000, None, date(2026, 1, 1), 5_000),
        (349, 500, 50_000, 4_000, date(2026, 1, 1), 4_000),
        (399, 500, 50_000, None, date(2026, 11, 16), 1_250),
        (399, 500, 3_333, None, date(2026, 1, 1), 166),
        (0, 0, 50_000, None, date(2026, 1, 1), 0),
        (0, 500, 0, None, date(2026, 1, 1), 0),
    ],
)
def test_the_worked_numbers(
    within: int, calls: int, base: int, most: int | None, first: date, yen: int
) -> None:
    agreed = under(Plan(name="小", base_fee=base), first)
    found = credits_of(
        Missed(Promise(STEPS, most), agreed, ratio("service_level", within, calls, "A")), NOVEMBER, SAY
    )

    assert total(found) == -yen
    assert [one.kind for one in found] == [ChargeKind.CREDIT] * bool(yen)


def test_the_line_says_where_it_comes_from() -> None:
    agreed = under(Plan(name="小", base_fee=50_000))
    level = ratio("service_level", 349, 500, "A")
    (plain,) = credits_of(Missed(Promise(STEPS), agreed, level), NOVEMBER, SAY)
    (capped,) = credits_of(Missed(Promise(STEPS, 4_000), agreed, level), NOVEMBER, SAY)

    assert plain.label == "Service level 69.8% (349 of 500), under 70%: 10% of ¥50,000"
    assert capped.label.endswith(", at most ¥4,000")


@given(
    st.lists(st.tuples(PERCENT, PERCENT), max_size=5), st.integers(1, 500), st.data(),
    st.integers(0, 1_000_000), st.none() | st.integers(1, 100_000),
)  # fmt: skip
def test_more_calls_in_time_never_give_more_back_and_never_more_than_the_fee(
    pairs: list[tuple[int, int]], calls: int, data: st.DataObject, base: int, most: int | None
) -> None:
    promise = Promise(tuple(Step(*one) for one in pairs), most)
    within = data.draw(st.integers(0, calls - 1))
    less, more = (owed(promise, within=n, calls=calls, base_yen=base) for n in (within, within + 1))

    assert (more.yen if more else 0) <= (less.yen if less else 0) <= min(base, most or base)
    assert owed(promise, within=calls, calls=calls, base_yen=base) is None


@given(st.dictionaries(PERCENT, PERCENT, max_size=4))
def test_what_is_typed_reads_back(levels: dict[int, int]) -> None:
    gives = sorted(set(levels.values()))
    steps = tuple(
        Step(below, percent) for below, percent in zip(sorted(levels, reverse=True), gives, strict=False)
    )
    assert read_steps(steps_as_text(steps)) == steps
    assert read(stored(Promise(steps))) == Promise(steps)


def test_full_width_and_percent_signs_are_read_in_any_order() -> None:
    assert read_steps("７０％：１０％、80% 5%") == STEPS
    assert (read_steps(""), read(None), stored(None)) == ((), None, None)


@pytest.mark.parametrize("typed", ["80", "80 5, 70 5", "80 5, 80 6", "0 5", "101 5", "80 0", "80 five"])
def test_steps_that_make_no_sense_cannot_be_read(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        read_steps(typed)
