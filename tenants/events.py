"""News of the tenants room."""

from dataclasses import dataclass
from datetime import datetime

from nanori.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopAdded(Message):
    """A shop has been set up with its name; ``at`` is when."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsChanged(Message):
    """The shop's people are others, or have other numbers: copies of those who were may go."""
