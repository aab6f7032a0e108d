"""What reports asks its worker to do."""

from dataclasses import dataclass
from datetime import date, datetime

from nanori.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderMonthReport(Message):
    """Make the report of ``month`` (its first day). A request that was asked anew since is left alone."""

    month: date
    requested_at: datetime
