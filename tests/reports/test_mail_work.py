"""1時間あたり処理件数: answers over the time that agents had a mail in hand."""

from datetime import date, datetime, timedelta
from uuid import UUID

from interactions.models import Case
from interactions.values import Outcome
from mailroom.commands.working import go_on, let_go
from nanori.words import words_for
from reports.facts import MailFact, Worked
from reports.mail_work import work_figures
from reports.paper.wording import Wording
from tests.reports.months import OCTOBER, at

DAY = date(2026, 10, 14)
TEN = at(DAY, 10)


def minutes(amount: float) -> datetime:
    return TEN + timedelta(minutes=amount)


def mail(number: int, *worked: Worked, matter: int = 0) -> MailFact:
    return MailFact(
        number=number, received_at=TEN, outcome=Outcome.REPLIED, worked=worked,
        matter=UUID(int=matter) if matter else None,
    )  # fmt: skip


def test_the_example_of_the_document() -> None:
    case = Case(worked_ms=0, touched_at=None)
    for at_minute in (0, 2, 4):
        go_on(case, minutes(at_minute))
    first = let_go(case, minutes(30))
    assert first == 14 * 60_000
    assert (case.worked_ms, case.touched_at) == (0, None)

    done = [Worked(minutes(30), first, True), Worked(minutes(50), 600_000, True)]
    facts = [mail(1, done[0]), mail(2, done[1]), mail(3, Worked(minutes(60), 360_000, False))]
    (figure,) = work_figures(facts, OCTOBER)
    assert (figure.numerator, figure.denominator, figure.value) == (2, 1_800_000, 4000)
    assert figure.is_small
    wording = Wording(words_for("en"))
    assert (wording.figure(figure), wording.origin(figure)) == ("4.00", "2 / 30 min")


def test_what_was_let_go_is_kept_for_whoever_answers_and_the_pause_is_not() -> None:
    case = Case(worked_ms=0, touched_at=None)
    go_on(case, minutes(0))
    go_on(case, minutes(3))
    case.touched_at = None  # released
    go_on(case, minutes(500))
    assert let_go(case, minutes(501)) == 4 * 60_000
    assert let_go(case, minutes(502)) is None


def test_one_answer_to_two_mails_of_a_matter_is_one_and_other_months_are_not_in_it() -> None:
    one, late = Worked(minutes(5), 300_000, True), Worked(OCTOBER.ends_at, 300_000, True)
    (figure,) = work_figures([mail(1, one, matter=7), mail(2, one, matter=7), mail(3, late)], OCTOBER)
    assert (figure.numerator, figure.denominator) == (1, 300_000)
    assert work_figures([mail(3, late), mail(4)], OCTOBER) == ()
