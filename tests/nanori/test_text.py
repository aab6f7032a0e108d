import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanori.text import (
    clock_of_minutes,
    hex_colour,
    kana,
    mail_address,
    minutes_of_day,
    one_line,
    phone_e164,
    phone_for_people,
    tidied,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("０３－１２３４－５６７８", "+81312345678"),
        ("050-3196-0001", "+815031960001"),
        ("０５０ー３１９６ー０００１", "+815031960001"),
        ("+81 50 3196 0001", "+815031960001"),
        ("0120-123-456", "+81120123456"),
    ],
)
def test_a_phone_number_is_read_however_it_was_typed(typed: str, stored: str) -> None:
    assert phone_e164(typed) == stored


@pytest.mark.parametrize("typed", ["", "12", "でんわ", "+81", "0000000000", "110"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="phone"):
        phone_e164(typed)


def test_a_number_is_shown_as_people_write_it() -> None:
    assert phone_for_people("+815031960001") == "050-3196-0001"
    assert phone_for_people("anonymous") == "anonymous"


@pytest.mark.parametrize("typed", ["ミナト珈琲", "", "Northwind", "<b>"])
def test_a_reading_needs_kana_and_nothing_else(typed: str) -> None:
    with pytest.raises(ValueError, match="kana"):
        kana(typed)


def test_half_width_katakana_is_widened() -> None:
    assert kana("ﾐﾅﾄｺｰﾋｰ") == "ミナトコーヒー"
    assert kana("のーすうぃんど　てぃー") == "のーすうぃんど てぃー"


def test_a_mail_address_is_stored_in_lower_case_and_half_width() -> None:
    assert mail_address("ＳＵＰＰＯＲＴ＠Minato-coffee.example") == "support@minato-coffee.example"
    with pytest.raises(ValueError, match="mail"):
        mail_address("support@")


@given(st.integers(min_value=0, max_value=24 * 60))
def test_a_time_of_day_survives_being_written_and_read(minutes: int) -> None:
    assert minutes_of_day(clock_of_minutes(minutes)) == minutes


@pytest.mark.parametrize(
    ("typed", "minutes"), [("９：００", 540), ("0900", 540), ("18時30分", 1110), ("9", 540)]
)
def test_a_time_of_day_may_be_typed_in_many_ways(typed: str, minutes: int) -> None:
    assert minutes_of_day(typed) == minutes


@pytest.mark.parametrize("typed", ["25:00", "24:01", "9:60", "noon", ""])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="time"):
        minutes_of_day(typed)


def test_a_colour_may_come_without_its_sign_and_in_capitals() -> None:
    assert hex_colour("＃1F6B45") == "#1f6b45"
    with pytest.raises(ValueError, match="colour"):
        hex_colour("green")


@given(st.text())
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    assert tidied(tidied(typed)) == tidied(typed)
    assert one_line(one_line(typed)) == one_line(typed)
    assert "\x00" not in tidied(typed)
