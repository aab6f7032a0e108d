"""What orders ask the worker to do."""

from dataclasses import dataclass
from uuid import UUID

from nanori.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOrders(Message):
    """Go on with one reading until its source has told everything."""

    reading_id: UUID
