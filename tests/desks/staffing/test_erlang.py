"""Erlang C against published figures, Erlang A against Erlang C and against a line played out."""

import csv
import heapq
import math
from collections import deque
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desks.staffing.erlang import MOST_AGENTS, Load, Outlook, outlook, rostered, seats_needed

TABLE = Path(__file__).parents[4] / "shared" / "corpora" / "erlang-c" / "erlang_c.csv"
"""420 rows computed with exact fractions, where they lie beside the repository; these are five of them."""
SAMPLE = """\
calls,per_minutes,aht_s,erlangs,agents,p_wait,target_s,service_level,asa_s,occupancy
20,30,180,2.000000,12,0.0000013887,20,0.9999995428,0.000025,0.16666667
100,30,180,10.000000,15,0.1020423670,30,0.9556525701,3.673525,0.66666667
240,30,240,32.000000,43,0.0428566131,10,0.9729001923,0.935053,0.74418605
60,60,360,6.000000,8,0.3569810859,20,0.6805592890,64.256595,0.75000000
2000,60,150,83.333333,90,0.3672894852,30,0.9031835428,8.264013,0.92592593
"""
HALF_AN_HOUR = Load(calls=100, interval=1800, handling=180)
LOADS = st.builds(
    Load,
    calls=st.floats(1, 2000),
    interval=st.just(1800.0),
    handling=st.floats(30, 900),
    patience=st.none() | st.floats(5, 1200),
)


def test_published_figures() -> None:
    found = outlook(HALF_AN_HOUR, 14, within=20)
    assert HALF_AN_HOUR.traffic == pytest.approx(10)
    assert found.wait_probability == pytest.approx(0.17413193, abs=1e-8)
    assert found.service_level == pytest.approx(0.88835, abs=1e-5)
    assert found.average_speed_of_answer == pytest.approx(7.83594, abs=1e-5)
    assert found.occupancy == pytest.approx(0.714286, abs=1e-6)
    larger = outlook(Load(calls=1000, interval=3600, handling=120), 40, within=20)
    assert (larger.wait_probability, larger.service_level) == pytest.approx((0.1907, 0.9372), abs=5e-5)
    assert larger.average_speed_of_answer == pytest.approx(3.43, abs=5e-3)


def test_one_seat_moves_the_level_by_many_points() -> None:
    twelve_shops = Load(calls=72, interval=1800, handling=360)
    levels = [round(outlook(twelve_shops, seats, within=20).service_level, 2) for seats in (17, 18, 19, 20)]
    assert levels == [0.64, 0.77, 0.86, 0.91]
    assert seats_needed(twelve_shops, within=20, target=0.80) == 19


def test_exact_table() -> None:
    rows = list(csv.DictReader((TABLE.read_text() if TABLE.exists() else SAMPLE).splitlines()))
    assert rows
    for row in rows:
        load = Load(
            calls=float(row["calls"]), interval=60 * float(row["per_minutes"]), handling=float(row["aht_s"])
        )
        found = outlook(load, int(row["agents"]), within=float(row["target_s"]))
        exact = [float(row[name]) for name in ("p_wait", "service_level", "asa_s", "occupancy")]
        assert [
            found.wait_probability, found.service_level, found.average_speed_of_answer, found.occupancy,
        ] == pytest.approx(exact, abs=1e-6)  # fmt: skip


def test_too_few_agents_and_nobody_ever_gives_up() -> None:
    found = outlook(HALF_AN_HOUR, 10, within=20)
    assert (found.wait_probability, found.service_level, found.occupancy) == (1, 0, 1)
    assert math.isinf(found.average_speed_of_answer)


def test_no_calls_need_one_seat_and_nobody_waits() -> None:
    silence = Load(calls=0, interval=1800, handling=180, patience=60)
    assert seats_needed(silence, within=20, target=0.8) == 1
    assert outlook(silence, 1, within=20) == Outlook(
        agents=1, wait_probability=0, service_level=1, average_speed_of_answer=0, occupancy=0, abandoned=0
    )


def test_callers_who_hardly_give_up_make_erlang_c() -> None:
    patient = outlook(HALF_AN_HOUR, 12, within=20)
    almost = outlook(Load(calls=100, interval=1800, handling=180, patience=1e8), 12, within=20)
    assert almost.service_level == pytest.approx(patient.service_level, abs=1e-5)
    assert almost.average_speed_of_answer == pytest.approx(patient.average_speed_of_answer, rel=1e-4)


@pytest.mark.parametrize("agents", [5, 11])
def test_callers_who_give_up_as_a_line_played_out(agents: int) -> None:
    load = Load(calls=100, interval=1800, handling=180, patience=120)
    found, played = outlook(load, agents, within=20), played_out(load, agents, within=20)
    assert found.wait_probability == pytest.approx(played.wait_probability, abs=0.01)
    assert found.service_level == pytest.approx(played.service_level, abs=0.01)
    assert found.abandoned == pytest.approx(played.abandoned, abs=0.01)
    assert found.average_speed_of_answer == pytest.approx(played.average_speed_of_answer, rel=0.03)


@given(load=LOADS, agents=st.integers(1, 300), within=st.floats(0, 120))
def test_shares_are_shares_and_one_more_agent_never_harms(load: Load, agents: int, within: float) -> None:
    one, more = (outlook(load, seats, within=within) for seats in (agents, agents + 1))
    for share in (one.wait_probability, one.service_level, one.occupancy, one.abandoned):
        assert -1e-9 <= share <= 1 + 1e-9
    assert more.service_level >= one.service_level - 1e-9
    assert more.abandoned <= one.abandoned + 1e-9
    assert one.occupancy == pytest.approx(min(1, load.traffic * (1 - one.abandoned) / agents), abs=1e-9)


@settings(max_examples=40)
@given(load=LOADS, target=st.floats(0.05, 0.99))
def test_one_seat_fewer_misses_the_target(load: Load, target: float) -> None:
    seats = seats_needed(load, within=20, target=target)
    assert seats is not None
    assert outlook(load, seats, within=20).service_level >= target
    assert seats == 1 or outlook(load, seats - 1, within=20).service_level < target


def test_the_largest_crowd_that_all_agents_answer() -> None:
    most = Load(calls=MOST_AGENTS * 9.9, interval=1800, handling=180)  # 9,900 erlang
    seats = seats_needed(most, within=20, target=0.8)
    assert seats is not None
    assert 9_900 < seats < MOST_AGENTS
    assert seats_needed(replace(most, calls=MOST_AGENTS * 10.0), within=20, target=0.8) is None


def test_a_crowd_is_counted_without_overflow() -> None:
    crowd = Load(calls=20_000, interval=1800, handling=180, patience=3600)
    found = outlook(crowd, 200, within=20)
    assert found.abandoned == pytest.approx(0.9)
    assert found.service_level == pytest.approx(0, abs=1e-9)


def test_people_away_are_planned_for() -> None:
    assert [rostered(14, away) for away in (0, 0.3, 0.5)] == [14, 20, 28]


def played_out(load: Load, agents: int, *, within: float, calls: int = 150_000) -> Outlook:
    """The same line, call by call."""
    assert load.patience
    chance = Random(1)
    busy: list[float] = []
    line: deque[tuple[float, float]] = deque()
    now = waited = 0.0
    waits = answered = in_time = gone = 0
    for _ in range(calls):
        now += chance.expovariate(load.rate)
        while busy and busy[0] <= now:
            free = heapq.heappop(busy)
            while line and line[0][1] <= free:
                line.popleft()
                gone += 1
            if line:
                wait = free - line.popleft()[0]
                waited, answered, in_time = waited + wait, answered + 1, in_time + (wait <= within)
                heapq.heappush(busy, free + chance.expovariate(1 / load.handling))
        if len(busy) < agents:
            answered, in_time = answered + 1, in_time + 1
            heapq.heappush(busy, now + chance.expovariate(1 / load.handling))
        else:
            waits += 1
            line.append((now, now + chance.expovariate(1 / load.patience)))
    ended = answered + gone
    return Outlook(
        agents=agents,
        wait_probability=waits / calls,
        service_level=in_time / ended,
        average_speed_of_answer=waited / answered,
        occupancy=0.0,
        abandoned=gone / ended,
    )
