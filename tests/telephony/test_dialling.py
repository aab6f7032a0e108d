"""Which numbers may be called, and in what words the others are refused."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.dialling import HOME, ORDINARY, may_be_dialled, number_to_dial
from telephony.errors import (
    EmergencyNumber,
    NotANumber,
    NumberAbroad,
    NumberRefused,
    NumberWithheld,
    OwnNumber,
    PremiumNumber,
    SpecialNumber,
)

JAPAN = ("JP",)


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("090-1111-2222", "+819011112222"),
        ("０９０－１１１１－２２２２", "+819011112222"),
        ("+81 3 1234 5678", "+81312345678"),
        ("060-1234-5678", "+816012345678"),
        ("050-3196-0001", "+815031960001"),
        ("0120-444-444", "+81120444444"),
    ],
)
def test_numbers_as_people_write_them_are_dialled(typed: str, dialled: str) -> None:
    assert number_to_dial(typed, countries=JAPAN) == dialled


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (None, NumberWithheld),
        ("  ", NumberWithheld),
        ("110", EmergencyNumber),
        ("１１９", EmergencyNumber),
        ("118", EmergencyNumber),
        ("911", EmergencyNumber),
        ("104", SpecialNumber),
        ("#9110", SpecialNumber),
        ("*21", SpecialNumber),
        ("0990-504-123", PremiumNumber),
        ("0570-012345", PremiumNumber),
        ("0204-123-4567", PremiumNumber),
        ("+1 212 555 1234", NumberAbroad),
        ("010-1-212-555-1234", NumberAbroad),
        ("+86 10 6552 9988", NumberAbroad),
        ("+870 773 111 632", NumberAbroad),
        ("+882 16 12345678", NumberAbroad),
        ("+266696687", NotANumber),
        ("090-1111", NotANumber),
        ("anonymous", NotANumber),
        ("184-090-1111-2222", NotANumber),
    ],
)
def test_other_numbers_are_refused_for_their_own_reason(typed: str, refusal: type[NumberRefused]) -> None:
    with pytest.raises(refusal) as refused:
        number_to_dial(typed, countries=JAPAN)
    assert refused.value.fields["to"] == refusal.message
    assert not may_be_dialled(typed, countries=JAPAN)


def test_a_shop_may_call_abroad_where_it_says_so_and_never_ourselves() -> None:
    assert number_to_dial("+1 212 555 1234", countries=("JP", "US")) == "+12125551234"
    with pytest.raises(OwnNumber):
        number_to_dial("050-3196-0001", countries=JAPAN, ours=("+815031960001",))


@given(
    st.text(alphabet="0123456789+-#*() ０１２３４５６７８９", max_size=18),
    st.sampled_from(["JP", "US", "GB"]),
)
def test_whatever_is_typed_only_ordinary_numbers_of_allowed_countries_come_out(
    typed: str, country: str
) -> None:
    try:
        number = number_to_dial(typed, countries=(country,))
    except NumberRefused:
        return
    parsed = phonenumbers.parse(number, HOME)
    assert phonenumbers.is_valid_number(parsed)
    assert phonenumbers.number_type(parsed) in ORDINARY
    assert phonenumbers.region_code_for_number(parsed) == country
    assert number_to_dial(number, countries=(country,)) == number
