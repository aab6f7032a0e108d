"""What questions ask of the rooms above."""

from dataclasses import dataclass
from uuid import UUID

from nanori.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachByMail(Message):
    """Write to the people of one try."""

    reach_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachByTelephone(Message):
    """Ring the people of one try one after the other, or text them all, as its medium says."""

    reach_id: UUID
