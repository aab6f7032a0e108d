"""Which calls and mails stand behind each figure: above its line and below it. Pure.

A count has only what is above. What a mean or a percentile is taken over is both above and below. The sizes
are the figures' own sums; ``tests/reports/test_sources.py`` holds the two together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from interactions.values import Outcome
from mailroom.surveys.values import SurveyKind
from reports.business_time import BusinessTime
from reports.callbacks import Kept, promises
from reports.checked import FAULTS, checked, is_without
from reports.facts import MailFact, PhoneFact, Terms
from reports.followups import follow_ups
from reports.kpi import by_interval, by_slot, start_of_interval, weak
from reports.mail_kpi import due_in, due_that_day, is_in_time, replied_in
from reports.mail_work import work, work_in
from reports.month import MonthFacts
from reports.repeats import contacts_of, matters, repeats, resolved
from reports.resolutions import RESOLUTION_KEYS, for_good
from reports.surveys import PROMOTERS, SATISFIED, asked_in, with_score
from reports.tally import APART, apart, is_left_message, is_out_of_hours
from reports.threads import answered_in, reopenings
from reports.whole import contacts_by_mail, received
from tenants.values import ServiceLevelLetter

AnyFact = PhoneFact | MailFact
Calls = Sequence[PhoneFact]
Mails = Sequence[MailFact]

OVER_ANSWERED = (
    "speed_of_answer", "wait_median", "wait_p90", "wait_longest",
    "talk_time", "hold_time", "after_call_work", "handling_time",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Numbers of interactions, ascending."""

    above: tuple[int, ...]
    below: tuple[int, ...] = ()


def sources(facts: MonthFacts, business_time: BusinessTime) -> dict[str, Source]:
    """By key of the figure, for every figure of the month."""
    calls = [fact for fact in facts.calls if facts.period.contains(fact.arrived_at)]
    came = received(facts.mails, facts.period)
    return {
        **_volume(calls),
        **_reached(calls, facts.terms),
        **_weak(calls, facts),
        **_handling(calls),
        **_follow_ups(calls),
        **_promises(calls),
        **_checked(calls),
        **{f"apart_{name}": _those(calls, _listed_as(name)) for name in APART},
        **_mails(facts, came, business_time),
        **_contacts(calls, contacts_by_mail(facts.mails, facts.period)),
        **_again(facts, calls),
        **_surveys(facts),
    }


def known_facts(facts: MonthFacts) -> dict[int, AnyFact]:
    """Every call and mail of a month, and those before it that a figure looks at, by number."""
    known = {fact.number: fact for some in (facts.mails, facts.earlier, facts.calls) for fact in some}
    for one in for_good(facts.settled, facts.period):
        mail = known.get(one.number)
        if isinstance(mail, MailFact):
            known[one.number] = replace(mail, took=(one.ours_ms, one.shop_ms, one.shopper_ms))
    return known


def _source(above: Iterable[AnyFact], below: Iterable[AnyFact] = ()) -> Source:
    return Source(_numbers(above), _numbers(below))


def _numbers(facts: Iterable[AnyFact]) -> tuple[int, ...]:
    return tuple(sorted(fact.number for fact in facts))


def _those(calls: Calls, test: Callable[[PhoneFact], bool]) -> Source:
    return _source(fact for fact in calls if test(fact))


def _listed_as(name: str) -> Callable[[PhoneFact], bool]:
    return lambda fact: apart(fact) == name


def _volume(calls: Calls) -> dict[str, Source]:
    outside = [fact for fact in calls if not fact.is_offered and is_out_of_hours(fact)]
    return {
        "calls_inbound": _those(calls, lambda fact: fact.inbound),
        "answered": _those(calls, lambda fact: fact.is_answered),
        "abandoned": _those(calls, lambda fact: fact.is_abandoned),
        "lost_otherwise": _those(calls, _is_lost_otherwise),
        "out_of_hours": _source(outside),
        "out_of_hours_voicemail": _those(outside, is_left_message),
    }


def _is_lost_otherwise(fact: PhoneFact) -> bool:
    return fact.is_offered and not fact.is_answered and not fact.is_abandoned


def _reached(calls: Calls, terms: Terms) -> dict[str, Source]:
    outside = [f for f in calls if not f.is_offered and is_out_of_hours(f)]
    counted = outside if terms.out_of_hours_count_as_offered else []
    offered = [*(f for f in calls if f.is_offered), *counted]
    answered = [f for f in calls if f.is_answered]
    abandoned = [f for f in calls if f.is_abandoned]
    short = _within(abandoned, terms, terms.short_abandon_s)
    long = _without(abandoned, short)
    levels = {"service_level": terms.service_level, "service_level_second": terms.second_service_level}
    return {
        "offered": _source(offered),
        "abandoned_short": _source(short),
        "answer_rate": _source(answered, offered),
        "abandon_rate": _source(abandoned, offered),
        "abandon_rate_without_short": _source(long, _without(offered, short)),
        "time_to_abandon": _source(abandoned, abandoned),
        **{
            key: _level(answered, abandoned, counted, terms, letter)
            for key, letter in levels.items()
            if letter
        },
    }


def _level(
    answered: Calls, abandoned: Calls, counted: Calls, terms: Terms, letter: ServiceLevelLetter
) -> Source:
    """The same six formulas as ``reports.service_level``, over calls instead of their numbers."""
    in_time = _within(answered, terms, terms.answer_within_s)
    gone_in_time = _within(abandoned, terms, terms.answer_within_s)
    short = _within(abandoned, terms, terms.short_abandon_s)
    everybody = [*answered, *abandoned, *counted]
    return {
        ServiceLevelLetter.A: lambda: _source(in_time, everybody),
        ServiceLevelLetter.B: lambda: _source(in_time, _without(everybody, short)),
        ServiceLevelLetter.C: lambda: _source([*in_time, *short], everybody),
        ServiceLevelLetter.D: lambda: _source(in_time, _without(everybody, gone_in_time)),
        ServiceLevelLetter.E: lambda: _source([*in_time, *gone_in_time], everybody),
        ServiceLevelLetter.F: lambda: _source(in_time, answered),
    }[letter]()


def _within(calls: Calls, terms: Terms, seconds: int) -> list[PhoneFact]:
    waits = ((fact, fact.waited_ms(terms.wait_starts)) for fact in calls)
    return [fact for fact, wait in waits if wait is not None and wait <= seconds * 1000]


def _without(calls: Calls, others: Calls) -> list[PhoneFact]:
    left_out = {fact.number for fact in others}
    return [fact for fact in calls if fact.number not in left_out]


def _weak(calls: Calls, facts: MonthFacts) -> dict[str, Source]:
    intervals = by_interval(by_slot(calls, facts.terms, facts.period), facts.terms)
    starts = {one.starts_at for one in intervals if weak(one)}
    counts_outside = facts.terms.out_of_hours_count_as_offered
    offered = [f for f in calls if f.is_offered or (counts_outside and is_out_of_hours(f))]

    def in_weak(fact: PhoneFact) -> bool:
        local = facts.period.local(fact.arrived_at)
        return start_of_interval(local, facts.terms.interval_minutes) in starts

    return {"callers_in_weak_intervals": _source((f for f in offered if in_weak(f)), offered)}


def _handling(calls: Calls) -> dict[str, Source]:
    offered = [fact for fact in calls if fact.is_offered]
    answered = [fact for fact in offered if fact.is_answered]
    held = [fact for fact in answered if fact.hold_ms > 0]
    return {
        **{key: _source(answered, answered) for key in OVER_ANSWERED},
        "hold_time_when_held": _source(held, held),
        "transfer_rate": _source((f for f in answered if f.transferred), answered),
        "greeting_accuracy": _source((f for f in answered if f.name_confirmed), answered),
        "agent_no_answer": _source(
            (f for f in offered if f.offers_missed), (f for f in offered if f.offers_made)
        ),
    }


def _follow_ups(calls: Calls) -> dict[str, Source]:
    found = follow_ups(calls)
    return {"follow_up_handling_time": _source(found, found)} if found else {}


def _promises(calls: Calls) -> dict[str, Source]:
    asked = promises(calls)
    if not asked:
        return {}
    needed = [fact for fact, kept in asked if kept is not Kept.NOT_NEEDED]
    reached = [fact for fact, kept in asked if kept is Kept.REACHED]
    return {
        "callbacks_asked": _source(fact for fact, _ in asked),
        "callback_rate": _source(reached, needed),
    }


def _checked(calls: Calls) -> dict[str, Source]:
    found = checked(calls)
    if not found:
        return {}
    without = {
        key: _source((one for one in found if is_without(one, fault)), found) for key, fault in FAULTS.items()
    }
    return {"calls_checked": _source(found), **without}


def _mails(facts: MonthFacts, came: Mails, business_time: BusinessTime) -> dict[str, Source]:
    replied = [fact for fact in facts.mails if replied_in(fact, facts.period)]
    due = due_in(facts.mails, facts.terms, facts.period, business_time)
    that_day = due_that_day(facts.mails, facts.period, business_time)
    first = [fact for fact in replied if fact.opens_matter]
    answered = [fact for fact in facts.mails if answered_in(fact, facts.period)]
    return {
        "mail_received": _source(came),
        "mail_replied": _source(replied),
        "mail_no_action": _source(f for f in came if f.outcome is Outcome.NO_ACTION),
        "mail_first_response": _source(first, first),
        "mail_first_response_median": _source(first, first),
        "mail_turnaround": _source(replied, replied),
        "mail_within_target": _in_time(due),
        "mail_same_day": _in_time(that_day),
        "mail_backlog": _source(f for f in facts.mails if f.is_open_at(facts.period.ends_at)),
        "touches_per_case": _source(answered, answered),
        "reopen_rate": _source(*reopenings(facts.mails, facts.period)),
        **_work(facts),
        **_resolutions(facts),
    }


def _in_time(due: Sequence[tuple[MailFact, datetime]]) -> Source:
    return _source((fact for fact, at in due if is_in_time(fact, at)), (fact for fact, _ in due))


def _surveys(facts: MonthFacts) -> dict[str, Source]:
    """Of NPS those who would recommend the shop stand above the line; of a mean score everybody."""
    asked = asked_in(facts.mails, facts.period)
    answered = with_score(asked)
    if not asked:
        return {}
    csat, nps, ces = (with_score(asked, kind) for kind in (SurveyKind.CSAT, SurveyKind.NPS, SurveyKind.CES))
    scores = {
        SurveyKind.CSAT: _source((f for f in csat if f.score in SATISFIED), csat),
        SurveyKind.NPS: _source((f for f in nps if f.score in PROMOTERS), nps),
        SurveyKind.CES: _source(ces, ces),
    }
    kinds = {fact.survey for fact in asked}
    return {
        "survey_asked": _source(asked),
        "survey_answered": _source(answered),
        "survey_response_rate": _source(answered, asked),
        **{f"score_{kind.value}": source for kind, source in scores.items() if kind in kinds},
    }


def _work(facts: MonthFacts) -> dict[str, Source]:
    """Mails that were worked on stand below the line, those of them that were answered above it."""
    below = [(fact, work_in(fact, facts.period)) for fact in facts.mails]
    if not work(facts.mails, facts.period):
        return {}
    answered = [fact for fact, worked in below if any(one.is_answer for one in worked)]
    return {"mails_per_hour": _source(answered, (fact for fact, worked in below if worked))}


def _resolutions(facts: MonthFacts) -> dict[str, Source]:
    """The mails beside which the log says that their matters were settled."""
    found = tuple(sorted(one.number for one in for_good(facts.settled, facts.period)))
    return dict.fromkeys(RESOLUTION_KEYS, Source(found, found)) if found else {}


def _contacts(calls: Calls, mails: Mails) -> dict[str, Source]:
    contacts: list[AnyFact] = [*(f for f in calls if f.is_answered), *mails]
    passed = [fact for fact in contacts if fact.escalated]
    done = [fact for fact in contacts if not fact.escalated and fact.outcome is not None]
    return {"self_completed": _source(done, contacts), "escalation_rate": _source(passed, contacts)}


def _again(facts: MonthFacts, calls: Calls) -> dict[str, Source]:
    found = matters(contacts_of([*facts.earlier, *calls], facts.mails))
    sides = {
        "repeat_contact_rate": repeats(found, facts.period),
        "first_contact_resolution": resolved(found, facts.period),
    }
    return {
        key: _source((one.contact for one in above), (one.contact for one in below))
        for key, (above, below) in sides.items()
    }
