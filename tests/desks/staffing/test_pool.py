"""The pool: the play against Erlang C, and a ledger whose sums are exact."""

import math
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desks.staffing.curve import Away, Promise, curve
from desks.staffing.erlang import Load, outlook, rostered, seats_needed
from desks.staffing.errors import TooManyCalls
from desks.staffing.ledger import Ledger, Member, Rule, hundredths, reckon
from desks.staffing.pool import Shop, estimate

HALF_AN_HOUR = 1800.0
EIGHTY_IN_TWENTY = Promise(within=20, target=0.8)


def pool(shops: int, calls: float, handling: float) -> list[Member]:
    return [
        Member(name=f"shop {one}", calls=[calls], handling=handling, promise=EIGHTY_IN_TWENTY)
        for one in range(shops)
    ]


@pytest.mark.parametrize("shops", [1, 4])
def test_the_play_agrees_with_erlang_c(shops: int) -> None:
    """One line of like calls that everybody answers is what the formula is about, however many shops."""
    agents, handling, seconds = 6, 180.0, 80_000.0
    load = Load(calls=40, interval=HALF_AN_HOUR, handling=handling)
    truth = outlook(load, agents, within=20)
    like = Shop(rate=load.rate / shops, handling=handling, within=20)
    for one in estimate([like] * shops, [range(shops)] * agents, seconds=seconds, seed=7):
        for name in ("wait_probability", "service_level", "average_speed_of_answer"):
            found = getattr(one, name)
            exact = getattr(truth, name)
            print(f"\n{name}: {found.mean:.4f} ± {found.give:.4f} (95 %), Erlang C {exact:.4f}")  # noqa: T201 - for pytest -s
            assert found.holds(exact)
            assert found.give < 0.2 * found.mean


def test_skills_matter() -> None:
    """Two shops with two agents each who never help are two lines; together they are one, and faster."""
    shop = Shop(rate=1 / 150, handling=200, within=20)
    apart = estimate([shop, shop], [[0], [0], [1], [1]], seconds=40_000, seed=1)
    both = estimate([shop, shop], [[0, 1]] * 4, seconds=40_000, seed=1)
    alone = outlook(Load(calls=1, interval=150, handling=200), 2, within=20).service_level
    for one, other in zip(apart, both, strict=True):
        assert one.service_level.holds(alone)
        assert other.service_level.mean - other.service_level.give > one.service_level.mean


def test_whom_nobody_answers_waits_for_ever() -> None:
    called, silent = Shop(rate=1 / 150, handling=200, within=20), Shop(rate=0, handling=200, within=20)
    lost, none = estimate([called, silent], [[1], [1]], seconds=4000, seed=3)
    assert (lost.wait_probability.mean, lost.service_level.mean) == (1, 0)
    assert lost.average_speed_of_answer.give == none.service_level.give == math.inf


def test_the_same_seed_plays_the_same() -> None:
    shop = Shop(rate=1 / 60, handling=100, within=20)
    once, again, other = (estimate([shop], [[0]] * 2, seconds=2000, seed=seed) for seed in (1, 1, 2))
    assert once == again != other


@pytest.mark.parametrize(
    ("shops", "calls", "handling", "alone", "together"),
    [(12, 6, 360, 36, 19), (20, 3, 300, 40, 14), (30, 2, 330, 60, 15)],
)
def test_what_pooling_saves(shops: int, calls: float, handling: float, alone: int, together: int) -> None:
    found = reckon(pool(shops, calls, handling), HALF_AN_HOUR)
    assert (found.alone, found.together, found.rule) == (alone, together, Rule.MARGINAL)
    assert {line.share for line in found.lines} == {Fraction(alone - together, shops)}


MEMBERS = st.lists(
    st.builds(
        Member,
        name=st.just("shop"),
        calls=st.lists(st.floats(0.5, 40) | st.just(0.0), min_size=2, max_size=2),
        handling=st.floats(60, 600),
        promise=st.builds(Promise, within=st.sampled_from([10.0, 20.0, 60.0]), target=st.floats(0.5, 0.95)),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25)
@given(MEMBERS, st.sampled_from(Rule))
def test_shares_sum_to_the_saving(members: list[Member], rule: Rule) -> None:
    found = reckon(members, HALF_AN_HOUR, rule)
    assert sum(line.share for line in found.lines) == found.saving
    assert sum(line.pays for line in found.lines) == found.together
    rounded = hundredths({str(at): line.share for at, line in enumerate(found.lines)})
    assert sum(rounded.values()) == found.saving
    for at, line in enumerate(found.lines):
        assert abs(rounded[str(at)] - line.share) < Fraction(1, 100)
    if len(members) == 1:
        assert found.saving == 0


@settings(max_examples=10)
@given(MEMBERS)
def test_shapley_is_the_mean_over_all_orders(members: list[Member]) -> None:
    def saving(who: tuple[int, ...]) -> int:
        return reckon([members[one] for one in who], HALF_AN_HOUR, Rule.MARGINAL).saving if who else 0

    shares = [Fraction(0)] * len(members)
    orders = list(permutations(range(len(members))))
    for order in orders:
        for place, one in enumerate(order):
            shares[one] += Fraction(saving(order[: place + 1]) - saving(order[:place]), len(orders))
    assert [line.share for line in reckon(members, HALF_AN_HOUR, Rule.SHAPLEY).lines] == shares


@settings(max_examples=50)
@given(MEMBERS)
def test_the_marginal_rule_divides_by_what_is_lost_without_each(members: list[Member]) -> None:
    for at in range(2):
        now = [replace(one, calls=[one.calls[at]]) for one in members]
        found = reckon(now, HALF_AN_HOUR, Rule.MARGINAL)
        rests = [now[:place] + now[place + 1 :] for place in range(len(now))]
        lost = [
            max(0, line.alone + (reckon(rest, HALF_AN_HOUR).together if rest else 0) - found.together)
            for line, rest in zip(found.lines, rests, strict=True)
        ]
        parts = lost if any(lost) else [line.alone for line in found.lines]
        assert [line.share * sum(parts) for line in found.lines] == [found.saving * one for one in parts]


def test_a_shop_with_hardly_a_call_is_not_lost_beside_a_large_one() -> None:
    large, tiny = (
        Member(name=str(n), calls=[n], handling=300, promise=EIGHTY_IN_TWENTY) for n in (100, 1e-20)
    )
    found = reckon([large, tiny], HALF_AN_HOUR, Rule.MARGINAL)
    assert (found.saving, [line.alone for line in found.lines]) == (1, [found.together, 1])


def by_name(ledger: Ledger) -> dict[str, Fraction]:
    return {line.name: line.share for line in ledger.lines}


def test_a_shop_without_calls_gets_nothing_and_a_peak_of_its_own_is_seen() -> None:
    idle = Member(name="idle", calls=[0.0], handling=300, promise=EIGHTY_IN_TWENTY)
    for rule in Rule:
        assert by_name(reckon([*pool(3, 5, 300), idle], HALF_AN_HOUR, rule))["idle"] == 0
    strict = Member(name="strict", calls=[5.0], handling=300, promise=Promise(within=5, target=0.99))
    shares = by_name(reckon([*pool(3, 30, 300), strict], HALF_AN_HOUR))
    assert shares["strict"] < min(share for name, share in shares.items() if name != "strict")


def test_more_calls_than_anybody_can_answer_are_said() -> None:
    with pytest.raises(TooManyCalls, match="Not even 10000 agents"):
        reckon(pool(2, 35_000, 300), HALF_AN_HOUR)
    like = Load(calls=0, interval=HALF_AN_HOUR, handling=300)
    assert curve([1e12], like, EIGHTY_IN_TWENTY, Away()) == [None]


def test_a_day_of_seats() -> None:
    like = Load(calls=0, interval=HALF_AN_HOUR, handling=360)
    night, low, noon = curve([0, 0.2, 72], like, EIGHTY_IN_TWENTY, Away(breaks=0.1, training=0.05, leave=0.1))
    assert night is not None
    assert (night.seats, night.rostered, night.reached) == (0, 0, None)
    assert low is not None
    assert (low.seats, low.rostered, low.one_fewer) == (1, 2, None)
    assert noon is not None
    assert noon.reached is not None
    assert noon.one_fewer is not None
    assert (noon.seats, noon.rostered) == (19, rostered(19, 0.25)) == (19, 26)
    assert [round(one.service_level, 2) for one in (noon.reached, noon.one_fewer)] == [0.86, 0.77]


@given(st.lists(st.floats(0, 300), min_size=1, max_size=5), st.floats(0, 0.9), st.none() | st.floats(30, 600))
@settings(max_examples=25)
def test_every_interval_keeps_the_promise_and_not_with_one_fewer(
    calls: list[float], away: float, patience: float | None
) -> None:
    like = Load(calls=0, interval=HALF_AN_HOUR, handling=240, patience=patience)
    for expected, need in zip(calls, curve(calls, like, EIGHTY_IN_TWENTY, Away(leave=away)), strict=True):
        assert need is not None
        assert need.rostered >= need.seats
        if not expected:
            assert need.seats == 0
            continue
        assert need.reached is not None
        assert need.reached.service_level >= 0.8
        assert need.one_fewer is None or need.one_fewer.service_level < 0.8
        assert need.seats == seats_needed(need.load, within=20, target=0.8)


@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (-0.1, 0.0, 0.0)])
def test_nobody_is_away_all_the_time(shares: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="less than 1 in all"):
        Away(*shares)
