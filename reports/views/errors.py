"""Refusals about saved views."""

from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.words import N_


class NameMissing(InvalidInput):
    message = N_("Please give the view a name.")

    def __init__(self) -> None:
        super().__init__({"name": self.message})


class NameTaken(InvalidInput):
    message = N_("This shop has a view of this name.")

    def __init__(self) -> None:
        super().__init__({"name": self.message})


class ViewNotFound(NotFound):
    message = N_("There is no such view.")


class DoesNotMove(Rejected):
    message = N_("A view of fixed days says the same each time: only a week or a month that moves is sent.")
