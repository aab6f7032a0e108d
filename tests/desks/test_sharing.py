"""How desks share agents: max-min fair, nobody below the reserve, chance is no burst."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desks.sharing import HEADROOM, Demand, all_standings, fair_shares, pools, standings

demands = st.lists(
    st.builds(
        lambda in_hand, waiting, weight: (in_hand, waiting, weight),
        st.integers(0, 30), st.integers(0, 600), st.integers(1, 5),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


def as_demands(rows: list[tuple[int, int, int]]) -> list[Demand[int]]:
    return [
        Demand(desk=number, in_hand=in_hand, waiting=waiting, weight=weight)
        for number, (in_hand, waiting, weight) in enumerate(rows)
    ]


@given(demands, st.integers(0, 200))
def test_all_agents_are_shared_out_and_nobody_gets_more_than_asked_for(
    rows: list[tuple[int, int, int]], capacity: int
) -> None:
    asked = as_demands(rows)
    shares = fair_shares(asked, capacity)

    assert sum(shares.values()) == pytest.approx(min(capacity, sum(one.total for one in asked)))
    assert all(shares[one.desk] <= one.total + 1e-9 for one in asked)


@given(demands, st.integers(0, 200))
def test_whoever_gets_less_than_asked_has_as_much_per_weight_as_anybody(
    rows: list[tuple[int, int, int]], capacity: int
) -> None:
    asked = as_demands(rows)
    shares = fair_shares(asked, capacity)
    most = max(shares[one.desk] / one.weight for one in asked)

    for one in asked:
        if shares[one.desk] < one.total - 1e-6:
            assert shares[one.desk] / one.weight == pytest.approx(most)


@given(demands, st.integers(0, 200))
def test_no_burst_where_there_are_agents_for_all(rows: list[tuple[int, int, int]], spare: int) -> None:
    asked = as_demands(rows)
    capacity = sum(one.total for one in asked) + spare

    assert not any(one.bursting for one in standings(asked, capacity).values())


def test_twenty_quiet_desks_and_one_with_a_burst() -> None:
    quiet = [Demand(desk=number, in_hand=1, waiting=0) for number in range(20)]
    burst = Demand(desk=99, in_hand=20, waiting=480)
    found = standings([*quiet, burst], 40)

    assert [key for key, one in found.items() if one.bursting] == [99]
    assert found[99].share == pytest.approx(20)
    assert found[99].own < 6
    assert found[99].kept_free == math.ceil(HEADROOM * math.sqrt(20))


def test_what_chance_brings_leaves_a_desk_its_own_agents() -> None:
    found = standings([Demand(desk=number, in_hand=2, waiting=0) for number in range(20)], 40)

    assert all(one.own > 2 + 2 for one in found.values())
    assert not any(one.bursting for one in found.values())


def test_weight_makes_more_agents_a_desks_own() -> None:
    light, heavy = Demand(desk=1, in_hand=0, waiting=0), Demand(desk=2, in_hand=0, waiting=0, weight=9)
    found = standings([light, heavy], 40)

    assert found[1].own == pytest.approx(4 + 2 * 2 + 1)
    assert found[2].own == pytest.approx(36 + 2 * 6 + 1)


def test_what_is_reserved_is_left_free_until_it_is_used() -> None:
    mine = Demand(desk=1, in_hand=1, waiting=0, reserved=3)
    others = [Demand(desk=2, in_hand=3, waiting=1), Demand(desk=3, in_hand=0, waiting=0, reserved=1)]
    found = standings([mine, *others], 10)

    assert [found[desk].reserved_elsewhere for desk in (1, 2, 3)] == [1, 3, 2]


def test_desks_without_common_agents_do_not_count_against_each_other() -> None:
    rosters = [frozenset({1, 2}), frozenset({2, 3}), frozenset({7}), frozenset({7})]
    demand = {key: Demand(desk=key, in_hand=0, waiting=1) for key in (1, 2, 3, 7, 8)}
    found = all_standings(demand, rosters)

    assert sorted(sorted(pool) for pool in pools(rosters)) == [[1, 2, 3], [7]]
    assert found[7].share == 1
    assert found[8].share == 0
    assert sum(found[key].share for key in (1, 2, 3)) == pytest.approx(2)
