import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from interactions.values import Outcome
from nanori.words import register_catalogues, words_for
from reports.facts import PhoneFact, Terms
from reports.month import MonthFacts, MonthFigures, month_figures
from reports.paper.sentences import Story
from reports.paper.wording import Wording
from tests.reports.months import OCTOBER, Month, at, empty_month, open_hours

register_catalogues(["reports"])


def calls(number: int, *, lost: int = 0, first_day: date = date(2026, 10, 1)) -> MonthFigures:
    period = OCTOBER if first_day.month == 10 else OCTOBER.before()
    facts = [call(n, first_day, lost=n < lost) for n in range(number)]
    return month_figures(MonthFacts(period=period, terms=Terms(), calls=facts), open_hours(period))


def call(n: int, day: date, *, lost: bool) -> PhoneFact:
    arrived = at(day + timedelta(days=n % 20), 10, n % 60)
    left = arrived + timedelta(seconds=9)
    fact = PhoneFact(
        number=n, arrived_at=arrived, outcome=Outcome.ANSWERED, within_hours=True, queued_at=arrived,
        answered_at=left, talk_ms=60_000,
    )  # fmt: skip
    if lost:
        return replace(fact, outcome=Outcome.ABANDONED, answered_at=None, abandoned_at=left, talk_ms=0)
    return fact


def told(month: MonthFigures, before: MonthFigures | None = None, locale: str = "en") -> str:
    return "\n".join(Story(month, before, Wording(words_for(locale))).summary())


SEPTEMBER = date(2026, 9, 1)


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_there_are_five_sentences_in_both_languages_for_any_month(locale: str) -> None:
    for month in (Month().figures(), empty_month(), calls(1), calls(3, lost=3)):
        sentences = Story(month, None, Wording(words_for(locale))).summary()
        assert len(sentences) == 5
        assert all(sentences)
        assert "{" not in "".join(sentences)


def test_a_rise_and_a_fall_are_told_as_they_are() -> None:
    assert "calls rose by 50.0% from 40 calls" in told(calls(60), calls(40, first_day=SEPTEMBER))
    assert "calls fell by 33.3% from 60 calls" in told(calls(40), calls(60, first_day=SEPTEMBER))
    assert "had as many calls" in told(calls(40), calls(40, first_day=SEPTEMBER))


def test_with_few_calls_no_percentage_and_no_verdict_is_told() -> None:
    text = told(calls(12, lost=2), calls(60, first_day=SEPTEMBER))
    assert "the month before had 60 calls" in text
    assert "10 of 12 calls were answered, 2 were not." in text
    assert "too few to hold against the target" in text
    assert "rose" not in text
    assert "fell" not in text


def test_the_target_is_met_at_its_edge_and_missed_below_it() -> None:
    assert "the target of 80% was met" in told(calls(100, lost=20))
    assert "the target of 80% was missed" in told(calls(100, lost=21))


def test_nobody_lost_is_said_as_such() -> None:
    assert "All 40 calls were answered." in told(calls(40))
    assert "There was no interval of 30 minutes that lost a caller." in told(calls(40))


def test_the_japanese_sentence_carries_the_same_figures() -> None:
    text = told(calls(60, lost=6), calls(40, first_day=SEPTEMBER), locale="ja")
    assert "着信は60件" in text
    assert "前月の40件から50.0%増えました" in text
    assert "着信60件のうち54件（90.0%）に応答し、6件には応答できませんでした。" in text


def test_one_of_a_thing_is_never_told_as_several() -> None:
    for month in (calls(1), calls(1, lost=1), calls(2, lost=1), calls(40, lost=1)):
        story = Story(month, None, Wording(words_for("en")))
        titles = (story.daily_title(), story.hours_title(), story.waits_title())
        text = " ".join([*story.summary(), *titles])
        assert not re.search(r"\b(1|one) (\w+ )?(calls|mails|contacts|callers|were)\b", text), text
