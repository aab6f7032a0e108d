"""Our own calls inside a matter, beside the average handling time."""

from dataclasses import replace
from datetime import date, timedelta

from interactions.values import Outcome, PartyKind
from reports.facts import PhoneFact, Terms
from reports.followups import follow_up_figures
from reports.kpi import phone_figures
from reports.tally import tally
from tests.reports.months import at

TEN = at(date(2026, 10, 14), 10)


def ours(number: int, talk: int, acw: int) -> PhoneFact:
    return PhoneFact(
        number=number, arrived_at=TEN, outcome=Outcome.ANSWERED, within_hours=True, inbound=False,
        answered_at=TEN + timedelta(seconds=9), talk_ms=talk * 1000, acw_ms=acw * 1000, in_case=True,
    )  # fmt: skip


def test_the_example_of_the_document() -> None:
    first, second = ours(1, 90, 30), ours(2, 180, 60)
    in_vain = replace(ours(3, 0, 45), outcome=Outcome.NOT_REACHED, answered_at=None)
    alone = replace(ours(4, 600, 0), in_case=False)
    test = replace(ours(5, 600, 0), party=PartyKind.TEST)
    theirs = replace(ours(6, 600, 0), inbound=True)
    (figure,) = follow_up_figures([first, second, in_vain, alone, test, theirs])
    assert (figure.numerator, figure.denominator, figure.value) == (360_000, 2, 180_000)
    assert follow_up_figures([in_vain, alone, test, theirs]) == ()


def test_they_are_not_in_the_average_handling_time() -> None:
    calls = [ours(1, 90, 30)]
    found = {one.key: one for one in phone_figures(calls, Terms(), tally(calls, Terms()), ())}
    assert found["handling_time"].denominator == 0
    assert found["follow_up_handling_time"].denominator == 1
