"""Whom a policy asks next: examples, and laws that hold for every policy."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from tenants.escalation.plan import (
    Duty,
    Exhausted,
    Person,
    Plan,
    Reach,
    Step,
    Tried,
    Wait,
    applies,
    applies_next,
    decide,
    phones_now,
    reached,
    rehearse,
)
from tenants.escalation.values import Days, Medium

TOKYO = ZoneInfo("Asia/Tokyo")
OWNER = Person(uuid7(), "店長", "+819000000001", "owner@shop.example")
DEPUTY = Person(uuid7(), "副店長", "+819000000002")
NINE, SIX = 9 * 60, 18 * 60
MONDAY = datetime(2026, 11, 16, 10, tzinfo=TOKYO)


def phone(*people: Person, **more: Any) -> Step:
    return Step(medium=Medium.PHONE, people=people, **more)


def plan(*steps: Step, duty: tuple[Duty, ...] = ()) -> Plan:
    return Plan(zone="Asia/Tokyo", steps=steps, duty=duty)


def run(of: Plan, start: datetime) -> list[tuple[str, str]]:
    return [
        (at.astimezone(TOKYO).strftime("%d %H:%M"), what.medium.value if isinstance(what, Reach) else "end")
        for at, what in rehearse(of, start)
    ]


def test_each_step_is_repeated_before_the_next_and_then_nothing_is_left() -> None:
    of = plan(phone(OWNER, wait_minutes=5, times=2), Step(medium=Medium.PORTAL, wait_minutes=60))

    assert run(of, MONDAY) == [
        ("16 10:00", "phone"), ("16 10:05", "phone"), ("16 10:10", "portal"), ("16 11:10", "end"),
    ]  # fmt: skip


def test_a_step_outside_its_hours_is_passed_over_and_has_its_turn_when_they_begin() -> None:
    """Monday the 23rd is a national holiday."""
    by_day = phone(OWNER, opens=NINE, closes=SIX, days=Days.WORKING)
    by_mail = Step(medium=Medium.MAIL, people=(OWNER,), wait_minutes=30)
    saturday_night = datetime(2026, 11, 21, 23, tzinfo=TOKYO)

    assert run(plan(by_day, by_mail), saturday_night) == [
        ("21 23:00", "mail"),
        ("24 09:00", "phone"),
        ("24 09:10", "end"),
    ]  # fmt: skip


def test_hours_over_midnight_belong_to_the_day_on_which_they_began() -> None:
    night = phone(OWNER, opens=22 * 60, closes=6 * 60, days=Days.WORKING)

    def on(day: int, hour: int) -> bool:
        return applies(plan(night), night, datetime(2026, 11, day, hour, tzinfo=TOKYO))

    assert [on(20, 23), on(21, 5), on(21, 6), on(21, 23), on(22, 5)] == [True, True, False, False, False]


def test_whoever_is_on_call_is_asked_by_rank_and_a_gap_is_waited_for() -> None:
    first = Duty(DEPUTY, 2, MONDAY, MONDAY + timedelta(hours=2))
    second = Duty(OWNER, 1, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2))
    later = Duty(OWNER, 1, MONDAY + timedelta(hours=5), MONDAY + timedelta(hours=6))
    on_call = Step(medium=Medium.PHONE, on_call=True, times=9)
    of = plan(on_call, duty=(first, second, later))

    def names(hours: int) -> list[str]:
        return [one.name for one in reached(of, on_call, MONDAY + timedelta(hours=hours))]

    assert [names(0), names(1), names(2)] == [["副店長"], ["店長", "副店長"], []]
    assert decide(of, [], MONDAY + timedelta(hours=3)) == Wait(later.starts)


def test_only_who_has_an_address_gets_a_mail_and_only_telephones_ring_for_a_caller_on_the_line() -> None:
    mail = Step(medium=Medium.MAIL, people=(DEPUTY, OWNER))
    of = plan(mail, phone(DEPUTY, times=2), phone(OWNER, opens=0, closes=NINE), phone(OWNER))

    assert reached(of, mail, MONDAY) == (OWNER,)
    assert phones_now(of, MONDAY) == [DEPUTY, DEPUTY, OWNER]


times_of_day = st.one_of(
    st.tuples(st.none(), st.none()),
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] != pair[1]),
)
moments = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    opens, closes = draw(times_of_day)
    return Step(
        medium=draw(st.sampled_from(Medium)),
        people=tuple(draw(st.lists(st.sampled_from([OWNER, DEPUTY]), max_size=2, unique=True))),
        on_call=draw(st.booleans()),
        days=draw(st.sampled_from(Days)),
        opens=opens,
        closes=closes,
        wait_minutes=draw(st.integers(1, 1440)),
        times=draw(st.integers(1, 4)),
    )


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, datetime]:
    start = draw(moments)
    hours = draw(st.lists(st.tuples(st.integers(-48, 200), st.integers(1, 48)), max_size=3))
    duty = tuple(
        Duty(OWNER, 1, start + timedelta(hours=first), start + timedelta(hours=first + length))
        for first, length in hours
    )
    zone = draw(st.sampled_from(["Asia/Tokyo", "America/New_York", "Australia/Lord_Howe"]))
    return Plan(zone=zone, steps=tuple(draw(st.lists(steps(), min_size=1, max_size=4))), duty=duty), start


@settings(max_examples=60)
@given(plans())
def test_a_run_keeps_its_promises(drawn: tuple[Plan, datetime]) -> None:
    of, start = drawn
    told = list(rehearse(of, start))
    tries = [(at, what) for at, what in told if isinstance(what, Reach)]

    assert isinstance(told[-1][1], Exhausted), "every run ends"
    for n, step in enumerate(of.steps):
        assert sum(what.step == n for _, what in tries) <= step.times
    for at, what in tries:
        step = of.steps[what.step]
        assert applies(of, step, at)
        assert what.people or what.medium is Medium.PORTAL
    for (before, made), (after, _) in pairwise(told):
        assert isinstance(made, Reach)
        assert after - before >= made.wait, "nobody is passed over before the wait is over"


@settings(max_examples=40)
@given(plans(), st.integers(0, 600))
def test_a_decision_says_the_same_when_it_is_looked_at_again(
    drawn: tuple[Plan, datetime], minutes: int
) -> None:
    of, start = drawn
    history = [Tried(0, start)]
    now = start + timedelta(minutes=minutes)
    decision = decide(of, history, now)

    if isinstance(decision, Wait):
        assert decision.until > now
        between = now + (decision.until - now) / 2
        assert decide(of, history, between) == decision, "nothing comes before what is waited for"
        assert not isinstance(decide(of, history, decision.until), Exhausted) or decision.until == start + (
            timedelta(minutes=of.steps[0].wait_minutes)
        )


@settings(max_examples=30)
@given(plans())
def test_the_next_moment_is_the_one_that_looking_at_every_quarter_finds(
    drawn: tuple[Plan, datetime],
) -> None:
    of, start = drawn
    step = of.steps[0]
    found = applies_next(of, step, start)
    quarters = (start + timedelta(minutes=15 * n) for n in range(1, 4 * 24 * 13))
    slow = next((at for at in quarters if applies(of, step, at) and not applies(of, step, start)), None)

    if slow is not None:
        assert found is not None
        assert found <= slow
        assert applies(of, step, found)
