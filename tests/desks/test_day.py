"""An agent's day: cut at midnight, whole when put together again, right when the clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desks.day import Day, stretches, sums
from desks.models import PresenceInterval
from desks.values import Presence

TOKYO = ZoneInfo("Asia/Tokyo")
ZONES = [ZoneInfo(name) for name in ("Asia/Tokyo", "UTC", "America/New_York", "Australia/Lord_Howe")]
AGENT = uuid4()
NOON = datetime(2026, 11, 2, 3, tzinfo=UTC)


def interval(
    start: datetime, end: datetime | None, state: Presence = Presence.READY, reason: str | None = None
) -> PresenceInterval:
    return PresenceInterval(
        id=uuid4(), agent_id=AGENT, state=state, reason=reason, started_at=start, ended_at=end
    )  # fmt: skip


def test_a_night_shift_is_cut_at_midnight_and_marked_on_both_sides() -> None:
    night = interval(datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 11, 1, 18, tzinfo=UTC))
    evening = stretches([night], Day(on=date(2026, 11, 1), zone=TOKYO), now=NOON)
    morning = stretches([night], Day(on=date(2026, 11, 2), zone=TOKYO), now=NOON)
    assert [(one.length, one.from_before, one.goes_on) for one in evening] == [
        (timedelta(hours=3), False, True)
    ]
    assert [(one.length, one.from_before, one.goes_on) for one in morning] == [
        (timedelta(hours=3), True, False)
    ]


def test_what_runs_still_ends_now() -> None:
    runs = interval(NOON - timedelta(minutes=5), None, Presence.BREAK, "lunch")
    (only,) = stretches([runs], Day(on=date(2026, 11, 2), zone=TOKYO), now=NOON)
    assert (only.length, only.goes_on) == (timedelta(minutes=5), True)
    assert sums([only]) == {(Presence.BREAK, "lunch"): timedelta(minutes=5)}


def test_sums_tell_reasons_apart_and_name_the_longest_first() -> None:
    day = Day(on=date(2026, 11, 2), zone=TOKYO)
    parts = stretches(
        [
            interval(NOON, NOON + timedelta(minutes=10), Presence.BREAK, "pause"),
            interval(NOON + timedelta(minutes=10), NOON + timedelta(minutes=60), Presence.BREAK, "lunch"),
            interval(NOON + timedelta(minutes=60), NOON + timedelta(minutes=75), Presence.BREAK, "pause"),
        ],
        day,
        now=NOON + timedelta(hours=2),
    )
    assert list(sums(parts).items()) == [
        ((Presence.BREAK, "lunch"), timedelta(minutes=50)),
        ((Presence.BREAK, "pause"), timedelta(minutes=25)),
    ]


@pytest.mark.parametrize(
    ("on", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_is_as_long_as_the_clocks_make_it(on: date, hours: int) -> None:
    day = Day(on=on, zone=ZoneInfo("America/New_York"))
    always = interval(day.starts_at - timedelta(days=2), day.ends_at + timedelta(days=2))
    (only,) = stretches([always], day, now=day.ends_at + timedelta(days=3))
    assert only.length == timedelta(hours=hours)


@given(
    lengths=st.lists(st.integers(1, 20 * 3600), min_size=1, max_size=12),
    states=st.lists(st.sampled_from(Presence), min_size=12, max_size=12),
    begins=st.integers(0, 330 * 24 * 3600),
    zone=st.sampled_from(ZONES),
    is_open=st.booleans(),
)
def test_the_days_together_hold_every_second_once(
    lengths: list[int], states: list[Presence], begins: int, zone: ZoneInfo, *, is_open: bool
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=begins)
    intervals, at = [], start
    for seconds, state in zip(lengths, states, strict=False):
        end = at + timedelta(seconds=seconds)
        intervals.append(interval(at, end, state))
        at = end
    if is_open:
        intervals[-1].ended_at = None
    first, last = start.astimezone(zone).date(), at.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    parts = [part for on in days for part in stretches(intervals, Day(on=on, zone=zone), now=at)]
    assert sum((part.length for part in parts), start=timedelta()) == timedelta(seconds=sum(lengths))
    assert sum(sums(parts).values(), start=timedelta()) == timedelta(seconds=sum(lengths))
    for one, other in pairwise(parts):
        assert one.end == other.start
