"""Behind each figure stand as many records as it says."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.values import Fault, Outcome
from mailroom.surveys.values import SCALES, SurveyKind
from reports.facts import MailFact, Terms, WaitStart, Worked
from reports.figures import Unit
from reports.month import MonthFacts, month_figures
from reports.sources import Source, sources
from tenants.values import ServiceLevelLetter
from tests.reports.months import OCTOBER, Month, open_hours

SUMS = {"agent_no_answer", "touches_per_case", "mails_per_hour", "score_nps", "score_ces"}
"""Their parts are rings, of which a call may have several; answers, matters and work, which
mails share; scores."""

any_terms = st.builds(
    Terms,
    service_level=st.sampled_from(ServiceLevelLetter),
    second_service_level=st.sampled_from([None, *ServiceLevelLetter]),
    answer_within_s=st.integers(1, 60),
    short_abandon_s=st.integers(0, 70),
    wait_starts=st.sampled_from(WaitStart),
    out_of_hours_count_as_offered=st.booleans(),
    interval_minutes=st.sampled_from([15, 30, 60]),
)


def with_promises(facts: MonthFacts) -> MonthFacts:
    """Some of the abandoned callers asked to be called back instead."""
    calls = [
        replace(one, outcome=Outcome.CALLBACK, abandoned_at=None)
        if one.is_abandoned and one.number % 3 == 0
        else one
        for one in facts.calls
    ]
    return replace(facts, calls=calls)


def with_follow_ups(facts: MonthFacts) -> MonthFacts:
    """Some of the calls were ours, and some of these for a case."""
    calls = [replace(one, inbound=one.number % 7 > 0, in_case=one.number % 2 > 0) for one in facts.calls]
    return replace(facts, calls=calls)


def with_checks(facts: MonthFacts) -> MonthFacts:
    """Some of the answered calls were checked; of these, some with what fails a class."""
    calls = [
        replace(
            one, faults=tuple(fault for place, fault in enumerate(Fault) if one.number % (place + 4) == 0)
        )
        if one.is_answered and one.number % 3 == 1
        else one
        for one in facts.calls
    ]
    return replace(facts, calls=calls)


def work_on(mail: MailFact) -> tuple[Worked, ...]:
    closed = mail.first_reply_at or mail.closed_at
    return () if closed is None else (Worked(closed, 60_000, mail.first_reply_at is not None),)


def with_parts(facts: MonthFacts) -> MonthFacts:
    """Some of the mails held two questions; of some matters there are two mails."""
    mails = list(facts.mails)
    for place, mail in enumerate(facts.mails):
        number = 100_000 + mail.number
        if mail.number % 7 == 0:
            reason = mail.reason if mail.number % 2 else "領収書"
            split_at = mail.received_at + timedelta(hours=mail.number % 60)
            part = replace(mail, number=number, part_of=mail.number, split_at=split_at, reason=reason)
            mails.append(replace(part, escalated=mail.number % 3 == 0))
        elif mail.number % 5 == 0:
            mails[place] = replace(
                mail,
                worked=work_on(mail),
                matter=UUID(int=mail.number // 10),
                opens_matter=mail.number % 2 == 0,
            )
    return replace(facts, mails=mails)


def with_scores(facts: MonthFacts) -> MonthFacts:
    """Half of the mails asked how it went; two in three shoppers answered."""
    mails = []
    for mail in facts.mails:
        kind = list(SurveyKind)[mail.number % 3]
        asked = replace(mail, survey=kind, asked_at=mail.first_reply_at) if mail.number % 2 else mail
        scores = SCALES[kind].scores
        given = asked.asked_at is not None and mail.number % 9 > 2
        score = scores[mail.number % len(scores)] if given else None
        mails.append(replace(asked, score=score) if asked.asked_at else mail)
    return replace(facts, mails=mails)


def with_everything(facts: MonthFacts) -> MonthFacts:
    """Every figure has something behind it."""
    return with_checks(with_scores(with_parts(with_promises(with_follow_ups(facts)))))


@settings(max_examples=25)
@given(terms=any_terms, seed=st.integers(1, 50), calls=st.sampled_from([0, 1, 12]))
def test_the_sizes_are_the_figures(terms: Terms, seed: int, calls: int) -> None:
    drawn = Month(seed=seed, calls_a_day=calls, terms=terms)
    facts = with_everything(drawn.facts())
    hours = open_hours(OCTOBER)
    found = sources(facts, hours)
    figures = month_figures(facts, hours).figures

    assert found.keys() == {figure.key for figure in figures}
    for figure in figures:
        source = found[figure.key]
        if figure.key in SUMS:
            continue
        if figure.denominator is not None:
            assert len(source.below) == figure.denominator, figure.key
        if figure.unit is not Unit.MS:
            assert len(source.above) == figure.numerator, figure.key
        else:
            assert source.above == source.below, figure.key


def test_each_record_counts_once_and_what_is_above_is_also_below() -> None:
    found = sources(with_checks(with_promises(Month().facts())), open_hours(OCTOBER))
    for key, source in found.items():
        assert list(source.above) == sorted(set(source.above)), key
        assert not source.below or set(source.above) <= set(source.below), key


def test_a_month_without_anything_has_nothing_behind_its_figures() -> None:
    found = sources(MonthFacts(period=OCTOBER, terms=Terms()), open_hours(OCTOBER))
    assert set(found.values()) == {Source(())}


@pytest.mark.parametrize("key", ["callers_in_weak_intervals", "offered"])
def test_calls_outside_opening_hours_stand_behind_a_figure_when_the_contract_counts_them(key: str) -> None:
    month = Month(calls_a_day=20)
    outside = {one.number for one in month.facts().calls if not one.within_hours}
    assert outside

    def behind(terms: Terms) -> set[int]:
        source = sources(replace(month.facts(), terms=terms), open_hours(OCTOBER))[key]
        return set(source.below or source.above)

    assert not behind(Terms()) & outside
    assert behind(Terms(out_of_hours_count_as_offered=True)) >= outside
