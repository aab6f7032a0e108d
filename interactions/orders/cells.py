"""Single cells of a file, read as people and carts write them. Pure. ``ValueError``: means nothing."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import phonenumbers

from nanori.text import code_like, half_width, mail_address, one_line

_DAY = re.compile(r"(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?")
_SOLID_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AMOUNT = re.compile(r"[¥￥\\]?(\d{1,3}(?:,\d{3})+|\d{1,11})(?:\.0{1,2})?円?")
_POSTAL = re.compile(r"〒?(\d{3})-?(\d{4})")
_QUANTITY = re.compile(r"(\d{1,6})(?:\.0+)?(?:個|点|本|枚|箱)?")
_CLOCK = re.compile(r"[T\s(（].*?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?")
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_NUMBER = 60


def order_number(text: str) -> str:
    """As shoppers read it out: capitals, half-width, without spaces and the sign in front."""
    number = code_like(text).upper().lstrip("#")
    if not number or len(number) > LONGEST_NUMBER:
        raise ValueError("not an order number")
    return number


def parcel_number(text: str) -> str:
    """Figures and letters only: companies print their numbers with and without hyphens."""
    number = re.sub(r"[^0-9A-Z]", "", code_like(text).upper())
    if not number or len(number) > LONGEST_NUMBER:
        raise ValueError("not a parcel number")
    return number


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A day with or without its time, in the shop's zone unless it names its own."""
    plain = one_line(half_width(text))
    on = day(plain)
    found = _CLOCK.search(plain)
    if found is None:
        return datetime.combine(on, time(), zone)
    at = time(int(found[1]), int(found[2]), int(found[3] or 0))
    if not found[4]:
        return datetime.combine(on, at, zone)
    offset = "+0000" if found[4] in ("Z", "UTC") else found[4].replace(":", "")
    return datetime.strptime(f"{on.isoformat()}T{at.isoformat()}{offset}", "%Y-%m-%dT%H:%M:%S%z")


def day(text: str) -> date:
    plain = one_line(half_width(text))
    found = _DAY.match(plain) or _SOLID_DAY.fullmatch(plain)
    if found is None:
        raise ValueError("not a date")
    year, month, number = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise ValueError("not a year of web shops")
    return date(year, month, number)


def amount(text: str) -> int:
    """Whole yen."""
    found = _AMOUNT.fullmatch(code_like(text).replace("、", ","))
    if found is None:
        raise ValueError("not an amount in yen")
    return int(found[1].replace(",", ""))


def quantity(text: str) -> int:
    found = _QUANTITY.fullmatch(code_like(text).replace(",", ""))
    if found is None:
        raise ValueError("not a quantity")
    return int(found[1])


def postal_code(text: str) -> str:
    found = _POSTAL.fullmatch(code_like(text))
    if found is None:
        raise ValueError("not a postal code")
    return f"{found[1]}-{found[2]}"


def phone(text: str) -> str:
    """E.164 of whatever has the length of a number: carts keep numbers that nobody has checked."""
    try:
        number = phonenumbers.parse(code_like(text), "JP")
    except phonenumbers.NumberParseException as problem:
        raise ValueError("not a phone number") from problem
    if not phonenumbers.is_possible_number(number):
        raise ValueError("not a phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mail(text: str) -> str:
    return mail_address(text)


def or_nothing(reader: Callable[[str], str], text: str) -> str:
    """What the reader makes of the text, empty when it means nothing."""
    try:
        return reader(text)
    except ValueError:
        return ""
