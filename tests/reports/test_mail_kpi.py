from dataclasses import replace
from datetime import date, datetime

from interactions.values import Outcome
from reports.facts import MailFact, Terms
from reports.figures import Figure
from reports.mail_kpi import MailMonth, mail_month
from tests.reports.months import OCTOBER, at, open_hours

TERMS = Terms(mail_target_minutes=120)


def mail(received: datetime, replied: datetime | None = None, outcome: Outcome | None = None) -> MailFact:
    return MailFact(
        number=1,
        received_at=received,
        outcome=outcome or (Outcome.REPLIED if replied else None),
        first_reply_at=replied,
    )


def month(*mails: MailFact) -> MailMonth:
    return mail_month(mails, TERMS, OCTOBER, open_hours(OCTOBER))


def figure(key: str, *mails: MailFact) -> Figure:
    return next(f for f in month(*mails).figures if f.key == key)


def test_a_reply_is_timed_in_business_hours() -> None:
    friday, monday = date(2026, 10, 16), date(2026, 10, 19)
    assert figure("mail_first_response", mail(at(friday, 17), at(monday, 9, 30))).value == 90 * 60_000


def test_an_unanswered_mail_that_fell_due_is_in_the_base() -> None:
    day = date(2026, 10, 14)
    kept, forgotten = mail(at(day, 10), at(day, 11)), mail(at(day, 10))
    level = figure("mail_within_target", kept, forgotten)
    assert (level.numerator, level.denominator) == (1, 2)


def test_a_mail_counts_where_it_falls_due_and_not_where_it_came_in() -> None:
    late_september, november = mail(at(date(2026, 9, 30), 17)), mail(at(date(2026, 10, 30), 17, 30))
    assert figure("mail_within_target", late_september).denominator == 1
    assert figure("mail_within_target", november).denominator == 0


def test_the_example_of_the_document_replies_of_the_same_day() -> None:
    friday, monday = date(2026, 10, 16), date(2026, 10, 19)
    mails = (
        mail(at(friday, 10), at(friday, 17, 59)), mail(at(friday, 11), at(friday, 18)),
        mail(at(friday, 18), at(monday, 17)), mail(at(date(2026, 10, 17), 12)),
        mail(at(friday, 9), outcome=Outcome.NO_ACTION),
    )  # fmt: skip
    rate = figure("mail_same_day", *mails)
    assert (rate.numerator, rate.denominator, rate.value) == (2, 4, 500)


def test_a_mail_after_the_last_close_of_the_month_counts_for_the_next() -> None:
    before, after = mail(at(date(2026, 9, 30), 18)), mail(at(date(2026, 10, 30), 18))
    assert figure("mail_same_day", before).denominator == 1
    assert figure("mail_same_day", after).denominator == 0


def test_a_part_split_off_after_the_close_is_late_on_that_day() -> None:
    day = date(2026, 10, 14)
    part = replace(mail(at(day, 10), at(day, 20)), part_of=1, split_at=at(day, 19))
    rate = figure("mail_same_day", part)
    assert (rate.numerator, rate.denominator) == (0, 1)


def test_a_mail_that_needs_no_reply_is_never_late() -> None:
    closed = mail(at(date(2026, 10, 14), 10), outcome=Outcome.NO_ACTION)
    assert figure("mail_within_target", closed).value is None
    assert figure("mail_no_action", closed).value == 1


def test_the_backlog_is_what_was_open_when_the_month_ended_by_age() -> None:
    fresh, old = mail(at(date(2026, 10, 31), 12)), mail(at(date(2026, 10, 1), 12))
    settled_later = mail(at(date(2026, 10, 29), 12), at(date(2026, 11, 2), 10))
    settled = mail(at(date(2026, 10, 29), 12), at(date(2026, 10, 30), 10))
    assert figure("mail_backlog", fresh, old, settled_later, settled).value == 3
    assert month(fresh, old, settled_later, settled).backlog_ages == (1, 1, 0, 1)
