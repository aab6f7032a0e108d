"""Repeats, first contact resolution, answers per matter, matters taken up again."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from interactions.values import Outcome
from reports.facts import MailFact, Period, PhoneFact
from reports.figures import Figure
from reports.repeats import REPEAT_WITHIN, Contact, matters, repeat_figures, repeats, resolved
from reports.threads import thread_figures
from tests.reports.months import OCTOBER, TOKYO, at

SAKURA, MINATO = UUID(int=1), UUID(int=2)
MATTER = UUID(int=9)
SEPTEMBER = OCTOBER.before()
BOTH = Period(SEPTEMBER.first, OCTOBER.end, TOKYO)
TENTH = at(date(2026, 10, 10), 10)
SECOND = timedelta(seconds=1)


def call(
    number: int,
    arrived: datetime,
    shopper: UUID | None = SAKURA,
    reason: str | None = "返品",
    *,
    escalated: bool = False,
) -> PhoneFact:
    return PhoneFact(
        number=number, arrived_at=arrived, outcome=Outcome.ANSWERED, within_hours=True, queued_at=arrived,
        answered_at=arrived, ended_at=arrived, shopper=shopper, reason=reason, escalated=escalated,
    )  # fmt: skip


def pair(figures: tuple[Figure, ...], key: str) -> tuple[int, int | None]:
    return next((one.numerator, one.denominator) for one in figures if one.key == key)


def counted(*contacts: Contact) -> tuple[tuple[int, int | None], tuple[int, int | None]]:
    found = repeat_figures(contacts, OCTOBER)
    return pair(found, "repeat_contact_rate"), pair(found, "first_contact_resolution")


def test_who_comes_again_within_seven_days_was_not_settled() -> None:
    assert counted(call(1, TENTH), call(2, TENTH + REPEAT_WITHIN)) == ((1, 2), (0, 1))
    assert counted(call(1, TENTH), call(2, TENTH + REPEAT_WITHIN + SECOND)) == ((0, 2), (2, 2))


def test_another_shopper_and_another_reason_are_another_matter() -> None:
    others = call(2, TENTH + SECOND, MINATO), call(3, TENTH + SECOND, SAKURA, "領収書")
    assert counted(call(1, TENTH), *others) == ((0, 3), (3, 3))


def test_who_or_why_is_not_known_is_in_no_figure() -> None:
    assert counted(call(1, TENTH, None), call(2, TENTH, SAKURA, None)) == ((0, 0), (0, 0))


def test_what_the_shop_had_to_decide_was_not_settled_at_once() -> None:
    assert counted(call(1, TENTH, escalated=True)) == ((0, 1), (0, 1))


def test_a_mail_after_a_call_is_a_repeat() -> None:
    mail = MailFact(number=2, received_at=TENTH + SECOND, outcome=None, reason="返品", shopper=SAKURA)
    assert counted(call(1, TENTH), mail) == ((1, 2), (0, 1))


def test_the_last_week_waits_for_the_next_month() -> None:
    late = call(1, OCTOBER.ends_at - SECOND)
    assert counted(late) == ((0, 1), (0, 0))
    found = matters([call(1, OCTOBER.starts_at - REPEAT_WITHIN)])
    assert [len(side) for side in resolved(found, OCTOBER)] == [1, 1]
    assert [len(side) for side in resolved(found, SEPTEMBER)] == [0, 0]


some_calls = st.lists(
    st.tuples(st.integers(0, 61 * 24), st.sampled_from([SAKURA, MINATO, None]), st.sampled_from("ab")),
    max_size=25,
).map(
    lambda drawn: [
        call(number, SEPTEMBER.starts_at + timedelta(hours=hour), who, why)
        for number, (hour, who, why) in enumerate(drawn)
    ]
)


@given(some_calls)
def test_two_months_are_counted_as_one_stretch(calls: list[PhoneFact]) -> None:
    found = matters(calls)
    for part in (repeats, resolved):
        whole = [len(side) for side in part(found, BOTH)]
        months = [[len(side) for side in part(found, month)] for month in (SEPTEMBER, OCTOBER)]
        assert [sum(sides) for sides in zip(*months, strict=True)] == whole


@given(some_calls)
def test_each_line_has_one_contact_more_than_it_has_gaps(calls: list[PhoneFact]) -> None:
    found = matters(calls)
    assert sum(one.is_repeat for one in found) == sum(one.comes_again for one in found)
    assert len(found) == sum(one.shopper is not None for one in calls)
    assert all(one.is_resolved is not one.comes_again for one in found)


def mail(
    number: int, day: int, replies: tuple[int, ...] = (), *, solved: tuple[int, ...] = (),
    reopened: tuple[int, ...] = (),
) -> MailFact:  # fmt: skip
    """A mail of one matter; each mark at noon of these days of October."""
    answers, ends, begins = (tuple(map(_noon, days)) for days in (replies, solved, reopened))
    return MailFact(
        number=number, received_at=_noon(day), outcome=None, matter=MATTER, replies=answers, solved=ends,
        reopened=begins,
    )  # fmt: skip


def _noon(day: int) -> datetime:
    return at(date(2026, 10, 1) + timedelta(days=day - 1), 12)


def test_an_answer_to_two_mails_is_one_answer() -> None:
    both = mail(1, 1, (3,)), mail(2, 2, (3, 4)), mail(3, 3, (32,))
    alone = MailFact(number=4, received_at=_noon(1), outcome=None, replies=(_noon(3),))
    touches = next(one for one in thread_figures([*both, alone], OCTOBER) if one.key == "touches_per_case")
    assert (touches.numerator, touches.denominator, touches.value) == (3, 2, 1500)


def test_a_matter_stays_settled_or_is_taken_up_again_within_a_week() -> None:
    def rate(*mails: MailFact) -> tuple[int, int | None]:
        return pair(thread_figures(mails, OCTOBER), "reopen_rate")

    settled = mail(1, 1, solved=(3,))
    assert rate(settled) == (0, 1)
    assert rate(settled, mail(2, 10, reopened=(10,))) == (1, 1)
    assert rate(settled, mail(2, 11, reopened=(11,))) == (0, 1)
    assert rate(settled, mail(2, 2, reopened=(2,))) == (0, 1)
    assert rate(mail(1, 20, solved=(25,))) == (0, 0)
    assert rate(mail(1, -9, solved=(-5,)), mail(2, 1, reopened=(1,))) == (1, 1)
