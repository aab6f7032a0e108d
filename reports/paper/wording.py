"""Figures in the reader's language: how a value, its change and its origin are printed."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from nanori.words import DASH, MINUS, Words
from reports.checked import interval
from reports.figures import Comparison, Figure, Unit, rounded

_TENTH_MS = 100
_MINUTE_MS = 60_000
_HOUR_MS = 3_600_000

RATES = frozenset({Unit.MEAN, Unit.PER_HOUR})
"""Printed with two digits."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Prints figures. The same text stands on the paper and beside the figure in its JSON."""

    words: Words

    def figure(self, figure: Figure) -> str:
        return self.value(figure.value, figure.unit)

    def value(self, value: int | None, unit: Unit) -> str:
        if value is None:
            return DASH
        if unit is Unit.PERMILLE:
            return self.words.percent(Decimal(value) / 1000, 1)
        if unit in RATES:
            return self.words.number(Decimal(value) / 1000, 2)
        if unit is Unit.YEN:
            return self.words.money(value)
        if unit is Unit.POINTS:
            return _sign(value) + self.words.number(Decimal(abs(value)) / 10, 1)
        return self.duration(value) if unit is Unit.MS else self.words.number(value)

    def duration(self, ms: int, *, step: int | None = None) -> str:
        """Tenths of a second below a minute, seconds below an hour, then minutes; at least by step."""
        step = max(step or 0, _step(ms))
        if ms < _MINUTE_MS and step < _MINUTE_MS:
            digits = 1 if step == _TENTH_MS else 0
            return self._seconds(Decimal(rounded(ms, step) * step) / 1000, digits)
        return self.words.duration(timedelta(milliseconds=rounded(ms, step) * step))

    def before(self, comparison: Comparison) -> str:
        return self.figure(comparison.before) if comparison.before else DASH

    def change(self, comparison: Comparison) -> str:
        """The signed difference; for counts in per cent. Nothing where a trend may not be claimed."""
        change = comparison.change
        if change is None or comparison.before is None:
            return ""
        if comparison.now.unit is Unit.COUNT:
            return self.signed_percent(change, comparison.before.numerator)
        if comparison.now.unit is Unit.MS:
            return self._duration_change(comparison.now.value or 0, comparison.before.value or 0)
        if comparison.now.unit in RATES:
            return self._mean_change(comparison.now.value or 0, comparison.before.value or 0)
        points = self.words.number(Decimal(abs(change)) / 10, 1)
        return _sign(change) + self.words.gettext("{points} points", points=points)

    def _duration_change(self, now: int, before: int) -> str:
        """The difference of what is printed, as coarse as the coarser one, so that a reader's sum agrees."""
        step = max(_step(now), _step(before))
        change = (rounded(now, step) - rounded(before, step)) * step
        return _sign(change) + self.duration(abs(change), step=step)

    def _mean_change(self, now: int, before: int) -> str:
        """The difference of what is printed."""
        change = rounded(now, 10) - rounded(before, 10)
        return _sign(change) + self.words.number(Decimal(abs(change)) / 100, 2)

    def signed_percent(self, change: int, before: int) -> str:
        return _sign(change) + self.percent_of(abs(change), before)

    def percent_of(self, part: int, whole: int) -> str:
        if whole == 0:
            return DASH
        return self.words.percent(Decimal(rounded(part * 1000, whole)) / 1000, 1)

    def origin(self, figure: Figure) -> str:
        """The two sums a figure is made of: 812 / 1,000. A mean shows its total time and its cases."""
        if not figure.denominator:
            return ""
        if figure.unit is Unit.PER_HOUR:
            return f"{self.words.number(figure.numerator)} / {self.duration(figure.denominator)}"
        cases = self.words.number(figure.denominator)
        if figure.observed:
            return f"n = {cases}"
        if figure.unit is Unit.MS:
            return f"{self._sum(figure.numerator)} / {cases}"
        minus = "−" if figure.numerator < 0 else ""
        return f"{minus}{self.words.number(abs(figure.numerator))} / {cases}{self._interval(figure)}"

    def _sum(self, ms: int) -> str:
        """Exactly below an hour, then to the second: a reader cannot tell what a million seconds are."""
        if ms >= _HOUR_MS:
            return self.words.duration(timedelta(seconds=rounded(ms, 1000)))
        return self._seconds(Decimal(ms) / 1000, 3 if ms % 1000 else 0)

    def _interval(self, figure: Figure) -> str:
        """Where the share of all probably lies, for a share of a sample."""
        found = interval(figure)
        if found is None:
            return ""
        low, high = (Decimal(end) / 10 for end in found)
        return f" (95%: {self.words.number(low, 1)}–{self.words.percent(high / 100, 1)})"

    def _seconds(self, seconds: Decimal, digits: int) -> str:
        return self.words.gettext("{seconds} s", seconds=self.words.number(seconds, digits))


def _step(ms: int) -> int:
    """To what a duration of this length is rounded, in milliseconds."""
    if ms < _MINUTE_MS:
        return _TENTH_MS
    return 1000 if ms < _HOUR_MS else _MINUTE_MS


def _sign(change: int) -> str:
    return "±" if change == 0 else "+" if change > 0 else MINUS
