"""Decisions about waiting callers: each holds for every caller that there can be."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from telephony.patience import (
    CALLBACK_AFTER,
    Chain,
    Waiter,
    Way,
    Why,
    expected_wait,
    may_ask_for_callback,
    minutes_to_say,
    way_on,
)

SECONDS = st.integers(0, 4000).map(lambda seconds: timedelta(seconds=seconds))
WAITERS = st.builds(
    Waiter,
    waited=SECONDS,
    at_most=SECONDS,
    is_open=st.booleans(),
    agents=st.integers(0, 3),
    is_asked_for=st.booleans(),
    chain=st.sampled_from(Chain),
    is_too_many=st.booleans(),
)


@given(WAITERS)
def test_nobody_is_sent_away_to_whom_somebody_is_coming(one: Waiter) -> None:
    if one.is_asked_for or one.chain is Chain.RUNNING:
        assert way_on(one) == (Way.WAIT, None)


@given(WAITERS)
def test_nobody_waits_beyond_closing_or_the_longest_wait(one: Waiter) -> None:
    coming = one.is_asked_for or one.chain is Chain.RUNNING
    if not coming and (not one.is_open or one.waited >= one.at_most):
        assert way_on(one)[0] is not Way.WAIT


@given(WAITERS)
def test_whoever_is_sent_away_is_told_why_and_nobody_else_is(one: Waiter) -> None:
    way, why = way_on(one)
    assert (why is not None) == (way is Way.LEAVE)
    if why is Why.CLOSED:
        assert not one.is_open
    if why is Why.NOBODY:
        assert one.agents == 0
    if why is Why.FULL:
        assert one.is_too_many


@given(WAITERS)
def test_the_shop_is_called_once_and_in_opening_hours_only(one: Waiter) -> None:
    if way_on(one)[0] is Way.CONTACTS:
        assert one.chain is Chain.POSSIBLE
        assert one.is_open


@given(WAITERS)
def test_a_callback_is_offered_only_to_whom_nobody_is_coming(one: Waiter) -> None:
    if may_ask_for_callback(one):
        assert way_on(one)[0] is not Way.LEAVE or one.is_open
        assert not one.is_asked_for
        assert one.waited >= CALLBACK_AFTER


@given(
    place=st.integers(1, 50),
    agents=st.integers(0, 20),
    handled=st.lists(SECONDS, max_size=20),
    answered=st.lists(SECONDS, max_size=5),
    waited=SECONDS,
)
def test_no_expectation_is_below_what_load_and_experience_say(
    place: int, agents: int, handled: list[timedelta], answered: list[timedelta], waited: timedelta
) -> None:
    told = expected_wait(
        place=place, agents=agents, handled_in=handled, answered_after=answered, waited=waited
    )
    if told is None:
        assert agents == 0 or len(handled) < 5
        return
    assert told >= sum(handled, timedelta()) / len(handled) * place / agents
    assert all(told >= wait - waited for wait in answered)
    assert timedelta(minutes=minutes_to_say(told)) >= told


@given(place=st.integers(1, 50), handled=st.lists(SECONDS, min_size=5, max_size=20))
def test_who_stands_further_back_is_never_told_less(place: int, handled: list[timedelta]) -> None:
    waits = [
        expected_wait(place=p, agents=2, handled_in=handled, answered_after=[], waited=timedelta())
        for p in (place, place + 1)
    ]
    assert waits[0] is not None
    assert waits[1] is not None
    assert waits[0] <= waits[1]
