"""What is one matter at a moment, as joins and their undoing tell it."""

from datetime import date, datetime
from uuid import UUID

from interactions.heads import Joining
from reports.histories import Circle, circles
from reports.joined import Joins
from reports.resolutions import Happened, Step
from tests.reports.months import at

ONE, OTHER, THIRD = (UUID(int=n) for n in (1, 2, 3))


def on(day: int, hour: int) -> datetime:
    return at(date(2026, 10, day), hour)


def case(case_id: UUID, came: datetime, *solved: datetime) -> list[Step]:
    number = case_id.int
    return [
        Step(came, Happened.CAME, case_id, number),
        *(Step(moment, Happened.SOLVED, case_id, number) for moment in solved),
    ]


def test_what_was_settled_before_a_join_settles_nothing_that_was_joined_to_it_later() -> None:
    joins = Joins([(on(3, 12), Joining(OTHER, ONE))])
    both = Circle(joins, {ONE: case(ONE, on(1, 10), on(2, 10)), OTHER: case(OTHER, on(1, 20), on(3, 14))})
    (one,) = both.settled_at(on(3, 12))
    assert (one.number, one.at) == (1, on(2, 10))
    (one,) = both.settled_at(on(4, 0))
    assert (one.number, one.at, one.whole_ms) == (2, on(3, 14), 52 * 3_600_000)


def test_what_happens_at_the_moment_or_later_is_not_in_it() -> None:
    alone = Circle(Joins(), {ONE: case(ONE, on(1, 10), on(2, 10))})
    assert alone.settled_at(on(2, 10)) == []
    assert len(alone.settled_at(on(2, 11))) == 1


def test_cases_that_were_parted_are_matters_of_their_own_again_each_settled_by_what_settled_both() -> None:
    joins = Joins([(on(2, 12), Joining(OTHER, ONE)), (on(5, 12), Joining(OTHER, None))])
    both = Circle(joins, {ONE: case(ONE, on(1, 10)), OTHER: case(OTHER, on(2, 10), on(3, 14), on(5, 14))})
    (one,) = both.settled_at(on(4, 0))
    assert (one.number, one.whole_ms) == (2, 52 * 3_600_000)
    took = {one.number: one.whole_ms // 3_600_000 for one in both.settled_at(on(6, 0))}
    assert took == {1: 52, 2: 28}


def test_whatever_was_ever_joined_is_read_together_and_the_rest_alone() -> None:
    joinings = (Joining(OTHER, ONE), Joining(OTHER, None), Joining(THIRD, OTHER))
    told = [(on(day, 12), joining) for day, joining in enumerate(joinings, start=2)]
    alone = UUID(int=9)
    found = circles([ONE, alone, THIRD], Joins(told))
    assert found == [({ONE, OTHER, THIRD}, Joins(told)), ({alone}, Joins([]))]
    assert circles([], Joins(told)) == []
