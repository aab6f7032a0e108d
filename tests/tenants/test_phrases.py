from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tenants.phrases import Phrase, day_part, first_phrases, phrase_for, situation_after
from tenants.values import DayPart, Situation

TOKYO = ZoneInfo("Asia/Tokyo")
NINE = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)  # in Tokyo
NORMAL = Phrase(Situation.NORMAL, DayPart.ANY, 1, "お電話ありがとうございます。")
MORNING = Phrase(Situation.NORMAL, DayPart.MORNING, 3, "おはようございます。")
WAITED = Phrase(Situation.AFTER_WAIT, DayPart.ANY, 2, "大変お待たせいたしました。")


def test_the_time_of_day_chooses_among_ordinary_phrases() -> None:
    phrases = [NORMAL, MORNING, WAITED]

    assert phrase_for(phrases, Situation.NORMAL, NINE, TOKYO) == MORNING
    assert phrase_for(phrases, Situation.NORMAL, NINE + timedelta(hours=2), TOKYO) == NORMAL


def test_the_situation_beats_the_time_of_day() -> None:
    assert phrase_for([NORMAL, MORNING, WAITED], Situation.AFTER_WAIT, NINE, TOKYO) == WAITED


def test_without_a_phrase_of_its_own_a_situation_gets_the_ordinary_one() -> None:
    assert phrase_for([NORMAL, MORNING], Situation.COMPLAINT, NINE, TOKYO) == MORNING
    assert phrase_for([NORMAL], Situation.COMPLAINT, NINE, TOKYO) == NORMAL
    assert phrase_for([WAITED], Situation.NORMAL, NINE, TOKYO) is None


def test_the_day_is_cut_at_eleven_and_seventeen_by_the_shops_clock() -> None:
    parts = [day_part(NINE + timedelta(hours=hours), TOKYO) for hours in (0, 1, 2, 7, 8, 14)]

    assert parts == [
        DayPart.MORNING, DayPart.MORNING, DayPart.DAYTIME, DayPart.DAYTIME, DayPart.EVENING, DayPart.EVENING,
    ]  # fmt: skip


def test_three_rings_of_waiting_call_for_an_apology() -> None:
    assert situation_after(timedelta(seconds=9.9)) is Situation.NORMAL
    assert situation_after(timedelta(seconds=10)) is Situation.AFTER_WAIT


@given(st.sampled_from(Situation), st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)))  # noqa: DTZ001 -- Hypothesis adds the zone
def test_with_an_ordinary_phrase_every_caller_hears_something_and_nobody_whom_we_call_is_thanked_for_it(
    situation: Situation, at: datetime
) -> None:
    wanted = None if situation is Situation.CALLING else NORMAL
    assert phrase_for([NORMAL], situation, at, TOKYO) == wanted


def test_a_new_shop_starts_with_its_own_name_in_each_situation() -> None:
    for locale in ("ja", "en"):
        assert all("Northwind Tea" in text for text in first_phrases("Northwind Tea", locale).values())
        assert set(first_phrases("x", locale)) == set(Situation)


OWN = Phrase(Situation.NORMAL, DayPart.ANY, 1, "母の日特設窓口でございます。", is_of_desk=True)


@given(
    st.sets(st.sampled_from([NORMAL, MORNING, WAITED])),
    st.sampled_from(Situation),
    st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)),  # noqa: DTZ001 -- Hypothesis adds the zone
)
def test_what_the_desk_has_for_itself_goes_before_all_that_the_shop_has(
    of_shop: set[Phrase], situation: Situation, at: datetime
) -> None:
    shops = phrase_for(of_shop, situation, at, TOKYO)
    wanted = shops if situation is Situation.CALLING else OWN

    assert phrase_for([*of_shop, OWN], situation, at, TOKYO) == wanted


def test_of_the_desks_own_words_the_ones_for_the_situation_win() -> None:
    apology = Phrase(Situation.AFTER_WAIT, DayPart.ANY, 1, "お待たせいたしました。", is_of_desk=True)

    assert phrase_for([NORMAL, WAITED, OWN, apology], Situation.AFTER_WAIT, NINE, TOKYO) == apology
