from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanori.words import DASH, LocaleName, Words, preferred_locale, words_for

MORNING = datetime(2026, 11, 22, 0, 5, 3, tzinfo=UTC)


def test_japanese_comes_from_the_catalogue_and_english_from_the_source() -> None:
    assert words_for("ja").gettext("Save") == "保存"
    assert words_for("en").gettext("Save") == "Save"


def test_a_sentence_without_translation_is_shown_in_english() -> None:
    assert words_for("ja").gettext("Nobody translated this") == "Nobody translated this"


def test_placeholders_are_filled_only_when_values_are_given() -> None:
    words = Words(locale="en")

    assert words.gettext("{a} and {b}", a=1, b="two") == "1 and two"
    assert words.gettext("a brace { alone") == "a brace { alone"


def test_counts_choose_their_form_and_figures() -> None:
    english = Words(locale="en")
    japanese = Words(locale="ja", catalogue={"{n} call": ("{n}件",)})

    assert english.ngettext("{n} call", "{n} calls", 1) == "1 call"
    assert english.ngettext("{n} call", "{n} calls", 1200) == "1,200 calls"
    assert japanese.ngettext("{n} call", "{n} calls", 1200) == "1,200件"


@pytest.mark.parametrize(("locale", "said"), [("ja", "日本語、英語"), ("en", "日本語, 英語")])
def test_several_are_listed_as_the_language_does(locale: LocaleName, said: str) -> None:
    assert Words(locale=locale).listed(["日本語", "英語"]) == said


@pytest.mark.parametrize(
    ("locale", "said"),
    [("ja", "2026年11月22日(日) 09:05"), ("en", "Sun 22 Nov 2026 09:05")],
)
def test_moments_are_told_in_the_zone_asked_for(locale: str, said: str) -> None:
    assert words_for(locale).moment(MORNING, "Asia/Tokyo") == said
    assert words_for(locale).moment(MORNING, ZoneInfo("Asia/Tokyo")) == said


@pytest.mark.parametrize(("locale", "said"), [("ja", "9/7"), ("en", "7 Sept")])
def test_a_day_below_a_chart_is_short(locale: LocaleName, said: str) -> None:
    assert Words(locale=locale).short_day(date(2026, 9, 7)) == said


def test_a_date_turns_at_midnight_of_the_zone() -> None:
    late = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)

    assert words_for("ja").date(late, "Asia/Tokyo") == "2026年11月23日(月)"
    assert words_for("ja").date(late, "UTC") == "2026年11月22日(日)"
    assert words_for("ja").date(date(2026, 11, 22)) == "2026年11月22日(日)"


def test_nothing_to_say_is_a_dash() -> None:
    words = words_for("ja")

    assert {words.number(None), words.percent(None), words.clock(None), words.date(None)} == {DASH}


@given(st.integers(min_value=0, max_value=10**6))
def test_a_clock_says_all_seconds(seconds: int) -> None:
    parts = words_for("en").clock(timedelta(seconds=seconds)).split(":")
    total = 0
    for part in parts:
        total = total * 60 + int(part)

    assert total == seconds


def test_durations_drop_empty_units() -> None:
    assert words_for("ja").duration(134) == "2分14秒"
    assert words_for("en").duration(3600) == "1 h"
    assert words_for("ja").duration(0) == "0秒"


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_money_less_than_nought_has_a_true_minus(locale: str) -> None:
    assert words_for(locale).money(-8_800) == "−¥8,800"


@pytest.mark.parametrize(
    ("header", "chosen"),
    [("en-GB,en;q=0.8,ja;q=0.5", "en"), ("fr", "ja"), ("", "ja"), ("ja-JP", "ja")],
)
def test_the_browser_chooses_among_our_languages(header: str, chosen: str) -> None:
    assert preferred_locale(header, otherwise="ja") == chosen
