"""From events to times: talk without hold, first answers only, clocks that stop."""

from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from interactions.derive import Times, apply
from interactions.values import EventKind

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
AGENT = str(UUID(int=7))


def replay(*events: tuple[EventKind, float]) -> Times:
    times = Times(arrived_at=START)
    for kind, seconds in events:
        data: dict[str, Any] = {"agent_id": AGENT} if kind is EventKind.ANSWERED else {}
        apply(times, kind, START + timedelta(seconds=seconds), data)
    return times


def test_talk_excludes_hold_and_after_call_work_begins_at_the_end() -> None:
    times = replay(
        (EventKind.QUEUED, 5), (EventKind.ANSWERED, 20), (EventKind.HELD, 50), (EventKind.RESUMED, 65),
        (EventKind.ENDED, 100), (EventKind.WRAPPED_UP, 130),
    )  # fmt: skip

    assert (times.talk_ms, times.hold_ms, times.acw_ms) == (65_000, 15_000, 30_000)


def test_a_caller_who_hangs_up_on_hold_still_counts_the_hold() -> None:
    times = replay((EventKind.ANSWERED, 0), (EventKind.HELD, 10), (EventKind.ENDED, 25))

    assert (times.talk_ms, times.hold_ms) == (10_000, 15_000)


def test_talk_ends_for_us_when_a_contact_keeps_the_caller() -> None:
    times = replay(
        (EventKind.ANSWERED, 0), (EventKind.TRANSFERRED, 30), (EventKind.WRAPPED_UP, 40),
        (EventKind.ENDED, 500),
    )  # fmt: skip

    assert (times.talk_ms, times.acw_ms, times.transferred) == (30_000, 10_000, True)


def test_a_call_that_comes_back_keeps_its_first_queue_time_and_first_answer() -> None:
    times = replay(
        (EventKind.QUEUED, 5), (EventKind.ANSWERED, 15), (EventKind.QUEUED, 60), (EventKind.ANSWERED, 80),
        (EventKind.ENDED, 90),
    )  # fmt: skip

    assert times.queued_at == START + timedelta(seconds=5)
    assert times.answered_at == START + timedelta(seconds=15)
    assert times.talk_ms == 55_000


def test_who_answers_ends_the_hold_and_loses_no_talk() -> None:
    """An agent may answer twice: the carrier reports late, or another one comes to a caller on hold."""
    times = replay(
        (EventKind.ANSWERED, 0), (EventKind.ANSWERED, 10), (EventKind.HELD, 20), (EventKind.ANSWERED, 50),
        (EventKind.ENDED, 90),
    )  # fmt: skip

    assert (times.talk_ms, times.hold_ms) == (60_000, 30_000)


KINDS = st.sampled_from(list(EventKind))


@given(st.lists(st.tuples(KINDS, st.integers(0, 3_600_000)), max_size=30))
def test_no_order_of_events_gives_negative_or_impossible_times(raw: list[tuple[EventKind, int]]) -> None:
    known = [(kind, ms / 1000) for kind, ms in raw if kind is not EventKind.FIRST_REPLY]
    times = replay(*sorted(known, key=itemgetter(1)), (EventKind.ENDED, 3_600.0))

    assert min(times.talk_ms, times.hold_ms, times.acw_ms) >= 0
    assert times.talk_ms + times.hold_ms <= 3_600_000
    assert times.talking_since is None
    assert times.held_since is None


def test_a_colleague_who_takes_over_talks_on_and_each_agent_wraps_up() -> None:
    colleague = str(UUID(int=8))
    now_theirs = {"to": "agent", "agent_id": colleague, "confirmed_at": START.isoformat()}
    times = Times(arrived_at=START)
    for kind, seconds, data in (
        (EventKind.ANSWERED, 0, {"agent_id": AGENT, "confirmed_at": START.isoformat()}),
        (EventKind.HELD, 10, {}),
        (EventKind.RESUMED, 30, {}),
        (EventKind.TRANSFERRED, 30, now_theirs),
        (EventKind.WRAPPED_UP, 50, {"agent_id": AGENT, "since": _at(30)}),
        (EventKind.ENDED, 90, {}),
        (EventKind.WRAPPED_UP, 100, {"agent_id": colleague, "since": _at(90)}),
    ):  # fmt: skip
        apply(times, kind, START + timedelta(seconds=seconds), data)

    assert (times.talk_ms, times.hold_ms, times.acw_ms) == (70_000, 20_000, 30_000)
    assert (times.transferred, str(times.agent_id)) == (True, colleague)
    assert times.name_confirmed_at == START


def test_a_name_counts_as_confirmed_when_every_agent_has_confirmed_it() -> None:
    times = Times(arrived_at=START)
    for data in ({"agent_id": AGENT, "confirmed_at": START.isoformat()}, {"agent_id": AGENT}):
        apply(times, EventKind.ANSWERED, START, data)
    assert times.name_confirmed_at is None


def test_asking_a_colleague_is_no_ring_of_a_caller() -> None:
    times = Times(arrived_at=START)
    for kind in (EventKind.OFFERED, EventKind.OFFER_MISSED):
        apply(times, kind, START, {"agent_id": AGENT, "asked": "consult"})
        apply(times, kind, START, {"agent_id": AGENT})
    assert (times.offers, times.offers_missed) == (1, 1)


def _at(seconds: int) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()
