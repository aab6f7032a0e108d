"""Who is there when, against counting minute by minute."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range

from desks.shifts.cover import Piece, at_work, nobody, seats_in
from desks.shifts.models import Shift

MIDNIGHT = datetime(2026, 11, 9, tzinfo=UTC)


def at(minute: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=minute)


@st.composite
def pieces(draw: st.DrawFn) -> list[Piece]:
    pairs = draw(st.lists(st.tuples(st.integers(0, 240), st.integers(1, 90)), max_size=5))
    return [(at(begins), at(begins + length)) for begins, length in pairs]


def there(found: list[Piece], minute: int) -> int:
    return sum(begins <= at(minute) < ends for begins, ends in found)


@given(pieces())
def test_seats_are_the_mean_of_the_minutes(found: list[Piece]) -> None:
    slots = [(at(start), at(start + 30)) for start in range(0, 240, 30)]
    for seats, start in zip(seats_in(slots, found), range(0, 240, 30), strict=True):
        assert abs(seats - sum(there(found, minute) for minute in range(start, start + 30)) / 30) < 1e-9


@given(pieces(), pieces())
def test_nobody_is_told_for_exactly_the_empty_minutes_of_opening(
    opens: list[Piece], found: list[Piece]
) -> None:
    gaps = nobody(_apart(opens), found)
    for minute in range(340):
        is_empty = there(opens, minute) > 0 and there(found, minute) == 0
        assert (there(gaps, minute) > 0) == is_empty


def _apart(found: list[Piece]) -> list[Piece]:
    """Opening times do not overlap."""
    apart: list[Piece] = []
    for begins, ends in sorted(found):
        start = max([begins, *(end for _, end in apart)])
        if start < ends:
            apart.append((start, ends))
    return apart


def test_breaks_are_not_at_work() -> None:
    shift = Shift(
        agent_id=uuid4(), starts_at=at(0), ends_at=at(120),
        breaks=MultiRange([Range(at(0), at(10)), Range(at(60), at(75))]),
    )  # fmt: skip
    assert at_work(shift) == [(at(10), at(60)), (at(75), at(120))]
