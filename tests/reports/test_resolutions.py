"""解決時間: what is one matter, when it is settled for good, and on whom it waited."""

import itertools
from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.questions.values import Side
from reports.facts import MILLISECOND
from reports.resolutions import (
    RESOLUTION_KEYS,
    Happened,
    Settled,
    Step,
    for_good,
    resolution_figures,
    settlements,
)
from tests.reports.months import OCTOBER, at

CASE, OTHER, QUESTION = (UUID(int=n) for n in (1, 2, 3))
HOUR = 3_600_000


def on(day: int, hour: int, second: float = 0) -> datetime:
    return at(date(2026, 10, day), hour, second=second)


def came(moment: datetime, case: UUID = CASE) -> Step:
    return Step(moment, Happened.CAME, case)


def solved(moment: datetime, case: UUID = CASE, number: int = 1) -> Step:
    return Step(moment, Happened.SOLVED, case, number)


def turn(moment: datetime, holder: Side | None) -> Step:
    return Step(moment, Happened.MOVED, QUESTION, holder=holder)


def alone(case: UUID, _: datetime) -> Collection[UUID]:
    return [case]


def hours(one: Settled) -> tuple[float, float, float]:
    return one.ours_ms / HOUR, one.shop_ms / HOUR, one.shopper_ms / HOUR


EXAMPLE = (
    came(on(5, 10)), turn(on(5, 11), Side.SHOP), turn(on(6, 15), Side.DESK), solved(on(6, 16)),
    came(on(8, 16)), solved(on(8, 18), number=4), turn(on(8, 19), None),
)  # fmt: skip


def test_the_example_of_the_document() -> None:
    (one,) = settlements(EXAMPLE, alone)
    assert hours(one) == (4, 28, 48)
    assert (one.number, one.at, one.whole_ms) == (4, on(8, 18), 80 * HOUR)

    short = [Settled(number=n, at=on(9, 12), ours_ms=n * HOUR, shop_ms=0, shopper_ms=0) for n in (2, 8)]
    figures = resolution_figures([one, *short], OCTOBER)
    assert tuple(figure.key for figure in figures) == RESOLUTION_KEYS
    assert [figure.value for figure in figures[:3]] == [30 * HOUR, 8 * HOUR, 80 * HOUR]
    assert [figure.numerator for figure in figures[3:]] == [14 * HOUR, 28 * HOUR, 48 * HOUR]
    assert sum(figure.numerator for figure in figures[3:]) == figures[0].numerator


@pytest.mark.parametrize(("late", "took"), [(0, [7 * 24 + 2]), (1, [1, 1])])
def test_a_mail_after_more_than_seven_days_begins_the_matter_anew(late: int, took: list[int]) -> None:
    again = on(8, 11, late)
    steps = [came(on(1, 10)), solved(on(1, 11)), came(again), solved(again + timedelta(hours=1))]
    assert [one.whole_ms / HOUR for one in settlements(steps, alone)] == took


def test_a_month_has_those_whose_seven_days_ended_in_it() -> None:
    moments = [
        OCTOBER.starts_at - timedelta(days=7, microseconds=1), OCTOBER.starts_at - timedelta(days=7),
        OCTOBER.ends_at - timedelta(days=7, microseconds=1), OCTOBER.ends_at - timedelta(days=7),
    ]  # fmt: skip
    every = [
        Settled(number=n, at=moment, ours_ms=1, shop_ms=0, shopper_ms=0) for n, moment in enumerate(moments)
    ]
    assert [one.number for one in for_good(every, OCTOBER)] == [1, 2]
    assert resolution_figures([every[0], every[3]], OCTOBER) == ()


def test_what_is_still_open_or_was_settled_unasked_is_nothing() -> None:
    assert settlements([came(on(1, 10))], alone) == []
    assert settlements([came(on(1, 10)), solved(on(1, 11)), came(on(1, 12))], alone) == []
    assert settlements([solved(on(1, 11))], alone) == []


def test_joined_cases_are_settled_when_the_last_of_them_is() -> None:
    """The first was settled before the second was joined to it; what waits anywhere waits for us."""
    joined_at = on(3, 12)

    def together(case: UUID, moment: datetime) -> Collection[UUID]:
        return [CASE, OTHER] if moment > joined_at else [case]

    steps = [came(on(1, 10)), came(on(1, 20), OTHER), solved(on(2, 10)), solved(on(3, 14), number=2)]
    (one,) = settlements(steps, together)
    assert (one.number, hours(one)) == (2, (52, 0, 0))
    (one,) = settlements([*steps[:3], came(on(2, 20)), *steps[3:]], together)
    assert hours(one) == (52, 0, 0)


def test_settled_with_a_question_still_at_the_shop_it_waits_for_the_shop_and_not_for_the_shopper() -> None:
    steps = [
        came(on(1, 10)), turn(on(1, 11), Side.SHOP), solved(on(1, 12)), turn(on(2, 12), Side.DESK),
        came(on(3, 12)), solved(on(3, 13)),
    ]  # fmt: skip
    (one,) = settlements(steps, alone)
    assert hours(one) == (2, 25, 24)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40 * 24), st.sampled_from(["came", "solved", "shop", "desk", "closed"]),
            st.sampled_from([CASE, OTHER]),
        ),
        max_size=14,
    )
)  # fmt: skip
def test_the_parts_fill_the_time_from_a_mail_to_a_settling(drawn: list[tuple[int, str, UUID]]) -> None:
    start = on(1, 0)
    holders = {"shop": Side.SHOP, "desk": Side.DESK, "closed": None}
    steps = []
    for hour, what, case in drawn:
        moment = start + timedelta(hours=hour)
        if what in holders:
            steps.append(turn(moment, holders[what]))
        else:
            steps.append(came(moment, case) if what == "came" else solved(moment, case))
    found = settlements(steps, alone)
    mails = {step.at for step in steps if step.kind is Happened.CAME}
    settlings = {step.at for step in steps if step.kind is Happened.SOLVED}
    for one in found:
        assert one.at in settlings
        assert one.at - one.whole_ms * MILLISECOND in mails
        assert min(one.ours_ms, one.shop_ms, one.shopper_ms) >= 0
        assert not [at for at in mails if one.at < at <= one.at + timedelta(days=7)]
    spans = [(one.at - one.whole_ms * MILLISECOND, one.at) for one in found]
    assert all(end < begin for (_, end), (begin, _) in itertools.pairwise(spans))
