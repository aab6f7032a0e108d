"""Shifts against what agents did: worked examples, and every minute counted one by one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range

from desks.shifts.adherence import THERE, WITH_A_CALLER, Did, kept
from desks.shifts.models import Shift
from desks.values import Presence

NINE = datetime(2026, 11, 9, 0, tzinfo=UTC)
R, B, W, P, N = Presence.READY, Presence.BUSY, Presence.WRAPUP, Presence.BREAK, Presence.NOT_READY


def at(minute: int) -> datetime:
    return NINE + timedelta(minutes=minute)


def shift(ends: int = 540, rest: tuple[int, int] = (180, 240)) -> Shift:
    breaks = MultiRange([Range(at(rest[0]), at(rest[1]))])
    return Shift(agent_id=uuid4(), starts_at=at(0), ends_at=at(ends), breaks=breaks)


def did(*parts: tuple[Presence, int, int | None]) -> list[Did]:
    return [Did(state, at(start), at(end) if end is not None else None) for state, start, end in parts]


GOLDEN = {
    "as planned": (did((R, 0, 180), (P, 180, 240), (R, 240, 540)), 540, 540, 1.0),
    "nobody came": (did(), 540, 0, 0.0),
    "late by 27 minutes, gone 27 early": (did((R, 27, 180), (R, 240, 513)), 540, 486, 0.9),
    "early and longer counts once": (did((R, -30, 180), (R, 240, 600)), 540, 540, 1.0),
    "lunch half an hour too long": (did((R, 0, 180), (P, 180, 270), (R, 270, 540)), 540, 510, 510 / 540),
    "ready through lunch": (did((R, 0, 540)), 540, 480, 480 / 540),
    "a call into lunch": (did((R, 0, 170), (B, 170, 190), (W, 190, 200), (R, 240, 540)), 540, 540, 1.0),
    "taken out by the server": (did((R, 0, 60), (N, 60, 114), (R, 114, 180), (R, 240, 540)), 540, 486, 0.9),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_minutes_in_the_planned_state_by_planned_minutes(name: str) -> None:
    parts, planned, minutes, share = GOLDEN[name]
    found = kept(shift(), parts, at(9999))
    assert found.planned == timedelta(minutes=planned)
    assert found.kept == timedelta(minutes=minutes)
    assert found.adherence == pytest.approx(share)


def test_a_shift_that_goes_on_counts_until_now() -> None:
    found = kept(shift(), did((R, 10, None)), at(100))
    assert (found.planned, found.kept) == (timedelta(minutes=100), timedelta(minutes=90))
    assert found.first_there == at(10)
    assert kept(shift(), [], at(0)).adherence is None


@st.composite
def days(draw: st.DrawFn) -> list[Did]:
    edges = sorted(draw(st.lists(st.integers(-20, 140), max_size=8, unique=True)))
    states = draw(st.lists(st.sampled_from([R, B, W, P, N]), min_size=8, max_size=8))
    return did(*[(state, start, end) for state, (start, end) in zip(states, pairwise(edges), strict=False)])


@given(days(), st.integers(0, 130))
def test_every_minute_is_counted_once(parts: list[Did], now: int) -> None:
    found = kept(shift(ends=100, rest=(40, 60)), parts, at(now))
    good = 0
    for minute in range(min(now, 100)):
        state = next(
            (one.state for one in parts if one.ended and one.started <= at(minute) < one.ended), None
        )
        is_rest = 40 <= minute < 60
        good += state not in THERE or state in WITH_A_CALLER if is_rest else state in THERE
    assert found.kept == timedelta(minutes=good if found.there or found.first_there else 0)
