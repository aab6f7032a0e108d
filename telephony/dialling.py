"""Which numbers we call: pure, from what was typed to E.164, or a refusal in the user's words.

The carrier would refuse some of these, ring others at a price that no shop has agreed to, and for emergencies
reach help at the wrong place. So the house decides before anything is asked of the carrier.
"""

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from nanori.text import code_like
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

HOME = "JP"
EMERGENCY = frozenset({"110", "118", "119", "112", "911", "999"})
SHORT = re.compile(r"[#*]\d{2,6}|\d{3,4}")
ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PERSONAL_NUMBER,
    }
)
"""Kinds whose price is the usual one. 0990 is premium, 0570 a shared-cost number, 0204 a pager."""


def number_to_dial(text: str | None, *, countries: Collection[str], ours: Collection[str] = ()) -> str:
    """What was typed, in E.164.

    Args:
        text: as people write numbers, national ones as in Japan; None or "" when it was withheld.
        countries: ISO 3166-1 codes that the shop may call.
        ours: numbers of our own, E.164, which would ring at our own desk.

    Raises:
        NumberRefused: one of its kinds, each with the reason.
    """
    written = code_like(text or "")
    if not written:
        raise NumberWithheld
    if written in EMERGENCY:
        raise EmergencyNumber
    if SHORT.fullmatch(written):
        raise SpecialNumber
    parsed = _parsed(written)
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if number in ours:
        raise OwnNumber
    if phonenumbers.number_type(parsed) not in ORDINARY:
        raise PremiumNumber
    if phonenumbers.region_code_for_number(parsed) not in countries:
        raise NumberAbroad
    return number


def may_be_dialled(text: str | None, *, countries: Collection[str], ours: Collection[str] = ()) -> bool:
    """Would :func:`number_to_dial` accept it?"""
    try:
        number_to_dial(text, countries=countries, ours=ours)
    except NumberRefused:
        return False
    return True


def _parsed(written: str) -> PhoneNumber:
    try:
        parsed = phonenumbers.parse(written, HOME)
    except phonenumbers.NumberParseException as problem:
        raise NotANumber from problem
    if not phonenumbers.is_valid_number(parsed):
        raise NotANumber
    return parsed
