"""The burst of one shop: the others hardly notice, the queue drains as theory says, and the tables agree."""

from dataclasses import replace

import pytest

from desks import sharing
from nanori.installation import Installation
from nanori_app.cli import burst
from nanori_app.rehearse.burst.floors import START, MatchedFloor
from nanori_app.rehearse.burst.load import BURSTING, EACH, LOADS, TOGETHER, Load, draw
from nanori_app.rehearse.burst.scene import play
from nanori_app.rehearse.burst.seeds import play_seeds
from nanori_app.rehearse.burst.tables import set_up
from nanori_app.rehearse.burst.theory import expected_waiting
from nanori_app.rehearse.carrier import SimulatorClock

SMALL = replace(
    TOGETHER, others=4, agents=8, each_every=60.0, handling=60.0, burst_calls=40, burst_at=60.0, lasts=180.0
)


@pytest.mark.parametrize("load", LOADS, ids=lambda load: load.name)
async def test_the_others_hardly_notice_and_theory_is_met(load: Load) -> None:
    outcome = await play_seeds(load, range(1, 4))

    assert outcome.holds
    assert max(one.first_come for one in outcome.seeds) < min(one.with_burst for one in outcome.seeds) - 15


async def test_without_the_rule_the_scene_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "CHANCE", 100.0)
    outcome = await play_seeds(TOGETHER, [1])

    assert not outcome.holds


def test_the_same_seed_draws_the_same_calls_and_the_burst_changes_no_other() -> None:
    quiet, loud = (draw(EACH, 7, with_burst=there) for there in (False, True))

    def others(calls: list) -> list:  # type: ignore[type-arg] # calls as they come
        return [(one.shop, one.at, one.patience, one.handling) for one in calls if one.shop != BURSTING]

    assert others(quiet) == others(loud)
    assert len(loud) == len(quiet) + EACH.burst_calls


def test_theory_keeps_every_caller_in_mind() -> None:
    waiting = expected_waiting(replace(EACH, patience=1e9, handling=1e9), every=10.0)

    assert waiting[1] == pytest.approx(EACH.burst_calls, rel=0.02)


async def test_the_tables_make_the_same_offers_as_the_decision_in_memory(clone: Installation) -> None:
    house = replace(clone, clock=SimulatorClock(START))
    calls = draw(SMALL, 3, with_burst=True)
    on_tables = await play(SMALL, calls, await set_up(house, SMALL))
    in_memory = await play(SMALL, calls, MatchedFloor(SMALL))

    assert len(in_memory.offers) > 15
    assert on_tables.offers == in_memory.offers
    assert on_tables.answered == in_memory.answered


def test_the_command_tells_what_it_played_and_whether_it_holds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(burst, "LOADS", (SMALL,))
    code = burst.play_burst(1, 2, as_json=False)
    told = capsys.readouterr().out

    assert "40 calls in 10 s for one shop" in told
    assert "first come, first served" in told
    assert code == ("VIOLATED" in told)
