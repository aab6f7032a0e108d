"""What people read, in their language: translation, dates, durations and numbers.

Source strings are English. Each room keeps its Japanese in ``<room>/locales/ja.po``; the files are read
at first use, so that a translation is edited and seen without a compile step. A string without a
translation is shown in English rather than failing the page.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta, get_day_names
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent

LocaleName = Literal["ja", "en"]
LOCALES: tuple[LocaleName, ...] = ("ja", "en")
DASH = "—"
"""Printed where there is nothing to say: an empty denominator, a time that never came."""
MINUS = "−"

_DATE = {"ja": "y年M月d日(E)", "en": "EEE d MMM y"}
_DAY = {"ja": "M月d日(E)", "en": "EEE d MMM"}
_MONTH = {"ja": "y年M月", "en": "MMMM y"}

Forms = tuple[str, ...]
Zone = ZoneInfo | str
_packages: list[str] = ["nanori"]


def N_(msgid: str) -> str:  # noqa: N802 -- the name that gettext tools look for
    """Mark a string for the catalogues without translating it yet."""
    return msgid


def register_catalogues(packages: Iterable[str]) -> None:
    """Add the packages whose ``locales/<locale>.po`` are read. Calling it again adds, never repeats."""
    _packages.extend(name for name in packages if name not in _packages)
    words_for.cache_clear()


@lru_cache
def words_for(locale: str) -> "Words":
    """The words of one language; an unknown locale speaks English."""
    known: LocaleName = "ja" if locale.lower().startswith("ja") else "en"
    catalogue: dict[str, Forms] = {}
    for package in _packages:
        catalogue |= _read_catalogue(package, known)
    return Words(locale=known, catalogue=catalogue)


def preferred_locale(accept_language: str, *, otherwise: str) -> LocaleName:
    """The first language of an ``Accept-Language`` header that we speak."""
    wanted = [part.split(";")[0].strip().replace("-", "_") for part in accept_language.split(",")]
    chosen = negotiate_locale([w for w in wanted if w], LOCALES) or otherwise
    return "ja" if chosen.startswith("ja") else "en"


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Stands in for a gettext translation where a library asks for one (WTForms)."""

    locale: LocaleName
    catalogue: dict[str, Forms] = field(default_factory=dict, repr=False)

    def gettext(self, msgid: str, /, **params: object) -> str:
        """Translate, then fill ``{placeholders}``. Without params the text is returned untouched."""
        text = self.catalogue.get(msgid, (msgid,))[0]
        return text.format(**params) if params else text

    def ngettext(self, one: str, many: str, n: int, /, **params: object) -> str:
        """Translate by count; ``{n}`` is the count in the language's own figures."""
        forms = self.catalogue.get(one) or (one, many)
        text = forms[0] if n == 1 else forms[-1]
        values = {"n": self.number(n)} | params
        return text.format(**values) if "{" in text else text

    def date(self, value: dt.date | dt.datetime | None, zone: Zone = "Asia/Tokyo") -> str:
        """2026年11月22日(日), Sun 22 Nov 2026."""
        return self._dated(value, zone, _DATE)

    def day(self, value: dt.date | dt.datetime | None, zone: Zone = "Asia/Tokyo") -> str:
        """11月22日(日), Sun 22 Nov: where the year is plain from its surroundings."""
        return self._dated(value, zone, _DAY)

    def short_day(self, value: dt.date) -> str:
        """11/22, 22 Nov: below a chart."""
        return format_date(value, "M/d" if self.locale == "ja" else "d MMM", locale=self._babel)

    def month(self, value: dt.date | dt.datetime | None, zone: Zone = "Asia/Tokyo") -> str:
        """2026年11月, November 2026."""
        return self._dated(value, zone, _MONTH)

    def weekday(self, number: int, *, wide: bool = False) -> str:
        """Monday is 0: 月 or 月曜日, Mon or Monday."""
        names = get_day_names("wide" if wide else "abbreviated", locale=self._babel)
        return str(names[number])

    def time(
        self, value: dt.datetime | dt.time | None, zone: Zone = "Asia/Tokyo", *, seconds: bool = False
    ) -> str:
        """09:05, in 24 hours in both languages."""
        if value is None:
            return DASH
        pattern = "HH:mm:ss" if seconds else "HH:mm"
        if isinstance(value, dt.datetime):
            return format_time(value, pattern, tzinfo=_zone(zone), locale=self._babel)
        return value.strftime("%H:%M:%S" if seconds else "%H:%M")

    def moment(self, value: dt.datetime | None, zone: Zone = "Asia/Tokyo", *, seconds: bool = False) -> str:
        """Date and time: 2026年11月22日(日) 09:05."""
        if value is None:
            return DASH
        clock = " HH:mm:ss" if seconds else " HH:mm"
        return format_datetime(value, _DATE[self.locale] + clock, tzinfo=_zone(zone), locale=self._babel)

    def ago(self, value: dt.datetime, now: dt.datetime) -> str:
        """3 分前, 3 minutes ago."""
        return format_timedelta(value - now, add_direction=True, locale=self._babel, threshold=1)

    def clock(self, value: dt.timedelta | float | None) -> str:
        """A running or measured time as figures, 2:14 or 1:02:14; a number is seconds."""
        if value is None:
            return DASH
        hours, minutes, seconds = _parts(value)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    def duration(self, value: dt.timedelta | float | None) -> str:
        """A length of time in words, 2分14秒 or 2 min 14 s; a number is seconds."""
        if value is None:
            return DASH
        units = ("時間", "分", "秒") if self.locale == "ja" else (" h", " min", " s")
        said = [f"{part}{unit}" for part, unit in zip(_parts(value), units, strict=True) if part]
        return ("" if self.locale == "ja" else " ").join(said) or f"0{units[2]}"

    def number(self, value: float | Decimal | None, digits: int = 0) -> str:
        """1,234 or 1,234.5; None is a dash."""
        if value is None:
            return DASH
        pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
        return format_decimal(value, format=pattern, locale=self._babel)

    def percent(self, ratio: float | Decimal | None, digits: int = 1) -> str:
        """A ratio of 0 to 1 as 81.1%; None, the empty denominator, is a dash."""
        if ratio is None:
            return DASH
        pattern = "#,##0" + (f".{'0' * digits}" if digits else "") + "%"
        return format_percent(ratio, format=pattern, locale=self._babel)

    def listed(self, texts: Iterable[str]) -> str:
        """Several words one after the other; none is empty."""
        return ("、" if self.locale == "ja" else ", ").join(texts)

    def money(self, minor_units: int | None, currency: str = "JPY") -> str:
        """Yen have no minor unit; others are given in hundredths. Less than nought has a true minus."""
        if minor_units is None:
            return DASH
        amount = Decimal(minor_units) if currency == "JPY" else Decimal(minor_units) / 100
        pattern = "¥#,##0" if currency == "JPY" else None
        return format_currency(amount, currency, format=pattern, locale=self._babel).replace("-", MINUS)

    @property
    def _babel(self) -> Locale:
        return _babel_locale(self.locale)

    def _dated(self, value: dt.date | dt.datetime | None, zone: Zone, patterns: dict[str, str]) -> str:
        if value is None:
            return DASH
        if isinstance(value, dt.datetime):
            value = value.astimezone(_zone(zone)).date()
        return format_date(value, patterns[self.locale], locale=self._babel)


def _parts(value: dt.timedelta | float) -> tuple[int, int, int]:
    """Whole hours, minutes and seconds; a part of a second is dropped, a negative time is none."""
    total = value.total_seconds() if isinstance(value, dt.timedelta) else value
    minutes, seconds = divmod(max(0, int(total)), 60)
    hours, minutes = divmod(minutes, 60)
    return hours, minutes, seconds


def _zone(zone: Zone) -> ZoneInfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone


@lru_cache
def _babel_locale(locale: str) -> Locale:
    return Locale.parse("ja_JP" if locale == "ja" else "en_GB")


@lru_cache
def _read_catalogue(package: str, locale: str) -> dict[str, Forms]:
    """Translations of one package, singular msgid to its forms; untranslated and fuzzy ones left out."""
    source = files(package) / "locales" / f"{locale}.po"
    if not source.is_file():
        return {}
    with source.open("rb") as stream:
        messages = read_po(stream, locale=locale)
    found: dict[str, Forms] = {}
    for message in messages:
        forms = _forms(message.string)
        if message.id and all(forms) and not message.fuzzy:
            found[_forms(message.id)[0]] = forms
    return found


def _forms(text: str | Iterable[str] | None) -> Forms:
    if text is None:
        return ("",)
    return (text,) if isinstance(text, str) else tuple(text)
