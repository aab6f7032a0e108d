from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from desks.staffing.curve import Promise
from desks.staffing.ledger import Member
from nanori.words import words_for
from reports.beside import NOTHING_BESIDE, Beside, Clock, NewQuestion, PoolShare
from reports.demand import USUAL_HANDLING
from reports.month import MonthFigures, ReasonRow
from reports.paper.aside import Aside
from reports.paper.sentences import Story
from reports.paper.wording import Wording
from reports.pooled import member_of, shares_of
from reports.volumes import Weekdays
from tests.reports.months import Month, empty_month


def aside(beside: Beside = NOTHING_BESIDE, *, month: MonthFigures | None = None,
          before: MonthFigures | None = None) -> Aside:  # fmt: skip
    story = Story(month or empty_month(), before, Wording(words_for("en")))
    return Aside(story, beside)


def about(**contacts: int) -> MonthFigures:
    rows = tuple(ReasonRow(reason, calls, 0, 0) for reason, calls in contacts.items())
    return replace(empty_month(), reasons=rows)


def test_a_month_without_anything_beside_says_so_or_nothing() -> None:
    told = aside()
    assert told.voice() == ()
    assert told.clocks() == ""
    assert told.learnt() == "No question stayed without an answer in what we know about you."
    assert told.right_name() == "No call was answered, so no name was said."
    assert told.pool().startswith("There are too few calls")


def test_the_shift_of_reasons_is_told_by_counts_and_only_for_frequent_ones() -> None:
    now, was = about(Delivery=60, Returns=31, Rare=29), about(Delivery=40, Returns=33, Rare=1)
    assert aside(month=now, before=was).voice() == (
        "“Delivery” rose most: from 40 to 60 contacts.", "“Returns” fell most: from 33 to 31 contacts.",
    )  # fmt: skip
    assert aside(month=now, before=now).voice() == ()
    assert aside(month=now).voice() == ()


def test_both_clocks_are_summed_apart() -> None:
    minutes = timedelta(minutes=1)
    clocks = [
        Clock(number=1, with_shop=95 * minutes, with_desk=10 * minutes, is_settled=True),
        Clock(number=2, with_shop=25 * minutes, with_desk=minutes, is_settled=False),
    ]
    assert aside(Beside(clocks=clocks)).clocks() == (
        "2 matters waited for your word: together they lay 2 h with you and 11 min with us."
    )
    assert aside(Beside(clocks=clocks[:1])).clocks().startswith("One matter waited for your word: it lay 1 h")


def test_an_escalation_without_a_question_in_the_portal_has_no_clocks() -> None:
    month = Month().figures()
    first = month.escalations[0]
    clock = Clock(
        number=first.number, with_shop=timedelta(minutes=3), with_desk=timedelta(0), is_settled=True
    )
    lines = aside(Beside(clocks=[clock]), month=month).escalations()
    assert lines[0].cells[-2:] == ("3 min", "0.0 s")
    assert all(line.cells[-2:] == ("—", "—") for line in lines[1:])


def test_a_question_shows_its_answer_or_that_there_is_none() -> None:
    told = aside(
        Beside(
            questions=[
                NewQuestion(asked="Gift wrap?", times=7),
                NewQuestion(asked="Size?", times=1, answer="Sizes"),
            ]
        )
    )
    assert told.learnt() == "Shoppers asked 2 things that we had no answer for; answered by now: 1."
    assert [line.cells for line in told.questions()] == [
        ("Gift wrap?", "7", "still without an answer"), ("Size?", "1", "Sizes"),
    ]  # fmt: skip


def test_the_pool_is_told_with_the_seats_alone_and_those_saved() -> None:
    share = PoolShare(shops=12, alone=31, saved=Fraction(1237, 100), most_at_once=6)
    said = aside(Beside(pool=share)).pool()
    assert "takes 31 seats kept for an hour, 6 of them in the busiest hour" in said
    assert "with 11 other shops saves 12.4 of them" in said


def test_shares_of_a_pool_sum_to_its_saving_and_nobody_shares_alone() -> None:
    promise = Promise(within=20, target=0.8)
    members = {
        UUID(int=n): Member(name="", calls=[6.0, 12.0], handling=360.0, promise=promise) for n in range(12)
    }
    shares = shares_of(members)
    assert len(shares) == 12
    assert all(one.alone > one.saved > 0 and one.most_at_once <= one.alone for one in shares.values())
    assert shares_of({UUID(int=1): members[UUID(int=1)]}) == {}


def test_a_mean_weekday_is_a_part_of_the_months() -> None:
    hours = [0] * 9 + [22] + [0] * 14
    member = member_of(Weekdays(hours=hours, answered=2, worked_ms=600_000), None, 22)
    assert (member.calls[9], sum(member.calls), member.handling) == (1.0, 1.0, 300.0)
    assert member_of(Weekdays(hours=hours), None, 22).handling == USUAL_HANDLING
