"""Which month a page shows."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nanori.words import Words
from reports.values import month_text, months_back, parse_month

MONTHS_SHOWN = 13


@dataclass(frozen=True, slots=True)
class MonthChoice:
    """The month chosen, and those that can be; newest first."""

    month: date
    choices: list[tuple[str, str]]

    @property
    def text(self) -> str:
        return month_text(self.month)


def chosen_month(asked: str | None, now: datetime, zone: ZoneInfo, words: Words) -> MonthChoice:
    """The month asked for; without one the running month.

    Raises:
        MonthMalformed: it is written otherwise.
    """
    today = now.astimezone(zone).date()
    month = parse_month(asked) if asked else today.replace(day=1)
    return MonthChoice(
        month, [(month_text(one), words.month(one)) for one in months_back(today, MONTHS_SHOWN)]
    )
