"""The sixteen ways in which a report's figures go wrong, each tried once."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from interactions.derive import Times, apply
from interactions.values import EventKind, Outcome, PartyKind
from mailroom.surveys.values import SurveyKind
from reports.closing.snapshot import snapshot_of
from reports.facts import MailFact, PhoneFact, Terms, Worked
from reports.figures import SMALL, Comparison, ratio
from reports.month import MonthFacts, MonthFigures, month_figures
from reports.paper.definitions import APART_NAMES, DEFINITIONS, SERVICE_LEVEL_FORMULAS
from reports.resolutions import Settled
from tenants.values import ServiceLevelLetter
from tests.reports.months import OCTOBER, Month, at, open_hours
from tests.reports.test_kpi import DAY, abandoned, answered
from tests.reports.test_mail_kpi import mail

HOURS = open_hours(OCTOBER)
AGENT = str(uuid4())


def counted(*facts: PhoneFact | MailFact | Settled, terms: Terms | None = None) -> MonthFigures:
    """A month of these calls, mails and settled matters."""
    calls = [replace(one, number=at) for at, one in enumerate(facts, 1) if isinstance(one, PhoneFact)]
    mails = [replace(one, number=at) for at, one in enumerate(facts, 1) if isinstance(one, MailFact)]
    month = MonthFacts(
        period=OCTOBER, terms=terms or Terms(), calls=calls, mails=mails,
        settled=[one for one in facts if isinstance(one, Settled)],
    )  # fmt: skip
    return month_figures(month, HOURS)


def sums(month: MonthFigures, key: str) -> tuple[int, int | None]:
    return month.figure(key).numerator, month.figure(key).denominator


def replayed(*events: tuple[EventKind, float]) -> Times:
    """What the events of a call say, seconds after half a minute before midnight."""
    start = at(OCTOBER.first, 23, 59, 30)
    times = Times(arrived_at=start)
    for kind, second in events:
        apply(times, kind, start + timedelta(seconds=second), {"agent_id": AGENT})
    return times


def test_01_no_mean_of_means() -> None:
    quiet, busy = [answered(hour=9)], [abandoned(hour=10) for _ in range(9)]
    assert sums(counted(*quiet, *busy), "answer_rate") == (1, 10)


def test_02_a_transfer_is_no_second_call() -> None:
    month = counted(answered(transferred=True))
    assert (sums(month, "offered"), sums(month, "answered")) == ((1, None), (1, None))


def test_03_a_missed_ring_is_no_abandoned_call() -> None:
    month = counted(answered(offers_made=3, offers_missed=2))
    assert (sums(month, "abandoned"), sums(month, "agent_no_answer")) == ((0, None), (2, 3))


def test_04_whoever_hangs_up_during_the_announcement_has_not_abandoned() -> None:
    month = counted(replace(abandoned(), queued_at=None))
    assert (sums(month, "abandoned"), sums(month, "apart_left_in_guidance")) == ((0, None), (1, None))


def test_05_an_abandoned_call_needs_no_agent_to_be_counted() -> None:
    month = counted(abandoned(), answered())
    assert sums(month, "abandon_rate") == (1, 2)
    assert month.days[DAY].abandoned == 1


def test_06_work_after_midnight_belongs_to_its_call() -> None:
    times = replayed((EventKind.ANSWERED, 5), (EventKind.ENDED, 40), (EventKind.WRAPPED_UP, 100))
    assert times.acw_ms == 60_000
    last_call = answered(hour=23, minute=59)
    month = counted(replace(last_call, arrived_at=OCTOBER.ends_at - timedelta(seconds=30), acw_ms=60_000))
    assert sums(month, "after_call_work") == (60_000, 1)


def test_07_hold_while_a_colleague_is_asked_is_no_talk() -> None:
    times = replayed(
        (EventKind.ANSWERED, 0), (EventKind.HELD, 10), (EventKind.CONSULT_JOINED, 15),
        (EventKind.CONSULT_LEFT, 35), (EventKind.RESUMED, 40), (EventKind.ENDED, 50),
    )  # fmt: skip
    assert (times.talk_ms, times.hold_ms) == (20_000, 30_000)


def test_08_what_a_machine_answered_is_not_answered() -> None:
    month = counted(answered(party=PartyKind.BOT), answered(outcome=Outcome.IVR_SELF_SERVED))
    assert sums(month, "answered") == (0, None)
    assert (sums(month, "apart_bot"), sums(month, "apart_ivr_self_served")) == ((1, None), (1, None))


def test_09_our_own_calls_are_not_the_shops_volume() -> None:
    month = counted(answered(party=PartyKind.TEST), answered(inbound=False), answered(outcome=Outcome.TEST))
    assert sums(month, "offered") == (0, None)
    assert (sums(month, "apart_test"), sums(month, "apart_outbound")) == ((2, None), (1, None))


def test_10_the_base_is_what_fell_due_and_not_what_was_replied() -> None:
    forgotten = [mail(at(DAY, 9)) for _ in range(3)]
    month = counted(mail(at(DAY, 9), at(DAY, 10)), *forgotten, terms=Terms(mail_target_minutes=120))
    assert (sums(month, "mail_within_target"), sums(month, "mail_backlog")) == ((1, 4), (3, None))


def test_11_an_automatic_reply_stops_no_clock() -> None:
    times = replayed((EventKind.RECEIVED, 0), (EventKind.AUTO_REPLIED, 1), (EventKind.FIRST_REPLY, 600))
    assert times.first_reply_at == times.arrived_at + timedelta(seconds=600)


def test_12_history_that_changes_later_changes_no_frozen_month() -> None:
    facts = Month(calls_a_day=3).facts()
    frozen = snapshot_of(facts, HOURS)
    calls = [replace(one, reason="合流後") for one in facts.calls]
    assert month_figures(replace(facts, calls=calls), HOURS) != frozen.figures
    assert {one.fact.get("reason") for one in frozen.records}.isdisjoint({"合流後"})
    assert snapshot_of(replace(facts, calls=calls), HOURS).content_hash != frozen.content_hash


def test_13_a_closed_day_has_a_row_and_midnight_opens_the_next() -> None:
    midnight = replace(answered(), arrived_at=at(date(2026, 10, 15), 0))
    month = counted(answered(hour=23, minute=59), midnight)
    assert len(month.days) == 31
    assert month.days[date(2026, 10, 4)].offered == 0
    assert [month.days[DAY + timedelta(days=n)].offered for n in (0, 1)] == [1, 1]
    assert sorted(month.hours) == [0, 23]


def test_14_shares_are_rounded_alone_and_not_made_to_add_up() -> None:
    assert [ratio("share", 1, 3).value] * 3 == [333, 333, 333]
    assert ratio("share", 0, 0).value is None


def test_15_few_cases_are_marked_and_claim_no_trend() -> None:
    few, many = ratio("answer_rate", 10, SMALL - 1), ratio("answer_rate", 10, SMALL)
    assert (few.is_small, many.is_small) == (True, False)
    assert few.as_json()["small"] is True
    assert not Comparison(few, many).may_say_trend
    assert Comparison(many, many).may_say_trend


def test_16_each_figure_says_what_it_counts() -> None:
    terms = Terms(second_service_level=ServiceLevelLetter.D)
    promise = answered(outcome=Outcome.CALLBACK, answered_at=None)
    asked = [
        MailFact(number=1, received_at=promise.arrived_at, outcome=Outcome.REPLIED, survey=kind,
                 asked_at=promise.arrived_at, worked=(Worked(promise.arrived_at, 60_000, True),))
        for kind in SurveyKind
    ]  # fmt: skip
    ours = answered(inbound=False, in_case=True)
    settled = Settled(number=1, at=promise.arrived_at, ours_ms=1, shop_ms=1, shopper_ms=1)
    every = counted(promise, ours, answered(faults=()), settled, *asked, terms=terms)
    keys = {figure.key for figure in every.figures}
    assert keys == DEFINITIONS.keys() | APART_NAMES.keys()
    assert all(one.name and one.says for one in DEFINITIONS.values())
    assert set(SERVICE_LEVEL_FORMULAS) == {letter.value for letter in ServiceLevelLetter}
