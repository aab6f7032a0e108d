"""Fifty seeds under the worst carrier, and that many seeds are as many single plays."""

import os

import pytest

from nanori_app.rehearse.performance import performance
from nanori_app.rehearse.rehearsal import ledger_of, outcomes_of
from nanori_app.rehearse.seeds import Tally, rehearse_seeds
from tests.nanori_app.rehearse.conftest import Stages, a_programme

TENS = range(0, 50, 10)
CALLS = int(os.environ.get("NANORI_CALLS_A_SEED", "2"))
"""Each costs a second of CPU; ``nanori rehearse --seeds`` plays ten."""
FIRST = int(os.environ.get("NANORI_FIRST_SEED", "1"))


@pytest.mark.parametrize("ten", TENS)
async def test_fifty_seeds_under_the_worst_carrier_violate_nothing(empty_house: Stages, ten: int) -> None:
    tally = Tally()
    programme = a_programme(calls=CALLS, mails=0, faults="all")
    seeds = range(FIRST + ten, FIRST + ten + 10)
    with empty_house() as settings:
        async for one in rehearse_seeds(settings, programme, seeds):
            tally.add(one)
    assert tally.violations == []
    came_in = sum(count for name, count in tally.outcomes.items() if not name.startswith("outbound"))
    assert (tally.seeds, came_in) == (10, 10 * CALLS)


async def test_a_seed_among_others_comes_out_as_by_itself(empty_house: Stages) -> None:
    """Emptying leaves nothing behind: the third of three seeds is the play of that seed alone."""
    programme = a_programme(calls=3, mails=0, faults="all", dense=True)
    with empty_house() as settings:
        third = [one async for one in rehearse_seeds(settings, programme, range(5, 8))][-1]
    with empty_house() as settings:
        async with performance(
            settings, a_programme(calls=3, mails=0, faults="all", dense=True, seed=7)
        ) as alone:
            assert outcomes_of(await ledger_of(alone)) == third.outcomes
