"""What is typed into a captured field, read forgivingly: any width, any hyphen, dates as people write them.

Pure. What cannot be read is kept as it was typed and told about: nothing that a shopper said is thrown away.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from nanori.text import code_like, half_width, one_line, phone_e164, phone_for_people, tidied
from nanori.words import N_
from scripts_talk.steps import CapturedField
from scripts_talk.values import NO, YES, FieldKind

LONGEST = 1_000
_FULL_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SHORT_DATE = re.compile(r"(\d{1,2})[-/月](\d{1,2})日?")
_POSTAL = re.compile(r"〒?(\d{3})-?(\d{4})")
_AMOUNT = re.compile(r"[¥\\]?(\d{1,3}(?:,\d{3})+|\d{1,9})円?")
_YES = {"yes", "y", "はい", "有", "あり", "1"}
_NO = {"no", "n", "いいえ", "無", "なし", "0"}
PATTERN_SIGNS = {"#": "[0-9]", "@": "[A-Z]", "*": "[0-9A-Z]+"}


@dataclass(frozen=True, slots=True)
class Read:
    """``value`` is what is kept; ``problem`` is a msgid, empty for a good value."""

    value: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading depends on besides the field: the shop's order numbers, and the day of the call."""

    order_pattern: str = ""
    today: date


def read_value(field: CapturedField, typed: str, reading: Reading) -> Read:
    """Put a typed value into its one shape. Empty stays empty and is no problem."""
    text = tidied(typed)[:LONGEST]
    if not text:
        return Read("")
    if field.kind is FieldKind.CHOICE:
        return _choice(field, one_line(text))
    try:
        return Read(_READERS[field.kind](text, reading))
    except ValueError:
        return Read(text, PROBLEMS[field.kind])


def matches_pattern(number: str, pattern: str) -> bool:
    """Has an order number the shop's shape? ``#`` is a figure, ``@`` a letter, ``*`` one or more of both."""
    parts = [PATTERN_SIGNS.get(sign) or re.escape(sign) for sign in code_like(pattern).upper()]
    return re.fullmatch("".join(parts), number) is not None


def missing(fields: Mapping[str, CapturedField], captured: Mapping[str, str]) -> list[str]:
    """Keys of what must be asked and is not there yet."""
    return [key for key, field in fields.items() if field.required and not captured.get(key)]


def _choice(field: CapturedField, text: str) -> Read:
    """A choice in any width and case is the choice as the script writes it."""
    wanted = half_width(text).casefold()
    for choice in field.choices:
        if half_width(choice).casefold() == wanted:
            return Read(choice)
    return Read(text, PROBLEMS[FieldKind.CHOICE])


def _text(text: str, _reading: Reading) -> str:
    return text


def _phone(text: str, _reading: Reading) -> str:
    return phone_for_people(phone_e164(text))


def _order_number(text: str, reading: Reading) -> str:
    number = code_like(text).upper()
    if not number or (reading.order_pattern and not matches_pattern(number, reading.order_pattern)):
        raise ValueError("not of the shop's shape")
    return number


def _postal_code(text: str, _reading: Reading) -> str:
    found = _POSTAL.fullmatch(code_like(text))
    if found is None:
        raise ValueError("not a postal code")
    return f"{found[1]}-{found[2]}"


def _date(text: str, reading: Reading) -> str:
    """A date without a year is the next one of that name: nobody orders for last month."""
    plain = code_like(text)
    if found := _FULL_DATE.fullmatch(plain):
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    short = _SHORT_DATE.fullmatch(plain)
    if short is None:
        raise ValueError("not a date")
    month, day = int(short[1]), int(short[2])
    for year in range(reading.today.year, reading.today.year + 9):
        try:
            found_day = date(year, month, day)
        except ValueError:
            continue  # 29 February
        if found_day >= reading.today:
            return found_day.isoformat()
    raise ValueError("no such day")


def _yes_no(text: str, _reading: Reading) -> str:
    plain = half_width(text).casefold()
    if plain in _YES:
        return YES
    if plain in _NO:
        return NO
    raise ValueError("neither")


def _amount(text: str, _reading: Reading) -> str:
    found = _AMOUNT.fullmatch(code_like(text).replace("、", ","))
    if found is None:
        raise ValueError("not an amount")
    return str(int(found[1].replace(",", "")))


_READERS: Mapping[FieldKind, Callable[[str, Reading], str]] = {
    FieldKind.TEXT: _text,
    FieldKind.PHONE: _phone,
    FieldKind.ORDER_NUMBER: _order_number,
    FieldKind.POSTAL_CODE: _postal_code,
    FieldKind.DATE: _date,
    FieldKind.YES_NO: _yes_no,
    FieldKind.AMOUNT: _amount,
}

PROBLEMS: Mapping[FieldKind, str] = {
    FieldKind.TEXT: "",
    FieldKind.PHONE: N_("This is not a phone number. Example: 03-1234-5678"),
    FieldKind.ORDER_NUMBER: N_("The shop's order numbers look different. Please ask again."),
    FieldKind.POSTAL_CODE: N_("A postal code has seven figures. Example: 150-0001"),
    FieldKind.DATE: N_("This is no date. Example: 2026-12-24 or 12/24"),
    FieldKind.CHOICE: N_("This is none of the choices."),
    FieldKind.YES_NO: N_("Please choose yes or no."),
    FieldKind.AMOUNT: N_("This is not an amount in yen. Example: 3,980"),
}
