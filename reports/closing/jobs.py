"""What the close asks its worker to do."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nanori.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMonth(Message):
    """Freeze ``month`` (its first day). One that is closed already is left alone."""

    month: date
    asked_by: UUID | None = None
