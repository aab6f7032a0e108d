"""Patience learnt from waits that an answer cut short."""

import random

import pytest

from desks.staffing.patience import FEWEST, estimate


@pytest.mark.parametrize(("true", "answered_after"), [(60.0, 20.0), (120.0, 120.0), (90.0, 400.0)])
def test_the_interval_holds_the_true_patience_95_times_in_100_however_soon_callers_are_answered(
    true: float, answered_after: float
) -> None:
    """A naive mean of the waits of those who gave up would be far too short."""
    chance, inside, means, naive = random.Random(7), 0, [], []
    plays = 400
    for _ in range(plays):
        waits = [(chance.expovariate(1 / true), chance.expovariate(1 / answered_after)) for _ in range(400)]
        gone = [patience for patience, answer in waits if patience < answer]
        found = estimate(len(gone), sum(min(pair) for pair in waits))
        assert found is not None
        inside += found.least <= true <= found.most
        means.append(found.mean)
        naive.append(sum(gone) / len(gone))

    assert 0.92 <= inside / plays <= 0.98
    assert sum(means) / plays == pytest.approx(true, rel=0.05)
    assert sum(naive) / plays < 0.9 * true


def test_the_published_limits_of_a_count_of_ten() -> None:
    """The exact 95 % limits of a Poisson count of 10 are 4.795 and 18.391."""
    found = estimate(10, 1000.0)
    assert found is not None
    assert found.mean == 100.0
    assert found.least == pytest.approx(1000 / 18.391, rel=1e-3)
    assert found.most == pytest.approx(1000 / 4.795, rel=5e-3)


def test_too_few_who_gave_up_say_nothing() -> None:
    assert estimate(FEWEST - 1, 5000.0) is None
    assert estimate(FEWEST, 0.0) is None
