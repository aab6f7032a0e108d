"""What people type, made into what we store: forgiving about width, hyphens and spaces, strict about meaning.

Every function is pure and raises ``ValueError`` for text that means nothing; the message is not for people.
"""

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−ーｰ－"), "-")
_NOT_WANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\ufeff\ud800-\udfff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc\u30fb\u3000 0-9A-Za-z&.'-]+")
_ANY_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_CLOCK = re.compile(r"(\d{1,2})(?::?(\d{2}))?")
_HEX_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
MINUTES_A_DAY = 24 * 60


def tidied(text: str) -> str:
    """NFC, control characters dropped, outer spaces (Japanese ones too) cut, line ends made plain."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_WANTED.sub("", unicodedata.normalize("NFC", plain)).strip()


def one_line(text: str) -> str:
    """Tidied, and any run of white space is one space."""
    return " ".join(tidied(text).split())


def half_width(text: str) -> str:
    """Full-width figures, letters and signs become half-width; kana and kanji stay as they are."""
    return "".join(
        unicodedata.normalize("NFKC", letter)
        if "\uff01" <= letter <= "\uff5e" or letter == "\u3000"
        else letter
        for letter in text
    )


def code_like(text: str) -> str:
    """For numbers and codes: half-width, every kind of hyphen plain, no spaces at all."""
    return "".join(half_width(tidied(text)).translate(_HYPHENS).split())


def kana(text: str) -> str:
    """A reading: hiragana or katakana (half-width widened); figures and Latin letters may be among it.

    Raises:
        ValueError: there is a kanji or a sign in it, or no kana at all.
    """
    reading = one_line(unicodedata.normalize("NFKC", text))
    if not _KANA.fullmatch(reading) or not _ANY_KANA.search(reading):
        raise ValueError("not a reading in kana")
    return reading


def phone_e164(text: str, region: str = "JP") -> str:
    """``０３－１２３４－５６７８`` and ``+81 3 1234 5678`` alike become ``+81312345678``.

    Raises:
        ValueError: no number of this shape exists.
    """
    try:
        number = phonenumbers.parse(code_like(text), region)
    except phonenumbers.NumberParseException as problem:
        raise ValueError("not a phone number") from problem
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        raise ValueError("not a phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_for_people(number: str, region: str = "JP") -> str:
    """``+81312345678`` as people of the region write it, 03-1234-5678; other text comes back as it is."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    at_home = phonenumbers.region_code_for_country_code(parsed.country_code or 0) == region
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if at_home else style.INTERNATIONAL)


def mail_address(text: str) -> str:
    """An address in lower case, its shape checked without asking the network.

    Raises:
        ValueError: not an address.
    """
    try:
        found = validate_email(code_like(text), check_deliverability=False, test_environment=True)
    except EmailNotValidError as problem:
        raise ValueError("not a mail address") from problem
    return found.normalized.lower()


def minutes_of_day(text: str) -> int:
    """``9:00``, ``９：００``, ``0900`` or ``9`` as minutes after midnight; ``24:00`` is 1440.

    Raises:
        ValueError: no time of the day.
    """
    plain = code_like(text).replace("時", ":").removesuffix("分").removesuffix(":")
    found = _CLOCK.fullmatch(plain)
    if found is None:
        raise ValueError("not a time of day")
    hours, minutes = int(found[1]), int(found[2] or 0)
    total = hours * 60 + minutes
    if minutes >= 60 or total > MINUTES_A_DAY:  # noqa: PLR2004 -- an hour
        raise ValueError("not a time of day")
    return total


def clock_of_minutes(minutes: int) -> str:
    """540 is 09:00, 1440 is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hex_colour(text: str) -> str:
    """``#RRGGBB`` in lower case, the sign optional.

    Raises:
        ValueError: not six hexadecimal figures.
    """
    found = _HEX_COLOUR.fullmatch(code_like(text))
    if found is None:
        raise ValueError("not a colour")
    return f"#{found[1].lower()}"
