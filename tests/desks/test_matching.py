"""The decision by itself: every rule by an example, and what must hold whatever comes."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from desks.matching import Agent, Caller, DeskRule, Pair, Place, match, standings_of
from tests.support.clock import START

NOW = START + timedelta(minutes=10)
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def agent(number: int, *desks: UUID, idle: int = 0, **facts: object) -> Agent:
    """Ready; ``idle`` seconds longer than the others."""
    places = facts.pop("places", None) or {desk: Place() for desk in desks}
    ready = bool(facts.pop("is_ready", True))
    since = START - timedelta(seconds=idle)
    return Agent(agent_id=UUID(int=100 + number), is_ready=ready, since=since, places=places, **facts)  # type: ignore[arg-type] # named by the test


def caller(number: int, desk: UUID = A, waited: int = 60, **facts: object) -> Caller:
    at = NOW - timedelta(seconds=waited)
    return Caller(waiting_id=UUID(int=1000 + number), desk=desk, enqueued_at=at, **facts)  # type: ignore[arg-type] # named by the test


def rule(desk: UUID = A, **facts: object) -> DeskRule:
    return DeskRule(desk=desk, **facts)  # type: ignore[arg-type] # named by the test


def asked(pairs: list[Pair]) -> list[tuple[int, int]]:
    return [(pair.caller.waiting_id.int - 1000, pair.agent.agent_id.int - 100) for pair in pairs]


def test_level_then_preference_then_idleness_decide_among_agents() -> None:
    places = {1: Place(2), 2: Place(1), 3: Place(1, preferred=True), 4: Place(1)}
    agents = [agent(number, places={A: place}, idle=number) for number, place in places.items()]
    callers = [caller(number, waited=90 - number) for number in range(4)]

    assert asked(match(callers, agents, [rule(waiting=4)], now=NOW)) == [(0, 3), (1, 4), (2, 2), (3, 1)]


def test_the_next_level_is_asked_when_its_time_has_come_or_by_hand() -> None:
    second = agent(2, places={A: Place(2)})
    busy = agent(1, A, is_ready=False)
    slow = rule(overflow_after=timedelta(seconds=60), waiting=1)

    assert match([caller(1, waited=59)], [busy, second], [slow], now=NOW) == []
    assert asked(match([caller(1, waited=60)], [busy, second], [slow], now=NOW)) == [(1, 2)]
    by_hand = rule(overflow_after=timedelta(seconds=60), overflow_is_open=True, waiting=1)
    assert asked(match([caller(1, waited=1)], [busy, second], [by_hand], now=NOW)) == [(1, 2)]


def test_a_level_on_which_nobody_is_on_duty_is_not_waited_for() -> None:
    slow = rule(overflow_after=timedelta(seconds=60), waiting=1)

    assert asked(match([caller(1, waited=1)], [agent(2, places={A: Place(2)})], [slow], now=NOW)) == [(1, 2)]


def test_who_is_asked_for_by_name_is_the_only_one_asked() -> None:
    agents = [agent(1, A, idle=9), agent(2, A)]
    wish = caller(1, for_agent=UUID(int=102))

    assert asked(match([wish], agents, [rule(waiting=1)], now=NOW)) == [(1, 2)]
    assert match([wish], agents[:1], [rule(waiting=1)], now=NOW) == []


def test_a_mail_is_interrupted_only_by_desks_that_say_so() -> None:
    writer = [agent(1, A, B, writes_mail=True)]
    desks = [rule(A, waiting=1), rule(B, waiting=1, interrupts_mail=True)]

    assert asked(match([caller(1, A, 90), caller(2, B, 5)], writer, desks, now=NOW)) == [(2, 1)]


def test_a_lost_caller_goes_first_and_takes_no_notice_of_reserves() -> None:
    desks = [rule(A, waiting=2), rule(B, reserved=1)]
    callers = [caller(1, waited=500), caller(2, waited=10, priority=100)]

    assert asked(match(callers, [agent(1, A, B)], desks, now=NOW)) == [(2, 1)]


def test_the_longest_waiting_of_all_desks_goes_first_while_nobody_has_too_much() -> None:
    desks = [rule(A, waiting=1), rule(B, waiting=1), rule(C, waiting=1)]
    callers = [caller(1, A, 10), caller(2, B, 30), caller(3, C, 20)]

    assert asked(match(callers, [agent(1, A, B, C), agent(2, A, B, C)], desks, now=NOW)) == [(2, 1), (3, 2)]


def test_a_burst_waits_for_the_callers_of_other_desks_and_leaves_agents_free_for_them() -> None:
    agents = [agent(number, A, B, C, is_ready=number < 7) for number in range(12)]
    desks = [rule(A, in_hand=9, waiting=400), rule(B, in_hand=3, waiting=1), rule(C)]
    callers = [*(caller(number, A, 100) for number in range(50)), caller(99, B, 1)]
    pairs = asked(match(callers, agents, desks, now=NOW))

    assert [one for one, _ in pairs] == [99, 0, 1, 2]  # of the six that are left then, three stay free


def test_agents_reserved_for_a_desk_are_taken_by_no_other_with_its_own_in_hand() -> None:
    agents = [agent(number, A, B) for number in range(3)]
    desks = [rule(A, waiting=3), rule(B, reserved=2)]

    assert len(match([caller(number) for number in range(3)], agents, desks, now=NOW)) == 1


@st.composite
def floors(draw: st.DrawFn) -> tuple[list[Caller], list[Agent], list[DeskRule]]:
    keys = [UUID(int=number) for number in range(1, draw(st.integers(2, 6)))]
    desks = [
        DeskRule(
            desk=key, in_hand=draw(st.integers(0, 8)), waiting=draw(st.integers(0, 40)),
            weight=draw(st.integers(1, 3)), reserved=draw(st.sampled_from([0, 0, 0, 1, 2])),
            overflow_after=timedelta(seconds=draw(st.sampled_from([0, 0, 30]))),
            interrupts_mail=draw(st.booleans()),
        )
        for key in keys
    ]  # fmt: skip
    places = st.builds(Place, st.integers(1, 3), st.booleans())
    rosters = st.dictionaries(st.sampled_from(keys), places, min_size=1)
    agents = [
        Agent(
            agent_id=UUID(int=100 + number), is_ready=draw(st.booleans()), places=draw(rosters),
            since=START - timedelta(seconds=draw(st.integers(0, 90))), writes_mail=draw(st.booleans()),
            last_shop=draw(st.none() | st.sampled_from(keys)),
        )
        for number in range(draw(st.integers(0, 10)))
    ]  # fmt: skip
    names = st.sampled_from([UUID(int=100 + number) for number in range(10)])
    callers = [
        Caller(
            waiting_id=UUID(int=1000 + number), desk=draw(st.sampled_from(keys)),
            enqueued_at=NOW - timedelta(seconds=draw(st.integers(0, 90))),
            priority=draw(st.sampled_from([0, 0, 0, 100])), for_agent=draw(st.none() | names),
            just_asked=draw(st.frozensets(names, max_size=2)),
        )
        for number in range(draw(st.integers(0, 15)))
    ]  # fmt: skip
    return callers, agents, desks


def may(one: Caller, other: Agent, desks: dict[UUID, DeskRule], agents: list[Agent]) -> bool:
    """The rules for one pair, written once more by hand."""
    place, desk = other.places.get(one.desk), desks[one.desk]
    if place is None or not other.is_ready or other.agent_id in one.just_asked:
        return False
    if one.for_agent not in {None, other.agent_id} or (other.writes_mail and not desk.interrupts_mail):
        return False
    if not desk.overflow_after:
        return True
    levels = sorted({each.places[one.desk].level for each in agents if one.desk in each.places})
    return levels.index(place.level) <= (NOW - one.enqueued_at) // desk.overflow_after


@given(floors())
@settings(max_examples=150)
def test_whatever_comes_each_pair_is_allowed_and_nobody_is_in_two(
    floor: tuple[list[Caller], list[Agent], list[DeskRule]],
) -> None:
    callers, agents, desks = floor
    pairs = match(callers, agents, desks, now=NOW)
    by_desk = {one.desk: one for one in desks}

    assert all(may(pair.caller, pair.agent, by_desk, agents) for pair in pairs)
    assert all(number == 1 for number in Counter(pair.agent.agent_id for pair in pairs).values())
    assert all(number == 1 for number in Counter(pair.caller.waiting_id for pair in pairs).values())


@given(floors())
@settings(max_examples=150)
def test_nobody_waits_for_an_agent_who_is_free_unless_that_one_is_kept_for_others(
    floor: tuple[list[Caller], list[Agent], list[DeskRule]],
) -> None:
    callers, agents, desks = floor
    pairs = match(callers, agents, desks, now=NOW)
    standings, by_desk = standings_of(desks, agents), {one.desk: one for one in desks}
    taken = {pair.agent.agent_id for pair in pairs}
    served = {pair.caller.waiting_id for pair in pairs}

    for one in callers:
        if one.waiting_id in served or (standings[one.desk].kept_free and not one.priority):
            continue  # somebody may be kept for others
        assert not any(other.agent_id not in taken and may(one, other, by_desk, agents) for other in agents)


@given(floors())
@settings(max_examples=150)
def test_who_has_waited_longer_at_the_same_desk_is_never_passed_by_an_equal(
    floor: tuple[list[Caller], list[Agent], list[DeskRule]],
) -> None:
    callers, agents, desks = floor
    equal = [Caller(waiting_id=one.waiting_id, desk=one.desk, enqueued_at=one.enqueued_at) for one in callers]
    served = {pair.caller.waiting_id for pair in match(equal, agents, desks, now=NOW)}

    for desk in desks:
        line = sorted(
            (one for one in equal if one.desk == desk.desk),
            key=lambda one: (one.enqueued_at, one.waiting_id),
        )
        if desk.overflow_after:
            continue
        got = [one.waiting_id in served for one in line]
        assert got == sorted(got, reverse=True)


@given(floors())
@settings(max_examples=150)
def test_a_desk_beyond_its_share_is_not_served_before_one_within_it(
    floor: tuple[list[Caller], list[Agent], list[DeskRule]],
) -> None:
    callers, agents, desks = floor
    plain = [Caller(waiting_id=one.waiting_id, desk=one.desk, enqueued_at=one.enqueued_at) for one in callers]
    rules = [DeskRule(desk=one.desk, in_hand=one.in_hand, waiting=one.waiting) for one in desks]
    everywhere = {one.desk: Place() for one in rules}
    same = [
        Agent(agent_id=one.agent_id, is_ready=one.is_ready, since=one.since, places=everywhere)
        for one in agents
    ]
    standings = standings_of(rules, same)
    in_hand = {one.desk: one.in_hand for one in rules}
    left = Counter(one.desk for one in plain)
    for pair in match(plain, same, rules, now=NOW):
        desk = pair.caller.desk
        if in_hand[desk] >= standings[desk].share:
            within = [key for key, count in left.items() if count and in_hand[key] < standings[key].share]
            assert all(in_hand[key] + 1 > standings[key].own for key in within)
        in_hand[desk] += 1
        left[desk] -= 1
