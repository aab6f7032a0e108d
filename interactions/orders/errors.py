"""Everything that can be refused about orders."""

from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.words import N_


class UnreadableTable(InvalidInput):
    """The file as a whole means nothing; ``said`` (a msgid) stands at its field."""

    def __init__(self, said: str) -> None:
        super().__init__({"file": said})
        self.said = said


class ReadingNotFound(NotFound):
    """No such reading of orders among the shops bound."""


class ReadingBegun(Rejected):
    message = N_("This file is being read already.")


class InquiryNotFound(NotFound):
    """No such investigation, or no such parcel of the order, among the shops bound."""


class InquirySettled(Rejected):
    message = N_("This investigation is settled.")


class OrderNotFound(NotFound):
    """No such order among the shops bound."""
