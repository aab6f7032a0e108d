"""Figures in the reader's language: how a value, its change and its origin are printed."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from nanori.words import DASH, Words
from reports.figures import Comparison, Figure, Unit, rounded

_MINUTE_MS = 60_000
_HOUR_MS = 3_600_000


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
        return self.duration(value) if unit is Unit.MS else self.words.number(value)

    def duration(self, ms: int) -> str:
        """Tenths of a second below a minute, seconds below an hour, then minutes."""
        if ms < _MINUTE_MS:
            return self._seconds(Decimal(rounded(ms, 100)) / 10, 1)
        unit = 60_000 if ms >= _HOUR_MS else 1000
        return self.words.duration(timedelta(milliseconds=rounded(ms, unit) * unit))

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
            return _sign(rounded(change, 100)) + self.duration(abs(change))
        points = self.words.number(Decimal(abs(change)) / 10, 1)
        return _sign(change) + self.words.gettext("{points} points", points=points)

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
        cases = self.words.number(figure.denominator)
        if figure.observed:
            return f"n = {cases}"
        if figure.unit is Unit.MS:
            return f"{self._seconds(Decimal(figure.numerator) / 1000, 3)} / {cases}"
        return f"{self.words.number(figure.numerator)} / {cases}"

    def _seconds(self, seconds: Decimal, digits: int) -> str:
        return self.words.gettext("{seconds} s", seconds=self.words.number(seconds, digits))


def _sign(change: int) -> str:
    return "±" if change == 0 else "+" if change > 0 else "−"
