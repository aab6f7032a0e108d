"""States of a monthly report, why one fails, and months as people write them."""

import re
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from reports.errors import MonthAhead, MonthMalformed

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class ReportState(StrEnum):
    QUEUED = "queued"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"


class Failure(StrEnum):
    """Why a report could not be made."""

    TOOK_TOO_LONG = "took_too_long"
    ENGINE_MISSING = "engine_missing"
    UNEXPECTED = "unexpected"


def parse_month(text: str) -> date:
    """The first day of a month of this century written ``2026-10``.

    Raises:
        MonthMalformed: it is written otherwise.
    """
    found = _MONTH.fullmatch(text)
    if found is None:
        raise MonthMalformed
    return date(int(found[1]), int(found[2]), 1)


def month_text(month: date) -> str:
    """2026-10: as addresses, file names and forms carry a month."""
    return f"{month:%Y-%m}"


def check_begun(month: date, zone: ZoneInfo, now: datetime) -> None:
    """A month that runs may be reported as it stands, a later one may not.

    Raises:
        MonthAhead: by the shop's clock it has not begun.
    """
    if month > now.astimezone(zone).date():
        raise MonthAhead


def months_back(month: date, count: int) -> list[date]:
    """A month and those before it, newest first, ``count`` in all."""
    last = month.year * 12 + month.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last, last - count, -1)]
