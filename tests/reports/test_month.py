import json
from datetime import date

from reports.facts import MailFact, Period, PhoneFact, Terms
from reports.month import MonthFacts, month_figures
from tests.reports.months import OCTOBER, TOKYO, Month, at, empty_month, open_hours


def test_equal_facts_give_equal_json_whatever_their_order() -> None:
    facts = Month().facts()
    turned = MonthFacts(
        period=facts.period,
        terms=facts.terms,
        calls=list(reversed(facts.calls)),
        mails=list(reversed(facts.mails)),
        settled=list(reversed(facts.settled)),
        escalations=list(reversed(facts.escalations)),
    )
    both = [json.dumps(month_figures(f, open_hours(OCTOBER)).as_json()) for f in (facts, turned)]
    assert both[0] == both[1]


def test_the_month_ends_at_midnight_of_the_shop_and_not_of_greenwich() -> None:
    inside, outside = at(date(2026, 10, 31), 23, 59, 59.999), at(date(2026, 11, 1), 0)
    assert OCTOBER.contains(inside)
    assert not OCTOBER.contains(outside)
    assert Period.month(2026, 1, TOKYO).before() == Period.month(2025, 12, TOKYO)


def test_days_and_hours_add_up_to_the_month() -> None:
    month = Month().figures()
    offered = month.figure("offered").value
    assert sum(day.offered for day in month.days.values()) == offered
    assert sum(hour.offered for hour in month.hours.values()) == offered
    assert sum(cell.offered for cell in month.weekday_hours.values()) == offered
    assert sum(row.calls for row in month.reasons) == month.figure("answered").value
    assert sum(month.out_of_hours.values()) == month.figure("out_of_hours").value
    assert len(month.days) == 31


def test_an_empty_month_has_counts_of_nought_and_ratios_of_nothing() -> None:
    month = empty_month()
    assert {f.value for f in month.figures if f.denominator is None} == {0}
    assert {f.value for f in month.figures if f.denominator is not None} == {None}
    assert month.worst is None


def test_contacts_still_open_or_passed_on_are_not_completed() -> None:
    day = date(2026, 10, 14)
    mails = [
        MailFact(number=1, received_at=at(day, 9), outcome=None),
        MailFact(number=2, received_at=at(day, 9), outcome=None, escalated=True),
    ]
    month = month_figures(MonthFacts(period=OCTOBER, terms=Terms(), mails=mails), open_hours(OCTOBER))
    done, passed_on = month.figure("self_completed"), month.figure("escalation_rate")
    assert (done.numerator, done.denominator) == (0, 2)
    assert (passed_on.numerator, passed_on.denominator) == (1, 2)


def test_calls_of_another_month_are_left_out() -> None:
    early = Month(period=OCTOBER.before()).facts().calls
    month = month_figures(MonthFacts(period=OCTOBER, terms=Terms(), calls=early), open_hours(OCTOBER))
    assert month.figure("calls_inbound").value == 0
    assert all(isinstance(call, PhoneFact) for call in early)
