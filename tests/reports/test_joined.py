"""Joined cases and split mails as figures see them, without a database."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from interactions.heads import Joining
from interactions.values import Outcome
from reports.facts import MailFact, Terms
from reports.joined import Joins
from reports.mail_kpi import due_in
from reports.whole import contacts_by_mail, matters_in, received
from tests.reports.months import OCTOBER, at, open_hours

A, B, C = (UUID(int=number) for number in range(3))
HOURS = open_hours(OCTOBER)
NOON = at(date(2026, 10, 5), 12)
HOUR = timedelta(hours=1)


def mail(number: int = 1, when: datetime = NOON, **facts: object) -> MailFact:
    return MailFact(number=number, received_at=when, outcome=None, **facts)  # type: ignore[arg-type]  # by name


def test_a_month_sees_joins_as_they_stood_at_its_end() -> None:
    told = [(NOON, Joining(B, A)), (NOON + HOUR, Joining(A, C)), (NOON + 2 * HOUR, Joining(B, None))]
    joins = Joins(told, {A: NOON, B: NOON - HOUR, C: NOON + HOUR}, {A: 1, B: 2, C: 3})
    at_first, then, later, last = (joins.at(NOON + n * HOUR) for n in range(4))
    assert [one.matter(B) for one in (at_first, then, later, last)] == [B, A, C, B]
    assert [one.opens(B) for one in (at_first, then, later, last)] == [True] * 4
    assert [one.opens(A) for one in (at_first, then, later, last)] == [True, False, False, True]
    assert [one.opens(C) for one in (at_first, then, later, last)] == [True, True, False, False]
    assert [one.joined_with(A) for one in (at_first, then, later, last)] == [None, 2, 2, None]
    assert [one.joined_with(C) for one in (at_first, then, later, last)] == [None, None, 2, 1]


@pytest.mark.parametrize(("split_after", "due_after"), [(1, 4), (4, 4), (5, 5)])
def test_a_part_is_due_with_its_mail_and_late_when_split_off_after_that(
    split_after: int, due_after: int
) -> None:
    part = mail(2, part_of=1, split_at=NOON + split_after * HOUR)
    terms = Terms(mail_target_minutes=240)
    assert due_in([part], terms, OCTOBER, HOURS) == [(part, NOON + due_after * HOUR)]


def test_a_part_waits_since_its_mail_came_and_is_there_since_the_split() -> None:
    part = mail(2, part_of=1, split_at=NOON + HOUR)
    assert [part.is_open_at(NOON + n * HOUR) for n in (1, 2)] == [False, True]


def test_a_mail_with_its_parts_came_once() -> None:
    replied = Outcome.REPLIED
    whole = MailFact(number=1, received_at=NOON, outcome=replied, reason="return")
    asked = MailFact(number=2, received_at=NOON, outcome=replied, reason="receipt", part_of=1, escalated=True)
    same = MailFact(number=3, received_at=NOON, outcome=replied, reason="receipt", part_of=1)
    assert received([whole, asked, same], OCTOBER) == [whole]
    (contact,) = contacts_by_mail([whole, asked, same], OCTOBER)
    assert (contact.escalated, contact.outcome) == (True, replied)
    (contact,) = contacts_by_mail([whole, mail(2, part_of=1)], OCTOBER)
    assert contact.outcome is None
    assert matters_in([same, asked, whole]) == [whole, asked]
