"""The demo's past, before it becomes rows: believable, repeatable, and possible for the people in it."""

import statistics
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.values import Channel, EventKind, Outcome
from nanori_app.demo.cast import SHOPS, SKILLS
from nanori_app.demo.decisions import DECIDING
from nanori_app.demo.history import agents_in_two_calls
from nanori_app.demo.past import Past
from nanori_app.demo.shops import is_open_at
from nanori_app.demo.store import past_until

FIRST, NOW = date(2026, 9, 1), datetime(2026, 11, 1, 12, tzinfo=UTC)
SLUGS = [part.slug for part in SHOPS]


@cache
def two_months() -> tuple[Past, ...]:
    return tuple(past_until(FIRST, NOW))


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000), start=st.dates(date(2025, 1, 1), date(2027, 12, 1)))
def test_nobody_is_in_two_calls_or_answers_for_a_shop_unknown_to_them(seed: int, start: date) -> None:
    now = datetime(start.year, start.month, start.day, tzinfo=UTC) + timedelta(days=6)
    pasts = past_until(start, now, seed=seed)
    assert agents_in_two_calls(pasts) == []
    for past in pasts:
        answered = past.of(EventKind.ANSWERED)
        assert answered is None or answered.agent is None or past.shop in SKILLS[answered.agent]
        times = [one.at for one in past.happenings]
        assert times == sorted(times)


@settings(max_examples=4)
@given(seed=st.integers(0, 10_000), days=st.integers(1, 5))
def test_a_later_start_tells_the_same_past(seed: int, days: int) -> None:
    """Loaded a few days later, the demo has the same calls as far as the earlier one had come."""
    early = datetime(2026, 9, 6, 3, tzinfo=UTC)
    before = past_until(FIRST, early, seed=seed)
    after = past_until(FIRST, early + timedelta(days=days), seed=seed)
    known = [past for past in after if past.at <= early and past.channel is Channel.PHONE]
    assert known == [past for past in before if past.channel is Channel.PHONE]


@pytest.mark.parametrize("slug", SLUGS)
def test_months_look_like_those_of_a_real_desk(slug: str) -> None:
    calls = [past for past in two_months() if past.shop == slug and past.channel is Channel.PHONE]
    mails = [past for past in two_months() if past.shop == slug and past.channel is Channel.MAIL]
    offered = [past for past in calls if past.of(EventKind.QUEUED)]
    answered = [past for past in offered if past.outcome is Outcome.ANSWERED]
    waits = [_seconds(past, EventKind.QUEUED, EventKind.ANSWERED) for past in answered]
    assert 600 <= len(calls) <= 2_500
    assert 0.15 <= len(mails) / len(calls) <= 0.5
    assert 0.82 <= len(answered) / len(offered) <= 0.99
    assert 0.75 <= sum(wait <= 20 for wait in waits) / len(offered) <= 0.97
    assert 150 <= statistics.mean(_seconds(p, EventKind.ANSWERED, EventKind.ENDED) for p in answered) <= 320


@pytest.mark.parametrize("slug", SLUGS)
def test_closed_shops_answer_nobody_and_open_ones_send_nobody_away(slug: str) -> None:
    for past in two_months():
        if past.shop == slug and past.channel is Channel.PHONE and past.outcome is not Outcome.TEST:
            assert (past.outcome is Outcome.OUT_OF_HOURS) == (not is_open_at(slug, past.at))


def test_mornings_are_busier_than_evenings_and_mondays_than_sundays() -> None:
    calls = [past for past in two_months() if past.channel is Channel.PHONE]
    local = [past.at + timedelta(hours=9) for past in calls]
    assert sum(at.hour in (10, 11) for at in local) > 2 * sum(at.hour in (19, 20) for at in local)
    assert sum(at.weekday() == 0 for at in local) > 1.3 * sum(at.weekday() == 6 for at in local)


def test_some_of_everything_happens() -> None:
    kinds = {one.kind for past in two_months() for one in past.happenings}
    assert kinds >= {
        EventKind.HELD, EventKind.OFFER_MISSED, EventKind.ABANDONED, EventKind.VOICEMAIL_LEFT,
        EventKind.ESCALATED, EventKind.ESCALATION_ACKNOWLEDGED, EventKind.TRANSFERRED, EventKind.REOPENED,
    }  # fmt: skip


def test_numbers_and_addresses_reach_nobody() -> None:
    people = {past.person for past in two_months() if past.person}
    assert all(person.phone[3:5] in {"90", "70"} and person.phone[5:9] == "0000" for person in people)
    assert all(person.mail.endswith(".example") for person in people)


def _seconds(past: Past, start: EventKind, end: EventKind) -> float:
    first, last = past.of(start), past.of(end)
    assert first is not None
    assert last is not None
    return (last.at - first.at).total_seconds()


def test_one_shop_decides_about_some_of_its_mails_and_nothing_is_left_with_it() -> None:
    decided = [(past, past.decision) for past in two_months() if past.decision]
    assert {past.shop for past, _ in decided} == {DECIDING}
    assert len(decided) >= 5
    for past, asked in decided:
        reply = past.of(EventKind.FIRST_REPLY)
        assert reply is not None
        assert past.at < asked.asked_at < asked.seen_at < asked.said_at < reply.at < NOW
