from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from interactions.values import Outcome, PartyKind
from reports.facts import PhoneFact, Terms, WaitStart
from reports.kpi import apart_figures, by_interval, by_slot, phone_figures, weak_intervals, worst_interval
from reports.tally import APART, apart, tallies, tally
from tests.reports.months import OCTOBER, at

DAY = date(2026, 10, 14)


def answered(*, hour: int = 10, minute: int = 0, wait_ms: int = 8000, **changes: object) -> PhoneFact:
    arrived = at(DAY, hour, minute)
    queued = arrived + timedelta(seconds=6)
    fact = PhoneFact(
        number=1, arrived_at=arrived, outcome=Outcome.ANSWERED, within_hours=True, queued_at=queued,
        answered_at=queued + timedelta(milliseconds=wait_ms), talk_ms=120_000, hold_ms=0, acw_ms=30_000,
    )  # fmt: skip
    return replace(fact, **changes)  # type: ignore[arg-type]  # names of fields, checked by replace itself


def abandoned(*, hour: int = 10, minute: int = 0, wait_ms: int = 8000) -> PhoneFact:
    arrived = at(DAY, hour, minute)
    queued = arrived + timedelta(seconds=6)
    return PhoneFact(
        number=2, arrived_at=arrived, outcome=Outcome.ABANDONED, within_hours=True, queued_at=queued,
        abandoned_at=queued + timedelta(milliseconds=wait_ms),
    )  # fmt: skip


def value(facts: list[PhoneFact], key: str, terms: Terms | None = None) -> int | None:
    slots = by_slot(facts, terms or Terms(), OCTOBER)
    intervals = by_interval(slots, terms or Terms())
    total = tally(facts, terms or Terms())
    figures = phone_figures(facts, terms or Terms(), total, intervals)
    return next(f.value for f in figures if f.key == key)


def test_the_wait_counts_from_the_queue_or_from_the_ring_as_agreed() -> None:
    assert value([answered()], "speed_of_answer") == 8000
    assert value([answered()], "speed_of_answer", Terms(wait_starts=WaitStart.ARRIVAL)) == 14000


def test_the_promise_is_kept_at_exactly_its_last_millisecond() -> None:
    assert value([answered(wait_ms=20_000)], "service_level") == 1000
    assert value([answered(wait_ms=20_001)], "service_level") == 0


def test_a_call_that_never_reached_the_queue_is_not_abandoned() -> None:
    left = PhoneFact(number=3, arrived_at=at(DAY, 10), outcome=Outcome.ABANDONED, within_hours=True)
    assert value([left], "offered") == 0
    assert value([left], "abandon_rate") is None
    assert apart(left) == "left_in_guidance"


def test_a_missed_ring_is_not_a_call() -> None:
    fact = answered(offers_made=3, offers_missed=2)
    assert value([fact], "offered") == 1
    assert value([fact], "abandoned") == 0
    assert value([fact], "agent_no_answer") == 667


def test_a_transferred_call_counts_once() -> None:
    assert value([answered(transferred=True)], "offered") == 1
    assert value([answered(transferred=True)], "transfer_rate") == 1000


def test_machines_tests_and_our_own_calls_are_no_ones_volume() -> None:
    others = [
        answered(party=PartyKind.BOT),
        answered(party=PartyKind.TEST),
        answered(outcome=Outcome.TEST),
        answered(inbound=False),
        answered(outcome=None),
        answered(within_hours=False, outcome=Outcome.OUT_OF_HOURS),
    ]
    assert value(others, "offered") == 0
    assert [apart(f) for f in others] == ["bot", "test", "test", "outbound", "in_progress", "out_of_hours"]


def test_forced_disconnects_stay_in_the_base_without_being_called_abandoned() -> None:
    lost = answered(outcome=Outcome.OVERFLOW, answered_at=None)
    facts = [answered(), lost, abandoned()]
    assert [value(facts, key) for key in ("offered", "answered", "abandoned", "lost_otherwise")] == [
        3,
        1,
        1,
        1,
    ]
    assert value(facts, "answer_rate") == 333


def test_calls_out_of_hours_enter_the_base_only_by_contract() -> None:
    closed = PhoneFact(number=9, arrived_at=at(DAY, 22), outcome=Outcome.OUT_OF_HOURS, within_hours=False)
    assert value([answered(), closed], "answer_rate") == 1000
    assert value([answered(), closed], "answer_rate", Terms(out_of_hours_count_as_offered=True)) == 500


def test_an_interval_holds_its_beginning_and_not_its_end() -> None:
    facts = [answered(hour=9, minute=0), answered(hour=9, minute=29), answered(hour=9, minute=30)]
    intervals = by_interval(by_slot(facts, Terms(), OCTOBER), Terms())
    assert [(f"{i.starts_at:%H:%M}", i.calls.offered) for i in intervals] == [("09:00", 2), ("09:30", 1)]


def test_an_interval_is_named_by_arrival_even_when_the_answer_came_in_the_next() -> None:
    late = answered(hour=9, minute=29, wait_ms=120_000)
    (interval,) = by_interval(by_slot([late], Terms(), OCTOBER), Terms())
    assert f"{interval.starts_at:%H:%M}" == "09:00"


def test_the_worst_interval_lost_most_callers_and_not_merely_the_highest_share() -> None:
    facts = [
        abandoned(hour=9),
        *(abandoned(hour=11) for _ in range(3)),
        *(answered(hour=11) for _ in range(7)),
    ]
    worst = worst_interval(by_interval(by_slot(facts, Terms(), OCTOBER), Terms()))
    assert worst is not None
    assert (f"{worst.starts_at:%H:%M}", worst.calls.lost, worst.calls.offered) == ("11:00", 3, 10)
    assert worst_interval(by_interval(by_slot([answered()], Terms(), OCTOBER), Terms())) is None


def test_callers_in_weak_intervals_are_those_below_eighty_percent() -> None:
    facts = [*(answered(hour=9) for _ in range(4)), abandoned(hour=9), answered(hour=10), abandoned(hour=10)]
    figure = weak_intervals(by_interval(by_slot(facts, Terms(), OCTOBER), Terms()))
    assert (figure.numerator, figure.denominator) == (2, 7)


def test_hold_is_inside_handling_time_and_outside_talk() -> None:
    facts = [answered(hold_ms=60_000), answered()]
    keys = ("talk_time", "hold_time", "hold_time_when_held", "handling_time")
    assert [value(facts, key) for key in keys] == [120_000, 30_000, 60_000, 180_000]


anything = st.builds(
    PhoneFact,
    number=st.integers(1, 99),
    arrived_at=st.integers(0, 31 * 86_400_000 - 1).map(
        lambda ms: OCTOBER.starts_at + timedelta(milliseconds=ms)
    ),
    outcome=st.sampled_from([*(o for o in Outcome if o not in {Outcome.REPLIED, Outcome.NO_ACTION}), None]),
    within_hours=st.booleans(),
    queued_at=st.none() | st.just(OCTOBER.starts_at),
    answered_at=st.none()
    | st.integers(0, 90_000).map(lambda ms: OCTOBER.starts_at + timedelta(milliseconds=ms)),
    abandoned_at=st.none()
    | st.integers(0, 90_000).map(lambda ms: OCTOBER.starts_at + timedelta(milliseconds=ms)),
    talk_ms=st.integers(0, 10**6),
    inbound=st.booleans(),
    party=st.sampled_from(PartyKind),
).filter(
    lambda fact: fact.queued_at is not None or fact.outcome not in {Outcome.CALLBACK, Outcome.NOT_REACHED}
)
"""Nobody asks to be called back before waiting, and only shoppers whom we call are not reached."""


@given(st.lists(anything, max_size=40))
def test_every_inbound_call_is_offered_or_in_exactly_one_class(facts: list[PhoneFact]) -> None:
    listed = {f.key: f.numerator for f in apart_figures(facts)}
    assert all(apart(fact) in {*APART, None} for fact in facts)
    inbound = sum(number for key, number in listed.items() if key != "apart_outbound")
    assert value(facts, "calls_inbound") == (value(facts, "offered") or 0) + inbound


@given(st.lists(anything, max_size=40), st.booleans())
def test_the_sums_of_the_parts_are_the_sums_of_the_whole(facts: list[PhoneFact], by_contract: bool) -> None:
    terms = Terms(out_of_hours_count_as_offered=by_contract)
    whole = tally(facts, terms).as_json()
    parts = [
        t.as_json() for t in tallies(facts, terms, by=lambda f: OCTOBER.local(f.arrived_at).date()).values()
    ]
    assert {key: sum(part[key] for part in parts) for key in whole} == whole


@given(st.lists(anything, max_size=40))
def test_no_count_is_larger_than_what_it_is_counted_from(facts: list[PhoneFact]) -> None:
    total = tally(facts, Terms())
    assert total.answered + total.abandoned + total.lost_otherwise == total.offered
    assert 0 <= total.answered_within <= total.answered
    assert 0 <= total.abandoned_short <= total.abandoned_within <= total.abandoned
