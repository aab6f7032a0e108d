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


class NotConnected(NotFound):
    """The shop's own system is not connected, or the shop is not among those bound."""


class SourceRefused(Exception):  # noqa: N818 - named for the fact, like every refusal here
    """A shop's system lets us in no more until somebody acts; ``said`` (a msgid) tells who and how."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


UNCLEAR = N_("The shop's system answers something that we do not understand. We look into it.")


class SourceUnclear(SourceRefused):
    """What it answered is not what its documentation promises; ``detail`` names the place, never a value."""

    def __init__(self, detail: str) -> None:
        super().__init__(UNCLEAR)
        self.detail = detail


class SourceAway(Exception):  # noqa: N818
    """A shop's system cannot be reached at the moment, or is overloaded: the same may succeed later."""


class InquiryNotFound(NotFound):
    """No such investigation, or no such parcel of the order, among the shops bound."""


class InquirySettled(Rejected):
    message = N_("This investigation is settled.")


class OrderNotFound(NotFound):
    """No such order among the shops bound."""
