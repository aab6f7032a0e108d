"""Callers go to agents who stay with the same shop: nobody waits for it, and the load stays even."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from statistics import fmean
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from desks.matching import SAME_SHOP_WITHIN, Agent, Caller, DeskRule, Pair, Place, match
from nanori_app.rehearse.burst.floors import MatchedFloor
from nanori_app.rehearse.burst.load import SECOND, BurstCall, Load, draw
from nanori_app.rehearse.burst.scene import Played, play
from tests.desks.test_matching import NOW, A, B, C, agent, asked, caller, floors, rule

LIMIT = int(SAME_SHOP_WITHIN.total_seconds())
MORNING = Load(
    name="morning", says="eight shops share twelve agents", others=8, each_every=160.0, handling=180.0,
    patience=120.0, agents=12, burst_calls=0, lasts=4 * 3600.0,
)  # fmt: skip


def at_home(desk: UUID, **facts: object) -> DeskRule:
    return rule(desk, shop=desk, **facts)


def test_of_equals_the_one_who_stays_with_the_shop_is_asked_within_the_limit() -> None:
    desks = [at_home(A, waiting=1), at_home(B)]
    within = [agent(1, A, B, idle=LIMIT, last_shop=B), agent(2, A, B, idle=0, last_shop=A)]
    beyond = [replace(within[0], since=within[0].since - timedelta(milliseconds=1)), within[1]]

    assert asked(match([caller(1)], within, desks, now=NOW)) == [(1, 2)]
    assert asked(match([caller(1)], beyond, desks, now=NOW)) == [(1, 1)]


def test_who_has_spoken_for_nobody_yet_changes_no_shop() -> None:
    agents = [agent(1, A, B, idle=9), agent(2, A, B, last_shop=A)]

    assert asked(match([caller(1)], agents, [at_home(A, waiting=1), at_home(B)], now=NOW)) == [(1, 1)]


def test_level_and_preference_go_before_the_same_shop() -> None:
    for better, other in ((Place(1), Place(2)), (Place(1, preferred=True), Place(1))):
        agents = [
            agent(1, places={A: better, B: Place()}, last_shop=B),
            agent(2, places={A: other, B: Place()}, last_shop=A),
        ]
        desks = [at_home(A, waiting=1), at_home(B)]

        assert asked(match([caller(1)], agents, desks, now=NOW)) == [(1, 1)]


def test_the_last_who_is_free_for_another_desk_stays_free_for_it() -> None:
    agents = [agent(1, A, B, idle=9, last_shop=B), agent(2, A, C, last_shop=A)]
    desks = [at_home(A, waiting=1), at_home(B), at_home(C)]

    assert asked(match([caller(1)], agents, desks, now=NOW)) == [(1, 1)]
    assert asked(match([caller(1)], [*agents, agent(3, C)], desks, now=NOW)) == [(1, 2)]
    writer = agent(3, C, writes_mail=True)
    assert asked(match([caller(1)], [*agents, writer], desks, now=NOW)) == [(1, 1)]


def test_a_desk_whose_quiet_agents_write_mails_loses_none_who_does_not() -> None:
    writer = agent(1, A, B, idle=9, last_shop=B, writes_mail=True)
    agents = [writer, agent(2, A, B, last_shop=A)]
    desks = [at_home(A, waiting=1, interrupts_mail=True), at_home(B)]

    assert asked(match([caller(1)], agents, desks, now=NOW)) == [(1, 1)]


def changes(pairs: list[Pair], desks: list[DeskRule]) -> int:
    shops = {one.desk: one.shop for one in desks}
    return sum(
        shops[one.caller.desk] is not None and one.agent.last_shop not in {None, shops[one.caller.desk]}
        for one in pairs
    )


def free_levels(pairs: list[Pair], agents: list[Agent], desk: UUID, *, writers: bool) -> list[int]:
    taken = {one.agent.agent_id for one in pairs}
    return sorted(
        one.places[desk].level
        for one in agents
        if desk in one.places and one.is_ready and one.agent_id not in taken and one.writes_mail <= writers
    )


@st.composite
def likely_floors(draw: st.DrawFn) -> tuple[list[Caller], list[Agent], list[DeskRule]]:
    """Callers of one shop, and agents who are free and come from others."""
    others = st.frozensets(st.sampled_from([B, C]))
    agents = [
        agent(
            number, A, *sorted(draw(others)), idle=draw(st.integers(0, 70)),
            last_shop=draw(st.sampled_from([A, B, C])), writes_mail=draw(st.booleans()),
        )
        for number in range(draw(st.integers(2, 5)))
    ]  # fmt: skip
    callers = [caller(number) for number in range(draw(st.integers(1, 3)))]
    return callers, agents, [rule(desk, interrupts_mail=True) for desk in (A, B, C)]


@given(floors() | likely_floors())
@settings(max_examples=200)
def test_whatever_comes_the_same_callers_are_served_and_no_desk_is_left_with_less(
    floor: tuple[list[Caller], list[Agent], list[DeskRule]],
) -> None:
    callers, agents, desks = floor
    desks = [replace(one, shop=one.desk) for one in desks]
    with_it = match(callers, agents, desks, now=NOW)
    without = match(callers, agents, [replace(one, shop=None) for one in desks], now=NOW)

    assert [one.caller for one in with_it] == [one.caller for one in without]
    assert changes(with_it, desks) <= changes(without, desks)
    for one, before in zip(with_it, without, strict=True):
        desk = one.caller.desk
        assert one.agent.places[desk] == before.agent.places[desk]
        assert one.agent.since - before.agent.since <= SAME_SHOP_WITHIN
    for each in desks:
        for writers in (False, True):
            left = free_levels(without, agents, each.desk, writers=writers)
            still = free_levels(with_it, agents, each.desk, writers=writers)
            assert not left or (still and still[0] <= left[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What a morning was for the agents; changes are of one agent in one hour."""

    changes: float
    fewest: int
    most: int
    busiest: float
    idlest: float
    in_time: float


def shift_of(calls: list[BurstCall], played: Played) -> Shift:
    agent_of = dict(played.offers)
    last: dict[int, int] = {}
    changed, count, work = 0, Counter[int](), Counter[int]()
    for number in sorted(played.answered, key=lambda one: (played.answered[one], one)):
        who, call = agent_of[number], calls[number]
        changed += last.get(who, call.shop) != call.shop
        last[who] = call.shop
        count[who] += 1
        work[who] += call.handling
    in_time = sum(played.answered.get(one.number, 1e12) - one.at <= 20 * SECOND for one in calls)
    whole = MORNING.lasts * SECOND
    return Shift(
        changes=changed / MORNING.agents / (MORNING.lasts / 3600),
        fewest=min(count.values()),
        most=max(count.values()),
        busiest=max(work.values()) / whole,
        idlest=min(work.values()) / whole,
        in_time=in_time / len(calls),
    )


async def test_a_morning_has_a_sixth_fewer_changes_and_every_caller_is_answered_at_the_same_moment() -> None:
    for seed in (1, 2):
        calls = draw(MORNING, seed, with_burst=False)
        without = await play(MORNING, calls, MatchedFloor(MORNING, same_shop=False))
        with_it = await play(MORNING, calls, MatchedFloor(MORNING))
        before, after = shift_of(calls, without), shift_of(calls, with_it)

        assert with_it.answered == without.answered
        assert after.changes < before.changes * 5 / 6
        assert after.most <= after.fewest * 1.6
        assert after.busiest - after.idlest < 0.2


async def test_with_rosters_that_differ_the_callers_are_answered_as_well_as_before() -> None:
    chance = Random(7)
    rosters = [sorted(chance.sample(range(1, 9), 5)) for _ in range(MORNING.agents)]
    before: list[Shift] = []
    after: list[Shift] = []
    for seed in (1, 2, 3):
        calls = draw(MORNING, seed, with_burst=False)
        for found, same_shop in ((before, False), (after, True)):
            floor = MatchedFloor(MORNING, same_shop=same_shop, rosters=rosters)
            found.append(shift_of(calls, await play(MORNING, calls, floor)))

    assert fmean(one.changes for one in after) < 0.95 * fmean(one.changes for one in before)
    assert fmean(one.in_time for one in after) > fmean(one.in_time for one in before) - 0.02
